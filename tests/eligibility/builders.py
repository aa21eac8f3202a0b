"""Made-up people for the law: one conviction in Los Angeles that would be dismissed, changed as a test says."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from reliefstream_contracts.determinations import Determination
from reliefstream_contracts.histories import Conviction, CountRef, HistoryChanged, RelievedBy
from reliefstream_contracts.identifiers import CountyName, count_key, derived
from reliefstream_contracts.vocabulary.offense import LaterRelief, Offense, SentencePart
from reliefstream_contracts.vocabulary.stated_facts import StatedBy, StatedFact
from services.eligibility.files.policy_files import load_policy
from services.eligibility.files.policy_options import GivenOptions
from services.eligibility.files.statute_files import load_statute
from services.eligibility.law.engine.judge import judge
from services.eligibility.law.input.judged_conviction import Case, County
from services.eligibility.law.input.section_list import read_section

LOS_ANGELES = County(
    CountyName("los-angeles"),
    (
        *("Los Angeles", "Long Beach", "Torrance", "Pasadena", "Inglewood", "Burbank"),
        *("Santa Monica", "Hawthorne", "Redondo Beach", "Hermosa Beach"),
    ),
)
AS_OF = date(2019, 11, 11)


def an_offense(*sections: str, **changes: Any) -> Offense:
    """An offense of these sections, written as in the statute files; none: unreadable."""
    return Offense(
        as_written="/".join(sections), sections=tuple(read_section(text) for text in sections)
    ).replace(**changes)


def a_conviction(
    *sections: str, name: str = "1", source: str = "doj", count: str | None = None, **changes: Any
) -> Conviction:
    """A felony of 11359 of 1 May 2010, probation of a year served, in a rap sheet that Los Angeles sent.

    ``count``: its place in the record; that of DOJ is nine digits, of which the first six name a step. The offense
    was 89 days before the conviction, unless given.
    """
    county = LOS_ANGELES.name
    key = count_key(source, county, "record", count or name)  # type: ignore[arg-type]
    facts: dict[str, Any] = {
        "conviction_id": derived("conviction", name),
        "counts": (CountRef(key=key, source=source, sent_by=county, file_sha256="aa", file_row=7),),
        "county": county,
        "event": name,
        "offense": an_offense(*(sections or ("HS 11359",))),
        "level_convicted": "felony",
        "offense_date": date(2010, 2, 1),
        "conviction_date": date(2010, 5, 1),
        "disposition_date": date(2010, 5, 1),
        "sentence": (SentencePart(kind="probation", length=1, unit="years"),),
    }
    convicted_on = changes.get("conviction_date")
    if convicted_on is not None:
        facts["offense_date"] = convicted_on - timedelta(days=89)
    return Conviction(**facts | changes)


def a_history(*convictions: Conviction, **changes: Any) -> HistoryChanged:
    """A person born in 1980 with a complete rap sheet of these convictions."""
    facts: dict[str, Any] = {
        "subject_id": derived("subject", "1"),
        "version": 1,
        "rap_sheet": "complete",
        "birth_date": date(1980, 3, 14),
        "convictions": convictions or (a_conviction(),),
    }
    return HistoryChanged(**facts | changes)


def a_statement(name: str, fact: str, value: str, *, by: str = "da-1", city: str | None = None) -> StatedFact:
    """What a prosecutor of that account, a city's where there is one, stated of the conviction of that name."""
    key = count_key("doj", LOS_ANGELES.name, "record", name)  # type: ignore[arg-type]
    return StatedFact(
        count=key,
        fact=fact,  # type: ignore[arg-type]
        value=value,
        statement_id=f"{name}-{fact}-{by}",  # type: ignore[arg-type]
        basis="police report, page 2",
        stated_by=StatedBy(role="city_attorney" if city else "district_attorney", account=by, city=city),
        stated_on=date(2019, 10, 1),
    )


def judged(
    history: HistoryChanged,
    policy: str = "los-angeles-2020",
    as_of: date = AS_OF,
    name: str = "1",
    options: dict[str, Any] | None = None,
) -> Determination:
    """What is found on the conviction of that name, under these options of the policy."""
    values = ((name, tuple(v) if isinstance(v, list) else v, 1) for name, v in (options or {}).items())
    given = GivenOptions(Path("options"), tuple(values)) if options else None
    found = judge(history, LOS_ANGELES, load_policy(policy, given), load_statute(), as_of)
    return next(one for one in found if one.conviction_id == derived("conviction", name))


def a_case(history: HistoryChanged, as_of: date = AS_OF) -> Case:
    """The first conviction of a history, as the rules are asked about it."""
    return Case(history, history.convictions[0], LOS_ANGELES, load_statute(), as_of)


def relieved(kind: str, source: str = "court") -> tuple[RelievedBy, ...]:
    """Later relief of that kind as one source shows it."""
    return (RelievedBy(source=source, relief=LaterRelief(kind=kind, on=date(2018, 1, 2))),)  # type: ignore[arg-type]
