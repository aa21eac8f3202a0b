"""Orders as the commands tell of them."""

from collections.abc import Mapping
from typing import Any

from services.cli.offices.entered_orders import Entry

WORDS = {
    "ordered": "ordered",
    "unconfirmed": "waiting for the confirmation",
    "excepted": "excepted: they wait for the next proposed order",
    "challenged": "not ordered: challenged",
    "sustained": "not ordered: the challenge was sustained",
    "ordered_before": "not ordered again: ordered under another order",
    "withdrawn": "not ordered: the determination changed since",
    "conviction_changed": "not ordered: its relief is on another conviction than the list says",
    "set_aside": "not ordered yet: a defect of ours; it is tried again within the hour",
    "kind_changed": "not ordered: another kind of relief, or another level, is proposed since",
}


def print_results(answer: Mapping[str, Any]) -> None:
    """What became of the lines of a proposed order."""
    for result, times in sorted(answer["results"].items()):
        print(f"  {times} {WORDS.get(result, result)}")
    left = [line for line in answer["lines"] if line["result"] not in ("ordered", "excepted", "unconfirmed")]
    if left:
        print(f"  not ordered: line {', line '.join(str(line['line']) for line in left[:50])}")


def print_standing(answer: Mapping[str, Any]) -> None:
    """A county's standing orders, and what waits."""
    print(f"{answer['county']}: order mode {answer['order_mode']}")
    for each in answer["standing_orders"]:
        covers = " (decisions too)" if each["covers_decisions"] else ""
        until = _until(each)
        print(f"  {each['number']}, {each['judge']}, {each['on']}, {until}: {each['scope']}{covers}")
    if not answer["standing_orders"]:
        print("  no standing order was ever entered")
    if answer["waiting"]:
        print(f"{counted(answer['waiting'], 'proposal')} waiting: {answer['why']}")


def print_in_force(county: str, confirmed: Mapping[str, Any]) -> None:
    """What a standing order does that another clerk confirmed."""
    if confirmed["order_mode"] != "standing":
        print(f"{county} is in order mode batch: it has no effect until the county's settings say standing.")
    elif confirmed["waiting"]:
        print(
            f"{counted(confirmed['waiting'], 'proposal')} that waited will be ordered under it within seconds."
        )


def entry_lines(entry: Entry) -> list[str]:
    """All that was entered, by whom and when."""
    said = entry.said
    lines = [
        f"{'waiting' if entry.waits else 'confirmed'}  {entry.name}",
        f"    {said['judge']}, {said['on']}; entered by {said['entered_by']} at {said['entered_at'][:16]}",
    ]
    if entry.proposed_order is None:
        covers = (
            "it covers decisions of reviews, too" if said["covers_decisions"] else "decisions not covered"
        )
        lines.append(f"    scope: {said['scope']} ({covers})")
    else:
        left_out = ", ".join(map(str, said["excepted"])) or "none"
        lines.append(f"    lines that the court left out: {left_out}")
    return lines


def counted(number: int, noun: str) -> str:
    """``1 line``, ``2 lines``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _until(standing_order: Mapping[str, Any]) -> str:
    if standing_order["confirmed_at"] is None:
        return "discarded" if standing_order["ended_on"] else "waiting for another clerk"
    return f"ended on {standing_order['ended_on']}" if standing_order["ended_on"] else "in force"
