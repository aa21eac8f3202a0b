"""The facts whose absence may leave a test unknown, in a county's table and in a sentence."""

from typing import NamedTuple


class MissingFact(NamedTuple):
    """``label`` stands in place of a county's words, empty where no table and no law is left without the fact;
    ``because`` follows "it is not known ..., as"."""

    label: str
    because: str


MISSING_FACTS = {
    "charge": MissingFact("", "the charge cannot be told from the record"),
    "age_at_offense": MissingFact(
        "Age at the offense unknown", "the record does not show how old the person was at the offense"
    ),
    "age_difference": MissingFact(
        "Difference of ages unknown", "the record does not show how much older than the minor the person was"
    ),
    "charge_date": MissingFact(
        "Day of the charge unknown",
        "the record does not show on which day this conviction's charge was filed",
    ),
    "consenting_adults": MissingFact(
        "Consent between adults unknown",
        "the record does not show whether the conduct was between consenting adults",
    ),
    "force": MissingFact(
        "Use of force unknown", "its number does not show whether force or threats were used"
    ),
    "great_bodily_injury": MissingFact(
        "Great bodily injury unknown", "its number does not show whether somebody was gravely injured"
    ),
    "gross_negligence": MissingFact(
        "Gross negligence unknown", "its number does not show whether there was gross negligence"
    ),
    "lewd_conduct": MissingFact(
        "Lewd conduct unknown", "its number does not show whether the conduct was lewd"
    ),
    "offense_date": MissingFact("Offense date unknown", "the date of an offense is not on record"),
    "plants": MissingFact("Number of plants unknown", "the record does not show how many plants there were"),
    "registrable": MissingFact(
        "May require registration", "its number does not show whether it requires registration"
    ),
    "school_grounds": MissingFact(
        "School grounds unknown", "the record does not show whether it was on the grounds of a school"
    ),
    "sexual_purpose": MissingFact(
        "Purpose of the offense unknown", "its number does not show whether a sex offense was intended"
    ),
    "state_prison": MissingFact(
        "State prison unknown", "the record does not show whether the sentence was state prison"
    ),
    "victim_age": MissingFact("Age of the victim unknown", "its number does not show how old the victim was"),
    "weapon_use": MissingFact(
        "Use of a weapon unknown", "its number does not show whether a weapon was used"
    ),
    "weight": MissingFact("Weight unknown", "the record does not show how much it was"),
    "birth_date": MissingFact("Birth date unknown", "no usable birth date is on record"),
    "conviction_date": MissingFact("Conviction date unknown", "the date of a conviction is not on record"),
    "deceased_on": MissingFact("Date of death impossible", "the date of death cannot be right"),
    "disposition": MissingFact(
        "Whether convicted is unclear", "the record does not say clearly whether there was a conviction"
    ),
    "level": MissingFact("Level of conviction unknown", "the record gives no level"),
    "life_term": MissingFact(
        "Life sentence: may be a super strike", "a life sentence may stand for a super strike"
    ),
    "parole": MissingFact("End of parole unknown", "no record says when parole ended"),
    "pending_charges": MissingFact(
        "No record of pending charges was read", "a rap sheet of convictions does not say"
    ),
    "prosecuting_agency": MissingFact("Prosecuting agency unknown", "the record does not say who prosecuted"),
    "rap_sheet": MissingFact("No complete state rap sheet", "no complete state rap sheet has come"),
    "repeated": MissingFact("Two records may be one conviction", "two entries may be the same conviction"),
    "registration_date": MissingFact("Registration date unknown", "the registration has no date"),
    "revocation": MissingFact("Whether probation was revoked is on no record", "no record says"),
    "section": MissingFact("Section of a conviction unclear", "a section cannot be told from the record"),
    "sentence": MissingFact("Sentence end unknown", "the end of a sentence is not on record"),
    "seriousness": MissingFact("May be a serious felony", "its number does not show what makes it so"),
    "statement": MissingFact("Statements contradict each other", "people stated it differently"),
    "supervision": MissingFact("The Supervised Release File was not read", "a rap sheet does not say"),
}
"""By the fact's name; the reason code of a review is ``unknown_`` and that name."""
