"""The facts that would settle a review, found by judging again with each possible value assumed.

Nothing here knows a section or a rule. While a case was judged, ``Facts`` noted what was asked of it and not known, and
the tests named what they missed. Each possible value of each of those facts is assumed in turn; where the finding
changes, the fact is a question.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from reliefstream_contracts.determinations import Contradicting, OpenQuestion, Outcome, PossibleAnswer
from reliefstream_contracts.histories import Conviction, HistoryChanged
from reliefstream_contracts.identifiers import StatementId
from reliefstream_contracts.stated_facts import FACTS, Fact, FactCode, StatedBy, StatedFact
from services.eligibility.law.engine.calendar import add_days
from services.eligibility.law.engine.case import Case, is_in_doubt
from services.eligibility.law.engine.facts import FIELDS, Asked
from services.eligibility.law.statutes.recorded_facts import recorded

MOST = 12
"""Facts that are tried of one case: a review that misses more is not settled by answering them all."""
REST_OF_HISTORY = Fact(
    "What does the complete state rap sheet show beside what is on record here?", {}, ("records_unit",)
)
NOBODY = StatedBy(role="clerk", account="assumed")
CONTRADICTED = " What is stated contradicts itself: a statement has to be revised or withdrawn."
Finding = tuple[Outcome, str | None, str]
"""Outcome, who acts, reason."""
Judged = Callable[[HistoryChanged], Finding]

FIELD_OF_MISSING: dict[str, FactCode] = {
    "birth_date": "birth_date",
    "conviction_date": "conviction_date",
    "disposition": "convicted",
    "level": "level",
    "pending_charges": "charges_pending",
    "prosecuting_agency": "prosecuted_by",
    "revocation": "probation_revoked",
    "sentence": "sentence_end",
    "supervision": "under_supervision",
}
"""The fact that gives what a test says is missing."""


def open_questions(
    case: Case, asked: Iterable[Asked], missing: tuple[str, ...], found: Finding, judged: Judged
) -> tuple[OpenQuestion, ...]:
    """The facts on which the finding turns, as questions; none where no single fact changes it.

    ``asked``: the facts that tests asked for and nobody knows. ``missing``: what the tests name as missing.
    ``judged``: the finding on the same conviction in another history.
    """
    facts = dict.fromkeys(asked) | dict.fromkeys(_fields_that_lack(case, missing))
    by_id = {one.conviction_id: one for one in case.history.convictions}
    questions = []
    for conviction_id, fact in list(facts)[:MOST]:
        question = _question(case, by_id[conviction_id], fact, found, judged)
        if question is not None:
            questions.append(question)
    if "rap_sheet" in missing and (rest := _rest_of_history(case, found, judged)):
        questions.append(rest)
    return tuple(questions)


def _fields_that_lack(case: Case, missing: tuple[str, ...]) -> Iterator[Asked]:
    """The convictions that lack a field which a test misses, the one judged first."""
    convictions = (case.conviction, *case.others())
    for name in missing:
        fact = FIELD_OF_MISSING.get(name)
        if fact is None:
            continue
        for conviction in convictions[:1] if fact in OF_THE_JUDGED else convictions:
            if fact in OF_THE_JUDGED or _lacks(conviction, fact):
                yield conviction.conviction_id, fact


OF_THE_JUDGED = frozenset(
    {"birth_date", "charges_pending", "prosecuted_by", "probation_revoked", "under_supervision"}
)
"""Facts of the person, or of the conviction judged alone."""


def _lacks(conviction: Conviction, fact: FactCode) -> bool:
    if fact == "level":
        return conviction.level_convicted is None
    if fact == "conviction_date":
        return conviction.conviction_date is None
    if fact == "convicted":
        return is_in_doubt(conviction.doubts, "disposition")
    return conviction.sentence_end_date is None


def _question(
    case: Case, conviction: Conviction, fact: FactCode, found: Finding, judged: Judged
) -> OpenQuestion | None:
    def follows(value: str) -> Finding:
        return judged(_assumed(case.history, conviction, fact, value))

    values = FACTS[fact].values
    if values:
        answers = [(value, words, follows(value)) for value, words in values.items()]
    else:
        tell = _ages(case.as_of) if fact == "birth_date" else _plain
        answers = list(_ranges(_turning_days(case, conviction, fact), follows, tell))
    if all(finding == found for _, _, finding in answers):
        return None
    told = (
        PossibleAnswer(value=value, words=words, outcome=finding[0], reason=finding[2])
        for value, words, finding in answers
    )
    return _asked(conviction, fact, FACTS[fact], told, tuple(_contradicting(case.history, conviction, fact)))


def _contradicting(
    history: HistoryChanged, conviction: Conviction, fact: FactCode
) -> Iterator[Contradicting]:
    """What is said of a fact that two people, or a person and the record, say differently."""
    counts = {ref.key for ref in conviction.counts}
    if fact == "birth_date":
        counts = {ref.key for one in history.convictions for ref in one.counts}
    stated = [one for one in history.stated_facts if one.fact == fact and one.count in counts]
    values = {one.value for one in stated}
    recorded = _recorded_beside(history, conviction, fact) - values
    if not values or len(values | recorded) < 2:
        return
    for value in sorted(recorded):
        yield Contradicting(value=_told(fact, value))
    for one in stated:
        yield Contradicting(
            value=_told(fact, one.value), stated_by=one.stated_by, statement_id=one.statement_id
        )


def _recorded_beside(history: HistoryChanged, conviction: Conviction, fact: FactCode) -> set[str]:
    """What the record itself says where a statement contradicts it."""
    if fact in FIELDS:
        field, doubts = FIELDS[fact][0], conviction.doubts
    else:
        field, doubts = fact, history.doubts
    written = {
        value
        for doubt in doubts
        if doubt.field == field and doubt.kind == "contradictory"
        for value in doubt.as_written
    }
    return written | ({own} if (own := recorded(conviction, fact)) is not None else set())


def _told(fact: FactCode, value: str) -> str:
    return "a day" if fact == "birth_date" else value


def _asked(
    conviction: Conviction,
    code: str,
    fact: Fact,
    answers: Iterable[PossibleAnswer],
    contradicting: tuple[Contradicting, ...] = (),
) -> OpenQuestion:
    return OpenQuestion(
        code=code,
        count=conviction.counts[0].key,
        counts=tuple(ref.seen() for ref in conviction.counts),
        section=conviction.offense.shown,
        case_number=conviction.case_number,
        question=f"{fact.question}{CONTRADICTED if contradicting else ''}",
        answers=tuple(answers),
        asked_of=fact.asked_of,
        contradicting=contradicting,
    )


def _turning_days(case: Case, conviction: Conviction, fact: FactCode) -> list[date]:
    """The days at which an unknown date may change the finding."""
    own = case.conviction
    if fact == "charge_date":
        priors = (one.conviction_date for one in case.others())
        early = case.committed_by or date.min
        late = own.conviction_date or date.max
        return _possible(add_days(day, 1) for day in priors if day is not None and early <= day < late)
    days = list(case.facts.turns.get((conviction.conviction_id, fact), ()))
    if conviction is own and fact in {"conviction_date", "offense_date"}:
        article = case.statute.article_two  # sections were renumbered, and subdivisions meant other things
        days += [article.renumbered_on, article.redrawn_on]
    if conviction is own and fact == "conviction_date":
        days += [day for day in (add_days(case.as_of, 1),) if day is not None]
    return _possible(days)


def _possible(days: Iterable[date | None]) -> list[date]:
    """The possible days that have a previous day, sorted, each once."""
    return sorted({day for day in days if day is not None and day > date.min})


def _plain(since: date | None, until: date | None) -> tuple[str, str]:
    """A span of days as a value and in words."""
    if since is None:
        return f"before {until}", f"before {until}"
    return f"from {since}", f"on {since} or later" + (f", before {until}" if until else "")


def _ages(as_of: date) -> Callable[[date | None, date | None], tuple[str, str]]:
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


def _ranges(
    days: list[date],
    follows: Callable[[str], Finding],
    tell: Callable[[date | None, date | None], tuple[str, str]],
) -> Iterator[tuple[str, str, Finding]]:
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


def _assumed(history: HistoryChanged, conviction: Conviction, fact: FactCode, value: str) -> HistoryChanged:
    """The history as if somebody had stated that value, without other statements of the same fact."""
    counts = {ref.key for ref in conviction.counts}
    kept = tuple(one for one in history.stated_facts if one.fact != fact or one.count not in counts)
    assumed = StatedFact.model_construct(
        count=conviction.counts[0].key,
        fact=fact,
        value=value,
        statement_id=StatementId("assumed"),
        basis="assumed",
        stated_by=NOBODY,
        stated_on=date.min,
    )
    return history.model_copy(update={"stated_facts": (*kept, assumed)})


def _rest_of_history(case: Case, found: Finding, judged: Judged) -> OpenQuestion | None:
    """What follows if a complete state rap sheet shows nothing that is not on record already."""
    outcome, route, reason = judged(case.history.model_copy(update={"rap_sheet": "complete"}))
    if (outcome, route, reason) == found:
        return None
    answer = PossibleAnswer(value="nothing_more", words="nothing more", outcome=outcome, reason=reason)
    return _asked(case.conviction, "rap_sheet", REST_OF_HISTORY, [answer])
