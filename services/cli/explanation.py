"""A determination as a person would tell it, with its citations."""

from collections.abc import Iterator, Mapping
from typing import Any

FINDINGS = {"met": "yes", "not_met": "no", "unknown": "not known"}
SOURCES = {"doj": "DOJ", "court": "the court", "doj+court": "DOJ and the court"}
ROUTES = {"district_attorney": "the district attorney", "city_attorney": "the city attorney"}


def explain(entry: Mapping[str, Any]) -> Iterator[str]:
    """The lines that tell one determination, given as a JSON object; the deciding test comes first."""
    section = entry["section"] or "an unreadable charge"
    level = entry["level"] or "level unknown"
    yield (
        f"Case {entry['case_number'] or 'without a number'}: {section}, {level}, "
        f"convicted {entry['conviction_date'] or 'on an unknown day'}, as {SOURCES[entry['source']]} has it."
    )
    yield (
        f"  On {entry['as_of']} under {entry['policy']}: {_words(entry['outcome'])} "
        f"({entry['determination_label']}: {entry['reason_label']})."
    )
    if entry["route"]:
        city = f" of {entry['city']}" if entry["city"] else ""
        yield f"  Who acts: {ROUTES[entry['route']]}{city}."
    minimum = entry["legal_minimum"]
    yield f"  The statute alone compels, uncontested: {_words(minimum) if minimum else 'nothing that is shown'}."
    for number, ground in enumerate(entry["grounds"]):
        opening = "  Because: " if number == 0 else "     also: "
        facts = "; ".join(f"{_words(name)} {_plain(value)}" for name, value in ground["facts"].items())
        cited = f" [{ground['citation']}]" if ground["citation"] else ""
        yield (
            f"{opening}{_words(ground['rule'])}? {FINDINGS[ground['finding']]}"
            + (f" ({facts})" if facts else "")
            + cited
        )
    if entry["next_review_on"]:
        yield f"  The same facts may give another answer on {entry['next_review_on']}."
    yield f"  Law: {entry['law']}."


def _words(name: str) -> str:
    return name.replace("_", " ")


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    if isinstance(value, dict):
        return " ".join(_plain(part) for part in value.values() if part is not None)
    return str(value)
