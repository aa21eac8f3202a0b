"""The facts that would settle a review, found by judging again with each possible value assumed.

Nothing here knows a section or a rule. While a case was judged, ``Facts`` noted what was asked of it and not known, and
the tests named what they missed. Each possible value of each of those facts is assumed in turn; where the finding
changes, the fact is a question.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from reliefstream_contracts.determinations import Contradicting, OpenQuestion, Outcome, PossibleAnswer
from reliefstream_contracts.histories import Conviction, HistoryChanged
from reliefstream_contracts.identifiers import StatementId
from reliefstream_contracts.vocabulary.stated_facts import FACTS, Fact, FactCode, StatedBy, StatedFact
from services.eligibility.law.input.facts import Asked
from services.eligibility.law.input.judged_conviction import Case, bars_for_certain
from services.eligibility.law.input.stated_fields import FIELDS, can_be
from services.eligibility.law.questions.at_the_source import at_the_source
from services.eligibility.law.questions.spans_of_days import ages_on, plain, ranges, turning_days
from services.eligibility.law.statutes.prior_convictions.recorded_facts import recorded

MOST = 12
"""Facts that are tried of one case: a review that misses more is not settled by answering them all."""
NOBODY = StatedBy(role="clerk", account="assumed")
CONTRADICTED = " What is stated contradicts itself: a statement has to be revised or withdrawn."
Finding = tuple[Outcome, str | None, str]
"""Outcome, who acts, reason."""
Judged = Callable[[HistoryChanged], Finding]

FIELD_OF_MISSING: dict[str, FactCode] = {
    "birth_date": "birth_date",
    "charge": "section",
    "conviction_date": "conviction_date",
    "disposition": "convicted",
    "level": "level",
    "offense_date": "offense_date",
    "pending_charges": "charges_pending",
    "deceased_on": "deceased",
    "prosecuting_agency": "prosecuted_by",
    "revocation": "probation_revoked",
    "sentence": "sentence_end",
    "supervision": "under_supervision",
}
"""The fact that gives what a test says is missing."""


def open_questions(
    case: Case, asked: Iterable[Asked], missing: tuple[str, ...], found: Finding, judged: Judged
) -> tuple[OpenQuestion, ...]:
    """The facts on which the finding turns, as questions. Where it is unknown and no single fact changes it, all that
    are unknown: several answers are needed.

    ``asked``: the facts that tests asked for and nobody knows. ``missing``: what the tests name as missing.
    ``judged``: the finding on the same conviction in another history.
    """
    facts = dict.fromkeys(asked) | dict.fromkeys(_fields_that_lack(case, missing))
    by_id = {one.conviction_id: one for one in case.history.convictions}
    questions: list[OpenQuestion] = []
    unchanging: list[OpenQuestion] = []
    for conviction_id, fact in list(facts)[:MOST]:
        question, changes = _question(case, by_id[conviction_id], fact, found, judged)
        (questions if changes else unchanging).append(question)
    for one in at_the_source(case, missing):
        outcome, route, reason = judged(one.history)
        if (outcome, route, reason) != found:
            told = PossibleAnswer(value=one.value, words=one.words, outcome=outcome, reason=reason)
            questions.append(_asked(case.conviction, one.code, one.fact, [told]))
    decided_by_unknown = found[2].startswith("unknown_")
    return tuple(questions or (unchanging if decided_by_unknown else ()))


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
    {
        *("birth_date", "charges_pending", "deceased", "prosecuted_by", "probation_revoked"),
        *("section", "under_supervision"),
    }
)
"""Facts of the person, or of the conviction judged alone."""


def _lacks(conviction: Conviction, fact: FactCode) -> bool:
    if fact == "level":
        return conviction.level_convicted is None
    if fact == "conviction_date":
        return conviction.conviction_date is None
    if fact == "offense_date":
        return conviction.offense_date is None
    if fact == "convicted":
        return not bars_for_certain(conviction)
    return conviction.sentence_end_date is None


def _question(
    case: Case, conviction: Conviction, fact: FactCode, found: Finding, judged: Judged
) -> tuple[OpenQuestion, bool]:
    """The question, and whether any answer to it alone changes the finding."""

    def follows(value: str) -> Finding | None:
        if not can_be(case.history, conviction, fact, value):
            return None
        return judged(_assumed(case.history, conviction, fact, value))

    values = FACTS[fact].values
    if values:
        told_of = [(value, words, follows(value)) for value, words in values.items()]
    else:
        tell = ages_on(case.as_of) if fact == "birth_date" else plain
        told_of = list(ranges(turning_days(case, conviction, fact), follows, tell))
    answers = [(value, words, finding) for value, words, finding in told_of if finding is not None]
    changes = any(finding != found for _, _, finding in answers)
    told = (
        PossibleAnswer(value=value, words=words, outcome=finding[0], reason=finding[2])
        for value, words, finding in answers
    )
    contradicting = tuple(_contradicting(case.history, conviction, fact))
    return _asked(conviction, fact, FACTS[fact], told, contradicting), changes


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


def _assumed(history: HistoryChanged, conviction: Conviction, fact: FactCode, value: str) -> HistoryChanged:
    """The history as if somebody had stated that value, without other statements of the same fact."""
    counts = {ref.key for ref in conviction.counts}
    kept = tuple(one for one in history.stated_facts if one.fact != fact or one.count not in counts)
    assumed = StatedFact(
        count=conviction.counts[0].key,
        fact=fact,
        value=value,
        statement_id=StatementId("assumed"),
        basis="assumed",
        stated_by=NOBODY,
        stated_on=date.min,
    )
    return history.replace(stated_facts=(*kept, assumed))
