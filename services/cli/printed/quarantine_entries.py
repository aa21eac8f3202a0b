"""Quarantine entries as a person reads them: the summary, a list, one entry whole."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.table import Table

from services.cli.terminal.age import age
from services.cli.terminal.tables import a_console, a_table

KINDS = {"record": "record", "rows": "rows of a recorded rap sheet"}
HELD = {
    "record": "a whole record: nothing of it was recorded",
    "rows": "rows of a rap sheet: its other rows were recorded, and it counts as incomplete until these are",
}


def print_summary(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Prints counts of entries by county, reason, field and day; open ones first."""
    console = a_console()
    if not found["states"]:
        console.print("Nothing is in quarantine.")
        return
    table = a_table(console, "state", "county", "oldest", numbers=["entries", "times sent"])
    for one in found["states"]:
        oldest = age(one["oldest_age_seconds"])
        table.add_row(one["state"], one["county"], oldest, f"{one['entries']:,}", f"{one['sent']:,}")
    console.print(table)
    console.print("\nBy reason (an entry with several problems counts under each):")
    _print_reasons(
        a_table(console, "state", "county", "what", "as", "reason", "field", "days", numbers=["entries"]),
        found,
    )
    table = a_table(console, "day", "county", numbers=["entries", "still open"])
    for one in found["days"]:
        table.add_row(one["day"], one["county"], f"{one['entries']:,}", f"{one['open']:,}")
    console.print()
    console.print(table)


def _print_reasons(table: Table, found: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    console = a_console()
    for one in found["reasons"]:
        days = one["first"] if one["first"] == one["last"] else f"{one['first']} to {one['last']}"
        table.add_row(
            one["state"], one["county"], KINDS[one["kind"]], sent_as(one), one["reason"], one["field"] or "(all)", days,
            f"{one['entries']:,}",
        )  # fmt: skip
    console.print(table)


def sent_as(one: Mapping[str, Any]) -> str:
    """``doj``, ``court``, ``court by odyssey``."""
    return f"{one['format'] or '?'}{' by ' + one['profile'] if one['profile'] else ''}"


def listed(entry: Mapping[str, Any]) -> Iterator[str]:
    """An entry in some lines."""
    rows = f", {KINDS['rows']}" if entry["kind"] == "rows" else ""
    often = f", sent {entry['sent']:,} times" if entry["sent"] > 1 else ""
    yield (
        f"{entry['quarantine_id']}  {entry['state']}  {entry['county']}  {sent_as(entry)}{rows}  {entry['day']}{often}"
    )
    for problem in entry["problems"][:3]:
        yield f"    {problem['code']}: {problem['where']}: {problem['what']}"
    if len(entry["problems"]) > 3:
        yield f"    and {len(entry['problems']) - 3} more"
    if entry["state"] != "open":
        yield f"    {_ended(entry)}"


def whole(entry: Mapping[str, Any]) -> Iterator[str]:
    """An entry with every problem, what to do, its history and what was sent."""
    yield f"{entry['quarantine_id']}: {entry['state']}"
    yield f"  county     {entry['county']}, sent as {sent_as(entry)}"
    yield f"  what       {HELD[entry['kind']]}"
    if entry["record_id"]:
        revision = "" if entry["revision"] is None else f", revision {entry['revision']}"
        yield f"  record     {entry['record_id']}{revision}"
    yield f"  came       {entry['quarantined_at']}, receipt {entry['receipt_id']}"
    if entry["sent"] > 1:
        yield f"  sent       {entry['sent']:,} times, last on {entry['last_sent_at']}; what follows is of the last"
    if trace := entry["headers"].get("traceparent", "").split("-")[1:2]:
        yield f"  trace      {trace[0]}"
    if entry["file_sha256"]:
        yield f"  file       SHA-256 {entry['file_sha256']}"
    for problem in entry["problems"]:
        yield f"  wrong      {problem['where']}"
        yield f"    rule     {problem['code']}: {problem['what']}"
        yield f"    to do    {problem['remedy']}"
    for one in entry["history"]:
        yield f"  history    {_attempt(one)}"
    if entry["state"] != "open":
        yield f"  outcome    {_ended(entry)}"
    yield "  what was sent (numbers that are dropped at intake are taken out):"
    yield entry["raw"]


def _attempt(one: Mapping[str, Any]) -> str:
    reasons = f": {', '.join(one['reasons'])}" if one.get("reasons") else ""
    profile = f", by profile {one['profile']} ({one['profile_fingerprint']})" if one.get("profile") else ""
    why = f": {one['why']}" if one.get("why") else ""
    was = f", was {one['was']}" if one.get("was") else ""
    by = f", by {one['by']}" if one.get("by") else ""
    receipt = f", receipt {one['receipt_id']}" if one.get("receipt_id") else ""
    return f"{one['at']}  {one['outcome']}{reasons}{why}{was}{profile}{by}{receipt}"


def _ended(entry: Mapping[str, Any]) -> str:
    by = f", by {entry['ended_by']}" if entry["ended_by"] else ""
    return f"{entry['state']} at {entry['ended_at']}: {entry['ended_why']}{by}"
