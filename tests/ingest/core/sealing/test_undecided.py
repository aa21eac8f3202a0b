"""A charge beside the sealed conviction of which nobody knew how it ended: it stays until it has ended without one."""

from typing import Any

import pytest

from tests.ingest.core.sealing.county import JANE, County, codes, court, doj
from tests.ingest.core.sealing.test_sent_again import CHARGE, COUNT, COURT, OTHER, SEALED
from tests.ingest.rows import row

CASE = "court/los-angeles/c1"
UNDECIDED: dict[str, Any] = {"charge_number": "2", "code_section": "459 PC", "disposition": "other"}
DISMISSED = UNDECIDED | {"disposition": "dismissed", "disposition_date": "1995-07-01"}
CONVICTED = DISMISSED | {"disposition": "convicted", "level_convicted": "felony"}


@pytest.fixture
def county() -> County:
    """The cannabis count of a case was sealed; how the burglary beside it ended is not known."""
    made = County()
    made.take(court(**COURT | {"charges": [CHARGE, UNDECIDED]}))
    made.seal(f"{CASE}/1")
    return made


def test_it_may_be_a_conviction_and_stays(county: County) -> None:
    assert county.keys_on_topic() == {f"{CASE}/2"}
    done = county.take(court(**COURT | {"revision": 2, "charges": [CHARGE, UNDECIDED]}))
    assert (codes(done), county.keys_on_topic()) == (["sealed_count_left_out"], {f"{CASE}/2"})


@pytest.mark.parametrize(
    ("charges", "said"),
    [([CHARGE, DISMISSED], "sealed_count_left_out"), ([DISMISSED], "county_conviction_sealed")],
)
def test_once_it_was_dismissed_nothing_of_the_case_is_left(
    county: County, charges: list[dict[str, Any]], said: str
) -> None:
    done = county.take(court(**COURT | {"revision": 2, "charges": charges}))
    assert (done.status, codes(done)) == ("recorded", [said])
    last = county.published[CASE]
    assert (last.withdrawn, last.counts, last.person.name) == (True, (), None)
    again = county.take(court(**COURT | {"revision": 2, "charges": charges}))
    assert (again.status, codes(again)) == ("repeat", [said])


def test_once_it_was_a_conviction_it_is_taken_in_also_after_a_dismissal(county: County) -> None:
    for revision, charge in ((2, DISMISSED), (3, CONVICTED)):
        county.take(court(**COURT | {"revision": revision, "charges": [CHARGE, charge]}))
    assert (county.published[CASE].withdrawn, county.keys_on_topic()) == (False, {f"{CASE}/2"})


def test_a_case_that_was_forgotten_does_not_come_back_with_a_dismissed_charge() -> None:
    county = County()
    county.take(court(**COURT | {"charges": [CHARGE, DISMISSED]}))
    county.seal(f"{CASE}/1")
    done = county.take(court(**COURT | {"revision": 2, "charges": [DISMISSED]}))
    assert (done.status, codes(done), county.stored) == ("repeat", ["county_conviction_sealed"], {})


def test_on_a_rap_sheet_it_goes_with_the_sealed_ones_cycle_once_it_was_dismissed() -> None:
    undecided = {"CNT_ORDER": "001002002000", "OFFENSE_DESCR": "459 PC-BURGLARY", "CONV_STAT_DESCR": ""}
    county = County()
    county.take(doj(SEALED, row(**undecided, DISP_DESCR="DISPO UNKNOWN"), OTHER))
    county.seal(COUNT)
    assert county.keys_on_topic() == {f"{JANE}/001002002", f"{JANE}/002002001"}
    done = county.take(doj(SEALED, row(**undecided, DISP_DESCR="DISMISSED"), OTHER, extract="2026-01-02"))
    assert (codes(done), county.keys_on_topic()) == (["sealed_count_left_out"], {f"{JANE}/002002001"})
