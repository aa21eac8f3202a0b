"""Suppression: whoever reports records asks whether given counts were dismissed, and must not be reported."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Annotated, ClassVar, Literal

from fastapi import Depends
from pydantic import BaseModel, Field

from reliefstream_contracts.identifiers import CountyName
from services.chassis.audit.act import audited
from services.chassis.audit.acting import Acting, ActingBy
from services.chassis.http.application import router
from services.chassis.http.dependencies import dependency
from services.chassis.http.problems import Refusal, problems
from services.chassis.http.route import EdgeRoute, Invalid
from services.chassis.http.text import Body, PlainText
from services.chassis.identity.caller import Caller
from services.chassis.identity.guard import Grants, allowed
from services.notification.http.dependencies import Dependencies
from services.notification.suppression import store
from services.notification.suppression.counts import Count, comparable_case_number, section_of, suppressed
from services.notification.suppression.sealed_counts import asked_hashes

SCOPE = "suppression"
AskedField = Literal["county", "case_number", "code_section", "date"]


class SuppressionRoute(EdgeRoute):
    largest_body = (
        4_000_000  # more than may be asked, so that whoever asks for all learns why that is refused
    )
    invalid: ClassVar = {**EdgeRoute.invalid, "body": Invalid(422, "invalid_question", "Not a question")}


suppression = router(SuppressionRoute)
Given = Annotated[Dependencies, Depends(dependency(Dependencies))]
By = Annotated[Caller, allowed(Grants("integrator", per_case=True))]


class AskedCount(Body):
    """One count of one case, as the record that may be reported has it."""

    county: PlainText = Field(examples=["los-angeles"])
    case_number: PlainText = Field(examples=["BA012345"])
    code_section: PlainText = Field(examples=["HS 11357(c)"])
    date: PlainText = Field(examples=["1999-01-15"])
    """The day of the conviction or of the disposition, YYYY-MM-DD."""


class Question(Body):
    counts: tuple[AskedCount, ...] = Field(min_length=1)


class Answer(BaseModel):
    """``suppress``: ``yes`` where the count was dismissed; ``no`` where it was not, or is not known here;
    ``unknown_format`` where ``field`` is not understood, and ``detail`` says how it is written."""

    suppress: Literal["yes", "no", "unknown_format"]
    field: AskedField | None = None
    detail: str | None = None


class Answers(BaseModel):
    """In the order asked."""

    answers: list[Answer]


@suppression.post(
    "/v1/suppression",
    summary="Whether given counts were dismissed, and must not be reported",
    responses=problems(
        {429: "As many counts as there may be were asked about in this hour: Retry-After says when."}
    ),
)
async def ask_suppression(given: Given, caller: By, by: ActingBy, asked: Question) -> Answers:
    counties = _may_ask(caller, asked.counts)
    if len(asked.counts) > given.suppression_batch:
        await _refused(given, by)
        said = (
            f"Ask about at most {given.suppression_batch} counts at a time, and only about those that you are about to "
            "report. There is no list of dismissals to be had here."
        )
        raise Refusal(422, "too_many_counts", "Too many counts", said)
    read = [_read(each, given.counties) for each in asked.counts]
    counts = [each for each in read if isinstance(each, Count)]
    async with given.transaction() as work:
        total = await store.asked(work.db, caller.account, asked.counts, work.now)
        if total <= given.suppression_per_hour:
            found = await store.of_cases(work.db, counts)
            hashes = {each: asked_hashes(each, given.hashing) for each in counts}
            sealed = await store.any_sealed(
                work.db, [one for asked_for in hashes.values() for one in asked_for]
            )
            sealed_counts = {each for each, asked_for in hashes.items() if not sealed.isdisjoint(asked_for)}
            known = [county for county in counties if county in given.counties]
            await audited(work, *(by.on(f"{SCOPE}/{county}", "shown") for county in known))
            return Answers(answers=[_answer(each, found, sealed_counts) for each in read])
        until_next = timedelta(hours=1) - (work.now - work.now.replace(minute=0, second=0, microsecond=0))
        await audited(work, by.on(SCOPE, "refused"))
    said = f"You may ask about {given.suppression_per_hour} counts an hour; Retry-After says when the next one begins."
    wait = {"Retry-After": str(int(until_next.total_seconds()) + 1)}
    raise Refusal(429, "too_many_in_an_hour", "Too many counts in an hour", said, wait)


def _may_ask(caller: Caller, counts: Sequence[AskedCount]) -> list[str]:
    """The counties asked about. Raises Refusal where the caller's grants for suppression do not reach one of them."""
    # A grant of the installation's settings has no scope, and is for both.
    grants = [grant for grant in caller.grants if SCOPE in (grant.scope or {SCOPE})]
    counties = sorted({count.county for count in counts})
    if not grants:
        raise Refusal(
            403, "not_granted", "Not granted", "This takes a grant as integrator with the scope suppression."
        )
    if not all(any(grant.reaches(county) for grant in grants) for county in counties):
        said = "A county that you ask about is not among those that you were granted."
        raise Refusal(403, "not_granted", "Not granted", said)
    return counties


async def _refused(given: Dependencies, by: Acting) -> None:
    async with given.transaction() as work:
        await audited(work, by.on(SCOPE, "refused"))


def _read(asked: AskedCount, counties: frozenset[str]) -> Count | Answer:
    case_number, section = comparable_case_number(asked.case_number), section_of(asked.code_section)
    if asked.county not in counties:
        return _unknown("county", "a county of this installation in lower case with hyphens: los-angeles")
    if case_number is None or len(asked.case_number) > 60:
        return _unknown("case_number", "the court's number of the case, with at least one digit from 1 to 9")
    if section is None:
        return _unknown("code_section", "one section with its code and subdivisions: HS 11357(c)")
    if (on := _day(asked.date)) is None:
        return _unknown("date", "the day of the conviction or of the disposition: YYYY-MM-DD")
    return Count(CountyName(asked.county), case_number, section, on)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("YYYY-MM-DD") else None
    except ValueError:
        return None


def _unknown(field: AskedField, detail: str) -> Answer:
    return Answer(suppress="unknown_format", field=field, detail=detail)


def _answer(read: Count | Answer, found: store.ByCase, sealed: Collection[Count]) -> Answer:
    if isinstance(read, Answer):
        return read
    dismissed = suppressed(read, found.get((read.county, read.case_number), ()))
    return Answer(suppress="yes" if dismissed or read in sealed else "no")
