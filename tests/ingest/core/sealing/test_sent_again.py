"""What was sealed and is sent again: left out, however it is written; what cannot be told waits for a person."""

import pytest

from services.chassis.runtime.keyed_hash import KeyedHash
from tests.ingest.core.sealing.county import JANE, County, codes, court, doj
from tests.ingest.rows import row

SEALED = row()
OTHER = row(CNT_ORDER="002002001000", CYC_DATE="20010101", STP_EVENT_DATE="20010601", DISP_DATE="20010601",
            OFN="BA999999", OFFENSE_DESCR="459 PC-BURGLARY")  # fmt: skip
ARREST = row(STP_TYPE_DESCR="ARREST/DETAINED/CITED", CNT_ORDER="001001001000", STP_EVENT_DATE="19950101", OFN="",
             DISP_DESCR="", CONV_STAT_DESCR="", DISP_DATE="")  # fmt: skip
CHARGE = {"charge_number": "1", "code_section": "11358 HS", "level_convicted": "felony", "disposition": "convicted",
          "disposition_date": "1995-06-01"}  # fmt: skip
COURT = {"record_id": "c1", "case_number": "BA-012345", "charges": [CHARGE]}
COUNT = f"{JANE}/001002001"


KERN = row(CNT_ORDER="002002001000", CYC_DATE="20010101", STP_EVENT_DATE="20010601", DISP_DATE="20010601",
           STP_ORI_CNTY_NAME="KERN", OFN="KE999999", OFFENSE_DESCR="459 PC-BURGLARY")  # fmt: skip
NO_CONVICTION = row(CNT_ORDER="003002001000", CYC_DATE="20050101", STP_EVENT_DATE="20050601", DISP_DATE="20050601",
                    OFN="BA777", OFFENSE_DESCR="484 PC-THEFT", DISP_DESCR="DISMISSED", CONV_STAT_DESCR="")  # fmt: skip


@pytest.fixture
def county() -> County:
    """Jane's cannabis conviction of 1995 was sealed; her burglary of 2001 stands."""
    made = County()
    made.take(doj(ARREST, SEALED, OTHER))
    made.seal(COUNT)
    return made


def test_a_sealed_count_goes_with_its_arrest_and_the_other_stays_as_it_was(county: County) -> None:
    before, after = county.ever
    assert [count.count_id for count in before.counts] == ["001002001", "002002001"]
    assert after.counts == before.counts[1:]
    assert (after.sequence, after.revision) == (2, before.revision)
    (record,) = county.stored.values()
    assert "11358" not in str(record.content) and "BA012345" not in str(record.content)


def test_the_same_file_again_is_a_repeat_that_says_what_was_left_out(county: County) -> None:
    done = county.take(doj(ARREST, SEALED, OTHER))
    assert (done.status, codes(done), done.event) == ("repeat", ["sealed_count_left_out"], None)


@pytest.mark.parametrize(
    "written",
    [
        {"OFN": "BA-012345"},
        {"OFN": "ba 12345"},
        {"OFN": "BA012345-02"},
        {"OFFENSE_DESCR": "11358(A) HS-CULTIVATE CANNABIS"},
        {"OFFENSE_TOC": "M", "CONV_STAT_DESCR": "MISDEMEANOR"},
        {"CNT_ORDER": "001003004000"},
        {"CNT_ORDER": "009003004000"},
        {"DISP_DESCR": "DISMISSED"},
        {"STP_EVENT_DATE": "19950602", "DISP_DATE": "19950602"},
        {"OFN": "BA777777"},
        {"PRI_DOB": "19710102", "CII_NUMBER": "A99999999"},
    ],
)
def test_a_later_extract_with_the_count_corrected_or_shifted_is_taken_without_it(
    county: County, written: dict[str, str]
) -> None:
    new = row(CNT_ORDER="003002001000", CYC_DATE="20050101", STP_EVENT_DATE="20050601", DISP_DATE="20050601",
              OFN="BA555555", OFFENSE_DESCR="484 PC-THEFT")  # fmt: skip
    done = county.take(doj(row(**written), OTHER, new, extract="2026-01-02"))
    assert (done.status, codes(done)) == ("recorded", ["sealed_count_left_out"])
    assert county.keys_on_topic() == {f"{JANE}/002002001", f"{JANE}/003002001"}


def test_another_sources_copy_with_other_count_numbers_is_a_repeat_and_leaves_nothing(county: County) -> None:
    done = county.take(court(**COURT))
    assert (done.status, codes(done), done.stored) == ("repeat", ["sealed_count_left_out"], None)
    assert county.keys_on_topic() == {f"{JANE}/002002001"}


def test_the_other_counts_of_anothers_copy_are_taken(county: County) -> None:
    second = CHARGE | {"charge_number": "2", "code_section": "459 PC"}
    done = county.take(court(**COURT | {"charges": [CHARGE, second]}))
    assert (done.status, county.keys_on_topic()) == (
        "recorded",
        {f"{JANE}/002002001", "court/los-angeles/c1/2"},
    )
    # A case that is known again is known by what was taken of it.
    assert county.take(court(**COURT | {"charges": [CHARGE, second]})).status == "repeat"
    assert county.take(court(**COURT | {"charges": [second]})).status == "repeat"
    done = county.take(court(**COURT | {"charges": [second | {"plea": "guilty"}]}))
    assert (done.status, codes(done)) == ("quarantined", ["revision_conflict"])


def test_an_earlier_revision_in_which_all_was_pending_leaves_nothing_of_a_sealed_case() -> None:
    charges = [
        CHARGE,
        CHARGE | {"charge_number": "2", "code_section": "11364 HS", "disposition": "dismissed"},
    ]
    pending = [
        {**charge, "disposition": "pending", "level_convicted": None, "disposition_date": None}
        for charge in charges
    ]
    county = County()
    for revision, sent in ((1, pending), (2, charges)):
        county.take(court(**COURT | {"revision": revision, "charges": sent}))
    county.seal("court/los-angeles/c1/1")
    for revision, sent in ((1, pending), (2, charges), (11, pending), (12, charges)):
        done = county.take(court(**COURT | {"revision": revision, "charges": sent}))
        assert (done.status, codes(done), done.stored) == ("repeat", ["sealed_count_left_out"], None)
    convicted = charges[1] | {"disposition": "convicted"}
    assert (
        county.take(court(**COURT | {"revision": 13, "charges": [charges[0], convicted]})).status
        == "recorded"
    )
    assert county.keys_on_topic() == {"court/los-angeles/c1/2"}


def test_a_codefendant_with_the_same_case_charge_and_day_is_another_person(county: County) -> None:
    done = county.take(court(**COURT | {"defendant": {"surname": "Roe", "birth_date": "1969-05-05"}}))
    assert (done.status, codes(done)) == ("recorded", [])
    partner = row(SUBJECT_ID="2", CII_NUMBER="A22222222", PRI_NAME="ROE,RICHARD", PRI_DOB="19690505")
    assert codes(county.take(doj(partner))) == []


@pytest.mark.parametrize("number", ["BA012345", "BA012345-02"])
def test_of_a_twin_who_is_a_codefendant_a_person_says_whether_it_is_the_sealed_one(
    county: County, number: str
) -> None:
    twin = {"SUBJECT_ID": "18000099", "CII_NUMBER": "A99999999", "PRI_NAME": "DOE,JOAN"}
    done = county.take(doj(row(**twin, OFN=number)))
    assert (done.status, codes(done)) == ("quarantined", ["may_be_sealed"])


def test_what_is_on_file_beside_it_is_a_repeat_as_before() -> None:
    county = County()
    unclear = court(**COURT | {"record_id": "c2", "defendant": {"surname": "Roe"}})
    county.take(unclear)
    county.take(doj(SEALED))
    county.seal(COUNT)
    assert county.take(unclear).status == "repeat"


@pytest.mark.parametrize(
    "unclear",
    [
        {"defendant": {"surname": "Doe"}},
        {"charges": [CHARGE | {"disposition_date": None}]},
        {"charges": [CHARGE | {"disposition_date": "1995-06-03"}]},
        {"charges": [CHARGE | {"code_section": "CULTIVATE MARIJUANA"}]},
        {"charges": [CHARGE | {"code_section": "11358"}]},
        {"charges": [CHARGE | {"code_section": "664/11358 HS"}]},
        {"charges": [CHARGE | {"code_section": "11358/11359 HS"}]},
    ],
)
def test_what_cannot_be_told_waits_for_a_person(county: County, unclear: dict[str, object]) -> None:
    done = county.take(court(**COURT | unclear))
    assert (done.status, codes(done), done.stored) == ("quarantined", ["may_be_sealed"], None)


def test_a_charge_that_cannot_be_read_is_another_where_the_sealed_one_stands_beside_it(
    county: County,
) -> None:
    unread = CHARGE | {"charge_number": "2", "code_section": "SEE COMPLAINT"}
    done = county.take(court(**COURT | {"charges": [CHARGE, unread]}))
    assert (done.status, codes(done)) == ("recorded", ["sealed_count_left_out"])
    assert [count.count_id for count in county.counts("court/los-angeles/c1")] == ["2"]


def test_two_counts_of_one_charge_on_one_day_are_told_apart_by_their_ids() -> None:
    county = County()
    twin = row(CNT_ORDER="001002002000")
    county.take(doj(SEALED, twin))
    county.seal(COUNT)
    assert county.keys_on_topic() == {f"{JANE}/001002002"}
    assert county.take(doj(SEALED, twin)).status == "repeat"
    assert county.take(doj(twin, extract="2026-01-02")).status == "recorded"
    shifted = county.take(doj(row(CNT_ORDER="001002003000"), extract="2026-01-03"))
    assert codes(shifted) == ["may_be_sealed"]


def test_a_new_conviction_of_the_same_section_is_none_that_was_sealed(county: County) -> None:
    new = row(CNT_ORDER="001002001000", CYC_DATE="20050101", STP_EVENT_DATE="20050601", DISP_DATE="20050601",
              OFN="BA555555")  # fmt: skip
    shifted = row(CNT_ORDER="003002001000", CYC_DATE="20050101", STP_EVENT_DATE="20050601", DISP_DATE="20050601",
                  OFN="BA555555")  # fmt: skip
    assert codes(county.take(doj(OTHER, shifted, extract="2026-01-02"))) == []
    assert codes(county.take(doj(OTHER, new, extract="2026-01-03"))) == ["may_be_sealed"], (
        "its id was the sealed one's"
    )


def test_what_its_source_removed_is_no_more_said() -> None:
    county = County()
    county.take(doj(SEALED, OTHER))
    county.seal(COUNT)
    done = county.take(doj(OTHER, extract="2026-01-02"))
    assert (done.status, codes(done)) == ("recorded", [])


@pytest.fixture
def elsewhere() -> County:
    """Jane's only conviction in Los Angeles was sealed; her burglary in Kern stands on the same rap sheet."""
    made = County()
    made.take(doj(ARREST, SEALED, KERN))
    made.seal(COUNT)
    return made


def test_what_other_counties_convicted_of_stays_on_the_rap_sheet(elsewhere: County) -> None:
    before, after = elsewhere.ever
    assert (after.withdrawn, after.counts) == (False, before.counts[1:])


@pytest.mark.parametrize("rows", [(ARREST, SEALED, KERN), (ARREST, SEALED), (KERN,)])
def test_that_sheet_sent_again_whole_or_in_part_is_a_repeat(
    elsewhere: County, rows: tuple[bytes, ...]
) -> None:
    assert elsewhere.take(doj(*rows)).status == "repeat"


@pytest.mark.parametrize(
    ("rows", "said"),
    [((ARREST, SEALED, KERN), "sealed_count_left_out"), ((KERN,), "county_conviction_sealed")],
)
def test_a_later_one_keeps_them_whether_the_source_shows_the_sealed_one_or_not(
    elsewhere: County, rows: tuple[bytes, ...], said: str
) -> None:
    kept = elsewhere.counts(JANE)
    done = elsewhere.take(doj(*rows, extract="2026-01-02"))
    assert (done.status, codes(done)) == ("recorded", [said])
    assert (elsewhere.published[JANE].withdrawn, elsewhere.counts(JANE)) == (False, kept)


def test_a_person_of_whom_everything_was_sealed_comes_back_with_a_conviction_alone() -> None:
    county = County()
    county.take(doj(ARREST, SEALED))
    county.seal(COUNT)
    done = county.take(doj(NO_CONVICTION, extract="2026-01-02"))
    assert (done.status, codes(done), county.stored) == ("repeat", ["county_conviction_sealed"], {})
    assert county.take(doj(KERN, extract="2026-01-03")).status == "recorded"
    assert county.keys_on_topic() == {f"{JANE}/002002001"}


def test_a_seal_is_recognised_after_its_key_was_changed(county: County) -> None:
    county.keyed_hash = KeyedHash([b"a newer key", *county.keyed_hash.keys])
    assert codes(county.take(doj(ARREST, SEALED, OTHER))) == ["sealed_count_left_out"]
    county.keyed_hash = KeyedHash([b"a newer key"])
    assert codes(county.take(doj(ARREST, SEALED, OTHER))) == []


def test_without_its_seal_it_is_taken_in_anew(county: County) -> None:
    before = county.ever[0]
    county.seals.clear()
    done = county.take(doj(ARREST, SEALED, OTHER))
    assert done.status == "recorded" and county.counts(JANE) == before.counts


def test_a_seal_has_no_value_in_clear(county: County) -> None:
    written = str(county.seals)
    assert not [
        text for text in ("12345", "18000001", "11358", "1995", "1970", "A12345678") if text in written
    ]
