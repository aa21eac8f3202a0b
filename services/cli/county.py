"""``reliefstream county``: whether a county's folder says what its services need, before they start."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from services import COUNTIES, counties
from services.cli.terminal.exit import Refused, WrongUsage

app = App(name="county", help="The counties' folders: what each says, and what is wrong with it.")


@app.command
def check(
    *folders: Annotated[
        Path, Parameter(help="a county's name, or the path of its folder; none: every county")
    ],
) -> None:
    """Read counties' files as each service reads them, and print what they mean or what is wrong, with file and line.

    Starts and changes nothing. Exit status 1 when a file is wrong.
    """
    from services.cli.printed.county_file import county_lines
    from services.eligibility.files.policy_files import UnknownPolicy

    wrong = 0
    for folder in [_folder(each) for each in folders] or [COUNTIES / name for name in counties()]:
        try:
            print("\n".join(county_lines(folder)))
        except (ValueError, UnknownPolicy) as error:
            wrong += 1
            print(error)
    if wrong:
        raise Refused(
            f"{wrong} of the folders would stop the services from starting; the reasons stand above."
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
