"""Few records of few people who are easily taken for each other, so that every rule of resemblance is met."""

from collections.abc import Callable
from datetime import date

from hypothesis import strategies as st

from reliefstream_contracts.records import PersonName, SourceRecord
from services.reconciliation.linkage.identity.decisions import IdentityDecision
from tests.reconciliation.records import a_case, a_count, a_person, a_rap_sheet

KEYS = [f"{source}/los-angeles/{n}" for source in ("court", "doj") for n in "1234"]


@st.composite
def records(draw: st.DrawFn) -> SourceRecord:
    """A record of one of eight keys, of one of a few persons, more or less well written."""
    surname = draw(st.sampled_from(["GARCIA LOPEZ", "GARCIA", "GARZIA", "LOPEZ"]))
    given = draw(st.sampled_from(["ESTEBAN", "ESTEBAN", "ESTEBEN", "LEIA", "E"]))
    person = a_person(
        surname,
        draw(st.sampled_from([date(1960, 3, 4), date(1960, 4, 3), date(1960, 3, 5), date(1985, 3, 4), None])),
        draw(st.sampled_from([(), (), ("1000001",), ("1000002",), ("2345678",)])),
        given,
        sex="M",
        source_subject_id=draw(st.sampled_from([None, None, "P1", "P2"])),
    )
    if draw(st.booleans()):
        person = person.replace(
            name=PersonName(surname=surname, given=given, middle=draw(st.sampled_from(["A", "B"])))
        )
    build: Callable[..., SourceRecord] = draw(st.sampled_from([a_case, a_case, a_rap_sheet]))
    return build(
        draw(st.sampled_from("1234")),
        a_count("001001001", case_number=draw(st.sampled_from(["BA-0001", "BA2"]))),
        person=person,
        withdrawn=draw(st.integers(0, 6)) == 0,
        sequence=draw(st.integers(1, 3)),
    )


SETS = st.lists(records(), max_size=10).map(
    lambda drawn: list({record.identity(): record for record in drawn}.values())
)
DECISIONS = st.lists(
    st.builds(
        lambda pair, same: IdentityDecision(*sorted(pair), same=same),
        st.lists(st.sampled_from(KEYS), min_size=2, max_size=2, unique=True),
        st.booleans(),
    ),
    max_size=3,
    unique_by=lambda decision: (decision.one, decision.other),
)
