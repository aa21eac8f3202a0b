"""One subject in prose: the records, why they are one person's, and their outcome."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

IN_WORDS = {
    "cii_number": "CII number",
    "source_subject_id": "the source's own key",
    "given_name": "given name",
    "middle_name": "middle name",
    "birth_date": "birth date",
    "case_number": "case number",
}
Known = Mapping[str, Any]


def report(told: Mapping[str, Any]) -> Iterator[str]:
    """The report's lines. ``told``: each service's answer, None where it has none."""
    known: Known = told["reconciliation"]
    yield f"Subject {known['subject_id']}, version {known['version']}"
    for old in known["retired"]:
        yield f"  was asked for as {old}, which was merged into it"
    if known["in_doubt"]:
        yield "  Identity in doubt: a record may belong to this person or to another, so every determination waits"
        yield "  for a person's review. See the discrepancies below."
    yield from _records(known["records"])
    yield from _links(known)
    yield from _undecided(known)
    yield from _convictions(known["history"], told.get("eligibility"))
    yield from _relief(told.get("relief"))
    yield from _discrepancies(known["discrepancies"])


def _records(records: Sequence[Known]) -> Iterator[str]:
    yield ""
    yield f"Records ({len(records)})"
    for one in records:
        withdrawn = ", withdrawn" if one["withdrawn"] else ""
        yield f"  {one['record']}, revision {one['revision']}, {_number(one['counts'], 'count')}{withdrawn}"


def _links(known: Known) -> Iterator[str]:
    yield ""
    yield "Why these are one person's"
    if not known["links"] and not known["likenesses"] and not known["decisions"]:
        yield "  One record alone." if len(known["records"]) < 2 else "  No link is left."
    for link in known["links"]:
        yield f"  by identifier: {len(link['records'])} records share {_plain(link['identifier'])}"
        yield f"    surname {link['surname']}, birth date {link['birth_date']}"
        yield f"    {', '.join(link['records'])}"
    for one in known["likenesses"]:
        yield from _likeness("by resemblance", one)
        yield f"    {', '.join(one['records'])}"
        yield f"    with {', '.join(one['others'])}"
    for one in known["decisions"]:
        what = "one person's" if one["same"] else "two persons'"
        yield f"  by decision of {one['decided_by']} on {one['decided_at'][:10]}: {what}: {one['reason']}"
        yield f"    {one['one']}, {one['other']}"


def _likeness(how: str, one: Known) -> Iterator[str]:
    yield (
        f"  {how}: probability {_probability(one['probability'])}, weight {one['bits']:+.1f} bits"
        f" (weights {one['weights']}), of which"
    )
    yield f"    {one['prior']:+6.1f} before anything is compared"
    for field in sorted(one["evidence"], key=lambda each: -abs(each["bits"])):
        yield f"    {field['bits']:+6.1f} {_plain(field['field'])}: {field['level']}"


def _undecided(known: Known) -> Iterator[str]:
    if known["undecided"]:
        yield ""
        yield "For a person to decide: reliefstream subject link A B --same|--apart --reason TEXT"
    for one in known["undecided"]:
        yield f"  may be the same person as subject {one['subject_id']}"
        if "bits" in one:
            yield from _likeness("resemblance", one)
            if one["linked"]:
                yield "    but another, who cannot be the same person as that one, is about as likely"


def _convictions(history: Known, determinations: Any) -> Iterator[str]:
    outcomes = {one["conviction_id"]: one for one in _listed(determinations, "determinations")}
    yield ""
    yield f"Convictions ({len(history['convictions'])}); state rap sheet: {history['rap_sheet']}"
    for one in history["convictions"]:
        sources = ", ".join(dict.fromkeys(count["source"] for count in one["counts"]))
        level, on = one["level_convicted"] or "level unknown", one["conviction_date"] or "date unknown"
        yield f"  {one['case_number'] or 'no case number'}: {one['offense']['as_written']}, {level}, {on} ({sources})"
        outcome = outcomes.get(one["conviction_id"])
        if outcome:
            yield f"    {outcome['outcome']}: {outcome['reason']} ({outcome['policy']}, as of {outcome['as_of']})"


def _relief(relief: Any) -> Iterator[str]:
    found = _listed(relief, "reliefs")
    if found:
        yield ""
        yield f"Relief ({len(found)})"
    for one in found:
        yield f"  {one['conviction']['case_number'] or 'no case number'}: {_plain(one['kind'])}, {one['state']}"


def _discrepancies(entries: Sequence[Known]) -> Iterator[str]:
    if entries:
        yield ""
        yield f"Open discrepancies ({len(entries)})"
    for one in entries:
        about = f" of {_plain(one['field'])}" if one["field"] else ""
        yield f"  {one['kind']}{about}, for the {one['owner'].replace('_', ' ')}"
        for source, value in one["values"]:
            yield f"    {source}: {value}"


def _listed(answer: Any, name: str) -> list[Known]:
    """The entries of an answer that is a list, or holds one under that name."""
    if isinstance(answer, Mapping):
        answer = answer.get(name, [])
    return [one for one in answer or [] if isinstance(one, Mapping)]


def _probability(of: float) -> str:
    return f"{of:.6f}" if of < 0.999999 else "over 0.999999"


def _plain(field: str) -> str:
    return IN_WORDS.get(field, field.replace("_", " "))


def _number(many: int, what: str) -> str:
    return f"{many} {what}" if many == 1 else f"{many} {what}s"
