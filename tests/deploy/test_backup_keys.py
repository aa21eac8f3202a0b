"""A backup can be read as long as its day's key is there, and by nobody once that is destroyed."""

import os
import stat
from datetime import date, timedelta
from pathlib import Path

from deploy.backup_keys import key_of_day

TODAY = date(2026, 11, 29)


def test_a_day_has_one_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    one = key_of_day(folder, TODAY, os.urandom)
    key = one.read_text()
    assert (len(key), stat.S_IMODE(one.stat().st_mode), stat.S_IMODE(folder.stat().st_mode)) == (
        64,
        0o600,
        0o700,
    )
    assert key_of_day(folder, TODAY, os.urandom).read_text() == key, "asked again on that day: the same"
    other = key_of_day(folder, TODAY + timedelta(days=1), os.urandom)
    assert other.read_text() != key and one.read_text() == key


def test_a_key_is_destroyed_once_its_day_is_over_for_35_days(tmp_path: Path) -> None:
    old, kept = (key_of_day(tmp_path, TODAY - timedelta(days=days), os.urandom) for days in (36, 35))
    elsewhere = tmp_path / "not-a-day.key"
    elsewhere.write_text("x")
    held = os.open(old, os.O_RDONLY)
    own = key_of_day(tmp_path, TODAY, os.urandom)
    assert sorted(tmp_path.iterdir()) == sorted([kept, own, elsewhere])
    assert os.read(held, 100).strip(b"\0") == b"", "who still has it open reads nothing of it"
    os.close(held)
