"""What a difference between records is, what to do about it, and how it ends: the words of its page."""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Words(NamedTuple):
    """``what``: in a heading. ``todo``: what somebody does. ``ends``: when it ends by itself."""

    what: str
    todo: str
    ends: str


RECORDS_AGREE: Final = "It ends by itself when the corrected record comes and nothing differs any more."
OF_KIND: Final[Mapping[str, Words]] = {
    "only_in_doj": Words(
        "Only DOJ has this conviction",
        "Look for the case in the court’s files and send it. If the court has none, ask DOJ for the abstract that its "
        "entry rests on.",
        "It ends by itself when a record of the court shows the conviction.",
    ),
    "only_in_court": Words(
        "Only the court has this conviction",
        "Look whether the disposition was reported to DOJ (PC 13151), and report it if not.",
        "It ends by itself when a rap sheet shows the conviction.",
    ),
    "differing_fact": Words(
        "The sources differ",
        "Look at the file. Whoever is wrong corrects the record and sends it again.",
        RECORDS_AGREE,
    ),
    "identity_in_doubt": Words(
        "Whose record is this?",
        "Compare the records and say whether they are one person’s. Nobody’s relief rests on them until then.",
        "It ends when somebody has decided, or when a corrected record leaves no doubt.",
    ),
    "relief_not_shown": Words(
        "The court’s record does not show the relief",
        "Ask the court to enter its order in the case and to send it.",
        "It ends by itself when the court’s record shows the relief.",
    ),
    "relief_overdue": Words(
        "A day that the law set has passed",
        "Ask whoever owes it: the court for its order, DOJ for its record (HS 11361.9).",
        "It ends by itself when the order is made, or the record shows it.",
    ),
    "impossible_date": Words(
        "A date cannot be right",
        "Look at the file. Whoever sent the date corrects the record and sends it again. Until then no rule uses the "
        "date.",
        RECORDS_AGREE,
    ),
    "court_record_destroyed": Words(
        "The court destroyed its record",
        "HS 11361.5 has the other agencies destroy theirs for some convictions. Tell DOJ, or close this where it does "
        "not apply.",
        "It ends by itself when DOJ’s rap sheet shows the conviction no more.",
    ),
    "statement_stale": Words(
        "An office’s answer no longer applies",
        "What it spoke of was changed. The office that gave it is asked again.",
        "It ends by itself when the office answers again, or takes its answer back.",
    ),
    "not_on_record": Words(
        "Somebody was named whom no record shows",
        "Look for the person’s case and send it, or answer the community group: Referrals.",
        "It ends by itself when the record comes, or you answer.",
    ),
    "referral_overdue": Words(
        "A community group waits for an answer past its day",
        "Answer it: Referrals.",
        "It ends when the county answers.",
    ),
}
OWNERS: Final[Mapping[str, str]] = {
    "county_court": "the court",
    "doj": "DOJ",
    "district_attorney": "the district attorney",
    "city_attorney": "the city attorney",
    "records_unit": "the records unit",
}


def of_kind(kind: str) -> Words:
    """Of a kind that is not known here, its own name."""
    return OF_KIND.get(kind, Words(kind.replace("_", " ").capitalize(), "See what the sources say.", ""))


def owner(name: str) -> str:
    """Who mends it."""
    return OWNERS.get(name, name.replace("_", " "))
