"""As someone newly on call works: a county's feed comes with dates in another form; found, mended, resubmitted."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.cli import profile, quarantine
from services.cli.client import services as asking
from services.cli.client.addresses import Addresses
from services.cli.client.quarantine_filter import Choice
from services.cli.submission.submit_file import submit_file
from services.cli.terminal.exit import Refused, ServerMissing
from services.ingest.profiles.profile_file import read_profile
from tests.cli.test_submit import TOKEN, county  # noqa: F401 - a fixture
from tests.ingest.conftest import database_url, migrated  # noqa: F401 - fixtures
from tests.ingest.small_profiles import CSV, HEADER, csv_row

pytestmark = pytest.mark.servers
CASES = 300
PROFILE = CSV.replace("county: {value: Sacramento}", "county: {value: Los Angeles}")
MENDED = PROFILE.replace("dates: [MM/DD/YYYY]", "dates: [MM/DD/YYYY, DD.MM.YYYY]")


async def said(
    capsys: pytest.CaptureFixture[str], command: Callable[..., Any], *given: Any, **options: Any
) -> str:
    """What a command prints, its ending included."""
    capsys.readouterr()
    try:
        await asyncio.to_thread(command, *given, **options)
    except (Refused, ServerMissing) as ending:
        return capsys.readouterr().out + str(ending)
    return capsys.readouterr().out


async def test_records_with_dates_in_another_form_are_found_mended_and_recorded_each_once(
    county: tuple[Addresses, str],  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    found, name = county
    monkeypatch.setattr(asking, "addresses", lambda: found)
    monkeypatch.setattr(profile, "COUNTIES", tmp_path / "counties")
    file = tmp_path / "counties" / name / "profiles" / "trial.yaml"
    file.parent.mkdir()
    file.write_text(PROFILE)
    assert "trial (" in await said(capsys, profile.reload)

    feed = tmp_path / "court.csv"
    dated = (csv_row(Case=f"c{n}", Born="13.02.1970", Decided="25.04.1999") for n in range(CASES))
    feed.write_bytes(b"\n".join([HEADER, *dated]))
    outcome = await asyncio.to_thread(submit_file, found, feed, name, "court", profile=read_profile(file, ()))
    assert (outcome.received, outcome.quarantined) == (CASES, CASES)

    # 1. Find them.
    told = await said(capsys, quarantine.summary)
    assert re.search(rf"open\s+{name}\s+.*{CASES}", told), told
    assert f"quarantine list --county {name} --reason invalid_date" in told
    told = await said(capsys, quarantine.list_, Choice(county=name, reason="invalid_date"), limit=2)
    first = told.split()[0]
    assert "column Born" in told and "--after " in told
    told = await said(capsys, quarantine.show, first)
    assert "rule     invalid_date" in told and "25.04.1999" in told

    # 2. See with the profile what is wrong, and mend it; a mistake is refused and changes nothing.
    told = await said(capsys, profile.try_, feed, county=name, profile="trial")
    assert f"{100} of {100} cases are refused" in told
    before = await said(capsys, profile.reload)
    file.write_text(MENDED.replace("DD.MM.YYYY", "DD.MM.JAHR"))
    told = await said(capsys, profile.reload)
    assert "refused, those before stay in force" in told and "trial.yaml" in told and before.strip() in told
    told = await said(capsys, quarantine.resubmit, choice=Choice(county=name), all_=True, try_=True)
    assert f"{CASES} tried: 0 would be recorded" in told and f"{CASES} x invalid_date in Born" in told
    file.write_text(MENDED)
    assert "0 refused" in await said(capsys, profile.try_, feed, county=name, profile="trial")
    assert await said(capsys, profile.reload) != before

    # 3. Try, then resubmit; what is interrupted goes on.
    mine = {"choice": Choice(county=name, reason="invalid_date"), "all_": True}
    told = await said(capsys, quarantine.resubmit, **mine, try_=True)
    assert f"{CASES} tried: {CASES} would be recorded" in told and "Nothing was changed" in told
    assert await counts(found, name) == {"received": CASES, "recorded": 0, "repeats": 0, "quarantined": CASES}

    monkeypatch.setattr(quarantine, "PAGE", 100)
    monkeypatch.setattr(quarantine, "ask", broken_after(3))  # the summary, a page, and then no answer
    told = await said(capsys, quarantine.resubmit, **mine)
    assert "100 tried: 100 recorded" in told and "the same command goes on" in told
    monkeypatch.setattr(quarantine, "ask", asking.ask)
    assert f"{CASES - 100} tried: {CASES - 100} recorded" in await said(capsys, quarantine.resubmit, **mine)
    assert "nothing to do" in await said(capsys, quarantine.resubmit, **mine)
    told = await said(capsys, quarantine.resubmit, [first])
    assert "1 were resubmitted before: nothing changed" in told

    # 4. All of them are recorded, and say so.
    assert (await counts(found, name))["recorded"] == CASES
    told = await said(capsys, quarantine.summary)
    assert re.search(rf"resubmitted\s+{name}\s+.*{CASES}", told) and not re.search(rf"open\s+{name}", told)
    told = await said(capsys, quarantine.show, first)
    assert "resubmitted at" in told and "recorded as c" in told and "by profile trial" in told


def broken_after(answers: int) -> Callable[..., Any]:
    """``ask`` that loses ingest after so many requests."""
    left = answers

    def ask(*given: Any, **options: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0:
            raise ServerMissing("ingest does not answer")
        return asking.ask(*given, **options)

    return ask


async def counts(found: Addresses, name: str) -> dict[str, int]:
    headers = {"authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(base_url=found.urls["ingest"], headers=headers) as http:
        told: dict[str, int] = (await http.get("/v1/counts")).json()["counties"][name]
    return told
