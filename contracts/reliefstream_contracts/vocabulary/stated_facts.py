"""Facts that a record rarely shows, as people state them of a count: a closed vocabulary, each with its values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from reliefstream_contracts.frozen import Frozen, limits
from reliefstream_contracts.identifiers import CountKey, StatementId
from reliefstream_contracts.vocabulary.california_codes import PREDECESSORS

FactCode = Literal[
    "age_at_offense",
    "age_difference",
    "birth_date",
    "buyer_under_18",
    "charge_date",
    "charges_pending",
    "consenting_adults",
    "conviction_date",
    "convicted",
    "county",
    "deceased",
    "environmental_harm",
    "force",
    "great_bodily_injury",
    "gross_negligence",
    "helper_under_21",
    "import_or_export",
    "level",
    "lewd_conduct",
    "offense_date",
    "parole_end",
    "plants",
    "probation_revoked",
    "prosecuted_by",
    "registered_before",
    "registrable",
    "registration_required",
    "relief_granted",
    "relief_prohibited",
    "reported_twice",
    "school_grounds",
    "section",
    "sentence_end",
    "serious_or_violent",
    "sexual_purpose",
    "state_prison",
    "super_strike",
    "under_supervision",
    "victim_age",
    "weapon_use",
    "weight",
]
Office = Literal["district_attorney", "city_attorney", "clerk", "records_unit"]
"""Who may state a fact, each for what its office knows (``FACTS``, ``asked_of``)."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the vocabulary: what is asked, the values that answer it, and who may."""

    question: str
    values: Mapping[str, str]
    """Each value with its words. Empty: an ISO 8601 date answers."""
    asked_of: tuple[Office, ...]


ANOTHER_SECTION = "another"
SECTIONS = {
    **{
        section: section
        for section in (
            *("HS 11357", "HS 11357(a)", "HS 11357(b)", "HS 11357(c)", "HS 11357(d)", "HS 11357(e)"),
            *("HS 11358", "HS 11359", "HS 11360", "HS 11360(a)", "HS 11360(b)"),
            *(f"HS {number}" for number in PREDECESSORS),
        )
    },
    ANOTHER_SECTION: "another section than HS 11357 to 11360, and than those before 1973",
}
"""The values of ``section``: those that HS 11361.8 reaches as they stood until 2016, what they replaced, any other."""
YES_OR_NO = {"yes": "yes", "no": "no"}
PROSECUTOR: tuple[Office, ...] = ("district_attorney", "city_attorney")
COURT_FILE: tuple[Office, ...] = ("clerk", *PROSECUTOR)
ANY_OFFICE: tuple[Office, ...] = (*COURT_FILE, "records_unit")


def _yes_or_no(question: str, asked_of: tuple[Office, ...] = PROSECUTOR) -> Fact:
    return Fact(question, YES_OR_NO, asked_of)


FACTS: dict[FactCode, Fact] = {
    "age_at_offense": Fact(
        "How old was the person at the offense?",
        {"under_18": "under 18", "18_to_20": "18 to 20", "21_or_older": "21 or older"},
        COURT_FILE,
    ),
    "age_difference": Fact(
        "How much older than the minor was the person?",
        {"at_most_10_years": "ten years or less", "more_than_10_years": "more than ten years"},
        PROSECUTOR,
    ),
    "birth_date": Fact("When was the person born?", {}, ANY_OFFICE),
    "buyer_under_18": _yes_or_no("Was cannabis knowingly sold, or offered for sale, to somebody under 18?"),
    "charge_date": Fact("On which day was the charge filed?", {}, COURT_FILE),
    "charges_pending": _yes_or_no("Are criminal charges pending against the person?", COURT_FILE),
    "consenting_adults": _yes_or_no("Was the conduct between consenting adults?"),
    "conviction_date": Fact("On which day was the conviction?", {}, COURT_FILE),
    "convicted": _yes_or_no("Does the conviction stand?", COURT_FILE),
    "county": Fact(
        "In which county was the conviction?",
        {"this_county": "the county that sent the record", "another_county": "another county"},
        ANY_OFFICE,
    ),
    "deceased": _yes_or_no("Has the person died?", ANY_OFFICE),
    "environmental_harm": _yes_or_no(
        "Did the cultivation do the harm to water, fish or land that 11358(d)(3) lists?"
    ),
    "force": _yes_or_no(
        "Was it committed by force, violence, duress, menace, fear of bodily injury or a threat to retaliate?"
    ),
    "great_bodily_injury": _yes_or_no("Did the person personally inflict great bodily injury?"),
    "gross_negligence": _yes_or_no("Was the killing one by gross negligence?"),
    "helper_under_21": _yes_or_no("Was somebody of 20 or younger knowingly employed in it?"),
    "import_or_export": _yes_or_no("Was more than 28.5 grams imported into the state or taken out of it?"),
    "level": Fact(
        "Of which level was the conviction?",
        {"felony": "felony", "misdemeanor": "misdemeanor", "infraction": "infraction"},
        COURT_FILE,
    ),
    "lewd_conduct": _yes_or_no("Was the conduct lewd or lascivious?"),
    "offense_date": Fact("On which day was the offense?", {}, COURT_FILE),
    "parole_end": Fact("On which day was parole over?", {}, ("records_unit",)),
    "plants": Fact(
        "How many living plants were there?",
        {"at_most_six": "six or fewer", "more_than_six": "more than six"},
        PROSECUTOR,
    ),
    "probation_revoked": _yes_or_no("Was probation revoked?", COURT_FILE),
    "prosecuted_by": Fact(
        "Who prosecuted the case?",
        {
            "district_attorney": "the district attorney",
            "city_attorney": "a city attorney of the county's list",
        },
        COURT_FILE,
    ),
    "registered_before": _yes_or_no(
        "Was the person registered under PC 290 before this conviction?", ("records_unit",)
    ),
    "registrable": _yes_or_no("Is it an offense that PC 290(c) lists?"),
    "registration_required": _yes_or_no(
        "Does the person have to register under PC 290?", ("records_unit", *PROSECUTOR)
    ),
    "relief_granted": Fact(
        "Was relief under HS 11361.8 granted?",
        {"dismissal": "dismissed and sealed", "redesignation": "redesignated", "none": "none was granted"},
        COURT_FILE,
    ),
    "relief_prohibited": _yes_or_no(
        "Did a court order under PC 1203.425(b) that the conviction gets no automatic relief?", COURT_FILE
    ),
    "reported_twice": _yes_or_no(
        "Is it a conviction that the record shows already, reported a second time?", ANY_OFFICE
    ),
    "school_grounds": _yes_or_no("Was it on the grounds of a school?"),
    "section": Fact("Of which section was the conviction?", SECTIONS, COURT_FILE),
    "sentence_end": Fact("On which day was the sentence over?", {}, COURT_FILE),
    "serious_or_violent": _yes_or_no("Is it a felony that PC 1192.7(c) or 667.5(c) lists?"),
    "sexual_purpose": _yes_or_no(
        "Was it committed with intent to commit, or while committing, a listed sex offense?"
    ),
    "state_prison": _yes_or_no("Was the person sentenced to state prison for it?", COURT_FILE),
    "super_strike": _yes_or_no("Is it an offense that PC 667(e)(2)(C)(iv) lists?"),
    "under_supervision": _yes_or_no(
        "Does the Supervised Release File show an active supervision?", ("records_unit",)
    ),
    "victim_age": Fact(
        "How old was the victim?",
        {"under_14": "under 14", "14_to_17": "14 to 17", "18_or_older": "18 or older"},
        PROSECUTOR,
    ),
    "weapon_use": _yes_or_no("Did the person personally use a firearm, or a dangerous or deadly weapon?"),
    "weight": Fact(
        "How much cannabis was it?",
        {
            "within_the_limit": "at most 28.5 grams, or 8 grams of concentrate",
            "above_the_limit": "more than that",
        },
        PROSECUTOR,
    ),
}
"""The vocabulary. A fact is unknown until the record or a statement gives it."""


class StatedBy(Frozen):
    """Who stated a fact: the office, and an account that names nobody."""

    role: Office
    account: Annotated[str, *limits(min_length=1, max_length=100)]
    city: str | None = None
    """Of a city attorney: the city."""


class FactValue(Frozen):
    """One fact with the value that answers it."""

    fact: FactCode
    value: str
    """One of the fact's values, or a date where it has none."""

    def __post_init__(self) -> None:
        """Raises ValueError for a value that does not answer the fact."""
        values = FACTS[self.fact].values
        if values and self.value not in values:
            raise ValueError(f"{self.fact} is one of {', '.join(values)}")
        if not values:
            _day(self.value)


class StatedFact(FactValue):
    """One fact of one count, as a person stated it. Statements that differ contradict each other: unknown."""

    count: CountKey
    statement_id: StatementId
    basis: Annotated[str, *limits(min_length=1, max_length=500)]
    """The document and page that it rests on."""
    stated_by: StatedBy
    stated_on: date


def _day(text: str) -> date:
    """Raises ValueError for all but YYYY-MM-DD."""
    if len(text) != len("YYYY-MM-DD"):
        raise ValueError("a day is YYYY-MM-DD")
    return date.fromisoformat(text)
