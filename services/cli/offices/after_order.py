"""After a court's order: what became of its lines, and orders that what is determined now no longer fits."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from cyclopts import Parameter

from services.cli.client.services import ask
from services.cli.offices.sent_file import sent_file
from services.cli.printed.orders import counted


def outcomes(
    file: Annotated[
        Path, Parameter(help="CSV or XLSX with the columns line and outcome, such as the list itself")
    ],
    /,
    *,
    order: Annotated[str, Parameter(help="the proposed order, such as los-angeles-1")],
) -> int:
    """Tell what the clerk found when the lines of a confirmed order were carried out: done, not found, destroyed,
    duplicate. Exit status 1: a line is not on the order, or was not ordered."""
    found = sent_file("relief", f"/v1/proposed-orders/{quote(order, safe='')}/outcomes/table", file)
    not_taken = found["not_taken"]
    print(f"{counted(found['told'] - len(not_taken), 'line')} kept on {order}.")
    for name, number in found["outcomes"].items():
        print(f"  {name.replace('_', ' ')}: {number}")
    if not_taken:
        shown = ", ".join(map(str, not_taken[:20]))
        print(f"{counted(len(not_taken), 'line')} not on it, or not ordered: {shown}")
    return 1 if not_taken else 0


def differing(*, county: str, limit: int = 50, after: str | None = None) -> None:
    """List the orders that what is determined now no longer fits, and second orders on one conviction: the longest
    waiting first, each with whose it is."""
    found = ask("relief", "GET", _top(county), query={"limit": limit, "after": after})
    print(f"{counted(found['number'], 'order')} to look at in {county}.")
    for each in found["orders"]:
        print("\n".join(_lines(each)))
    if found["orders"]:
        print(f"Then: reliefstream order settle ID --county {county} --version N --reason WHAT-WAS-DONE")
    if found["next"]:
        print(f"more: --after {found['next']}")


def settle(
    relief_id: Annotated[UUID, Parameter(help="the relief's id, as order differing shows it")],
    /,
    *,
    county: str,
    version: Annotated[int, Parameter(help="as order differing shows it")],
    reason: Annotated[str, Parameter(help="what was done, or why it stays as it is; no person's name")],
) -> None:
    """End what waits about an order although it still differs; it waits again when something else is determined."""
    said = {"version": version, "reason": reason}
    done = ask("relief", "POST", f"{_top(county)}/{relief_id}/settle", body=said)["done"]
    print(f"Relief {relief_id}: {'settled' if done else 'it waited no more'}.")


def _top(county: str) -> str:
    return f"/v1/counties/{quote(county, safe='')}/differing-orders"


def _lines(one: Mapping[str, Any]) -> Iterator[str]:
    known = one["conviction"]
    case = known["case_number"] or "without a number"
    yield f"{one['relief_id']}  version {one['version']}  {known['section']}, case {case}"
    yield f"    {_said(one)}; the {one['owner'].replace('_', ' ')}'s, since {one['since'][:10]}"
    yield f"    ordered: {one['kind']}, {_order(one['order'])}"
    for other in one["other_orders"]:
        yield f"    the other order: {_order(other['order'])}"


def _said(one: Mapping[str, Any]) -> str:
    if one["differs"] == "ordered_twice":
        return "two orders on one conviction: ask the judge which one is to stay"
    if one["differs"] == "split":
        return "its counts are of several convictions now: ask the court which it meant"
    now = ", ".join(f"{each['outcome']} ({each['reason']})" for each in one["now"]) or "on no record"
    return f"determined now: {now}"


def _order(order: Mapping[str, Any]) -> str:
    return f"{order['number']}, {order['judge']}, {order['on']}"
