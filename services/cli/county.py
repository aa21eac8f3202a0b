"""``reliefstream county``: whether a county's folder says what its services need, before they start."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from deploy.local.plan import counties
from reliefstream_contracts.county_file import CountyFile
from services import COUNTIES
from services.chassis.settings.yaml_model import read_model
from services.cli.terminal.exit import Refused, WrongUsage
from services.eligibility.explain.unknown_sections import doubtful_sections
from services.eligibility.files.county_files import read_county
from services.eligibility.files.policy_files import UnknownPolicy, load_policy
from services.ingest.profiles.counties import sending_county_in

app = App(name="county", help="The counties' folders: what each says, and what is wrong with it.")


@app.command
def check(
    *folders: Annotated[
        Path, Parameter(help="a county's name, or the path of its folder; none: every county")
    ],
) -> int:
    """Read counties' files as each service will, and say what they mean or what is wrong, with file and line.

    Starts and changes nothing. Exit status 1 when a file is wrong.
    """
    wrong = 0
    for folder in [_folder(each) for each in folders] or [COUNTIES / name for name in counties()]:
        try:
            print("\n".join(said(folder)))
        except (ValueError, UnknownPolicy) as error:
            wrong += 1
            print(error)
    if wrong:
        raise Refused(
            f"{wrong} of the folders would stop the services from starting; the reasons stand above."
        )
    return 0


def said(folder: Path) -> Iterator[str]:
    """What a county's folder says, in lines. Raises ValueError, UnknownPolicy with what is wrong."""
    path = folder / "county.yaml"
    file = read_model(path, CountyFile)
    judged, intake = read_county(path), sending_county_in(path)
    yield f"{file.county}: {', '.join(file.names) or 'no other names'}; {file.timezone}"
    yield f"  relief: {file.order_mode}"
    for selected in judged.policies:
        policy = load_policy(selected.name, selected.options)
        yield f"  from {selected.since}: {policy.name} ({policy.title})"
        yield from (f"    look at it: {doubt}" for doubt in doubtful_sections(policy))
    yield f"  cities that prosecute: {', '.join(file.city_prosecutors) or 'none'}"
    yield (
        f"  court's files: {file.court_profile or 'our JSON lines'}; "
        f"profiles: {', '.join(intake.profiles) or 'none'}"
    )


def _folder(given: Path) -> Path:
    """A county by its name, else the folder itself, or that of the county.yaml. Raises WrongUsage."""
    if str(given) in counties():
        return COUNTIES / given
    folder = given.parent if given.name == "county.yaml" else given
    if not (folder / "county.yaml").is_file():
        raise WrongUsage(
            f"{given}: no county's name, and no folder with a county.yaml; known: {', '.join(counties())}"
        )
    return folder
