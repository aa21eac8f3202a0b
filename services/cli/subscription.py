"""``reliefstream subscription``: an integrator's webhooks, from the terminal."""

import os
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from cyclopts import App, Parameter

from services.cli.client.services import ask

TOP = "/v1/subscriptions"
TOKEN = "RELIEFSTREAM_INTEGRATOR_TOKEN"  # noqa: S105 - a variable's name
app = App(name="subscription", help="Webhooks: who gets dismissals, and where.")


@app.command
def create(
    url: str, *, county: Annotated[list[str] | None, Parameter(negative=())] = None, description: str = ""
) -> None:
    """Create a subscription and show its signing secret, this once.

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
    """Show your subscriptions; the operator sees everybody's."""
    for each in _ask("GET", TOP)["subscriptions"]:
        print(each["id"], each["status"], each["owner"], ",".join(each["counties"] or ["all"]), each["url"])


@app.command
def delete(subscription_id: UUID) -> None:
    """End a subscription; its log of deliveries stays with the operator."""
    _ask("DELETE", f"{TOP}/{subscription_id}")
    print("deleted")


@app.command
def rotate(subscription_id: UUID, *, overlap_hours: int = 24) -> None:
    """Give a subscription a new signing secret and show it, this once.

    Parameters
    ----------
    overlap_hours
        How long each delivery is signed with both secrets, up to 168; 0: at once with the new one alone.
    """
    made = _ask("POST", f"{TOP}/{subscription_id}/rotate", {"overlap_hours": overlap_hours})
    print(f"secret (shown once; keep it): {made['secret']}")
    if overlap_hours:
        print(f"The secret before it signs too for {overlap_hours} hours.")


@app.command
def test(subscription_id: UUID) -> None:
    """Send a test event, which concerns no person."""
    print(f"delivery {_ask('POST', f'{TOP}/{subscription_id}/test')['delivery_id']} is queued")


def _ask(method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
    """Notification's answer, to the integrator whose token is in the environment, else to the operator."""
    return ask("notification", method, path, body=body, token=os.environ.get(TOKEN))
