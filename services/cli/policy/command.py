"""``reliefstream policy``: the counties' policies, as tables to read, sign and compare."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.markdown import Markdown

from reliefstream_contracts.identifiers import CountyName
from services import COUNTIES
from services.chassis.settings.located_yaml import WrongFile
from services.cli.policy.compare import compare
from services.cli.readings import readings
from services.cli.terminal.exit import WrongUsage
from services.cli.terminal.plain_table import a_console, a_table
from services.eligibility.explain.policy_sheet import InForce, sheet
from services.eligibility.files.county_files import CountyPolicies, read_counties
from services.eligibility.files.policy_files import UnknownPolicy, load_policy, policy_names
from services.eligibility.files.policy_options import read_options
from services.eligibility.law.engine.policy import Policy
from services.eligibility.manual.pages import UnknownPage, page

policy = App(
    name="policy", help="The counties' policies: list them, show one as a table to sign, compare several."
)
policy.command(compare)


@policy.command(name="list")
def list_policies() -> None:
    """List the policies by name, with the law that each is under and where it is in force."""
    console = a_console()
    table = a_table(console, "Policy", "Law", "Title", "In force")
    for name in (*policy_names(), *_own()):
        found = _load(name, None)
        where = "; ".join(f"{county} from {since}" for county, since, _ in _in_force(name))
        table.add_row(_shown(name), found.law.name, found.title, where)
    console.print(table)


@policy.command
def show(
    name: Annotated[
        str, Parameter(help="a name (see: reliefstream policy list), or a .yaml file of your own")
    ],
    *,
    options: Annotated[Path | None, Parameter(help="a file with the options of this policy")] = None,
) -> None:
    """Show a policy as the table that a district attorney would sign."""
    console = a_console()
    for part in sheet(_load(name, options), _in_force(name), readings(), console):
        console.print(part)


@policy.command
def rule(
    name: Annotated[str, Parameter(help="a rule, a statute's file or a policy, as the manual names it")],
) -> None:
    """Show the manual's page of a rule: what it asks and cites, its lists and dates, and which policies ask it."""
    try:
        a_console().print(Markdown(page(name)))
    except UnknownPage as error:
        raise WrongUsage(str(error)) from error


def _own() -> list[str]:
    """The policies that lie in counties' own folders, by path."""
    paths = {selected.name for file in _counties().values() for selected in file.policies}
    return sorted(paths - set(policy_names()))


def _shown(name: str) -> str:
    """A path as short as it can be typed here."""
    path = Path(name)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else name


def _same_file(one: str, other: str) -> bool:
    return other.endswith(".yaml") and Path(one).absolute() == Path(other).absolute()


def _counties() -> dict[CountyName, CountyPolicies]:
    try:
        return read_counties(COUNTIES)
    except WrongFile as error:
        raise WrongUsage(str(error)) from error


def _in_force(name: str) -> list[InForce]:
    """In which counties, from when until when, as their files have it."""
    found: list[InForce] = []
    for county, file in _counties().items():
        until = None
        for selected in file.policies:  # the latest first
            if selected.name == name or _same_file(selected.name, name):
                found.append((county, selected.since, until))
            until = selected.since
    return sorted(found, key=lambda one: (one[0], one[1]))


def _load(name: str, options: Path | None) -> Policy:
    try:
        return load_policy(name, read_options(options) if options is not None else None)
    except OSError as error:
        raise WrongUsage(f"--options {options}: {error.strerror}") from None
    except (UnknownPolicy, WrongFile) as error:
        raise WrongUsage(str(error)) from error
