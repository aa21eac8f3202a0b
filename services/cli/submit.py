"""``reliefstream submit``: a client of the county's own topic."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from services import COUNTIES
from services.cli.client.addresses import addresses
from services.cli.client.known_county import OneCounty
from services.cli.terminal.exit import Refused, WrongUsage, ends_as

if TYPE_CHECKING:
    from services.ingest.core.profile.profile import Profile


def submit(
    files: Annotated[
        list[Path],
        Parameter(
            negative=(),
            help="DOJ's bulk files (CSV of 95 columns), or court cases (one JSON object a line, or a feed as the "
            "county's profile describes it)",
        ),
    ],
    *,
    county: OneCounty,
    format: Annotated[Literal["doj", "court"], Parameter(help="doj or court")],  # noqa: A002 - the option's name
    extract: Annotated[
        str | None,
        Parameter(
            help="DOJ: date (YYYY-MM-DD) or number of the extract. Files of one extract are united; a later extract "
            "replaces an earlier one, person by person"
        ),
    ] = None,
    encoding: Annotated[
        Literal["utf-8", "latin-1"], Parameter(help="DOJ: latin-1 for files that are not UTF-8")
    ] = "utf-8",
    profile: Annotated[
        str | None,
        Parameter(
            help="court: which of the county's profiles describes the files (else the one that county.yaml names); "
            "none: one JSON object a line"
        ),
    ] = None,
) -> None:
    """Stream files into a county's topic, wait for each receipt, and say what was recorded and what refused.

    A run that was interrupted goes on where it stopped. A file sent again changes nothing, and the report says so.
    """
    from services.cli.submission.report import report
    from services.cli.submission.submit_file import submit_file
    from services.evaluation.files.doj_file import UnreadableFile
    from services.ingest.core.doj.file.uniting import extract_number

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


def profile_of(county: str, form: str, named: str | None) -> "Profile | None":
    """The profile that a county's files have: the one named, else the one of county.yaml; None: the strict JSON,
    or DOJ's file. Raises WrongUsage."""
    from reliefstream_contracts.identifiers import CountyName
    from services.evaluation.county import profile_named
    from services.ingest.profiles.counties import sending_counties

    if form == "doj":
        if named is not None:
            raise WrongUsage("--profile is for --format court: DOJ's file is the same for every county")
        return None
    with ends_as(WrongUsage, ValueError):  # also a county's file or profile that is wrong: which and where
        return profile_named(sending_counties(COUNTIES)[CountyName(county)], named)
