"""The court's feed in three layouts says what the strict one says: three readers against one truth."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reliefstream_contracts.records import Count
from services.evaluation.files.court_feed import CourtFeed
from services.ingest.core.court.cases import CaseContent, case_content
from services.ingest.core.court.strict_json import read_case
from services.ingest.core.doj.file.unit import Place
from services.ingest.core.message import Metadata, SourceMessage
from services.ingest.core.parse import parse
from services.ingest.core.parsed import ParsedCase
from services.ingest.core.profile.feed_units import unit_metadata
from services.ingest.core.source_location import SourceLocation
from tests.deploy.sample.samples import Written, write
from tests.ingest.small_profiles import SACRAMENTO, TODAY, sacramento

Key = tuple[str, int, bool, str]
FILES = {"odyssey": "court.csv", "ecourt": "court.json", "mainframe": "court.txt"}


def digits_and_letters(count: Count) -> Count:
    """The case number in the form that the profiles write."""
    plain = re.sub("[- ]", "", (count.case_number or "").upper())
    plain = re.sub(r"^0?([A-Z]{2}|[1-9][A-Z]M)0?([1-9])", r"\1\2", plain)
    return count.replace(case_number=plain, event=plain)


def without_spelling(count: Count) -> Count:
    """Without the text of a charge that was read: the law sees its sections."""
    upper = count.offense.as_written.upper()
    doubts = tuple(d.replace(as_written=tuple(t.upper() for t in d.as_written)) for d in count.doubts)
    offense = count.offense.replace(as_written="" if count.offense.sections else upper)
    return count.replace(offense=offense, doubts=doubts)


REDUCED: dict[str, Callable[[Count], Count]] = {
    "odyssey": digits_and_letters,
    "ecourt": without_spelling,
    "mainframe": lambda count: without_spelling(digits_and_letters(count)),
}
"""What the layouts cannot carry, or their profiles write anew; everything else has to be equal."""


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write(tmp_path_factory.mktemp("strict"), "1/200", "sacramento", seed=9)


def content(found: ParsedCase, reduced: Callable[[Count], Count]) -> tuple[Key, CaseContent]:
    case = found.case
    person, counts, doubts = case_content(case, SACRAMENTO, Place(), found.unread)
    key = (case.record_id, case.revision, case.withdrawn, case.record_status)
    return key, CaseContent(person, tuple(map(reduced, counts)), doubts)


@pytest.mark.slow
@pytest.mark.parametrize("layout", FILES)
def test_a_layout_says_the_same_as_the_strict_feed(tmp_path: Path, strict: Written, layout: str) -> None:
    written = write(tmp_path, "1/200", "sacramento", seed=9, court_layout=layout)
    reduced, profile = REDUCED[layout], sacramento(layout)
    wanted: dict[Key, CaseContent] = {}
    for line in (strict.out / "court.jsonl").read_bytes().splitlines():
        found = parse(SourceMessage("t", SACRAMENTO.county, Metadata("court"), line), SACRAMENTO, TODAY)
        if isinstance(found, ParsedCase):
            wanted.update([content(found, reduced)])

    held: dict[Key, CaseContent] = {}
    outcome: Counter[str] = Counter()
    with CourtFeed(tmp_path / FILES[layout], profile) as feed:
        for unit in feed.units():
            metadata = unit_metadata(profile, unit, feed.sha256)
            found = parse(
                SourceMessage("t", SACRAMENTO.county, metadata, unit.value),
                SACRAMENTO,
                TODAY,
                {profile.name: profile},
            )
            outcome["units"] += 1
            if isinstance(found, ParsedCase):
                key, said = content(found, reduced)
                outcome["repeats" if key in held else "recorded"] += 1
                assert held.setdefault(key, said) == said
            else:
                outcome["quarantined"] += 1

    assert held == wanted
    counted: dict[str, Any] = written.totals[FILES[layout]]
    assert {name: counted[name] for name in ("units", "recorded", "repeats", "quarantined")} == {
        name: outcome[name] for name in ("units", "recorded", "repeats", "quarantined")
    }
    assert written.totals["relief"] == strict.totals["relief"]
    assert (written.out / "doj.csv").read_bytes() == (strict.out / "doj.csv").read_bytes()
    assert (written.out / "truth.jsonl").read_text().replace(FILES[layout], "court.jsonl") == (
        strict.out / "truth.jsonl"
    ).read_text()


def test_the_reduction_is_no_more_than_it_says() -> None:
    """A reduced charge still has everything that the law reads."""
    raw = b"""{"record_id": "1", "revision": 1, "county": "Sacramento", "court": "X", "case_number": "BA-01012345",
        "defendant": {}, "charges": [{"charge_number": "1", "code_section": "11358 HS", "disposition": "convicted"}]}"""
    case = read_case(raw, SourceLocation(line=1))
    assert not isinstance(case, tuple)
    (count,) = case_content(case, SACRAMENTO, Place()).counts

    reduced = without_spelling(digits_and_letters(count))

    changed = {name for name in Count.__struct_fields__ if getattr(count, name) != getattr(reduced, name)}
    assert changed == {"event", "case_number", "offense"}
    assert reduced.offense.sections == count.offense.sections
    assert reduced.case_number == "BA1012345"
