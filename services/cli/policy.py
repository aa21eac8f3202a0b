"""``reliefstream policy``: the counties' policies, as tables to read and sign."""

from cyclopts import App
from rich.console import Console
from rich.table import Table

from services.cli.exit import WrongUsage
from services.eligibility.law.policy import Policy, Row
from services.eligibility.located_yaml import WrongFile
from services.eligibility.policy_files import UnknownPolicy, load_policy, policy_names

policy = App(name="policy", help="The counties' policies: list them, show one as a table.")
ACTS = {"district_attorney": "district attorney", "city_attorney": "city attorney", None: ""}


@policy.command(name="list")
def list_policies() -> None:
    """List the policies by name."""
    for name in policy_names():
        print(f"{name:20} {_load(name).title}")


@policy.command
def show(name: str) -> None:
    """Show a policy as the table that it is, row by row; the first that is met decides."""
    found, console = _load(name), Console(soft_wrap=False)
    console.print(f"[bold]{found.title}[/bold] ({found.name})\n{found.source.strip()}\n")
    table = Table("Row", "If", "Then", "Who acts", "The county's words", "Readings", show_lines=True)
    for row in found.rows:
        table.add_row(*_cells(row))
    console.print(table)
    for remark in found.remarks:
        console.print(f"- {remark}")
    console.print("What is unknown and could decide otherwise goes to review; readings: INTERPRETATIONS.md")


def _cells(row: Row) -> tuple[str, ...]:
    words = f"{row.determination_label}: {row.reason_label}"
    outcome = row.outcome.replace("_", " ")
    return (row.number, row.says, outcome, ACTS[row.route], words, ", ".join(row.readings))


def _load(name: str) -> Policy:
    try:
        return load_policy(name)
    except (UnknownPolicy, WrongFile) as error:
        raise WrongUsage(str(error)) from error
