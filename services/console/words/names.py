"""Names of offices, counties, accounts and codes, as pages write them."""

from collections.abc import Mapping
from typing import Final

OFFICES: Final[Mapping[str, str]] = {
    "district_attorney": "district attorney",
    "city_attorney": "city attorney",
    "clerk": "clerk of the court",
    "records_unit": "records unit",
    "public_defender": "public defender",
    "community_group": "community group",
    "analyst": "analyst",
    "operator": "operator",
    "auditor": "auditor",
    "administrator": "administrator",
}
OBJECTIONS: Final[Mapping[str, str]] = {
    "ineligible": "The person is not eligible under the law",
    "unreasonable_risk": "An unreasonable risk of danger to public safety (only while the sentence runs)",
    "identity": "The records are not one person’s",
    "other": "Another reason",
}
CODES: Final[Mapping[str, str]] = {
    "dismissal": "dismissed and sealed",
    "redesignation": "redesignated",
    "petition": "leave to a petition",
    "challenge": "object",
    "refer": "refer",
    "hold": "hold",
    "not_eligible": "not eligible",
    "needs_review": "a person has to look at it",
    "already_relieved": "relieved before",
    "not_covered": "not covered by this law",
    "open": "open",
    "prepared": "waits for a signature",
    "decided": "decided",
    "closed": "closed",
    "doj": "DOJ",
    "court": "the court",
    "doj+court": "DOJ and the court",
}
ACTS: Final[Mapping[str, str]] = {
    "prepare": "prepared a decision",
    "sign": "signed",
    "send_back": "sent it back",
    "claim": "claimed it",
    "release": "gave it back",
    "hold": "put it off",
    "refer": "referred it",
    "reopen": "opened again, as the determination changed",
    "close": "closed",
}


def office(role: str, city: str | None = None) -> str:
    """``city attorney of Torrance``."""
    name = OFFICES.get(role, words(role))
    return f"{name} of {city}" if city else name


def county(name: str) -> str:
    """``Los Angeles`` of ``los-angeles``."""
    return name.replace("-", " ").title()


def court(name: str, county_name: str) -> str:
    """A court as a person calls it. DOJ writes ``CASC`` for a superior court, ``CAMC`` for a municipal one, each with
    its place; without a name it is the county's superior court. Any other name is the court's own."""
    kind, _, place = name.partition(" ")
    place = sentence(place.strip().title())
    superior = f"Superior Court of California, County of {county(county_name)}"
    if name in ("", "CASC") or (kind == "CASC" and place == county(county_name)):
        return superior
    if kind == "CASC":
        return f"{superior} ({place})"
    return f"Municipal Court, {place} (today: {superior})" if kind == "CAMC" and place else name


def sentence(text: str) -> str:
    """With a capital at its beginning, the rest as it is."""
    return text[:1].upper() + text[1:]


def words(code: str) -> str:
    """A code without a text of its own, as words."""
    return code.replace("_", " ")


def code(given: str | None) -> str:
    """The words of a code; nothing: not on record."""
    if not given:
        return "not on record"
    return CODES.get(given, words(given))


def act(name: str) -> str:
    """What was done to a review, as a page tells it."""
    return ACTS.get(name, words(name))
