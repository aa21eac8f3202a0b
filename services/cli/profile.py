"""``reliefstream profile``: tries a county's description of its own court feed before anything is sent by it."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.validators import Number

from services import COUNTIES
from services.cli.client.known_county import OneCounty
from services.cli.client.services import ask
from services.cli.terminal.exit import Refused, WrongUsage, ends_as

app = App(
    name="profile",
    help="A county's description of its own court feed: check it, try it on a file, put it in force.",
)


@app.command
def check(files: Annotated[list[Path], Parameter(help="files of profiles")]) -> None:
    """Check profiles as ingest does when it starts. Exit status 1 when one is wrong: file, line and what is meant."""
    from services.chassis.settings.located_yaml import WrongFile
    from services.cli.printed.profile_trial import layout_name
    from services.evaluation.county import profile_in

    wrong = 0
    for path in files:
        try:
            found = profile_in(path)
        except WrongFile as error:
            wrong += 1
            print(error)
            continue
        columns, fields = len(found.used()), len(found.fields())
        print(f"{path}: good; {layout_name(found)}, {fields} fields from {columns} columns or paths")
    if wrong:
        raise Refused(f"{wrong} of {len(files)} profiles are wrong.")


@app.command(name="try")
def try_(
    feed: Annotated[Path, Parameter(help="the court's export")],
    *,
    county: OneCounty,
    profile: Annotated[str, Parameter(help="a profile's file, or the name of one of the county's")],
    rows: Annotated[int, Parameter(help="how many cases to read; 0 for all", validator=Number(gte=0))] = 100,
    show_names: Annotated[
        bool,
        Parameter(
            negative=(),
            help="show names, birth dates and identifiers of persons as they stand; without it their letters are x "
            "and their digits 9",
        ),
    ] = False,
) -> None:
    """Read the first cases of a feed by a profile, and show what is understood; nothing is sent.

    Exit status 1 when a case is refused, with the reasons; codes that no table has are listed with their counts.
    """
    from itertools import islice

    from reliefstream_contracts.identifiers import CountyName
    from services.chassis.runtime.clock import SystemClock
    from services.cli.printed.profile_trial import print_trial
    from services.evaluation.county import profile_or_file
    from services.evaluation.files.court_feed import CourtFeed
    from services.evaluation.files.doj_file import UnreadableFile
    from services.evaluation.profile_trial import Trial
    from services.ingest.profiles.counties import sending_counties

    with ends_as(WrongUsage, ValueError):
        intake = sending_counties(COUNTIES)[CountyName(county)]
        found = profile_or_file(intake, profile, COUNTIES)
    if not feed.is_file():
        raise WrongUsage(f"{feed}: no such file")
    trial = Trial(found, intake.intake, intake.day(SystemClock(None).now()))
    try:
        with CourtFeed(feed, found) as opened:
            for unit in islice(opened.units(), rows or None):
                trial.add(unit)
    except UnreadableFile as error:
        raise Refused(f"{feed}: {error.problem.what}.\n  To do: {error.problem.remedy}.") from None
    except OSError as error:
        raise WrongUsage(f"{feed}: {error.strerror}") from None
    print_trial(trial, show_names)
    if trial.cases == rows:
        print(f"The first {rows:,} cases were read: --rows 0 reads all.")
    if trial.refused:
        raise Refused(f"{trial.refused:,} of {trial.cases:,} cases are refused; the reasons stand above.")


@app.command
def reload(*, county: Annotated[str | None, Parameter(help="print this county only")] = None) -> None:
    """Have the running ingest read corrected profiles now, and say what is in force (it looks by itself, too).

    Exit status 1 when a county's new files are wrong; those before them stay in force.
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
