"""``policy compare``: the same people under several policies, counted, with small counts withheld, and listed."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import CountyName, derived
from services import COUNTIES
from services.cli import policy_compare as command
from services.cli.file_options import FileOptions
from services.cli.policy_arguments import names, policies_and_files
from services.cli.policy_compare import compare, streamed
from services.cli.terminal.exit import Refused, ServerMissing, WrongUsage
from services.eligibility.comparison.person_compared import Person, age_band, compared, section_group
from services.eligibility.comparison.shown_counts import MARK, figures
from services.eligibility.comparison.tally import (
    CHANGES,
    GROUPS,
    JUDGED,
    RECORDS,
    Cell,
    Tally,
    record_lines,
    sums,
)
from services.eligibility.files.policy_files import load_policy
from services.eligibility.files.policy_titles import POLICIES, policy_names
from services.eligibility.files.statute_files import load_statute
from services.evaluation.comparison.changes_csv import changed
from services.evaluation.county import offline_county
from services.evaluation.histories import OfflineHistories
from services.statistics.elimination import determined, narrowed
from tests.effort import tries
from tests.eligibility.builders import AS_OF, LOS_ANGELES, a_conviction, a_history
from tests.evaluation.doj_rows import a_file, a_row

ONE_PROCESS = FileOptions(workers=1)

P1, P2, P3 = "los-angeles-2020", "los-angeles-2021", "statute"
SECTIONS = ("HS 11357(a)", "HS 11357(c)", "HS 11358", "HS 11359", "HS 11360(b)", "HS 11530")


def under(history: HistoryChanged, *policies: str) -> Person:
    found = compared(history, LOS_ANGELES, [load_policy(one) for one in policies], load_statute(), AS_OF)
    assert found is not None
    return found


def a_tally(*histories: HistoryChanged, policies: tuple[str, ...] = (P1, P2, P3)) -> Tally:
    tally = Tally(policies)
    for history in histories:
        tally.add(under(history, *policies))
    return tally


PEOPLE = st.builds(
    lambda number, sections, level, race, sex, born, other: a_history(
        *(
            a_conviction(section, name=f"{number}/{at}", level_convicted=level, event=f"{number}/{at}")
            for at, section in enumerate(sections)
        ),
        *(
            [a_conviction("VC 10851", name=f"{number}/other", conviction_date=date(2015, 1, 1))]
            if other
            else []
        ),
        subject_id=derived("subject", str(number)),
        race=race,
        sex=sex,
        birth_date=date(born, 3, 14),
    ),
    number=st.integers(0, 10_000),
    sections=st.lists(st.sampled_from(SECTIONS), min_size=1, max_size=3),
    level=st.sampled_from(("felony", "misdemeanor")),
    race=st.sampled_from(("BLACK", "WHITE", None)),
    sex=st.sampled_from(("M", "F")),
    born=st.integers(1950, 1995),
    other=st.booleans(),
)


@settings(max_examples=tries(20), deadline=None)
@given(st.lists(PEOPLE, min_size=1, max_size=8))
def test_where_nothing_is_withheld_cells_add_up_to_totals(people: list[HistoryChanged]) -> None:
    tally = a_tally(*people)
    shown = figures(tally, 1)

    assert not shown.withheld
    for policy in (P2, P3):
        total = tally.convictions[Cell(CHANGES, policy)]
        for by in GROUPS:
            cells = shown.cells(CHANGES, policy, by)
            assert sum(tally.convictions[cell] for cell in cells if not cell.before) == total
            assert sum(tally.convictions[cell] for cell in cells if cell.before) == total
        for by in ("race", "sex", "age"):  # a person is in one group of these only
            groups = [cell for cell in shown.cells(CHANGES, policy, by) if not cell.before]
            assert sum(tally.persons[cell] for cell in groups) == tally.persons[Cell(CHANGES, policy)]
    judged = [cell for cell in shown.cells(JUDGED) if cell.by == "outcome"]
    assert sum(tally.convictions[cell] for cell in judged) == tally.convictions[Cell(JUDGED)]


@settings(max_examples=tries(20), deadline=None)
@given(st.lists(PEOPLE, min_size=1, max_size=8))
def test_every_sum_that_a_reader_knows_is_guarded(people: list[HistoryChanged]) -> None:
    tally = a_tally(*people)
    known = list(sums(tally.persons))
    records = list(record_lines(tally.persons, tally.policies))
    adding_up = [dict.fromkeys(one.parts, 1) | {one.total: -1} for one in known if one.adds_up]

    for line in records:
        assert sum(times * tally.persons[cell] for cell, times in line.items()) == 0
    for line in adding_up:
        assert sum(times * tally.convictions[cell] for cell, times in line.items()) == 0
    for cell in (one for one in tally.persons if one.table != RECORDS):
        totals = [cell._replace(by="", group="")] if cell.by else []
        totals += [cell._replace(before="", after="")] if cell.before else []
        assert all(any(line.get(total) == -1 and cell in line for line in adding_up) for total in totals)
    for smallest in (2, 4, 11):
        out = tally.withheld(smallest)
        assert {cell for cell, count in tally.persons.items() if 0 < count < smallest} <= out
        assert not determined(out, adding_up)
        assert not determined(out, records)
        assert not narrowed(out, adding_up, tally.convictions)
        assert not narrowed(out, records, tally.persons)
        for one in known:
            shown = [part for part in one.parts if part not in out and one.total not in out]
            rests = [tally.persons[one.total] - tally.persons[part] for part in shown]
            assert not any(0 < rest < smallest for rest in rests), one.total


def test_small_counts_are_not_in_what_is_written() -> None:
    few = [
        a_history(a_conviction("HS 11357(c)", name=str(number)), subject_id=derived("subject", str(number)))
        for number in range(10)
    ]
    shown = figures(a_tally(*few, policies=(P1, P2)))

    assert {line[-2:] for line in shown.lines() if line[0] == CHANGES} == {(MARK, MARK)}
    assert "10" not in {value for line in shown.lines() for value in line[-2:]}
    enough = figures(a_tally(*few, *(one.replace(version=2) for one in few), policies=(P1, P2)))
    assert shown.of(Cell(CHANGES, P2)) == (MARK, MARK)
    assert enough.of(Cell(CHANGES, P2)) == ("20", "20")


def test_a_conviction_changes_where_outcome_or_who_acts_differ() -> None:
    other_reason = under(a_history(birth_date=date(1960, 1, 1)), P1, P2)
    city = under(a_history(a_conviction("HS 11360(b)", level_convicted="misdemeanor")), P1, P2)

    assert list(changed(other_reason, (P1, P2), AS_OF)) == []
    ((*_, line),) = changed(city, (P1, P2), AS_OF)
    assert line[12:14] == ("needs_review", "city_attorney")
    assert [verdict.result for verdict in city.judged[0].verdicts] == ["needs review (city)", "needs review"]


def test_what_only_one_policy_looks_at_is_not_judged_by_the_other() -> None:
    related = under(a_history(a_conviction("BP 4149", level_convicted="misdemeanor")), P1, "san-joaquin")

    assert [verdict.outcome for verdict in related.judged[0].verdicts] == ["not_judged", "needs_review"]
    history = a_history(a_conviction("VC 10851"))
    assert compared(history, LOS_ANGELES, [load_policy(P1)], load_statute(), AS_OF) is None


def test_a_person_counts_once_however_many_convictions_change() -> None:
    tally = a_tally(
        a_history(*(a_conviction("HS 11357(c)", name=name, event=name) for name in "123")), policies=(P1, P2)
    )

    total = Cell(CHANGES, P2)
    assert (tally.convictions[total], tally.persons[total]) == (3, 1)


def test_what_stays_on_record_is_counted_under_each_policy() -> None:
    """In review under the first; dismissed under the second, so that nothing is left; redesignated under the last."""
    one = a_history(
        a_conviction("HS 11359"), a_conviction("VC 10851", name="2", conviction_date=date(2015, 1, 1))
    )
    alone = a_history(a_conviction("HS 11359", conviction_date=date(2014, 5, 1)), birth_date=None)
    tally = a_tally(one, alone)

    def persons(policy: str, kind: str, group: str) -> int:
        return tally.persons[Cell(RECORDS, policy, kind, group)]

    assert persons("", "felony", "has") == 2
    assert [persons(policy, "conviction", "no more") for policy in (P1, P2, P3)] == [1, 1, 0]
    assert [persons(policy, "felony", "no more") for policy in (P1, P2, P3)] == [1, 1, 1]
    assert persons(P3, "conviction", "loses") == 1
    assert [persons(policy, "recent conviction", "no more") for policy in (P1, P2, P3)] == [1, 1, 0]


def test_nobody_without_a_complete_rap_sheet_is_said_to_have_nothing_left() -> None:
    tally = a_tally(a_history(rap_sheet="none"), policies=(P1, P2))

    assert tally.persons[Cell(RECORDS, "", "conviction", "has")] == 1
    assert tally.persons[Cell(RECORDS, P2, "conviction", "no more")] == 0


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(1998, 11, 12), "under 21"),
        (date(1998, 11, 11), "21 to 29"),
        (date(1969, 11, 12), "40 to 49"),
        (date(1969, 11, 11), "50 to 59"),
        (date(1900, 1, 2), "60 and older"),
        (date(2019, 11, 12), "unknown"),
        (None, "unknown"),
    ],
)
def test_an_age_is_that_of_the_day(born: date | None, band: str) -> None:
    assert age_band(a_history(birth_date=born), AS_OF) == band


def test_the_dead_are_a_group_of_their_own_from_their_day_on() -> None:
    for died, band in ((AS_OF, "deceased"), (date(2019, 11, 12), "30 to 39"), (None, "deceased")):
        assert age_band(a_history(deceased=True, deceased_on=died), AS_OF) == band


@pytest.mark.parametrize(
    ("section", "group"),
    [
        ("HS 11357(c)", "HS 11357"),
        ("PC 664/HS 11359", "HS 11359"),
        ("HS 11530.5", "HS 11359"),
        ("HS 11358/PC 459", "several sections"),
        ("", "unreadable"),
        ("BP 4149", "BP 4149"),
    ],
)
def test_sections_are_grouped_by_their_number_of_today(section: str, group: str) -> None:
    assert section_group(section, load_statute()) == group


# The command


@dataclass
class Outputs:
    """What a run wrote and printed."""

    status: int
    changes: bytes
    comparison: bytes
    printed: str

    @property
    def listed(self) -> list[dict[str, str]]:
        return list(csv.DictReader(self.changes.decode().splitlines()))


ROWS = [
    a_row(),
    a_row(OFFENSE_DESCR="11357(C) HS", CNT_ORDER="001003001000", OFN="BA3"),
    a_row(SUBJECT_ID="100002", CII_NUMBER="1008675310", PRI_NAME="ROE,RICHARD", OFFENSE_DESCR="11357(C) HS"),
    a_row(SUBJECT_ID="100003", CII_NUMBER="1008675311", PRI_NAME="POE,ANN", CONV_STAT_DESCR="MISDEMEANOR"),
]


def run(folder: Path, capsys: Any, *words: str, texts: tuple[str, ...] = (), **more: Any) -> Outputs:
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number, text in enumerate(texts):
        files.append(str(folder / f"in{number}"))
        Path(files[-1]).write_text(text)
    status = compare(
        *words,
        *files,
        county="los-angeles",
        as_of=AS_OF,
        out=folder / "out",
        **{"reading": ONE_PROCESS, **more},
    )
    out = folder / "out"
    printed = capsys.readouterr().out.replace(str(out), "OUT")
    return Outputs(status, (out / "changes.csv").read_bytes(), (out / "comparison.csv").read_bytes(), printed)


def test_who_changes_is_listed_by_file_and_row_without_name_or_birth_date(
    tmp_path: Path, capsys: Any
) -> None:
    found = run(tmp_path, capsys, P1, P2, texts=(a_file(*ROWS),))

    assert found.status == 0
    assert [(line["source_row"], line["before_outcome"], line["after_outcome"]) for line in found.listed] == [
        ("2", "needs_review", "dismissal"),
        ("3", "needs_review", "dismissal"),
        ("4", "needs_review", "needs_review"),
    ]
    assert found.listed[1]["before_reason_label"] == "Other 11357"
    assert found.listed[1]["cii_number"] == "1008675310"
    for text in ("ROE", "POE", "1960"):
        assert text.encode() not in found.changes + found.comparison
        assert text not in found.printed


def test_the_order_of_rows_and_files_changes_nothing(tmp_path: Path, capsys: Any) -> None:
    texts = [a_file(row) for row in ROWS]
    one = run(tmp_path / "a", capsys, P1, P2, P3, texts=tuple(texts))
    other = run(tmp_path / "b", capsys, P1, P2, P3, texts=tuple(reversed(texts)))

    assert (one.changes, one.comparison, one.printed) == (other.changes, other.comparison, other.printed)


def test_several_policies_in_one_pass_are_each_against_the_first(tmp_path: Path, capsys: Any) -> None:
    texts = (a_file(*ROWS),)
    both = run(tmp_path / "a", capsys, P1, P2, P3, texts=texts).listed
    alone = run(tmp_path / "b", capsys, P1, P3, texts=texts).listed

    assert [line for line in both if line["after_policy"] == P3] == alone
    assert {line["before_policy"] for line in both} == {P1}


def test_a_policy_of_ones_own_is_compared_by_its_path(tmp_path: Path, capsys: Any) -> None:
    text = (POLICIES / f"{P1}.yaml").read_text()
    own = tmp_path / f"{P1}.yaml"
    own.write_text(re.sub(r"(- row: 3b\n.*?outcome: )needs_review", r"\1dismissal", text, flags=re.DOTALL))

    found = run(tmp_path, capsys, P1, str(own), texts=(a_file(*ROWS),))

    assert [(line["source_row"], line["after_outcome"]) for line in found.listed] == [
        ("2", "dismissal"),
        ("3", "dismissal"),
    ]
    assert {line["after_policy"] for line in found.listed} == {str(own)}


def test_options_go_to_the_policies_that_have_some(tmp_path: Path, capsys: Any) -> None:
    options = tmp_path / "options.yaml"
    options.write_text("dismiss: [HS 11357]\n")
    found = run(tmp_path, capsys, P1, "configurable", texts=(a_file(*ROWS),), options=options)

    assert ("2", "dismissal") in [(line["source_row"], line["after_outcome"]) for line in found.listed]
    with pytest.raises(WrongUsage, match="none of these policies has options"):
        run(tmp_path, capsys, P1, P2, texts=(a_file(*ROWS),), options=options)


def test_refused_rows_are_named_and_the_rest_is_compared(tmp_path: Path, capsys: Any) -> None:
    found = run(tmp_path, capsys, P1, P2, texts=(a_file(*ROWS) + "too,short\n",))

    assert (found.status, len(found.listed)) == (1, 3)
    assert "1 refused, with reasons" in found.printed


def test_everyone_streamed_is_compared_as_the_same_files_are(
    tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[HistoryChanged] = []
    asked: list[str] = []

    def answer(_: object, county: CountyName) -> Iterator[HistoryChanged]:
        asked.append(county)
        yield from kept

    offline = run(tmp_path / "a", capsys, P1, P2, texts=(a_file(*ROWS),))
    monkeypatch.setattr(command, "addresses", lambda: None)
    monkeypatch.setattr(command, "streamed", answer)
    taken = OfflineHistories(
        [tmp_path / "a" / "in0"],
        offline_county(LOS_ANGELES.name, COUNTIES).source.intake,
        date(2026, 11, 22),
        workers=1,
    )
    kept += list(taken.map(lambda history: history))

    live = run(tmp_path / "b", capsys, P1, P2)

    assert (live.changes, live.comparison, asked) == (offline.changes, offline.comparison, ["los-angeles"])


def test_histories_are_read_from_the_service_and_its_refusal_is_told() -> None:
    history = a_history()

    class Found:
        def __init__(self, status: int, content: str) -> None:
            self.transport = httpx.MockTransport(lambda _: httpx.Response(status, text=content))

        def client(self, _: str) -> httpx.Client:
            return httpx.Client(transport=self.transport, base_url="http://there")

    found: Any = Found(200, history.to_json().decode() + "\n\n")
    assert list(streamed(found, LOS_ANGELES.name)) == [history]
    refuses: Any = Found(404, '{"detail": "There are: yolo."}')
    with pytest.raises(Refused, match="There are: yolo"):
        list(streamed(refuses, LOS_ANGELES.name))


def test_a_stream_that_breaks_off_is_not_taken_for_the_whole() -> None:
    def breaks(_: httpx.Request) -> httpx.Response:
        raise httpx.RemoteProtocolError("peer closed connection")

    class Found:
        def client(self, _: str) -> httpx.Client:
            return httpx.Client(transport=httpx.MockTransport(breaks), base_url="http://there")

    found: Any = Found()
    with pytest.raises(ServerMissing):
        list(streamed(found, LOS_ANGELES.name))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((P1,), "two policies or more"),
        ((), "two policies or more"),
        ((P1, P2, "nowhere.csv"), "nowhere.csv is neither a policy nor a file"),
        ((P1, "nowhere.yaml"), "nowhere.yaml is neither"),
        ((P1, P1), "named twice"),
    ],
)
def test_a_wrong_call_says_what_to_name(words: tuple[str, ...], says: str) -> None:
    with pytest.raises(WrongUsage, match=re.escape(says)):
        policies_and_files(words, policy_names())


def test_policies_and_files_are_told_apart_wherever_they_stand(tmp_path: Path) -> None:
    doj, own = tmp_path / "doj.csv", tmp_path / "own.yaml"
    doj.touch()
    own.touch()

    assert policies_and_files((str(doj), P1, str(own)), policy_names()) == ((P1, str(own)), (doj,))
    assert names((P1, f"./{P1}.yaml", "a/own.yaml")) == (P1, f"./{P1}.yaml", "own")


def test_fewer_than_eleven_cannot_be_asked_for(tmp_path: Path, capsys: Any) -> None:
    with pytest.raises(WrongUsage, match="at least 11"):
        run(tmp_path, capsys, P1, P2, texts=(a_file(*ROWS),), small_cells=10)


def test_a_county_or_policy_that_is_not_there_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="No county 'nowhere'"):
        compare(P1, P2, county="nowhere", as_of=AS_OF, out=tmp_path)
