"""Answers to a question for a date: the spans of days within which the same finding follows."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import TypeVar

from reliefstream_contracts.histories import Conviction
from reliefstream_contracts.vocabulary.stated_facts import FactCode
from services.birth_dates import OLDEST, YOUNGEST
from services.eligibility.law.engine.calendar import add_days, add_years, first_later
from services.eligibility.law.input.judged_conviction import Case

Follows = TypeVar("Follows")


def turning_days(case: Case, conviction: Conviction, fact: FactCode) -> list[date]:
    """The days at which an unknown date may change the finding."""
    own = case.conviction
    if fact == "charge_date":
        priors = (one.conviction_date for one in case.others())
        early = case.committed_by or date.min
        late = own.conviction_date or date.max
        return _possible(add_days(day, 1) for day in priors if day is not None and early <= day < late)
    days: list[date | None] = list(case.facts.turns.get((conviction.conviction_id, fact), ()))
    if conviction is own and fact in {"conviction_date", "offense_date"}:
        article = case.statute.article_two  # sections were renumbered, and subdivisions meant other things
        days += [article.renumbered_on, article.redrawn_on]
    if fact == "birth_date":
        for on in (one.conviction_date for one in case.history.convictions if not one.juvenile):
            days += [first_later(age, on) for age in (YOUNGEST, OLDEST + 1)] if on is not None else []
    if fact == "conviction_date" and case.history.birth_date is not None:
        days += [add_years(case.history.birth_date, age) for age in (YOUNGEST, OLDEST + 1)]
    if conviction is own and fact == "conviction_date":
        days += [add_days(case.as_of, 1), own.offense_date]  # before its offense, that date is in doubt
    if conviction is own and fact == "offense_date" and own.conviction_date is not None:
        days.append(add_days(own.conviction_date, 1))
    return _possible(days)


def _possible(days: Iterable[date | None]) -> list[date]:
    """The possible days that have a previous day, sorted, each once."""
    return sorted({day for day in days if day is not None and day > date.min})


def plain(since: date | None, until: date | None) -> tuple[str, str]:
    """A span of days as a value and in words."""
    if since is None:
        return f"before {until}", f"before {until}"
    return f"from {since}", f"on {since} or later" + (f", before {until}" if until else "")


def ages_on(as_of: date) -> Callable[[date | None, date | None], tuple[str, str]]:
    """Birth dates as the ages on the day that is judged, which name no day."""

    def age(born: date) -> int:
        return as_of.year - born.year - ((as_of.month, as_of.day) < (born.month, born.day))

    def tell(since: date | None, until: date | None) -> tuple[str, str]:
        youngest = age(until - timedelta(days=1)) if until is not None else None
        oldest = age(since) if since is not None else None
        told = (
            f"{youngest} or older"
            if oldest is None
            else f"{oldest} or younger"
            if youngest is None
            else f"{youngest} to {oldest}"
        )
        return told, f"{told} on the day"

    return tell


def ranges(
    days: list[date],
    follows: Callable[[str], Follows],
    tell: Callable[[date | None, date | None], tuple[str, str]],
) -> Iterator[tuple[str, str, Follows]]:
    """The spans of days within which one finding follows: before the first turn, then from each on."""
    if not days:
        return
    before = follows((days[0] - timedelta(days=1)).isoformat())
    turns = [(day, follows(day.isoformat())) for day in days]
    spans = [turn for at, turn in enumerate(turns) if turn[1] != (turns[at - 1][1] if at else before)]
    ends = [day for day, _ in spans]
    if not spans:
        yield "any day", "any day", before
        return
    yield (*tell(None, ends[0]), before)
    for (day, finding), until in zip(spans, [*ends[1:], None], strict=True):
        yield (*tell(day, until), finding)
