"""``reliefstream trace``: the way of one record through the topics, with times and without names."""

from typing import Annotated

from cyclopts import Parameter

from services.cli.terminal.exit import Refused, WrongUsage


def trace(
    id_: Annotated[str, Parameter(name="ID", help="32 hexadecimal digits, or a whole traceparent")],
    *,
    hours: Annotated[float, Parameter(help="how far back to look")] = 24,
) -> None:
    """Show the way of one record: from the county's message through each topic to the dismissal, with times.

    The trace id stands in the receipt, in the log lines about the record, with what is quarantined or a dead letter,
    and in the webhook's header traceparent. A history made of several records continues the trace of the first of
    them; the traces of the others end there. What a person answers or decides continues the trace of the record that
    asked. What a date, a law or a policy changes starts a trace of its own.
    """
    import asyncio
    import re
    from datetime import UTC, datetime, timedelta

    from reliefstream_contracts.event import trace_id
    from services.cli.client.addresses import addresses
    from services.cli.client.traced import steps_of, where_it_ends

    wanted = trace_id(id_.lower()) or id_.lower()
    if not re.fullmatch("[0-9a-f]{32}", wanted):
        raise WrongUsage(f"{id_!r} is no trace id: 32 hexadecimal digits, as a receipt's trace_id")
    if not hours > 0:
        raise WrongUsage(f"--hours {hours}: more than 0")
    since = datetime.now(UTC) - timedelta(hours=hours)
    steps = asyncio.run(steps_of(addresses().kafka.client_options(), wanted, since))
    if not steps:
        raise Refused(
            f"Nothing of this trace was written in the last {hours:g} hours: look further back with --hours."
        )
    first = steps[0].at
    for step in steps:
        passed = (step.at - first).total_seconds()
        print(
            f"{step.at:%Y-%m-%d %H:%M:%S.%f}"[:-3]
            + f"  +{passed:8.3f} s  {step.by:<14}  {step.topic:<32}  {step.place:<10}  {step.what}"
        )
    if ends := where_it_ends([step.topic for step in steps]):
        print(ends)
