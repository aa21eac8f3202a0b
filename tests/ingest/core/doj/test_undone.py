"""What a later step of the same cycle, case and section undoes is no conviction, or one in doubt."""

import pytest

from reliefstream_contracts.records import Count
from services.ingest.core.doj.rap_sheet.later.undone import undoing
from tests.ingest.rows import LA, row, sheet

LATER = {"CNT_ORDER": "001003001000", "STP_EVENT_DATE": "19970601", "CONV_STAT_DESCR": ""}
NO_SENTENCE = {"SENT_LOC_DESCR": "", "SENT_LENGTH": "", "SENT_TIME_CODE": ""}

UNDONE = [
    "CONVICTION REVERSED ON APPEAL",
    "REVERSED",
    "JUDGMENT VACATED",
    "CONV VACATED PER 1473.7 PC",
    "CONV SET ASIDE-WRIT OF HABEAS CORPUS",
    "NEW TRIAL GRANTED",
    "ACQUITTED",
    "NOT GUILTY",
    "PLEA WITHDRAWN",
    "FACTUALLY INNOCENT",
    "VERDICT OVERTURNED",
    "CONV REV BY APPEAL CT",
    "REV'D BY CT OF APPEAL",
    "REV ON APPEAL",
    "ACQUITTED-BAIL EXONERATED",
    "CONV VAC",
    "CONVICTION VOIDED",
    "PLEA W/DRAWN PC 1018",
    "JUDGMENT ARRESTED",
]
UNCLEAR = [
    "SET ASIDE-SEE MINUTES",
    "JUDGMENT REVERSED IN PART",
    "PARDONED BY THE GOVERNOR",
    "CONV REVERSED AND REMANDED",
    "SENTENCE VACATED",
    "MOTION TO VACATE JUDGMENT",
    "DISMISSED",
    "DISM-INSUFFICIENT EVIDENCE",
    "CHARGE DISMISSED",
    "1203.43 PC PLEA WITHDRAWN AND DISMISSED",
    "CONVICTION REVERSED, RETRIAL PENDING",
    "NEW TRIAL PENDING",
    "MISTRIAL",
    "HUNG JURY-DISMISSED",
    "CASE ORDERED DISMISSED",
    "AFFIRMED IN PART, REVERSED IN PART",
    "RESENTENCED PC 1172.6",
    "VACATED-1170.95 PC",
    "CONV REDUCED TO 192(B) PC",
    "CHARGE AMENDED TO LESSER OFFENSE",
    "AMENDED TO 11357(B) HS",
    "ENTERED IN ERROR",
    "WRONG PERSON",
    "IDENTITY THEFT",
    "CORAM NOBIS GRANTED",
    "1181 PC GRANTED",
    "CONVICTION STRICKEN",
    "CONV EXPUNGED",
    "CONV SEALED",
    "ABATED BY DEATH",
    "NOLLE PROSEQUI",
    "DISM AFTER APPEAL",
]
NOTHING = [
    "MOTION TO VACATE JUDGMENT DENIED",
    "JUDGMENT AFFIRMED ON APPEAL",
    "BENCH WARRANT VACATED",
    "FINE VACATED",
    "PROBATION ORDER SET ASIDE",
    "DISMISSED-PROB VIOLATION",
    "CONVICTED-PRISON",
    "PROS REL-DET ONLY-LACK OF SUFFICIENT EVIDENCE",
    "BAIL EXONERATED",
    "BAIL BOND EXONERATED",
    "EXONERATION OF BAIL",
    "BW RECALLED",
    "APPEAL DISMISSED",
    "ENHANCEMENT DISMISSED",
    "MOTION FOR NEW TRIAL DENIED",
    "SENTENCE COMMUTED",
    "CORAM NOBIS DENIED",
    "APPEAL DISM",
    "DISMISSED ON APPEAL FROM PROB VIOL",
    "PROB REV",
    "",
]


def later(text: str, **changes: str) -> dict[str, str]:
    return {**LATER, **NO_SENTENCE, "DISP_DESCR": text, **changes}


def of(counts: tuple[Count, ...], count_id: str) -> Count:
    return next(count for count in counts if count.count_id == count_id)


def doubts(count: Count) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(doubt.field, doubt.kind, doubt.as_written) for doubt in count.doubts]


@pytest.mark.parametrize("text", UNDONE)
def test_a_later_step_that_undoes_the_conviction_leaves_none(text: str) -> None:
    counts = sheet(row(), row(**later(text))).counts
    assert [count.outcome for count in counts] == ["not_convicted", "not_convicted"]
    assert of(counts, "001002001").disposition == f"CONVICTED-PROBATION / {text}"


@pytest.mark.parametrize("text", UNCLEAR)
def test_a_later_step_that_may_undo_it_puts_the_conviction_in_doubt(text: str) -> None:
    counts = sheet(row(), row(**later(text))).counts
    assert [count.outcome for count in counts] == ["convicted", "not_convicted"]
    assert ("disposition", "contradictory", (text,)) in doubts(of(counts, "001002001"))


@pytest.mark.parametrize("text", NOTHING)
def test_what_undoes_no_conviction(text: str) -> None:
    assert undoing(text) is None


@pytest.mark.parametrize("other", [{"OFN": "BA999999"}, {"OFFENSE_DESCR": "459 PC-BURGLARY"}], ids=str)
def test_a_step_of_another_case_or_charge_undoes_nothing_here(other: dict[str, str]) -> None:
    counts = sheet(row(), row(**later("CONVICTION REVERSED ON APPEAL", **other))).counts
    conviction = of(counts, "001002001")
    assert (conviction.outcome, conviction.doubts) == ("convicted", ())
    assert of(counts, "001003001").outcome == "not_convicted"


@pytest.mark.parametrize(
    ("convicted", "undone", "outcome"),
    [
        ("187 PC", "187(A) PC", "not_convicted"),
        ("187(A) PC", "187 PC", "not_convicted"),
        ("11359 HS", "11359", "not_convicted"),
        ("11360(A) HS", "11360(B) HS", "convicted"),
        ("187 PC", "187 HS", "convicted"),
    ],
)
def test_a_later_step_may_leave_out_the_code_or_a_subdivision(
    convicted: str, undone: str, outcome: str
) -> None:
    reversal = row(**later("CONVICTION REVERSED ON APPEAL", OFFENSE_DESCR=undone))
    counts = sheet(row(OFFENSE_DESCR=convicted), reversal).counts
    assert of(counts, "001002001").outcome == outcome


def test_of_two_subdivisions_the_very_one_is_undone() -> None:
    two = row(OFFENSE_DESCR="11360(A) HS"), row(OFFENSE_DESCR="11360(B) HS", CNT_ORDER="001002002000")
    counts = sheet(*two, row(**later("CONVICTION REVERSED ON APPEAL", OFFENSE_DESCR="11360(B) HS"))).counts
    assert [count.outcome for count in counts] == ["convicted", "not_convicted", "not_convicted"]
    assert not any(count.doubts for count in counts)


@pytest.mark.parametrize("other", [{"OFN": ""}, {"CNT_ORDER": "002001001000"}], ids=str)
def test_a_reversal_that_may_be_of_this_conviction_puts_it_in_doubt(other: dict[str, str]) -> None:
    counts = sheet(row(), row(**later("CONVICTION REVERSED ON APPEAL", **other))).counts
    assert [field for field, _, _ in doubts(of(counts, "001002001"))] == ["disposition"]


@pytest.mark.parametrize(
    "comment",
    [
        "CONVICTION REVERSED ON APPEAL 2003",
        "CONV VACATED PER 1473.7 PC",
        "11359 HS REVERSED",
        "REV'D BY CT OF APPEAL",
        "JUDGMENT SET ASIDE",
        "NEW TRIAL GRANTED; ACQUITTED",
        "PARDONED BY GOVERNOR",
        "WRIT OF HABEAS CORPUS GRANTED",
        "RESENTENCED 1172.6 PC",
        "ENTERED IN ERROR",
        "WRONG SUBJECT, USED NAME OF BROTHER",
        "FINGERPRINTS DO NOT MATCH",
        "VICTIM OF IDENTITY THEFT",
        "MISIDENTIFIED",
    ],
)
def test_a_comment_that_may_say_that_the_conviction_was_undone_puts_it_in_doubt(comment: str) -> None:
    (count,) = sheet(row(OFFENSE_DESCR="11359 HS", COMMENT_TEXT=comment)).counts
    assert count.outcome == "convicted" and not any(comment in doubt.as_written for doubt in count.doubts)
    assert [field for field, _, _ in doubts(count)] == ["disposition"]


@pytest.mark.parametrize(
    "comment",
    [
        "NOT GUILTY PLEA WITHDRAWN, PLED NOLO",
        "CNTS 2-4 DISMISSED",
        "ACQUITTED OF CNT 2",
        "MOTION TO VACATE JUDGMENT DENIED",
        "AFFIRMED ON APPEAL",
        "BAIL EXONERATED",
        "TRIAL DATE VACATED",
        "WARRANT RECALLED",
        "459 PC CONV REVERSED",
        "PETITION FOR HABEAS CORPUS FILED",
        "",
    ],
)
def test_a_comment_that_undoes_no_conviction(comment: str) -> None:
    (count,) = sheet(row(OFFENSE_DESCR="11359 HS", COMMENT_TEXT=comment)).counts
    assert not [field for field, _, _ in doubts(count) if field == "disposition"]


@pytest.mark.parametrize(
    "text",
    [
        "JUDGMENT OF CONVICTION",
        "CONVICTION ENTERED",
        "FOUND GUILTY",
        "GUILTY PLEA ENTERED",
        "CONVICTION STAYED",
    ],
)
def test_a_later_step_that_says_the_conviction_again_adds_none(text: str) -> None:
    (count,) = sheet(row(), row(**later(text))).counts
    assert count.outcome == "convicted" and not count.doubts


@pytest.mark.parametrize(
    "other",
    [
        {"OFN": "BA999999"},
        {"OFFENSE_DESCR": "459 PC-BURGLARY"},
        {"SENT_LOC_DESCR": "JAIL", "SENT_LENGTH": "9"},
    ],
    ids=str,
)
def test_of_another_case_or_charge_or_with_a_sentence_it_is_one_in_doubt(other: dict[str, str]) -> None:
    first, second = sheet(row(), row(**later("FOUND GUILTY", **other))).counts
    assert [one.outcome for one in (first, second)] == ["convicted", "convicted"] and not first.doubts
    assert "disposition" in [field for field, _, _ in doubts(second)]


def test_relief_in_a_comment_undoes_nothing() -> None:
    (count,) = sheet(row(COMMENT_TEXT="CONV SET ASIDE & DISM PER 1203.4 PC")).counts
    assert not count.doubts and [relief.kind for relief in count.later_relief] == ["pc_1203_4"]


def test_a_reversal_that_fits_two_counts_puts_both_in_doubt() -> None:
    both = (row(), row(CNT_ORDER="001002002000"))
    counts = sheet(*both, row(**later("CONVICTION REVERSED ON APPEAL"))).counts
    assert [len(count.doubts) for count in counts] == [1, 1, 0]


def test_relief_that_sets_aside_undoes_nothing() -> None:
    (count,) = sheet(row(), row(**later("SET ASIDE & DISM PER 1203.4 PC"))).counts
    assert count.outcome == "convicted" and [relief.kind for relief in count.later_relief] == ["pc_1203_4"]


def test_a_conviction_after_a_new_trial_is_one_again() -> None:
    again = {"CNT_ORDER": "001004001000", "STP_EVENT_DATE": "19980601"}
    counts = sheet(row(), row(**later("NEW TRIAL GRANTED")), row(**again)).counts
    assert [count.outcome for count in counts] == ["not_convicted", "not_convicted", "convicted"]


def test_a_sheet_whose_only_conviction_was_undone_is_recorded_as_an_earlier_extract_may_show_it() -> None:
    reversed_later = sheet(row(), row(**later("CONVICTION REVERSED ON APPEAL")))
    assert reversed_later.convicted_in(LA)
    assert not sheet(row(DISP_DESCR="DISMISSED")).convicted_in(LA)


@pytest.mark.parametrize("text", ["CONVICTION AFFIRMED ON APPEAL", "JUDGMENT AFFIRMED"])
def test_a_conviction_that_is_affirmed_is_one_and_not_two(text: str) -> None:
    (count,) = sheet(row(), row(**later(text))).counts
    assert (count.count_id, count.outcome, count.doubts) == ("001002001", "convicted", ())


def test_an_affirmed_conviction_that_is_not_on_the_sheet_is_one_in_doubt() -> None:
    counts = sheet(row(), row(**later("CONVICTION AFFIRMED ON APPEAL", OFN="BA999999"))).counts
    affirmed = of(counts, "001003001")
    assert affirmed.outcome == "convicted" and "disposition" in {field for field, _, _ in doubts(affirmed)}


@pytest.mark.parametrize("section", ["1203.41", "1203.42", "1203.425", "1203.49", "1203.4A"])
def test_dismissals_beside_1203_4_are_relief_of_its_kind(section: str) -> None:
    (count,) = sheet(row(), row(**later(f"CONV SET ASIDE & DISM PER {section} PC"))).counts
    assert [relief.kind for relief in count.later_relief] == ["pc_1203_4"] and not count.doubts


@pytest.mark.parametrize(
    "text", ["DISM-INT OF JUSTICE", "DISMISSED INTEREST OF JUSTICE", "DISM/FURTH OF JUSTICE"]
)
def test_a_dismissal_in_the_interest_of_justice_is_relief_under_1385(text: str) -> None:
    (count,) = sheet(row(), row(**later(text))).counts
    assert [relief.kind for relief in count.later_relief] == ["pc_1385"]
