"""``reliefstream statement``: what offices state of convictions, what became of it, and many at once from a file."""

import json
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from services.cli.terminal.exit import Refused

app = App(
    name="statement",
    help="What offices state of convictions that no record shows, and what has become of each statement.",
)
COUNTY = Annotated[str, Parameter(help="the county, as in topic names: los-angeles")]
AT_A_TIME = 200


@app.command(name="list")
def list_(
    *,
    county: COUNTY,
    status: Annotated[
        Literal["applied", "waiting", "stale", "withdrawn"] | None,
        Parameter(help="stale: its counts were changed or split since, so that its author has to look again"),
    ] = None,
    limit: Annotated[int, Parameter(help="how many at most, up to 500")] = 100,
    after: Annotated[str | None, Parameter(help="goes on behind this statement")] = None,
) -> None:
    """Show what has become of a county's statements, by id."""
    from services.cli.client.services import ask
    from services.cli.terminal.tables import a_console, a_table

    query = {"status": status, "limit": limit, "after": after}
    told = ask("reconciliation", "GET", f"/v1/counties/{county}/statements", query=query)
    console = a_console()
    shown = a_table(console, "statement", "revision", "status", "office", "facts", "why")
    for one in told["statements"]:
        own = (one["statement_id"], str(one["revision"]), one["status"], one["role"])
        shown.add_row(*own, ", ".join(one["facts"]), one["reason"])
    console.print(shown)
    if told["next"]:
        print(f"\nMore: --after {told['next']}")


@app.command
def show(statement_id: str, *, county: COUNTY) -> None:
    """Show every revision of one statement as JSON, and what has become of the last, and whether the law uses it."""
    from services.cli.offices.statements import revisions, standing, use

    found = revisions(county, statement_id)
    now = standing(county, statement_id) or {"status": "under way to reconciliation"}
    print(json.dumps({"now": now, "law": use(county, statement_id), "revisions": found}, indent=2))


@app.command
def withdraw(
    statement_id: str,
    *,
    county: COUNTY,
    basis: Annotated[str, Parameter(help="why, without a person's name")],
) -> None:
    """Withdraw a statement of your own office; the conviction is judged without it, within seconds."""
    from services.cli.offices.statements import withdraw as withdrawn

    taken = withdrawn(county, statement_id, basis)
    print(f"withdrawn with revision {taken.revision}; its way: reliefstream trace {taken.trace_id}")


@app.command(name="import")
def import_(
    file: Annotated[
        Path, Parameter(help=".json (a list), .jsonl (one a line) or .csv (one count and fact a row)")
    ],
    *,
    county: COUNTY,
) -> int:
    """Send the statements of a file; each is answered for itself. Exit status 1 when some were refused.

    A CSV has the columns statement_id, revision, withdrawn, basis, count, section, disposed_on, case_number, fact and
    value; rows of one statement_id and revision are one statement. Sent again, the same file changes nothing.
    """
    from services.cli.offices.statement_file import read_statements
    from services.cli.offices.statements import Taken, state
    from services.cli.terminal.progress_bar import progress_bar

    sha256, given = read_statements(file)
    taken: list[Taken] = []
    with progress_bar() as progress:
        for at in range(0, len(given), AT_A_TIME):
            taken += state(county, given[at : at + AT_A_TIME], key=f"{sha256}-{at}")
            progress("sending statements", len(taken) / len(given))
    refused = [(number, one) for number, one in enumerate(taken, 1) if one.status == "refused"]
    for number, one in refused:
        print(f"statement {number} of the file: {one.why()}")
    done = sum(one.status == "recorded" for one in taken)
    print(
        f"{len(taken):,} statements: {done:,} recorded, {len(taken) - done - len(refused):,} known already, "
        f"{len(refused):,} refused"
    )
    if not taken:
        raise Refused(f"{file} holds no statement.")
    return 1 if refused else 0
