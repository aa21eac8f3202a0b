"""When each machine's token was last used, at whichever service."""

from services import SERVICES
from services.cli.client.services import ask


def last_uses() -> dict[tuple[str, str], str]:
    """The last use of each token, by account and the token's id. Raises Refused, ServerMissing."""
    found: dict[tuple[str, str], str] = {}
    for service in SERVICES:
        for one in ask(service, "GET", "/v1/token-uses")["token_uses"]:
            key = (one["account"], one["token"])
            found[key] = max(found.get(key, ""), one["used_at"])
    return found
