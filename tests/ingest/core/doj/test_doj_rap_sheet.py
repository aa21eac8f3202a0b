"""What a person's rows say together."""

import json
import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliefstream_contracts.records import Count
from reliefstream_contracts.vocabulary.offense import LaterRelief, SentencePart
from services.ingest.core.doj.rap_sheet.later.relief import read_relief
from services.ingest.core.doj.rap_sheet.names import read_name
from services.ingest.core.doj.rap_sheet.rap_sheet import RapSheet, rap_sheet
from tests.ingest.rows import LA, TODAY, row, sheet, unit

ARREST = {"STP_TYPE_DESCR": "ARREST/DETAINED/CITED", "DISP_DESCR": ""}


def one(found: RapSheet) -> Count:
    (count,) = found.counts
    return count


def doubts(count: Count) -> dict[str, str]:
    return {doubt.field: doubt.kind for doubt in count.doubts}


def test_a_conviction_has_its_four_dates_apart() -> None:
    arrest = row(**ARREST, CNT_ORDER="001001001000", STP_EVENT_DATE="19950101")
    count = one(sheet(arrest, row(STP_EVENT_DATE="19950601", DISP_DATE="19950615")))
    assert count.outcome == "convicted"
    assert count.offense_date == date(1995, 1, 1)
    assert count.conviction_date == date(1995, 6, 1)
    assert count.disposition_date == date(1995, 6, 15)
    assert count.sentence_end_date is None
    assert (count.count_id, count.event) == ("001002001", "001/19950101")
    assert (count.county, count.court, count.prosecuting_agency) == ("los-angeles", "CASC LOS ANGELES", None)
    assert count.doubts == ()


def test_two_arrests_for_one_section_leave_the_offense_date_unknown() -> None:
    arrests = [row(**ARREST, CNT_ORDER=f"00100100{n}000", STP_EVENT_DATE=f"1995010{n}") for n in (1, 2)]
    assert one(sheet(*arrests, row())).offense_date is None


@pytest.mark.parametrize(
    ("disposition", "outcome"),
    [
        ("CONVICTED-JAIL", "convicted"),
        ("CONVICTED", "convicted"),
        ("CONVICTED-JAIL/FINE", "convicted"),
        ("CONVICTED-JAIL, 90 DAYS", "convicted"),
        ("CONVICTED BY PLEA OF NO CONTEST", "convicted"),
        ("DISMISSED/CHARGE DROPPED", "not_convicted"),
        ("REL/TOT OTHER JURIS/AUTH", "not_convicted"),
        ("DISMISSED/PLED GUILTY TO OTHER CHARGE", "not_convicted"),
        ("FOUND NOT GUILTY", "not_convicted"),
        ("ACQUITTED/NOT GUILTY", "not_convicted"),
    ],
)
def test_only_convicted_with_words_of_a_sentence_or_charge_is_a_conviction_for_certain(
    disposition: str, outcome: str
) -> None:
    count = one(sheet(row(DISP_DESCR=disposition, SENT_LOC_DESCR="JAIL")))
    assert count.outcome == outcome
    assert (count.conviction_date is None) == (outcome != "convicted")
    assert count.doubts == ()


@pytest.mark.parametrize(
    "disposition",
    [
        "",
        "CONVICTION-PRISON",
        "CONV-PRISON",
        "CONVICTION-PROB",
        "FOUND GUILTY",
        "NOLO CONTENDERE",
        "PG-COURT",
        "SENTENCED",
        "CYA COMMITMENT",
        "DJF COMMITMENT",
        "CAMP COMMUNITY PLACEMENT",
        "SUITABLE PLACEMENT",
        "STATE PRISON",
        "FINE",
        "TIME SERVED",
        "IMP SENT SUSP",
        "PROP 36 PROBATION",
        "LIFE W/O PAROLE",
        "BAIL FORFEITED",
        "DISP UNKNOWN",
        "NOT REPORTED",
        "NO DISPOSITION",
        "SEE COMMENT",
        "-",
        "FOO BAR",
        "VERDICT: GULITY",
        "CVT PRSN",
        "PRISONS",
        "CON",
        "25 YEARS",
        "C0NVICTED",
        "CONVICTED/ACQUITTED",
        "CONVICTED - NO",
        "CONVICTED, APPEAL PENDING",
        "CONVICTED-PROB?",
        "CONVICTED-PROBATION VACATED",
    ],
)
def test_a_disposition_that_may_be_a_conviction_is_one_in_doubt(disposition: str) -> None:
    count = one(sheet(row(DISP_DESCR=disposition, SENT_LOC_DESCR="PRISON")))
    assert (count.outcome, count.conviction_date) == ("convicted", date(1995, 6, 1))
    assert count.level_convicted == "felony"
    assert len(count.sentence) == 1
    assert doubts(count) == {"disposition": "unparsed"}


@pytest.mark.parametrize(
    "disposition", ["CONVICTED-VACATED", "CONVICTED-SET ASIDE", "CONVICTED-REVERSED ON APPEAL"]
)
def test_a_conviction_that_its_own_disposition_undoes_is_none(disposition: str) -> None:
    assert one(sheet(row(DISP_DESCR=disposition))).outcome == "not_convicted"


@pytest.mark.parametrize(
    "disposition",
    [
        "DIVERSION",
        "DIVERSION-PROBATION SUPERVISED",
        "DEJ/PROBATION DEPT",
        "INFORMAL PROBATION 654 WI",
        "HELD TO ANSWER",
        "PROS REJ-OTHER",
        "DISMISSED-TIME SERVED ON OTHER CHARGE",
        "REL/DISP UNKNOWN",
        "NOLLE PROSEQUI",
        "INSUFFICIENT EVIDENCE",
        "CERTIFIED TO SUPERIOR COURT",
        "BENCH WARRANT ISSUED",
        "OFF CALENDAR",
        "ACQUITTED-JAIL RELEASE",
    ],
)
def test_a_charge_that_ended_otherwise_is_no_conviction_though_words_of_a_sentence_stand_there(
    disposition: str,
) -> None:
    assert one(sheet(row(DISP_DESCR=disposition))).outcome == "not_convicted"


@pytest.mark.parametrize("disposition", ["PROBATION", "STATE PRISON", "PROBATION TERMINATED", "DISP UNKNOWN"])
@pytest.mark.parametrize("order", ["001002001001", "001003001000"])
def test_a_sentence_alone_of_a_conviction_on_the_sheet_is_no_second_one_and_no_doubt(
    disposition: str, order: str
) -> None:
    (count,) = sheet(row(OFN="BA1"), row(OFN="BA1", CNT_ORDER=order, DISP_DESCR=disposition)).counts
    assert (count.outcome, doubts(count)) == ("convicted", {})


@pytest.mark.parametrize(
    "step",
    [
        {"OFN": "", "DISP_DESCR": "PROBATION TERMINATED"},
        {"OFFENSE_DESCR": "", "DISP_DESCR": "PROBATION TERMINATED"},
        {"OFFENSE_DESCR": "1203.2 PC-PROB VIOL", "DISP_DESCR": "JAIL"},
        {"CNT_ORDER": "001001001000", "DISP_DESCR": "DISP UNKNOWN"},
    ],
    ids=str,
)
def test_a_step_that_may_be_about_the_conviction_shows_no_second_one(step: dict[str, str]) -> None:
    found = sheet(row(OFN="BA1"), row(**{"OFN": "BA1", "CNT_ORDER": "001003001000", **step})).counts
    (conviction,) = (count for count in found if count.outcome == "convicted")
    assert "disposition" not in doubts(conviction)


def test_a_sentence_alone_in_another_case_is_a_conviction_in_doubt() -> None:
    found = sheet(row(OFN="BA1"), row(OFN="BA2", CNT_ORDER="001003001000", DISP_DESCR="STATE PRISON")).counts
    assert [doubts(count).get("disposition") for count in found] == [None, "unparsed"]


def test_a_sentence_part_without_a_disposition_makes_no_conviction_of_a_dismissal() -> None:
    part = row(CNT_ORDER="001002001001", DISP_DESCR="")
    assert one(sheet(row(DISP_DESCR="DISMISSED"), part)).outcome == "not_convicted"
    assert one(sheet(row(), part)).doubts == ()


def test_an_odd_comment_does_not_make_relief_of_a_conviction() -> None:
    other = row(
        CNT_ORDER="001003001000", OFN="", DISP_DESCR="CONVICTION-PRISON", COMMENT_TEXT="SENTENCE MODIFIED"
    )
    found = sheet(row(), other)
    assert [count.outcome for count in found.counts] == ["convicted", "convicted"]
    assert found.counts[1].conviction_date == date(1995, 6, 1)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("", "missing"),
        ("19950000", "partial"),
        ("19950600", "partial"),
        ("00000000", "impossible"),
        ("19951301", "impossible"),
        ("19950230", "impossible"),
        ("18991231", "impossible"),
        ("20910101", "impossible"),
        ("20261123", "impossible"),
        ("19690101", "impossible"),  # before the person's birth
        ("199506", "unparsed"),
        ("JUNE 95", "unparsed"),
    ],
)
def test_a_conviction_date_that_cannot_be_used_is_none_and_says_why(written: str, kind: str) -> None:
    count = one(sheet(row(STP_EVENT_DATE=written)))
    assert count.conviction_date is None
    assert doubts(count)["conviction_date"] == kind


@pytest.mark.parametrize(
    ("status", "toc", "level", "doubt"),
    [
        ("FELONY", "M", "felony", None),
        ("", "M", "misdemeanor", None),
        ("NULL  ", "I", "infraction", None),
        ("", "", None, "missing"),
        ("UNKNOWN", "F", None, "unparsed"),
    ],
)
def test_the_level_is_the_conviction_status_else_the_type_of_charge(
    status: str, toc: str, level: str | None, doubt: str | None
) -> None:
    count = one(sheet(row(CONV_STAT_DESCR=status, OFFENSE_TOC=toc)))
    assert (count.level_convicted, doubts(count).get("level_convicted")) == (level, doubt)


def test_sentence_parts_belong_to_their_own_count() -> None:
    found = sheet(
        row(CNT_ORDER="001002001001", SENT_LOC_DESCR="JAIL", SENT_LENGTH="90", SENT_TIME_CODE="D"),
        row(CNT_ORDER="001002001002", SENT_LOC_DESCR="PROBATION", SENT_LENGTH="3", SENT_TIME_CODE="Y"),
        row(CNT_ORDER="001002002001", OFFENSE_DESCR="459 PC-BURGLARY", SENT_LOC_DESCR="PRISON", SENT_LENGTH="16",
            SENT_TIME_CODE="M"),
    )  # fmt: skip
    assert [count.sentence for count in found.counts] == [
        (SentencePart(kind="jail", length=90, unit="days"), SentencePart(kind="probation", length=3, unit="years")),
        (SentencePart(kind="prison", length=16, unit="months"),),
    ]  # fmt: skip


def test_a_sentence_that_cannot_be_read_is_in_doubt() -> None:
    count = one(sheet(row(SENT_LENGTH="3", SENT_TIME_CODE="")))
    assert count.sentence == (SentencePart(kind="probation"),)
    assert doubts(count)["sentence"] == "unparsed"


def test_life_has_no_length() -> None:
    assert one(sheet(row(SENT_LOC_DESCR="PRISON", SENT_LENGTH="LIFE"))).sentence == (
        SentencePart(kind="life"),
    )


def test_rows_of_one_count_that_contradict_each_other_leave_the_fact_unknown() -> None:
    other = row(
        CNT_ORDER="001002001001",
        OFFENSE_DESCR="11359 HS-SALE",
        CONV_STAT_DESCR="MISDEMEANOR",
        STP_EVENT_DATE="19960601",
        STP_ORI_CNTY_NAME="YOLO",
    )
    count = one(sheet(row(), other))
    assert (count.offense.sections, count.level_convicted, count.conviction_date, count.county) == (
        (), None, None, None,
    )  # fmt: skip
    for field in ("offense", "level_convicted", "conviction_date", "county"):
        assert doubts(count)[field] == "contradictory"


def test_exact_duplicates_count_once() -> None:
    assert sheet(row(), row(), row()).counts == sheet(row()).counts


def test_a_case_number_is_shared_within_its_step_and_day_only() -> None:
    found = sheet(
        row(),
        row(CNT_ORDER="001002002000", OFN=""),
        row(CNT_ORDER="001002003000", OFN="", STP_EVENT_DATE="19950701"),
        row(CNT_ORDER="001003001000", OFN="NULL  "),
    )
    assert [count.case_number for count in found.counts] == ["BA012345", "BA012345", None, None]


def test_two_case_numbers_of_one_count_contradict_each_other() -> None:
    (count,) = sheet(row(), row(CNT_ORDER="001002001001", OFN="OTHER1")).counts
    found = [(doubt.field, doubt.kind, doubt.as_written) for doubt in count.doubts]
    assert count.case_number is None and ("case_number", "contradictory", ("BA012345", "OTHER1")) in found


def test_two_case_numbers_of_a_step_are_shared_with_nobody() -> None:
    found = sheet(row(), row(CNT_ORDER="001002002000", OFN="OTHER1"), row(CNT_ORDER="001002003000", OFN=""))
    assert [count.case_number for count in found.counts] == ["BA012345", "OTHER1", None]


def test_counts_without_a_cycle_date_share_an_event_only_on_one_day() -> None:
    found = sheet(
        row(CYC_DATE="x       "),
        row(CYC_DATE="", CNT_ORDER="001002002000"),
        row(CYC_DATE="", CNT_ORDER="001004001000", STP_EVENT_DATE="19990101"),
    )
    assert [count.event for count in found.counts] == ["001/19950601", "001/19950601", "001/19990101"]


@pytest.mark.parametrize("written", ["LOS ANGELES ", "Los Angeles County", "L.A.", "COUNTY OF LOS ANGELES"])
def test_a_county_is_found_however_it_is_written(written: str) -> None:
    found = sheet(row(STP_ORI_CNTY_NAME=written))
    assert found.convicted_in(LA)


def test_a_conviction_elsewhere_is_history_of_another_county() -> None:
    found = sheet(row(STP_ORI_CNTY_NAME="SAN BERNARDINO"))
    assert (one(found).county, found.convicted_in(LA)) == ("san-bernardino", False)


def test_a_prosecutor_is_not_taken_for_a_court() -> None:
    count = one(sheet(row(STP_ORI_DESCR="CITY ATTORNEY LONG BEACH")))
    assert (count.court, count.prosecuting_agency) == (None, "CITY ATTORNEY LONG BEACH")


@pytest.mark.parametrize("agency", ["CADA LOS ANGELES", "CAPD LONG BEACH"])
def test_dojs_names_for_a_prosecutor_and_a_citys_police_are_kept_where_the_law_reads_them(
    agency: str,
) -> None:
    assert one(sheet(row(STP_ORI_DESCR=agency))).prosecuting_agency == agency


@pytest.mark.parametrize("agency", ["CASC LOS ANGELES", "CASO LOS ANGELES", "CHP WEST LA"])
def test_a_court_or_a_sheriff_is_none(agency: str) -> None:
    assert one(sheet(row(STP_ORI_DESCR=agency))).prosecuting_agency is None


def test_registration_and_death_are_facts_of_the_person() -> None:
    found = sheet(
        row(),
        row(STP_TYPE_DESCR="REGISTRATION", CNT_ORDER="", OFFENSE_DESCR="290 PC-REGISTRATION", DISP_DESCR="",
            STP_EVENT_DATE="20010101"),
        row(STP_TYPE_DESCR="DECEASED", CNT_ORDER="", OFFENSE_DESCR="", DISP_DESCR="", STP_EVENT_DATE="20150101"),
    )  # fmt: skip
    (registration,) = found.registrations
    assert (str(registration.section), registration.on) == ("PC 290", date(2001, 1, 1))
    assert (found.deceased, found.deceased_on) == (True, date(2015, 1, 1))
    assert len(found.counts) == 1


RELIEF = {
    "SET ASIDE & DISM PER 1203.4 PC": ("pc_1203_4",),
    "CONV SET ASIDE & DISM PER 1203.4A PC": ("pc_1203_4",),
    "REDUCED TO MISDEMEANOR PER 17 PC": ("pc_17b",),
    "FEL REDUCED TO MISD PER 17(B)(3) PC AND DISM PER 1203.4 PC": ("pc_17b", "pc_1203_4"),
    "REDUCED TO MISD PER 1170.18 PC": ("pc_1170_18",),
    "DISMISSED IN FURTHERANCE OF JUSTICE": ("pc_1385",),
    "DISM PER 1385 PC": ("pc_1385",),
    "DISMISSED-FURTHERANCE": ("pc_1385",),
    "FIJ DISMISSED": ("pc_1385",),
    "SENTENCE MODIFIED": ("sentence_modified",),
    "DISMISSED AND SEALED PER 11361.8 HS": ("hs_11361_8_dismissal",),
    "PROP 64 - CONVICTION DISMISSED": ("hs_11361_8_dismissal",),
    "REDESIGNATED AS MISDEMEANOR PER HS 11361.8(F)": ("hs_11361_8_redesignation",),
    "PETITION PER 1203.4 PC DENIED": (),
    "DISMISSED/CHARGE DROPPED": (),
    "217 PC": (),
    "": (),
}


@pytest.mark.parametrize(("text", "kinds"), RELIEF.items())
def test_relief_is_read_from_its_text(text: str, kinds: tuple[str, ...]) -> None:
    assert read_relief(text) == (kinds, ())


def test_later_relief_on_the_same_count_keeps_the_conviction() -> None:
    later = row(
        CNT_ORDER="001002001001", DISP_DESCR="SET ASIDE & DISM PER 1203.4 PC", STP_EVENT_DATE="19990301"
    )
    count = one(sheet(row(), later))
    assert count.conviction_date == date(1995, 6, 1)
    assert count.later_relief == (LaterRelief(kind="pc_1203_4", on=date(1999, 3, 1)),)
    assert count.doubts == ()


def test_later_relief_in_a_step_of_its_own_goes_to_the_one_count_that_fits() -> None:
    relief = row(
        CNT_ORDER="001005001000", DISP_DESCR="DISM AND SEALED PER 11361.8 HS", STP_EVENT_DATE="20200213"
    )
    other = row(CNT_ORDER="001002002000", OFFENSE_DESCR="459 PC-BURGLARY")
    found = sheet(row(), other, relief)
    assert [c.count_id for c in found.counts] == ["001002001", "001002002"]
    assert found.counts[0].later_relief == (LaterRelief(kind="hs_11361_8_dismissal", on=date(2020, 2, 13)),)
    assert found.counts[1].later_relief == ()
    assert found.doubts == ()


def test_later_relief_that_fits_two_counts_is_a_doubt_on_both_and_given_to_none() -> None:
    relief = row(
        CNT_ORDER="001005001000", DISP_DESCR="SET ASIDE & DISM PER 1203.4 PC", STP_EVENT_DATE="19990101"
    )
    found = sheet(row(), row(CNT_ORDER="001002002000"), relief)
    assert [count.later_relief for count in found.counts] == [(), ()]
    assert [doubts(count)["later_relief"] for count in found.counts] == ["contradictory"] * 2


def test_later_relief_without_a_conviction_is_never_lost() -> None:
    found = sheet(row(DISP_DESCR="SET ASIDE & DISM PER 1203.4 PC"))
    count = one(found)
    assert (count.outcome, count.conviction_date, count.level_convicted) == ("convicted", None, None)
    assert doubts(count) == {
        "disposition": "unparsed", "conviction_date": "missing", "level_convicted": "missing",
    }  # fmt: skip
    assert [(d.field, d.kind) for d in found.doubts] == [("later_relief", "unparsed")]


def test_later_relief_that_may_be_of_a_known_conviction_adds_no_other() -> None:
    relief = row(CNT_ORDER="001005001000", OFN="", DISP_DESCR="SET ASIDE & DISM PER 1203.4 PC",
                 STP_EVENT_DATE="19990301")  # fmt: skip
    found = sheet(row(), relief)
    assert [count.outcome for count in found.counts] == ["convicted", "not_convicted"]
    assert found.counts[0].doubts == ()
    assert [(d.field, d.kind) for d in found.doubts] == [("later_relief", "unparsed")]


def test_a_dismissal_in_the_interest_of_justice_without_a_conviction_is_how_the_charge_ended() -> None:
    found = sheet(row(DISP_DESCR="DISMISSED IN FURTHERANCE OF JUSTICE"))
    assert (one(found).outcome, found.doubts) == ("not_convicted", ())


def test_another_disposition_of_a_convicted_count_is_a_doubt() -> None:
    count = one(sheet(row(), row(CNT_ORDER="001002001001", DISP_DESCR="DISMISSED/CHARGE DROPPED")))
    assert (count.outcome, doubts(count)) == ("convicted", {"disposition": "contradictory"})


def test_names_and_birth_dates_that_contradict_each_other_are_unknown_and_not_repeated() -> None:
    found = sheet(row(), row(CNT_ORDER="001003001000", PRI_NAME="ROE,RICHARD", PRI_DOB="19800101"))
    assert (found.person.name, found.person.birth_date) == (None, None)
    assert {(d.field, d.kind, d.as_written) for d in found.doubts} == {
        ("name", "contradictory", ()), ("birth_date", "contradictory", ()),
    }  # fmt: skip


def test_a_missing_middle_name_or_number_contradicts_nothing() -> None:
    found = sheet(row(), row(CNT_ORDER="001003001000", PRI_NAME="DOE, JANE", CII_NUMBER=" a12345679 "))
    assert found.person.name and found.person.name.middle == "Q"
    assert found.person.cii_numbers == ("A12345678", "A12345679")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("DOE,JANE Q", ("DOE", "JANE", "Q", None)),
        ("DOE, JOHN PAUL JR", ("DOE", "JOHN", "PAUL", "JR")),
        ("DE LA CRUZ,MARIA", ("DE LA CRUZ", "MARIA", None, None)),
        ("DOE III,JOHN", ("DOE", "JOHN", None, "III")),
        ("DOE,JOHN J.R.", ("DOE", "JOHN", None, "JR")),
        ("DOE,JOHN J. P.", ("DOE", "JOHN", "J P", None)),
        ("DOE", ("DOE", None, None, None)),
    ],
)
def test_a_name_is_read_in_its_parts(text: str, parts: tuple[str | None, ...]) -> None:
    name = read_name(text)
    assert name and (name.surname, name.given, name.middle, name.suffix) == parts


MANY = [
    row(),
    row(CNT_ORDER="001002001001", SENT_LOC_DESCR="JAIL"),
    row(CNT_ORDER="001002002000", OFN="", OFFENSE_DESCR="SEE COMMENT", COMMENT_TEXT="11357(C) HS"),
    row(CNT_ORDER="001005001000", DISP_DESCR="SET ASIDE & DISM PER 1203.4 PC", STP_EVENT_DATE="19990101"),
    row(CNT_ORDER="002001001000", OFFENSE_DESCR="11359 HS", STP_EVENT_DATE="19970000", PRI_NAME="DOE,J"),
    row(**ARREST, CNT_ORDER="001001001000", STP_EVENT_DATE="19950101"),
    row(STP_TYPE_DESCR="REGISTRATION", OFFENSE_DESCR="290 PC", DISP_DESCR=""),
    row(CNT_ORDER="001004001000", DISP_DESCR="PROB REVOKED"),
    row(CNT_ORDER="001005001000", STP_TYPE_DESCR="CUSTODY:JAIL", DISP_DESCR="", SENT_LENGTH="9"),
    row(CNT_ORDER="004001001000", STP_TYPE_DESCR="ARREST/DETAINED/CITED", OFFENSE_DESCR="187 PC"),
    row(STP_TYPE_DESCR="DECEASED"),
]


@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_makes_no_difference(rng: random.Random) -> None:
    placed = list(unit(*MANY, file_sha256="a" * 64).rows)
    expected = rap_sheet(placed, LA, TODAY)
    rng.shuffle(placed)
    assert rap_sheet(placed, LA, TODAY) == expected


def test_no_social_security_or_licence_number_gets_into_a_rap_sheet() -> None:
    found = sheet(*MANY)
    text = json.dumps([found.person.to_json().decode(), *[c.to_json().decode() for c in found.counts]])
    for number in ("123456789", "F1234567", "987-65-4321", "G7654321"):
        assert number not in text
