"""``reliefstream order``: what people decide: challenges, court orders, acknowledgements."""

import shlex
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

from cyclopts import App, Parameter

from services.cli.client import services
from services.cli.offices import after_order
from services.cli.offices.attachment import exceptions, write_attachment
from services.cli.offices.entered_orders import entries, remember
from services.cli.printed.orders import counted, entry_lines, print_in_force, print_results, print_standing
from services.cli.terminal.exit import Refused, WrongUsage

order = App(
    name="order", help="Challenges, proposed and entered court orders, standing orders, acknowledgements."
)
order.command(after_order.outcomes)
order.command(after_order.differing)
order.command(after_order.settle)

WAITS = """It counts once another clerk has looked at it and confirms it:
  reliefstream order list --county {county}
  reliefstream order confirm {number} --county {county}"""
NUMBER = Annotated[str, Parameter(help="the court's number of its order, as it was entered")]
ONE = Annotated[UUID | None, Parameter(help="the relief's id, as on the attachment; or give --count")]
COUNT = Annotated[str | None, Parameter(help="one of its counts, as on the attachment")]


@order.command
def propose(*, county: str, out: Path) -> None:
    """Bundle everything that waits in a county into a proposed order, and write its attachment for the court.

    Running it again while nothing new waits writes the same list again.
    """
    answer = ask("POST", f"/v1/counties/{quote(county, safe='')}/proposed-orders")
    proposed, lines = answer["proposed_order"], answer["lines"]
    if proposed is None:
        print(f"Nothing waits for an order in {county}.")
        return
    write_attachment(lines, out)
    name = proposed["proposed_order_id"]
    print(f"Proposed order {name}: {counted(len(lines), 'line')} in {out}")
    blank = sum(1 for line in lines if not line["case_number"])
    if blank:
        print(f"{counted(blank, 'line')} at the end without a case number: no source gave one.")
    print(
        "When the court has made the order: reliefstream order enter "
        f"--county {county} --order {name} --number N --judge J --on DATE"
    )


@order.command
def enter(
    *,
    county: str,
    order: Annotated[str, Parameter(help="the proposed order, such as los-angeles-1")],
    number: str,
    judge: str,
    on: date,
    except_: Annotated[Path | None, Parameter(name="--except")] = None,
) -> None:
    """Enter the court's order on a proposed order: once another clerk confirms it, each line is ordered, but for the
    exceptions.

    Parameters
    ----------
    number
        The court's number of its order.
    on
        The day on which the judge signed it.
    except_
        A file with one relief id or count a line, as on the attachment: what the court left out. Co-defendants share a
        case number, so that none names a line.
    """
    if order.rpartition("-")[0] != county:
        raise WrongUsage(
            f"--order {order} is no proposed order of {county}: they are named {county}-1, {county}-2 ..."
        )
    left_out = exceptions(except_) if except_ else []
    body = {"order_number": number, "judge": judge, "on": on.isoformat(), "except": left_out}
    answer = ask("POST", f"/v1/proposed-orders/{quote(order, safe='')}/enter", body)
    print(f"Order {number} of {on} is entered on {order}:")
    print_results(answer)
    if answer["proposed_order"]["state"] == "waiting":
        print(WAITS.format(number=shlex.quote(number), county=county))


@order.command(name="list")
def list_(*, county: str) -> None:
    """List the orders that clerks entered in a county, exactly as they were entered: those that wait for another clerk,
    and those that count."""
    found = entries(county)
    remember(found)
    for each in found:
        print("\n".join(entry_lines(each)))
    if not found:
        print(f"No order is entered in {county}.")


@order.command
def confirm(number: NUMBER, /, *, county: str) -> None:
    """Confirm an order that another clerk entered, as order list showed it: only then it counts, and what it covers is
    ordered. One that was entered anew since is not confirmed."""
    found = [each for each in entries(county) if each.number == number]
    if not found:
        raise _not_entered(number, county)
    for each in [one for one in found if one.waits] or found:
        answer = each.confirm()
        print(f"Confirmed: {each.name}.")
        if each.proposed_order:
            print_results(answer)
        else:
            print_in_force(county, answer)


@order.command
def discard_entry(number: NUMBER, /, *, county: str) -> None:
    """Discard an order that was entered wrongly and not confirmed; it can be entered anew."""
    found = [each for each in entries(county) if each.number == number and each.waits]
    if not found:
        raise _not_entered(number, county)
    for each in found:
        each.discard()
        print(f"Discarded: {each.name}.")


@order.command
def discard(*, order: str) -> None:
    """Give up a proposed order that the court will not have; what is on it goes on the next one."""
    ask("POST", f"/v1/proposed-orders/{quote(order, safe='')}/discard")
    print(f"Proposed order {order} is discarded; what is on it goes on the next one.")


@order.command
def find(*, case: str, county: str | None = None) -> None:
    """List the reliefs on a case, which co-defendants share: their ids, counts and states.

    Parameters
    ----------
    case
        The case number as the court writes it.
    """
    query = {"case_number": case, **({"county": county} if county else {})}
    found = ask("GET", "/v1/reliefs", None, **query)["reliefs"]
    if not found:
        raise Refused("No relief on this case: write its number exactly as on the attachment.")
    for each in found:
        known = each["conviction"]
        print(f"{each['relief_id']}  {known['county']}  {known['section']}  {each['state']}")
        print(f"  {', '.join(known['counts'])}")


@order.command
def challenge(
    relief_id: ONE = None,
    /,
    *,
    count: COUNT = None,
    reason: Literal["ineligible", "unreasonable_risk", "identity", "other"],
    still_serving: bool = False,
) -> None:
    """Record the prosecution's objection to a proposed relief (HS 11361.9).

    Parameters
    ----------
    still_serving
        For unreasonable_risk: states that the sentence still runs (HS 11361.8(b)).
    """
    one = chosen(relief_id, count)
    answer = ask(
        "POST", f"/v1/reliefs/{one}/challenge", {"reason_code": reason, "still_serving": still_serving}
    )
    print(f"Relief {one} is challenged: nothing is ordered until it is resolved.")
    if answer["warning"]:
        print(f"Warning: {answer['warning']}")
    print(f"Then: reliefstream order resolve {one} --outcome sustained|overruled|withdrawn")


@order.command(alias="challenge-result")
def resolve(
    relief_id: ONE = None, /, *, count: COUNT = None, outcome: Literal["sustained", "overruled", "withdrawn"]
) -> None:
    """Record how a challenge ended: the court sustained or overruled it, or the prosecution withdrew it."""
    one = chosen(relief_id, count)
    state = ask("POST", f"/v1/reliefs/{one}/challenge/resolve", {"outcome": outcome})["state"]
    print(f"The challenge to relief {one} is {outcome}; the relief is now {state}.")


@order.command
def acknowledge(relief_id: ONE = None, /, *, count: COUNT = None, by: Literal["court", "doj"]) -> None:
    """Record that the court's or DOJ's own record shows an ordered relief."""
    one = chosen(relief_id, count)
    ask("POST", f"/v1/reliefs/{one}/acknowledge", {"by": by})
    print(f"Relief {one} is acknowledged by {'the court' if by == 'court' else 'DOJ'}.")


@order.command
def standing(
    *,
    county: str,
    number: str | None = None,
    judge: str | None = None,
    on: date | None = None,
    scope: str | None = None,
    covers_decisions: Annotated[bool, Parameter(negative=())] = False,
    list_: Annotated[bool, Parameter(name="--list", negative=())] = False,
    end: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """Enter, list or end the standing order under which a county's relief is ordered as it arrives; another clerk
    confirms it.

    Parameters
    ----------
    number, judge, on, scope
        The court's order: its number, judge, date, and what it covers. All four are needed to enter one.
    covers_decisions
        The court has said that its order reaches what rests on a person's decision in a review, too.
    list_
        List the county's standing orders, and say what waits and why.
    end
        End the one of this --number (on the day --on, else today); what was ordered under it stays ordered.
    """
    path = f"/v1/counties/{quote(county, safe='')}/standing-orders"
    if list_:
        print_standing(ask("GET", path))
    elif end:
        if number is None:
            raise WrongUsage("--end needs the --number of the standing order")
        ended = ask("POST", f"{path}/end", {"number": number, "on": on.isoformat() if on else None})
        print(
            f"Standing order {number} of {county} ended on {ended['ended_on']}; what was ordered stays ordered."
        )
    else:
        given = {"number": number, "judge": judge, "on": on and on.isoformat(), "scope": scope}
        missing = [f"--{name}" for name, value in given.items() if not value]
        if missing:
            raise WrongUsage(f"A standing order needs {', '.join(missing)} as well (or use --list or --end)")
        entered = ask("POST", path, {**given, "covers_decisions": covers_decisions})
        if entered["confirmed_at"]:
            print(f"Standing order {number} of {county} is in force.")
        else:
            print(f"Standing order {number} of {county} is entered.")
            print(WAITS.format(number=shlex.quote(str(number)), county=county))


def ask(method: str, path: str, body: Mapping[str, Any] | None = None, **query: str) -> Any:
    """The relief service's answer. Raises Refused with its reason, or ServerMissing."""
    return services.ask("relief", method, path, query=query, body=body)


def chosen(relief_id: UUID | None, count: str | None) -> str:
    """The id of the one relief that is meant. Raises WrongUsage unless exactly one way names it, Refused when there
    is none on the count."""
    if (relief_id is None) == (count is None):
        raise WrongUsage("Give either the relief's id or --count")
    if relief_id is not None:
        return str(relief_id)
    found = ask("GET", "/v1/reliefs", None, count=str(count))["reliefs"]
    if not found:
        raise Refused("No relief on this count: write it exactly as on the attachment.")
    return str(found[0]["relief_id"])


def _not_entered(number: str, county: str) -> Refused:
    return Refused(f"No order {number} waits in {county}: reliefstream order list --county {county}")
