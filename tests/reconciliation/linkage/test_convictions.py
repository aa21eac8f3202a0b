"""Which counts are one conviction, and what its sources agree on."""

from datetime import date
from itertools import permutations

import pytest

from reliefstream_contracts.case_numbers import comparable
from reliefstream_contracts.histories import Conviction
from reliefstream_contracts.identifiers import CaseNumber
from reliefstream_contracts.records import SourceRecord
from reliefstream_contracts.vocabulary.offense import CodeSection, Doubt, LaterRelief, Offense, SentencePart
from services.reconciliation.linkage.conviction.convictions import convictions_of
from tests.reconciliation.records import CONVICTED, a_case, a_count, a_rap_sheet, an_offense

NEXT_DAY = date(1999, 5, 5)


def joined(*records: SourceRecord) -> list[list[str]]:
    """The count keys behind each conviction, shortened to record and count."""
    return [
        ["/".join(count.key.split("/")[2:]) for count in one.conviction.counts]
        for one in convictions_of(records)
    ]


def the_conviction(*records: SourceRecord) -> Conviction:
    (one,) = convictions_of(records)
    return one.conviction


def test_a_case_number_and_section_join_what_doj_and_court_report() -> None:
    assert joined(a_rap_sheet(), a_case()) == [["C1/1", "R1/001002001"]]


def test_the_case_number_is_the_courts_writing_and_each_source_keeps_its_own() -> None:
    conviction = the_conviction(a_rap_sheet(), a_case())
    assert conviction.case_number == "BA-12345"
    assert [count.case_number for count in conviction.counts] == ["BA-12345", "BA012345"]


def test_a_case_of_another_county_is_another_case() -> None:
    elsewhere = a_rap_sheet("R1", a_count(county="sacramento"))
    assert len(joined(elsewhere, a_case())) == 2


def test_a_section_that_only_begins_alike_does_not_join() -> None:
    counts = a_count("001002001", section="11357.5"), a_count("001002002", section="459")
    court = a_case("C1", a_count("1", section="11357"))
    assert len(joined(a_rap_sheet("R1", *counts), court)) == 3


def test_an_attempt_is_another_charge_than_the_offense() -> None:
    doj = a_rap_sheet("R1", a_count(offense=an_offense(attempt=True)), a_count("001002002", section="459"))
    assert len(joined(doj, a_case())) == 3


def test_only_convicted_counts_count() -> None:
    counts = [a_count(f"00100200{n}", outcome=how) for n, how in enumerate(("not_convicted", "unknown"))]
    assert joined(a_rap_sheet("R1", *counts)) == []


def test_a_juvenile_courts_adjudication_is_shown_among_them_as_what_it_is() -> None:
    adjudged = a_count(outcome="not_convicted", juvenile=True, disposition="PETITION SUSTAINED")
    assert the_conviction(a_rap_sheet("R1", adjudged)).juvenile


def test_two_counts_of_one_section_in_one_step_are_two_convictions() -> None:
    assert len(joined(a_rap_sheet("R1", a_count("001002001"), a_count("001002002")))) == 2


def test_two_counts_of_one_section_in_one_court_record_are_two_convictions() -> None:
    assert len(joined(a_case("C1", a_count("1"), a_count("2")))) == 2


@pytest.mark.parametrize("case", ["BA012345", None])
def test_one_event_reported_in_two_steps_is_one_conviction(case: str | None) -> None:
    steps = [a_count(count_id, case_number=case) for count_id in ("001002001", "003001001")]
    assert joined(a_rap_sheet("R1", *steps)) == [["R1/001002001", "R1/003001001"]]


def test_two_counts_reported_in_two_steps_are_two_convictions() -> None:
    counts = [a_count(count_id) for count_id in ("001002001", "001002002", "003001001", "003001002")]
    assert sorted(joined(a_rap_sheet("R1", *counts))) == [
        ["R1/001002001", "R1/003001001"],
        ["R1/001002002", "R1/003001002"],
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"conviction_date": NEXT_DAY},
        {"level_convicted": "misdemeanor"},
        {"section": "11358"},
        {"case_number": CaseNumber("BA999")},
        {"case_number": None},
        {"county": None},
    ],
)
def test_what_differs_in_another_step_is_another_conviction(other: dict[str, object]) -> None:
    assert len(joined(a_rap_sheet("R1", a_count("001002001"), a_count("003001001", **other)))) == 2


def test_an_unknown_date_never_makes_two_steps_one_event() -> None:
    steps = [a_count(count_id, conviction_date=None) for count_id in ("001002001", "003001001")]
    assert len(joined(a_rap_sheet("R1", *steps))) == 2


def test_two_known_offense_dates_are_two_events() -> None:
    steps = [
        a_count("001002001", offense_date=date(1999, 1, 1)),
        a_count("003001001", offense_date=date(1999, 2, 1)),
    ]
    assert len(joined(a_rap_sheet("R1", *steps))) == 2


def test_one_count_that_two_counties_sent_is_one_conviction() -> None:
    assert len(joined(a_rap_sheet("R1"), a_rap_sheet("R1", county="sacramento"))) == 1


def test_dates_off_by_days_join_and_become_unknown_with_both_values() -> None:
    (one,) = convictions_of([a_rap_sheet(), a_case("C1", a_count("1", conviction_date=NEXT_DAY))])
    assert one.conviction.conviction_date is None
    assert one.conviction.doubts == (
        Doubt(
            field="conviction_date", kind="contradictory", as_written=("court: 1999-05-05", "doj: 1999-05-04")
        ),
    )
    assert [(d.field, d.values) for d in one.differing] == [
        ("conviction_date", (("court", "1999-05-05"), ("doj", "1999-05-04")))
    ]


def test_the_nearest_dates_go_together_where_a_section_comes_twice() -> None:
    doj = a_rap_sheet("R1", a_count("001002001", conviction_date=NEXT_DAY), a_count("001002002"))
    court = a_case("C1", a_count("1"), a_count("2", conviction_date=NEXT_DAY))
    assert sorted(joined(doj, court)) == [["C1/1", "R1/001002002"], ["C1/2", "R1/001002001"]]


def test_an_amended_charge_joins_when_one_is_left_on_each_side_on_the_same_day() -> None:
    (one,) = convictions_of([a_rap_sheet(), a_case("C1", a_count("1", section="11360"))])
    assert one.conviction.offense.sections == ()
    assert one.conviction.offense.as_written == "11360 HS | 11359 HS"
    assert one.differing[0].values == (("court", "HS 11360"), ("doj", "HS 11359"))


@pytest.mark.parametrize("on", [NEXT_DAY, None])
def test_an_amended_charge_of_another_or_no_day_is_another_conviction(on: date | None) -> None:
    court = a_case("C1", a_count("1", section="11360", conviction_date=on))
    assert len(joined(a_rap_sheet(), court)) == 2


def test_two_left_on_one_side_join_nothing() -> None:
    court = a_case(
        "C1", a_count("1", section="11360"), a_count("2", section="148", offense=an_offense("148"))
    )
    assert len(joined(a_rap_sheet(), court)) == 3


def test_what_only_one_source_knows_is_known() -> None:
    doubt = Doubt(field="conviction_date", kind="partial", as_written=("19990000",))
    doj = a_rap_sheet("R1", a_count(conviction_date=None, doubts=(doubt,)))
    conviction = the_conviction(doj, a_case("C1", a_count("1", offense_date=date(1998, 1, 2))))
    assert (conviction.conviction_date, conviction.offense_date) == (CONVICTED, date(1998, 1, 2))
    assert conviction.doubts == ()


def test_one_sources_doubts_stay_where_nobody_knows_better() -> None:
    doubts = (Doubt(field="conviction_date", kind="partial", as_written=("19990000",)),)
    assert the_conviction(a_rap_sheet("R1", a_count(conviction_date=None, doubts=doubts))).doubts == doubts


def test_a_source_that_contradicts_itself_is_not_settled_by_another() -> None:
    doubt = Doubt(field="level_convicted", kind="contradictory", as_written=("FELONY", "MISDEMEANOR"))
    doj = a_rap_sheet("R1", a_count(level_convicted=None, doubts=(doubt,)))
    conviction = the_conviction(doj, a_case())
    assert (conviction.level_convicted, conviction.doubts) == (None, (doubt,))


def test_levels_that_differ_become_unknown() -> None:
    conviction = the_conviction(a_rap_sheet(), a_case("C1", a_count("1", level_convicted="misdemeanor")))
    assert conviction.level_convicted is None
    assert conviction.doubts[0].as_written == ("court: misdemeanor", "doj: felony")


def test_an_offense_that_doj_could_not_read_is_taken_from_the_court() -> None:
    unread = Offense(
        as_written="SEE COMMENT", sections=(), comment_sections=(CodeSection(code="PC", section="148"),)
    )
    conviction = the_conviction(a_rap_sheet("R1", a_count(offense=unread)), a_case())
    assert str(conviction.offense) == "HS 11359"
    assert conviction.offense.comment_sections == unread.comment_sections


def test_a_sentence_in_doubt_stays_in_doubt_though_another_source_gives_the_same() -> None:
    given = {"sentence": (SentencePart(kind="probation", length=3, unit="years"),)}
    revoked = Doubt(field="sentence", kind="contradictory", as_written=("PROBATION REVOKED",))
    doj = a_rap_sheet("R1", a_count(**given, doubts=(revoked,)))
    court = a_case("C1", a_count("1", case_number=CaseNumber("BA-12345"), **given))
    assert the_conviction(doj, court).doubts == (revoked,)


def test_sentences_that_differ_become_unknown_whatever_their_order() -> None:
    jail, probation = SentencePart(kind="jail", length=90, unit="days"), SentencePart(kind="probation")
    doj = a_rap_sheet("R1", a_count(sentence=(probation, jail)))
    same = the_conviction(doj, a_case("C1", a_count("1", sentence=(jail, probation))))
    assert same.sentence == (jail, probation)
    differs = the_conviction(doj, a_case("C1", a_count("1", sentence=(jail,))))
    assert differs.sentence == ()
    assert differs.doubts[0].as_written == ("court: jail 90 days", "doj: jail 90 days, probation")


def test_a_disposition_that_doj_left_unclear_is_settled_by_the_courts_conviction() -> None:
    unclear = Doubt(field="disposition", kind="unparsed", as_written=("CONV-PRISON",))
    doj = a_rap_sheet("R1", a_count(doubts=(unclear,)))
    assert the_conviction(doj).doubts == (unclear,)
    assert the_conviction(doj, a_case()).doubts == ()
    also_unclear = a_case("C1", a_count("1", doubts=(unclear,)))
    assert the_conviction(doj, also_unclear).doubts == (unclear,)
    not_convicted = a_case("C1", a_count("1", outcome="not_convicted"))
    said = Doubt(
        field="disposition", kind="contradictory", as_written=("court: not convicted", "doj: convicted")
    )
    assert the_conviction(doj, not_convicted).doubts == (said, unclear)


def test_a_disposition_that_a_source_contradicts_itself_is_not_settled_by_another() -> None:
    vacated = Doubt(field="disposition", kind="contradictory", as_written=("CONV VACATED",))
    assert the_conviction(a_rap_sheet("R1", a_count(doubts=(vacated,))), a_case()).doubts == (vacated,)


def test_later_relief_names_the_source_that_shows_it() -> None:
    relief = LaterRelief(kind="pc_1203_4", on=date(2005, 1, 1))
    conviction = the_conviction(a_rap_sheet(), a_case("C1", a_count("1", later_relief=(relief,))))
    assert [(shown.source, shown.relief) for shown in conviction.later_relief] == [("court", relief)]


@pytest.mark.parametrize(
    ("status", "sealed_by", "destroyed_by"),
    [("active", (), ()), ("sealed", ("court",), ()), ("destroyed", (), ("court",))],
)
def test_a_sealed_record_and_a_destroyed_one_are_told_apart(
    status: str, sealed_by: tuple[str, ...], destroyed_by: tuple[str, ...]
) -> None:
    conviction = the_conviction(a_rap_sheet(), a_case(record_status=status))
    assert (conviction.sealed_by, conviction.destroyed_by) == (sealed_by, destroyed_by)


def test_convictions_of_one_cycle_and_one_case_share_their_event() -> None:
    doj = a_rap_sheet("R1", a_count("001002001"), a_count("001003001", section="459", case_number=None))
    court = a_case("C1", a_count("1", event="case"), a_count("2", event="case", section="11357"))
    other = a_rap_sheet("R2", a_count("002001001", section="484", case_number=CaseNumber("Z1")))
    by_section = {
        str(one.conviction.offense): one.conviction.event for one in convictions_of([doj, court, other])
    }
    assert by_section["HS 11359"] == by_section["HS 459"] == by_section["HS 11357"] != by_section["HS 484"]


def test_no_order_of_records_or_counts_changes_anything() -> None:
    counts = [
        a_count("001002001"),
        a_count("001002002", conviction_date=NEXT_DAY),
        a_count("004001001"),
        a_count("001002003", section="11357"),
    ]
    court = a_case("C1", a_count("1", conviction_date=NEXT_DAY), a_count("2"), a_count("3", section="11360"))
    results = {
        convictions_of(order)
        for given in permutations(counts)
        for order in ([a_rap_sheet("R1", *given), court], [court, a_rap_sheet("R1", *given)])
    }
    assert len(results) == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("BA-012345", "ba 12345", True),
        ("BA012345", "BA12345", True),
        ("12-045", "12045", True),
        ("0001", "1", True),
        ("BA12345", "BA12345-01", False),
        ("BA12340", "BA1234", False),
        ("100", "1", False),
    ],
)
def test_case_numbers_compare_without_dashes_spaces_case_and_leading_zeros(
    one: str, other: str, same: bool
) -> None:
    assert (comparable(CaseNumber(one)) == comparable(CaseNumber(other))) is same


@pytest.mark.parametrize("written", [None, "", "PENDING", "0000", "N/A"])
def test_what_has_no_number_is_no_case_number(written: str | None) -> None:
    assert comparable(CaseNumber(written) if written is not None else None) is None


def test_the_day_of_the_arrest_is_dojs_where_its_cycles_agree() -> None:
    day, other = date(2004, 11, 3), date(2004, 12, 3)
    sheet = a_rap_sheet("R1", a_count(arrest_date=day), a_count("001003001", arrest_date=day))
    (one,) = convictions_of([sheet, a_case("C1", a_count("1"))])
    assert one.conviction.arrest_date == day
    (differing,) = convictions_of(
        [a_rap_sheet("R1", a_count(arrest_date=day), a_count("001003001", arrest_date=other))]
    )
    assert (differing.conviction.arrest_date, differing.differing) == (None, ())
