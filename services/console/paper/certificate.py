"""The certificate of relief: what it says to the person who gets it, and to whoever it is shown to. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from services.console.words import dates, names

TITLE: Final = "Certificate of relief"
DISMISSED: Final = [
    "The court dismissed this conviction and ordered it sealed. Under California law it is deemed never to have "
    "occurred (Health and Safety Code section 11361.8(f)).",
    "The court and the Department of Justice close their records of it, and what was kept to order it is erased. After "
    "that, no office can print this certificate again: keep it.",
]
REDESIGNATED: Final = [
    "The court redesignated this conviction{level}. It counts as that for all purposes under California law (Health "
    "and Safety Code section 11361.8(h)). It is not sealed."
]
DOES_NOT: Final = [
    "It does not change federal law. Federal agencies, and courts of other states, may still count the conviction.",
    "It does not settle immigration. For immigration, a conviction that a state court dismissed may still count. Speak "
    "with an immigration lawyer before you travel, apply for anything or answer a question about it.",
    "It does not by itself give back a right to have firearms. Federal law, another conviction or an order may forbid "
    "it. Ask a lawyer before you get or keep one.",
    "It does not reach your other convictions: each has its own record.",
    "It does not erase what private companies, newspapers or websites copied before. You may show them this paper and "
    "ask them to correct or remove it.",
]
CHECKED: Final = (
    "Whoever is shown this paper can have it checked by the clerk of the court, the public defender or the records "
    "unit of {county} County: by the code, the case number, the section and the day of conviction as they stand above. "
    "The name is not checked: show the paper together with proof of who you are."
)
ADVICE: Final = "This paper is no legal advice. The public defender of the county can tell you more."


def said(found: Mapping[str, Any], name: str = "") -> dict[str, Any]:
    """What the template takes. ``found``: the certificate as relief made it; ``name`` empty: a line to write it on."""
    county = names.county(found["county"])
    dismissed = found["kind"] == "dismissal"
    level = f" as {_with_article(found['redesignated_to'])}" if found["redesignated_to"] else ""
    convicted = _day(found["conviction_date"])
    return {
        "title": TITLE,
        "county": county,
        "name": name.strip(),
        "code": found["code"],
        "facts": [
            ["Court", names.court(found["court"] or "", found["county"])],
            ["Case number", found["case_number"] or "none on record"],
            ["Section", found["section"]],
            ["Day of conviction", convicted or "none on record"],
            ["Relief", "dismissed and sealed" if dismissed else f"redesignated{level}"],
            ["Order", f"{found['order_number']}, by {found['judge']}, on {_day(found['ordered_on'])}"],
            ["Certificate made on", _day(found["issued_on"])],
        ],
        "means": DISMISSED if dismissed else [one.format(level=level) for one in REDESIGNATED],
        "does_not": DOES_NOT,
        "checked": CHECKED.format(county=county),
        "advice": ADVICE,
    }


def _with_article(level: str) -> str:
    return f"an {level}" if level[0] in "aeiou" else f"a {level}"


def _day(text: str | None) -> str:
    return dates.day(date.fromisoformat(text)) if text else ""
