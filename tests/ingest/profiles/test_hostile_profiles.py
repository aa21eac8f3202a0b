"""Whatever stands in a profile, its author is told the line; and what is loaded never fails on a feed."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.chassis.settings.located_yaml import WrongFile
from services.ingest.core.profile.sent_case import SentUnit, read_sent_case
from tests.effort import tries
from tests.ingest.small_profiles import CSV, HEADER, JSON, SACRAMENTO_FOLDER, TODAY, a_profile, csv_row

FIXED = (
    (SACRAMENTO_FOLDER / "profiles" / "mainframe.yaml")
    .read_text()
    .replace("profile: mainframe", "profile: trial")
)
TEXTS = {"csv": CSV, "json": JSON, "fixed": FIXED}
UNITS = [
    b"\n".join([HEADER, csv_row(), csv_row(Count="2")]),
    b'{"id": 1, "counts": [{"seq": {"a": [1]}}], "person": [1], "changed": "2026-11-01T08:00:00"}',
    b"10ABC           0001X\n20ABC           00011  11358 HS",
]
HOSTILE = st.one_of(
    st.none(), st.booleans(), st.integers(-1, 10**12), st.floats(allow_nan=False), st.dates(), st.text(max_size=8),
    st.sampled_from(["{0}", "{x.y}", "(?P<a>.)*", "[", "LAST/FIRST", "YYMMDD", "charges", "a[b=c]", "../x", "none"]),
    st.lists(st.one_of(st.integers(), st.text(max_size=4), st.lists(st.integers(), max_size=3)), max_size=3),
    st.dictionaries(st.text(max_size=6), st.one_of(st.integers(), st.text(max_size=4)), max_size=3),
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value within a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, each in items for place in places(each, (*path, key)))]


@pytest.mark.slow
@pytest.mark.parametrize("layout", TEXTS)
@settings(
    max_examples=tries(150),
    deadline=None,
    phases=[Phase.generate],  # one or two values are small enough to be looked at
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_value_anywhere_is_told_with_its_line_or_does_no_harm(
    tmp_path: Path, layout: str, data: st.DataObject
) -> None:
    document = copy.deepcopy(yaml.safe_load(TEXTS[layout]))
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(places(document)[1:]))
        within = document
        for key in path[:-1]:
            within = within[key]
        within[path[-1]] = data.draw(HOSTILE)

    try:
        profile = a_profile(tmp_path, yaml.safe_dump(document, allow_unicode=True))
    except WrongFile as wrong:
        assert f"{tmp_path / 'trial.yaml'}, line " in str(wrong)
        return
    for unit in UNITS:
        read_sent_case(profile, SentUnit(unit), TODAY)
