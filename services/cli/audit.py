"""``reliefstream audit``: who did what, and whether anybody has altered what is written about it."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from services import SERVICES
from services.cli.client.addresses import Addresses, addresses, known_service
from services.cli.terminal.exit import Refused, WrongUsage

if TYPE_CHECKING:
    from reliefstream_contracts.audit import AuditHeadSigned

app = App(name="audit", help="Who did what: the services' audit logs, and whether one was altered.")
One = Annotated[str | None, Parameter(help="one service alone; else all")]


@app.command(name="list")
def list_(
    *,
    service: One = None,
    who: Annotated[str | None, Parameter(help="an account")] = None,
    act: Annotated[str | None, Parameter(help="enter_standing_order, show_subject and so on")] = None,
    object_: Annotated[str | None, Parameter(name="--object", help="as shown: relief/ID")] = None,
    since: Annotated[str | None, Parameter(help="a day, UTC")] = None,
    until: Annotated[str | None, Parameter(help="a day, UTC, included")] = None,
) -> None:
    """Show who did what to which object, when, in which role, with what outcome and why; service by service."""
    from services.cli.client.audit_log import rows

    query = {"who": who, "act": act, "object": object_, "since": since, "until": until}
    for name in _services(service):
        for row in rows(name, {key: value for key, value in query.items() if value is not None}):
            print(_line(name, row))


@app.command
def verify(
    *,
    service: One = None,
    keys: Annotated[
        Path | None,
        Parameter(help="JSON: service to the list of its public keys; local servers' keys are known"),
    ] = None,
) -> None:
    """Compute each log's chain anew and compare it with its signed heads on Kafka. Exit status 1: one was altered.

    A reason that was erased by right is no finding: only its hash is in the chain.
    """
    from services.chassis.audit.verification import findings
    from services.cli.client.audit_log import as_read, heads, rows

    servers = addresses()
    known = _known(servers, keys)
    published = asyncio.run(heads(servers.kafka.client_options()))
    wrong = 0
    for name in _services(service):
        signed = [head for head in published if head.service == name]
        trusted = [head for head in signed if _trusted(head, known.get(name))]
        for head in signed:
            if head not in trusted:
                wrong += 1
                print(
                    f"{name}/{head.sequence}: a head of {head.at.isoformat()} that the service did not sign"
                )
        for found in findings(map(as_read, rows(name, {})), trusted):
            wrong += 1
            print(f"{name}/{found.sequence}: {found.what}")
        print(f"{name}: read to its end, {_covered(trusted)}{_signers(trusted, known.get(name))}")
    if wrong:
        raise Refused(
            f"{wrong} findings: keep the databases and the topic as they are, and call who answers for them."
        )


def _services(one: str | None) -> tuple[str, ...]:
    return SERVICES if one is None else (known_service(one),)


def _known(servers: Addresses, keys: Path | None) -> Mapping[str, list[str]]:
    """Each service's public keys; of a service that is not in it any key is taken, and shown."""
    from services.chassis.audit.signature import public_key

    if keys is None:
        return {name: [public_key(key)] for name, key in servers.audit_keys.items()}
    try:
        known: dict[str, list[str]] = json.loads(keys.read_text())
    except (OSError, ValueError):
        raise WrongUsage(f"{keys} cannot be read as JSON") from None
    return known


def _trusted(head: "AuditHeadSigned", known: list[str] | None) -> bool:
    from services.chassis.audit.signature import genuine

    return genuine(head) and (known is None or head.public_key in known)


def _covered(trusted: "list[AuditHeadSigned]") -> str:
    if not trusted:
        return "no published head: the end of the chain is not covered"
    head = max(trusted, key=lambda each: each.sequence)
    return f"covered up to {head.sequence} by the head of {head.at.isoformat()}"


def _signers(trusted: "list[AuditHeadSigned]", known: list[str] | None) -> str:
    signers = sorted({head.public_key for head in trusted})
    if known is not None or not signers:
        return ""
    return f"; signed by {', '.join(signers)}: compare with the key that the service logs at its start"


def _line(service: str, row: dict[str, Any]) -> str:
    why = f": {row['why']}" if row["why"] else " (its reason was erased)" if row["why_hash"] else ""
    return (
        f"{row['at']}  {service}/{row['sequence']}  {row['who']} as {row['role']}  {row['act']}  {row['object']}  "
        f"{row['outcome']}{why}"
    )
