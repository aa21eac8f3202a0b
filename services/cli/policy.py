"""``reliefstream policy``: the counties' policies, as tables to read, sign and compare."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from services import COUNTIES
from services.cli.policy_compare import compare
from services.cli.terminal.exit import WrongUsage, ends_as

policy = App(
    name="policy", help="The counties' policies: list them, show one as a table to sign, compare several."
)
policy.command(compare)


@policy.command(name="list")
def list_policies() -> None:
    """List the policies by name, with the law that each is under and where it is in force."""
    from services.chassis.settings.located_yaml import WrongFile
    from services.cli.terminal.tables import a_console, a_table
    from services.eligibility.files.policy_titles import policies_in_force, policy_names, policy_title

    console = a_console()
    table = a_table(console, "Policy", "Law", "Title", "In force")
    with ends_as(WrongUsage, WrongFile):
        in_force, names = policies_in_force(COUNTIES), policy_names()
        for name in (*names, *sorted({one.policy for one in in_force} - set(names))):
            title = policy_title(name)
            where = "; ".join(f"{one.county} from {one.since}" for one in in_force if one.policy == name)
            table.add_row(_short(name), *title, where)
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
    from services.cli.printed.policy_sheet import print_sheet
    from services.eligibility.explain.policy_sheet import sheet
    from services.eligibility.files.interpretations import interpretations
    from services.eligibility.files.policy_files import UnknownPolicy, load_policy
    from services.eligibility.files.policy_options import read_options
    from services.eligibility.files.policy_titles import policies_in_force

    with ends_as(WrongUsage, UnknownPolicy, ValueError):
        found = load_policy(name, read_options(options) if options is not None else None)
        in_force = [
            (one.county, one.since, one.until)
            for one in policies_in_force(COUNTIES)
            if one.policy == name or _same_file(one.policy, name)
        ]
    titles = {number: interpretation.summary for number, interpretation in interpretations().items()}
    print_sheet(sheet(found, in_force, titles))


@policy.command
def rule(
    name: Annotated[str, Parameter(help="a rule, a statute's file or a policy, as the manual names it")],
) -> None:
    """Show the manual's page of a rule: its question, citation, lists and dates, and the policies that use it."""
    from rich.markdown import Markdown

    from services.cli.terminal.tables import a_console
    from services.eligibility.manual.pages import UnknownPage, page

    with ends_as(WrongUsage, UnknownPage):
        text = page(name)
    a_console().print(Markdown(text))


def _short(name: str) -> str:
    """A path as short as it can be typed here; a name as it is."""
    path = Path(name)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else name


def _same_file(one: str, other: str) -> bool:
    return other.endswith(".yaml") and Path(one).absolute() == Path(other).absolute()
