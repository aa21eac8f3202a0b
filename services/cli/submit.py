"""``reliefstream submit``: a client of the county's own topic."""

import asyncio
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Literal

import httpx
from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from reliefstream_contracts.identifiers import CountyName, derived
from services import COUNTIES
from services.cli.client.addresses import Addresses, addresses
from services.cli.client.known_county import OneCounty
from services.cli.servers import local_root
from services.cli.submission.submission import Outcome, Progress, Silent, Submission
from services.cli.submission.units import Format, submitted_file
from services.cli.terminal.exit import Refused, ServerMissing, WrongUsage
from services.evaluation.county import profile_named
from services.evaluation.doj_file import UnreadableFile
from services.ingest.core.doj.file.uniting import extract_number
from services.ingest.core.profile.profile import Profile
from services.ingest.profiles.counties import sending_counties

FULL = (
    "Kafka and ingest answer, but no receipt comes: the flow behind ingest is full, or a service behind it stands, "
    "and ingest waits for it. Which one: reliefstream status (`ready no` or `?`, or much that waits). "
    "The same command goes on where this one stopped."
)
BAR_AFTER_S = 2.0
Encoding = Literal["utf-8", "latin-1"]


def submit(
    files: Annotated[list[Path], Parameter(negative=())],
    *,
    county: OneCounty,
    format: Format,  # noqa: A002 - the option's name
    extract: str | None = None,
    encoding: Encoding = "utf-8",
    profile: str | None = None,
) -> int:
    """Stream files into a county's topic, wait for each receipt, and say what was recorded and what refused.

    An interrupted run goes on where it stopped. A file sent again changes nothing, and says so.

    Parameters
    ----------
    files
        DOJ's bulk files (CSV of 95 columns), or court cases (one JSON object a line, or a feed as the county's
        profile describes it).
    county
        Which county sends: los-angeles.
    format
        doj or court.
    extract
        DOJ: the date (YYYY-MM-DD) or number of the extract. Files of one extract are united; a later one
        replaces an earlier one, person by person.
    encoding
        DOJ: latin-1 for files that are not UTF-8.
    profile
        Court: which of the county's profiles describes the files (else the one that county.yaml names); none:
        one JSON object a line.
    """
    if extract_number(extract) is None:
        raise WrongUsage(f"--extract {extract}: a date (YYYY-MM-DD) or a number")
    for path in files:
        if not path.is_file():
            raise WrongUsage(f"{path}: no such file")
    feed = profile_of(county, format, profile)
    found = addresses()
    refused = False
    for path in files:
        try:
            outcome = submit_file(
                found, path, county, format, extract=extract, encoding=encoding, profile=feed
            )
        except UnreadableFile as error:
            refused = True
            print(f"{path}: {error.problem.what}.\n  To do: {error.problem.remedy}.")
            continue
        except OSError as error:
            raise WrongUsage(f"{path}: {error.strerror}") from None
        print(report(path, county, outcome))
        refused = refused or outcome.refused > 0
    if refused:
        raise Refused("Some input was refused; the reasons stand above.")
    return 0


def profile_of(county: str, form: Format, named: str | None) -> Profile | None:
    """The profile that a county's files have: the one named, else the one of county.yaml; None: the strict JSON,
    or DOJ's file. Raises WrongUsage."""
    if form == "doj":
        if named is not None:
            raise WrongUsage("--profile is for --format court: DOJ's file is the same for every county")
        return None
    try:
        known = sending_counties(COUNTIES)[CountyName(county)]
    except ValueError as error:  # a county's file or profile is wrong; the text says which and where
        raise WrongUsage(str(error)) from None
    except KeyError:
        raise WrongUsage(f"{county} has no county.yaml") from None
    return profile_named(known, named)


def submit_file(
    found: Addresses,
    path: Path,
    county: str,
    form: Format,
    *,
    extract: str | None = None,
    encoding: Encoding = "utf-8",
    profile: Profile | None = None,
) -> Outcome:
    """Sends one file and waits for its receipts. Raises UnreadableFile, ServerMissing, OSError."""
    with ExitStack() as stack:
        file = submitted_file(path, form, profile)
        stack.enter_context(file.open())
        said = (extract or "", encoding, *((profile.name, profile.fingerprint) if profile else ()))
        submission_id = str(derived("submission", county, form, file.sha256, *said))
        submission = Submission(county, file, submission_id, extract or "", encoding)
        progress = Progress(local_root() / "submissions" / f"{submission_id}.json")
        moved = _bar(stack, path.name)
        try:
            return asyncio.run(submission.run(found.kafka.client_options(), progress, moved))
        except Silent:
            if not _ready(found):
                raise
            raise ServerMissing(FULL) from None


def _ready(found: Addresses) -> bool:
    """Whether ingest answers that it is ready."""
    try:
        with found.client("ingest") as client:
            return client.get("/readyz", timeout=5).is_success
    except httpx.HTTPError:
        return False


def _bar(stack: ExitStack, name: str) -> Callable[[int, int | None], None]:
    """Shows a bar at a terminal once it has taken longer than two seconds."""
    console = Console(stderr=True)
    begun = time.monotonic()
    bar = Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )
    task = bar.add_task(f"{name}: answered", total=None)
    shown = False

    def moved(answered: int, total: int | None) -> None:
        nonlocal shown
        if console.is_terminal and not shown and time.monotonic() - begun > BAR_AFTER_S:
            stack.enter_context(bar)
            shown = True
        bar.update(task, completed=answered, total=total)

    return moved


def report(path: Path, county: str, outcome: Outcome) -> str:
    """What became of a file, in lines; the reasons by kind, the most frequent first."""
    lines = [
        f"{path}: received {outcome.received:,} records = recorded {outcome.recorded:,} + repeats {outcome.repeats:,}"
        f" + quarantined {outcome.quarantined:,}"
    ]
    if outcome.refused > outcome.quarantined:
        lines.append(
            f"  Of the recorded, {outcome.refused - outcome.quarantined:,} had rows that were refused:"
        )
    if outcome.repeats == outcome.received and outcome.received:
        lines.append("  Everything was known already: nothing changed.")
    for (code, _), reason in sorted(outcome.reasons.items(), key=lambda item: (-item[1].count, item[0])):
        more = ", ..." if reason.count > len(reason.first) else ""
        lines.append(f"  {reason.count:,} x {code}: {reason.what}")
        lines.append(f"      where: {'; '.join(reason.first)}{more}")
        lines.append(f"      to do: {reason.remedy}")
    if outcome.refused:
        lines.append(f"  All of it: reliefstream quarantine list --county {county}")
    return "\n".join(lines)
