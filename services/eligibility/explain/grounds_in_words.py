"""Each test of the law as a clause of a sentence: met, not met, and unknown."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from services.eligibility.law.engine.finding import OPPOSITE
from services.eligibility.law.questions.missing_facts import MISSING_FACTS

ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


class Clauses(NamedTuple):
    """``whether`` follows "it is not known whether"; facts stand in braces."""

    met: str
    not_met: str
    whether: str


CLAUSES = {
    "otherwise": Clauses("no other row of the table applies", "", ""),
    "names_section": Clauses(
        "the record names {section}, which the row lists ({listed})",
        "{section} is not among {listed}",
        "the record names {listed}",
    ),
    "convicted_on_or_after": Clauses(
        "the conviction came on {conviction_date}, on or after {rest}",
        "the conviction came on {conviction_date}, before {rest}",
        "the conviction came on or after {rest}",
    ),
    "convicted_years_ago": Clauses(
        "the conviction of {convicted_on} lies {years} years or more back",
        "the conviction of {convicted_on} lies less than {years} years back",
        "the conviction lies {years} years or more back",
    ),
    "level": Clauses("it is a {level}", "it is a {level}, not a {rest}", "it is a {rest}"),
    "level_known": Clauses("", "", "it is a felony, a misdemeanor or an infraction"),
    "earlier_super_strike": Clauses(
        "an earlier conviction, {section} of {conviction_date}, is a super strike",
        "no earlier conviction is a super strike",
        "an earlier conviction is a super strike",
    ),
    "earlier_pc_290_conviction": Clauses(
        "an earlier conviction, {section} of {conviction_date}, requires registration under PC 290(c)",
        "no earlier conviction requires registration under PC 290(c)",
        "an earlier conviction requires registration under PC 290(c)",
    ),
    "earlier_pc_290_registration": Clauses(
        "the rap sheet shows a PC 290 registration on {registered_on}, before the conviction",
        "the rap sheet shows no PC 290 registration before the conviction",
        "there was a PC 290 registration before the conviction",
    ),
    "earlier_of_the_same_section": Clauses(
        "there are {earlier} earlier felony convictions of {section}",
        "there are fewer than {rest} earlier felony convictions of {section}",
        "there are {rest} or more earlier felony convictions of {section}",
    ),
    "felony_alternative": Clauses(
        "what was done can be a felony today for a person with a disqualifier ({section})",
        "no prior bars it: what was done is no felony today by anybody of that age and in that amount",
        "what was done can be a felony today for a person with a disqualifier ({section})",
    ),
    "disqualified_by_offense": Clauses(
        "the offense itself disqualifies ({involved})", "", "the offense itself disqualifies ({involved})"
    ),
    "fact_stated": Clauses(
        "{stated_by} stated on {stated_on} of {section}: {fact}, {value}",
        "{stated_by} stated on {stated_on} of {section}: {fact}, {value}, which is not used: it is another city's case",
        "",
    ),
    "petition_route": Clauses(
        "a court can be asked all the same, on form {form} (proof of service {proof_of_service}; the prosecution "
        "answers on {prosecution}, the court orders on {order})",
        "",
        "",
    ),
    "limits": Clauses(
        "this relief is California's: cannabis stays an offense under federal law, a redesignation does not count for "
        "immigration and whether a dismissal does is open, and bans on firearms of other laws stay",
        "",
        "",
    ),
    "juvenile_adjudication": Clauses(
        "a juvenile court's adjudication of {section} is no conviction; that court is asked on form {form}",
        "",
        "",
    ),
    "possible_plea_bargain": Clauses(
        "", "", "the plea to {section} stands for the cannabis charge beside it, {cannabis_charge}"
    ),
    "reported_twice": Clauses(
        "somebody stated that the conviction is on record already, reported a second time", "", ""
    ),
    "of_another_county": Clauses("somebody stated that the conviction is another county's", "", ""),
    "of_another_section": Clauses(
        "somebody stated that the conviction is of a section that HS 11361.8 does not reach", "", ""
    ),
    "relief_stated": Clauses("somebody stated that relief under HS 11361.8 was granted ({relief})", "", ""),
    "relief_prohibited": Clauses(
        "a court ordered that the conviction gets no automatic relief",
        "nobody stated that a court withheld automatic relief",
        "a court ordered that the conviction gets no automatic relief",
    ),
    "conviction_undone": Clauses("somebody stated that the conviction no longer stands", "", ""),
    "age_at_least": Clauses(
        "the person is {years} or older on that day",
        "the person is younger than {years} on that day",
        "the person is {years} or older on that day",
    ),
    "age_at_most": Clauses(
        "the person is {years} or younger on that day",
        "the person is older than {years} on that day",
        "the person is {years} or younger on that day",
    ),
    "under_age_at_conviction": Clauses(
        "the person was under {years} when convicted",
        "the person was {years} or older when convicted",
        "the person was under {years} when convicted",
    ),
    "only_cannabis_convictions": Clauses(
        "every conviction on record is a cannabis conviction",
        "the record has another conviction than cannabis ({other_section})",
        "every conviction on record is a cannabis conviction",
    ),
    "more_than_one_conviction": Clauses(
        "the record has more than one conviction",
        "this is the only conviction on record",
        "the record has more than one conviction",
    ),
    "single_conviction": Clauses(
        "this is the only conviction on record",
        "the record has more than one conviction",
        "this is the only conviction on record",
    ),
    "all_sentences_ended": Clauses(
        "all sentences have ended", "a sentence runs until {latest_end}", "all sentences have ended"
    ),
    "a_sentence_running": Clauses(
        "a sentence still runs, until {latest_end}", "all sentences have ended", "a sentence is still running"
    ),
    "own_sentence_ended": Clauses(
        "its own sentence ended on {sentence_end}",
        "its own sentence runs until {sentence_end}",
        "its own sentence has ended",
    ),
    "own_sentence_running": Clauses(
        "its own sentence runs until {sentence_end}",
        "its own sentence ended on {sentence_end}",
        "its own sentence is still running",
    ),
    "no_conviction_in_past_years": Clauses(
        "no conviction falls into the {years} years before that day",
        "the latest conviction, of {latest_conviction}, falls into the {years} years before that day",
        "no conviction falls into the {years} years before that day",
    ),
    "latest_conviction_more_than_years_ago": Clauses(
        "the latest conviction lies more than {years} years back",
        "the latest conviction, of {latest_conviction}, does not lie more than {years} years back",
        "the latest conviction lies more than {years} years back",
    ),
    "deceased": Clauses(
        "the person has died (date of death: {deceased_on})", "no death is on record", "the person has died"
    ),
    "prosecuted_by_city": Clauses(
        "the city attorney of {city} filed the case",
        "the case was not filed by a city ({prosecuting_agency})",
        "a city with its own prosecutor filed the case",
    ),
    "related_charge": Clauses(
        "the charge, {section}, is no cannabis charge but on the county's list of related charges",
        "{section} is a cannabis charge itself, not a related one",
        "the charge is a related one",
    ),
    "exact_charge": Clauses(
        "the charge is exactly {section}",
        "the charge, {section}, is not the one of this row",
        "the charge is it",
    ),
    "no_cannabis_charge_in_cycle": Clauses(
        "no cannabis charge stands beside it in the same arrest or case",
        "a cannabis charge, {cannabis_charge}, stands beside it in the same arrest or case",
        "a cannabis charge stands beside it in the same arrest or case",
    ),
    "statute_compels": Clauses(
        "the statute itself compels {rest}",
        "the statute itself does not compel {rest}",
        "the statute itself compels {rest}",
    ),
    "authority_in_law": Clauses(
        "",
        "neither HS 11361.8 nor 11361.9 reaches {section}: only a court's own order under PC 1385 does",
        "",
    ),
    "covered_section": Clauses(
        "HS 11361.8 reaches {section}", "HS 11361.8 does not reach {section}", "HS 11361.8 reaches {section}"
    ),
    "section_readable": Clauses("", "", "the charge is a cannabis charge (the record says: {as_written})"),
    "single_section": Clauses(
        "", "", "the line is one offense that HS 11361.8 reaches, or several ({section})"
    ),
    "predecessor_in_force": Clauses(
        "", "", "the former section was in force ({section}; renumbered in 1972)"
    ),
    "lesser_or_no_offense_today": Clauses(
        "a {level} of this section would be a lesser offense today, or none: at least {least_relief} follows",
        "what was done could be the same offense at the same level today ({level})",
        "what was done would be a lesser offense today, or none",
    ),
    "sentence_completed": Clauses(
        "the sentence ended on {sentence_end}, so that it takes an application and no finding on danger",
        "the sentence runs until {sentence_end}, so that it takes a petition, and a court may find a danger",
        "the sentence has ended (an application) or still runs (a petition)",
    ),
    "relief_shown": Clauses("relief under HS 11361.8 is already on record ({shown})", "", ""),
    "other_relief": Clauses("relief of another law is on record, which does not seal ({relief})", "", ""),
    "record_sealed_or_destroyed": Clauses("the record of the case is sealed (by {sealed_by})", "", ""),
    "record_destroyed_by_law": Clauses(
        "the record of the case was destroyed as HS 11361.5 requires (by {destroyed_by})",
        "the record of the case is gone, though HS 11361.5 does not require it (by {destroyed_by})",
        "the record of the case was destroyed as HS 11361.5 requires",
    ),
    "identity_in_doubt": Clauses("", "", "all of these records are of one person"),
    "convicted_after_the_day": Clauses(
        "the conviction came on {conviction_date}, after the day that is judged", "", ""
    ),
    "county_unknown": Clauses("", "", "the conviction is this county's"),
    "case_number_unreadable": Clauses("", "", "the case has a number that can be read"),
    "disposition_in_doubt": Clauses("", "", "there was a conviction (the record says: {as_written})"),
    "later_relief_in_doubt": Clauses("", "", "the relief that the record speaks of was granted"),
    "below_legal_minimum": Clauses(
        "the county's table comes to {policy_gives}, which is less than the {statute} that the statute compels",
        "",
        "",
    ),
    "california_offense": Clauses(
        "{section} is an offense under California's law",
        "{section} is no offense under California's law",
        "{section} is an offense under California's law",
    ),
    "registration_required": Clauses(
        "the record shows that the person has to register under PC 290",
        "nothing on record requires registration under PC 290",
        "the person has to register under PC 290",
    ),
    "under_supervision": Clauses("", "", "the person is under supervision (Supervised Release File)"),
    "serving_a_sentence": Clauses(
        "a sentence still runs, until {latest_end}", "no sentence is running", "a sentence is still running"
    ),
    "charges_pending": Clauses("", "", "criminal charges are pending"),
    "probation_revoked": Clauses(
        "probation was revoked", "there was no probation to revoke", "probation was revoked"
    ),
    "serious_violent_or_registrable": Clauses(
        "{section} is a serious, violent or registrable felony",
        "{section} is no serious, violent or registrable felony",
        "{section} is a serious, violent or registrable felony",
    ),
    "years_without_felony": Clauses(
        "{years} years have passed since all terms ended on {sentence_end}, without a new felony",
        "{years} years without a new felony have not passed since all terms ended on {sentence_end}",
        "{years} years without a new felony have passed since all terms ended",
    ),
    "clause_in_force": Clauses(
        "the clause is in force since {in_force}", "the clause is in force only from {in_force}", ""
    ),
    "convicted_from": Clauses(
        "the conviction of {conviction_date} is not older than the clause reaches ({rest})",
        "the conviction of {conviction_date} is older than the clause reaches ({rest})",
        "the conviction is not older than the clause reaches ({rest})",
    ),
    "sentenced_to": Clauses(
        "the sentence has a term of {rest}",
        "the sentence has no term of {rest}",
        "the sentence has a term of {rest}",
    ),
    "years_since_judgment": Clauses(
        "{years} years or more have passed since judgment",
        "{years} years have not passed since judgment",
        "{years} years have passed since judgment",
    ),
    "amounts_and_ages": Clauses("", "", "what no record shows ({not_on_record}) would bar relief"),
}
OF_ANOTHER = frozenset({"earlier_super_strike", "earlier_pc_290_conviction"})
SOURCES = {"court": "the court", "doj": "DOJ"}
RELIEF = {"hs_11361_8_dismissal": "dismissed and sealed", "hs_11361_8_redesignation": "redesignated"}
FINDINGS = {"met": "yes", "not_met": "no", "unknown": "not known"}


def in_words(ground: Mapping[str, Any]) -> str:
    """One ground, given as a JSON object, as a clause without a full stop.

    A test without a clause of its own is shown by its name and facts.
    """
    if ground["rule"].startswith("not_"):
        turned = {"rule": ground["rule"].removeprefix("not_"), "finding": OPPOSITE[ground["finding"]]}
        return in_words({**ground, **turned})
    name, rest = _known(ground["rule"])
    facts = {
        key: _relief(value) if key == "shown" else plain(value) for key, value in ground["facts"].items()
    }
    clauses = CLAUSES.get(name)
    unknown = ground["finding"] == "unknown"
    told = clauses and (clauses.whether if unknown else getattr(clauses, ground["finding"]))
    if not told:
        shown = "; ".join(f"{words(key)}: {value}" for key, value in facts.items())
        return f"{words(ground['rule'])}: {FINDINGS[ground['finding']]}" + (f" ({shown})" if shown else "")
    clause = told.format_map(_Facts(facts | {"rest": plain(rest)}))
    return f"it is not known whether {clause}{_why(name, facts)}" if unknown else clause


def words(name: str) -> str:
    """A code as words: ``needs_review`` becomes ``needs review``."""
    return name.replace("_", " ")


def plain(value: object) -> str:
    """A fact as text: dates written out, lists joined."""
    if isinstance(value, list | tuple):
        return " or ".join(map(plain, value))
    if isinstance(value, dict):
        return " ".join(plain(part) for part in value.values() if part is not None)
    text = str(value) or "nothing"
    if ISO.fullmatch(text):
        day = date.fromisoformat(text)
        return f"{day:%B} {day.day}, {day.year}"
    return words(text) if text.islower() else text


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "unknown"


def _known(rule: str) -> tuple[str, str]:
    """The name that clauses go by, and what a rule's own name adds to it: a date, levels, a number."""
    for name in ("convicted_on_or_after", "convicted_from", "statute_compels", "sentenced_to", "level"):
        if rule not in CLAUSES and rule.startswith(f"{name}_"):
            return name, rule.removeprefix(f"{name}_")
    number, _, same = rule.partition("_")
    return (same, number) if number.isdigit() and same in CLAUSES else (rule, "")


def _why(rule: str, facts: Mapping[str, str]) -> str:
    """Of which other conviction it is not known, and why not."""
    known = MISSING_FACTS.get(facts.get("missing", "").replace(" ", "_"))
    other = [facts[key] for key in ("section", "conviction_date") if key in facts]
    of = f" ({' of '.join(other)})" if other and rule in OF_ANOTHER else ""
    return of + (f", as {known.because}" if known else "")


def _relief(shown: Sequence[Mapping[str, Any]]) -> str:
    """What each source shows: ``the court: dismissed and sealed on January 1, 2018``."""
    return "; ".join(
        f"{SOURCES[one['source']]}: {RELIEF[one['kind']]} on {plain(one['on'] or 'an unknown day')}"
        for one in shown
    )
