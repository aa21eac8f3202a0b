"""Offices of a county answer open questions without any server: read at intake, decided on, as ``FactStated``."""

from collections.abc import Iterator
from datetime import date, timedelta

from reliefstream_contracts.determinations import Determination, OpenQuestion, PossibleAnswer
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import CountyName, StatementId
from reliefstream_contracts.statements import FactStated
from reliefstream_contracts.vocabulary.stated_facts import FACTS, Office
from services import COUNTIES
from services.chassis.identity.caller import Caller, Grant
from services.eligibility.files.policy_files import load_policy
from services.eligibility.files.statute_files import load_statute
from services.eligibility.law.conditions.prosecutor import prosecutor
from services.eligibility.law.engine.judge import judge
from services.evaluation.county import offline_county
from services.ingest.statements.parse_statement import Read, read
from services.ingest.statements.statement_decision import Sender, decide

AS_OF = date(2026, 11, 2)
COUNTY = CountyName("los-angeles")
KNOWN = offline_county(COUNTY, COUNTIES)


def judged(history: HistoryChanged, policy: str) -> dict[str, Determination]:
    found = judge(history, KNOWN.county, load_policy(policy, None), load_statute(), AS_OF)
    return {str(one.conviction_id): one for one in found}


def stated(question: OpenQuestion, value: str, office: Office, city: str | None = None) -> FactStated:
    """The answer as its office sends it and intake records it; ``city``: a city attorney's."""
    raw = {
        "basis": "court file, page 1",
        "counts": [one.to_dict() for one in question.counts],
        "facts": [{"fact": question.code, "value": value}],
    }
    found = read(raw, COUNTY, AS_OF)
    assert isinstance(found, Read), found
    grant = Grant(office, COUNTY, city if office == "city_attorney" else None)
    sender = Sender(Caller("a-1", "person", (grant,)), COUNTY, AS_OF)
    decision = decide(found.said, StatementId("A"), {}, sender)
    assert decision.event is not None, decision.problems
    return decision.event


def city_of(history: HistoryChanged, conviction: str) -> str | None:
    """The city whose attorney prosecuted, by the record; None where it names no city."""
    (own,) = (one for one in history.convictions if str(one.conviction_id) == conviction)
    agency = own.prosecuting_agency or own.court
    return prosecutor(agency, KNOWN.county.city_prosecutors, KNOWN.county.name).city


def a_value(answer: PossibleAnswer, fact: str) -> str:
    """One value that the answer is about: of a span of days or ages a day within it."""
    if FACTS[fact].values:  # type: ignore[index]
        return answer.value
    words = answer.value.split()
    if words[0] == "before":
        return (date.fromisoformat(words[1]) - timedelta(days=1)).isoformat()
    if words[0] == "from":
        return words[1]
    if words == ["any", "day"]:
        return "1990-01-01"
    age = int(words[0])
    return date(AS_OF.year - age, AS_OF.month, AS_OF.day).isoformat()


def asked(found: Determination) -> Iterator[tuple[OpenQuestion, PossibleAnswer]]:
    """Questions with their answers, but for a span of days to come: nothing can have been on one (intake says so)."""
    to_come = f"from {AS_OF + timedelta(days=1)}"
    for question in found.open_questions:
        for answer in question.answers if question.code != "rap_sheet" else ():
            if answer.value != to_come or question.code == "sentence_end":
                yield question, answer
