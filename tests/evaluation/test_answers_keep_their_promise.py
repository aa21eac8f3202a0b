"""Each answer to an open question of the sample, stated by an office that is asked, leads where the question said.

The statement goes the whole way that needs no server: read at intake, decided on, applied to the conviction, judged.
"""

import pytest

from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.vocabulary.stated_facts import FACTS
from services.evaluation.histories import OfflineHistories
from services.ingest.statements.parse_statement import Read, read
from services.reconciliation.linkage.conviction.statements import apply
from tests.deploy.sample.samples import write
from tests.evaluation.office_answers import AS_OF, COUNTY, KNOWN, a_value, asked, city_of, judged, stated


def as_it_is(history: HistoryChanged) -> HistoryChanged:
    return history


@pytest.fixture(scope="module")
def histories(tmp_path_factory: pytest.TempPathFactory) -> list[HistoryChanged]:
    """Everyone of a sample of both sources."""
    out = write(tmp_path_factory.mktemp("sample"), "1/200").out
    files = (out / "doj.csv", out / "court.jsonl")
    return list(OfflineHistories(files, KNOWN.source.intake, AS_OF, workers=1).map(as_it_is))


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["los-angeles-2020", "los-angeles-2021", "statute"])
def test_every_answer_leads_to_the_outcome_that_the_question_promised(
    histories: list[HistoryChanged], policy: str
) -> None:
    answered = 0
    for history in histories:
        for conviction, found in judged(history, policy).items():
            for question, answer in asked(found):
                for office in question.asked_of:
                    city = city_of(history, conviction)
                    statement = stated(question, a_value(answer, question.code), office, city)
                    facts = apply([statement], [history.convictions]).facts
                    told = history.replace(stated_facts=facts[0])
                    after = judged(told, policy)[conviction]
                    assert (after.outcome, after.reason) == (answer.outcome, answer.reason), (
                        question.code,
                        answer.value,
                    )
                    assert any(one.rule == "fact_stated" for one in after.grounds)
                    answered += 1
    assert answered > 20, "the sample has questions"


def test_the_rest_of_a_rap_sheet_is_no_fact_that_somebody_states() -> None:
    raw = {
        "basis": "letter",
        "counts": [{"count": "doj/los-angeles/1/001001001", "section": "HS 11357"}],
        "facts": [{"fact": "rap_sheet", "value": "nothing_more"}],
    }
    found = read(raw, COUNTY, AS_OF)
    assert not isinstance(found, Read)
    assert "send the person's complete rap sheet as a record" in found[0].remedy


@pytest.mark.slow
def test_statements_that_contradict_each_other_leave_the_question_open_and_named(
    histories: list[HistoryChanged],
) -> None:
    """Until one of them is withdrawn, or revised to say the same."""
    policy = "los-angeles-2020"
    for history in histories:
        for conviction, found in judged(history, policy).items():
            for question, _ in asked(found):
                values = list(FACTS[question.code].values)  # type: ignore[index]
                if len(values) < 2:
                    continue
                one, other = (
                    stated(question, value, question.asked_of[0]).replace(statement_id=name)
                    for value, name in zip(values, ("A", "B"), strict=False)
                )
                facts = apply([one, other], [history.convictions]).facts[0]
                both = judged(history.replace(stated_facts=facts), policy)[conviction]
                assert both.outcome == "needs_review"
                (again,) = [each for each in both.open_questions if each.code == question.code]
                assert [each.statement_id for each in again.contradicting if each.stated_by] == ["A", "B"]
                assert "contradicts itself" in again.question
                return
    pytest.fail("the sample has a question with two values")
