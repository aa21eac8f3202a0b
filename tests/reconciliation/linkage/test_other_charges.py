"""A conviction's other charges are those that any of its sources shows."""

from reliefstream_contracts.vocabulary.offense import CodeSection
from services.reconciliation.linkage.conviction.convictions import convictions_of
from tests.reconciliation.records import a_case, a_count, a_rap_sheet

POSSESSION = CodeSection(code="HS", section="11357", subdivisions=("b",))
OBSTRUCTION = CodeSection(code="PC", section="148")


def test_both_sources_charges_stand_beside_once_and_in_order() -> None:
    doj = a_rap_sheet("R1", a_count(charged_beside=(OBSTRUCTION,)))
    court = a_case("C1", a_count("1", event="case", charged_beside=(OBSTRUCTION, POSSESSION)))

    (one,) = convictions_of([doj, court])

    assert one.conviction.charged_beside == (POSSESSION, OBSTRUCTION)


def test_one_sources_stay_as_they_are() -> None:
    (one,) = convictions_of([a_rap_sheet("R1", a_count(charged_beside=(POSSESSION,)))])

    assert one.conviction.charged_beside == (POSSESSION,)
