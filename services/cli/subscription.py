"""``reliefstream subscription``: an integrator's webhooks, from the terminal."""

import os
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

import httpx
from cyclopts import App, Parameter

from services.cli.addresses import addresses
from services.cli.exit import Refused, ServerMissing

TOP = "/v1/subscriptions"
TOKEN = "RELIEFSTREAM_INTEGRATOR_TOKEN"  # noqa: S105 - a variable's name
app = App(name="subscription", help="Webhooks: who gets dismissals, and where.")


@app.command
def create(
    url: str, *, county: Annotated[list[str] | None, Parameter(negative=())] = None, description: str = ""
) -> None:
    """Makes a subscription and shows its signing secret, this once.

    Parameters
    ----------
    url
        Where dismissals are posted: https://, or http:// on this machine.
    county
        Only dismissals of this county; may be given several times. Left out: every county.
    description
        For yourself.
    """
    asked = {"url": url, "description": description} | ({"counties": county} if county else {})
    made = _ask("POST", TOP, asked)
    print(f"{made['id']}\nsecret (shown once; keep it): {made['secret']}")


@app.command(name="list")
def list_() -> None:
    """Shows your subscriptions; the operator sees everybody's."""
    for each in _ask("GET", TOP)["subscriptions"]:
        print(each["id"], each["status"], each["owner"], ",".join(each["counties"] or ["all"]), each["url"])


@app.command
def delete(subscription_id: UUID) -> None:
    """Ends a subscription; its log of deliveries stays with the operator."""
    _ask("DELETE", f"{TOP}/{subscription_id}")
    print("deleted")


@app.command
def test(subscription_id: UUID) -> None:
    """Sends a test event, which concerns nobody."""
    print(f"delivery {_ask('POST', f'{TOP}/{subscription_id}/test')['delivery_id']} is queued")


def _ask(method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
    """The service's JSON answer, None for none; Refused with its own words, ServerMissing."""
    client = addresses().client("notification")
    if TOKEN in os.environ:
        client.headers["Authorization"] = f"Bearer {os.environ[TOKEN]}"
    try:
        with client:
            answer = client.request(method, path, json=body)
    except httpx.TransportError:
        raise ServerMissing("Notification does not answer. Start it: reliefstream up") from None
    if answer.is_success:
        return answer.json() if answer.content else None
    try:
        detail = answer.json()["detail"]
    except (ValueError, KeyError):
        detail = f"Notification answered {answer.status_code}."
    raise Refused(detail)
