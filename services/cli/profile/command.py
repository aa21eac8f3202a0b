"""``reliefstream profile``: tries a county's description of its own court feed before anything is sent by it."""

from itertools import islice
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from reliefstream_contracts.county_file import CountyFile
from reliefstream_contracts.identifiers import CountyName
from services import COUNTIES
from services.chassis.runtime.clock import SystemClock
from services.chassis.settings.located_yaml import WrongFile
from services.chassis.settings.yaml_model import read_model
from services.cli.client.known_county import OneCounty
from services.cli.client.request import ask
from services.cli.profile.trial import Trial
from services.cli.terminal.exit import Refused, WrongUsage
from services.evaluation.court_feed import CourtFeed
from services.evaluation.doj_file import UnreadableFile
from services.ingest.core.profile.profile import Csv, Fixed, Profile
from services.ingest.profiles.counties import SendingCounty, sending_counties
from services.ingest.profiles.profile_file import read_profile

app = App(
    name="profile",
    help="A county's description of its own court feed: check it, try it on a file, put it in force.",
)


@app.command
def check(files: list[Path]) -> None:
    """Check profiles as ingest does when it starts. Exit status 1 when one is wrong: file, line and what is meant."""
    wrong = 0
    for path in files:
        try:
            found = read_profile(path, _cities(path))
        except WrongFile as error:
            wrong += 1
            print(error)
            continue
        columns, fields = len(found.used()), len(found.fields())
        print(f"{path}: good; {_kind(found)}, {fields} fields from {columns} columns or paths")
    if wrong:
        raise Refused(f"{wrong} of {len(files)} profiles are wrong.")


@app.command(name="try")
def try_(
    feed: Path,
    *,
    county: OneCounty,
    profile: str,
    rows: int = 100,
    show_names: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """Read the first cases of a feed by a profile, and show what is understood; nothing is sent.

    Exit status 1 when a case is refused, with the reasons; codes that no table has are listed with their counts.

    Parameters
    ----------
    feed
        The court's export.
    county
        Whose feed: sacramento.
    profile
        A profile's file, or the name of one of the county's.
    rows
        How many cases to read; 0 for all.
    show_names
        Show names, birth dates and identifiers of persons as they stand; without it their letters are x, digits 9.
    """
    intake, found = _chosen(county, profile)
    if not feed.is_file():
        raise WrongUsage(f"{feed}: no such file")
    if rows < 0:
        raise WrongUsage("--rows is 0 (all) or more")
    trial = Trial(found, intake.intake, intake.day(SystemClock(None).now()))
    try:
        with CourtFeed(feed, found) as opened:
            for unit in islice(opened.units(), rows or None):
                trial.add(unit)
    except UnreadableFile as error:
        raise Refused(f"{feed}: {error.problem.what}.\n  To do: {error.problem.remedy}.") from None
    except OSError as error:
        raise WrongUsage(f"{feed}: {error.strerror}") from None
    _print(trial, show_names)
    if trial.refused:
        raise Refused(f"{trial.refused:,} of {trial.cases:,} cases are refused; the reasons stand above.")


@app.command
def reload(*, county: str | None = None) -> None:
    """Have the running ingest read corrected profiles now, and say what is in force (it looks by itself, too).

    Exit status 1 when a county's new files are wrong; those before them stay in force.

    Parameters
    ----------
    county
        Only say this county's.
    """
    found = ask("ingest", "POST", "/v1/profiles/reload")["counties"]
    if county is not None and county not in found:
        raise WrongUsage(f"ingest takes nothing from {county!r}; its counties: {', '.join(found)}")
    shown = {name: one for name, one in found.items() if county in (None, name)}
    for name, one in shown.items():
        profiles = ", ".join(f"{each} ({print_})" for each, print_ in one["profiles"].items())
        print(f"{name}: {profiles or 'no profiles: the strict JSON'}")
    wrong = {name: one["refused"] for name, one in shown.items() if one["refused"]}
    if wrong:
        told = "\n".join(
            f"{name}: its new files are refused, those before stay in force: {why}"
            for name, why in wrong.items()
        )
        raise Refused(told)


def _print(trial: Trial, show_names: bool) -> None:
    console = Console(soft_wrap=True, highlight=False, markup=False)
    console.print(
        f"{trial.cases:,} cases read: {trial.cases - trial.refused:,} understood, {trial.refused:,} refused\n"
    )
    table = [("field", "from", "filled", "text -> understood")]
    for seen in trial.fields():
        examples = "; ".join(trial.examples(seen, show_names)) or "(never anything)"
        table.append((seen.name, seen.columns, f"{seen.filled:,} of {seen.times:,}", examples))
    widths = [max(len(row[at]) for row in table) for at in range(3)]
    for row in table:
        console.print("  ".join(text.ljust(width) for text, width in zip(row, [*widths, 0], strict=True)))
    for title, lines in (
        ("Refused, by reason", trial.reasons()),
        ("Codes that no table has", trial.unknown_codes(show_names)),
        ("Columns that nothing is taken from", trial.columns_unused()),
    ):
        if lines:
            console.print(f"\n{title}:")
            for line in lines:
                console.print(f"  {line}")


def _chosen(county: str, profile: str) -> tuple[SendingCounty, Profile]:
    try:
        intake = sending_counties(COUNTIES)[CountyName(county)]
    except ValueError as error:
        raise WrongUsage(str(error)) from None
    except KeyError:
        raise WrongUsage(f"{county} has no county.yaml") from None
    if profile in intake.profiles:
        return intake, intake.profiles[profile]
    path = Path(profile)
    if not path.is_file():
        there = ", ".join(intake.profiles) or "none"
        raise WrongUsage(
            f"--profile {profile}: no such file, and no profile of {county} (there are: {there})"
        )
    try:
        return intake, read_profile(path, _cities(COUNTIES / county / "profiles" / path.name))
    except WrongFile as error:
        raise WrongUsage(str(error)) from None


def _cities(path: Path) -> tuple[str, ...]:
    """The cities that prosecute in the county whose folder a profile lies in; none elsewhere."""
    file = path.absolute().parent.parent / "county.yaml"
    return read_model(file, CountyFile).city_prosecutors if file.is_file() else ()


def _kind(profile: Profile) -> str:
    if isinstance(profile.layout, Csv):
        return "CSV"
    return "fixed columns" if isinstance(profile.layout, Fixed) else "JSON"
