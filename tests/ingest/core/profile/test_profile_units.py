"""A feed cut into the cases that are sent: nothing is lost, whatever is in it."""

import io
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ingest.core.profile.dropped_columns import redacted_unit
from services.ingest.core.profile.feed_lines import header_of, lines
from services.ingest.core.profile.feed_units import file_fault, units
from services.ingest.core.profile.json_elements import NoArray
from services.ingest.core.profile.profile import Profile
from services.ingest.core.profile.sent_case import SentCase, read_sent_case, record_id_of
from tests.deploy.sample.samples import write
from tests.effort import tries
from tests.ingest.small_profiles import CSV, HEADER, TODAY, a_profile, csv_row, sacramento

LAYOUTS = {"odyssey": "court.csv", "ecourt": "court.json", "mainframe": "court.txt"}


class Feeds(dict[str, bytes]):
    """Too long to be shown."""

    def __repr__(self) -> str:
        return "the feeds"


@pytest.fixture(scope="module")
def feeds(tmp_path_factory: pytest.TempPathFactory) -> Feeds:
    """The beginnings of Sacramento's three feeds."""
    folder = tmp_path_factory.mktemp("feeds")
    found = Feeds()
    for layout, file in LAYOUTS.items():
        write(folder / layout, "1/1000", "sacramento", court_layout=layout)
        found[layout] = (folder / layout / file).read_bytes()[:6_000]
    return found


def cut(profile: Profile, data: bytes) -> list[tuple[int, ...]]:
    return [unit.numbers for unit in units(profile, io.BytesIO(data))]


def test_rows_of_a_case_are_one_unit_wherever_they_stand(tmp_path: Path) -> None:
    rows = [
        csv_row(),
        csv_row(Case="c2"),
        csv_row(Count="2"),
        csv_row(Version="2"),
        HEADER,
        b"",
        csv_row(Case="c2"),
    ]
    data = b"\xef\xbb\xbf" + b"\r\n".join([HEADER, *rows])

    assert cut(a_profile(tmp_path), data) == [(1, 3), (2, 5), (4,)]
    assert cut(a_profile(tmp_path, CSV.replace("rows: anywhere\n", "")), data) == [
        (1,),
        (2,),
        (3,),
        (4,),
        (5,),
    ]


def test_a_row_without_a_key_belongs_to_the_case_on_both_its_sides(tmp_path: Path) -> None:
    rows = [csv_row(), b"?", csv_row(Count="2"), b"?", csv_row(Case="c2"), csv_row(Case=""), b"-- end --"]

    found = list(units(a_profile(tmp_path), io.BytesIO(b"\n".join([HEADER, *rows]))))

    assert [unit.numbers for unit in found] == [(1, 2, 3), (4,), (5,), (6,), (7,)]
    assert [record_id_of(a_profile(tmp_path), unit.sent()) for unit in found] == ["", "", "c2", "", ""]


def test_a_row_or_a_case_that_is_too_long_is_cut_and_costs_its_neighbours_nothing(tmp_path: Path) -> None:
    long = csv_row(Case="c2", Charge="x" * 2_500_000)
    many = [csv_row(Case="c3", Charge="x" * 1_000, Count=str(n)) for n in range(1_200)]

    found = list(
        units(
            a_profile(tmp_path), io.BytesIO(b"\n".join([HEADER, csv_row(), long, *many, csv_row(Case="c4")]))
        )
    )

    assert [(unit.too_long, len(unit.value) < 1_001_000) for unit in found] == [
        (False, True), (True, True), (True, True), (False, True),
    ]  # fmt: skip


@pytest.mark.parametrize(("more", "too_long"), [(0, False), (1, True)])
def test_a_case_of_exactly_the_largest_size_is_not_too_long(
    tmp_path: Path, more: int, too_long: bool
) -> None:
    room = 1_000_000 - len(HEADER) - len(csv_row(Case="c2", Charge="")) - 1
    row = csv_row(Case="c2", Charge="x" * (room + more))

    (unit,) = units(a_profile(tmp_path), io.BytesIO(HEADER + b"\n" + row))

    assert unit.too_long is too_long


def test_dropped_columns_never_leave_the_sender(tmp_path: Path) -> None:
    rows = [csv_row(SSN="000123456"), csv_row(Case="c2", SSN="000-12-3456")[:70] + b",000123456,"]
    profile = a_profile(tmp_path)
    ecourt = json.dumps(
        {"export": {"cases": [{"parties": [{"identifiers": {"ssn": "000123456"}}]}]}}
    ).encode()

    sent = [unit.value for unit in units(profile, io.BytesIO(b"\n".join([HEADER, *rows])))]
    nested = [unit.value for unit in units(sacramento("ecourt"), io.BytesIO(ecourt))]

    assert len(sent) == 2
    assert not [value for value in [*sent, *nested] if b"000123456" in value or b"000-12-3456" in value]
    assert [redacted_unit(profile, value) for value in sent] == sent
    assert b"000-12-3456" not in redacted_unit(profile, b"\n".join([HEADER, csv_row(Judge="000-12-3456")]))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\xff\xfeC\x00", "not_csv"),
        (b"PK\x03\x04...", "not_csv"),
        (b"Case;Version\n", "not_this_layout"),
        (HEADER.replace(b"Charge,", b"") + b"\n", "missing_column"),
    ],
)
def test_a_file_that_is_something_else_is_told_once(tmp_path: Path, data: bytes, code: str) -> None:
    fault = file_fault(a_profile(tmp_path), data)

    assert fault is not None
    assert fault.code == code
    assert "DOJ" not in fault.what + fault.remedy


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=tries(50), deadline=None)
@given(data=st.data())
def test_a_mangled_feed_never_ends_in_an_error_and_loses_no_row(
    feeds: Feeds, layout: str, data: st.DataObject
) -> None:
    profile, feed = sacramento(layout), bytearray(feeds[layout])
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(feed) - 1))
        length = data.draw(st.integers(0, 40))
        feed[at : at + length] = data.draw(
            st.one_of(
                st.binary(max_size=20), st.sampled_from([b"", b"\n", b'"', b",", b"{", b"]", b"\x00", b"\\"])
            )
        )
    if file_fault(profile, bytes(feed[:65_536])):
        return
    try:
        sent = list(units(profile, io.BytesIO(feed)))
    except NoArray:
        return  # what stands before the cases is broken: the whole file is refused

    for unit in sent:
        found = read_sent_case(profile, unit.sent(), TODAY)
        if not isinstance(found, SentCase):
            assert found
            assert all(
                problem.code and problem.where and problem.what and problem.remedy for problem in found
            )
    numbers = Counter(number for unit in sent for number in unit.numbers)
    assert set(numbers.values()) <= {1}
    if layout != "ecourt":
        stream = io.BytesIO(feed)
        header = header_of(stream, profile.layout)  # type: ignore[arg-type]
        assert set(numbers) == {line.number for line in lines(stream, profile.layout, header)}  # type: ignore[arg-type]
