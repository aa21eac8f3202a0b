"""OpenID Connect Discovery 1.0: where a provider describes itself, and whether what it says is fit for use."""

from collections.abc import Mapping
from typing import Any


class UnfitProvider(ValueError):
    """The description is another issuer's, or lacks an address that is needed; the text says which."""


def discovery_url(issuer: str) -> str:
    """Where the provider describes itself."""
    return f"{issuer.rstrip('/')}/.well-known/openid-configuration"


def description(issuer: str, answered: Any, *needed: str) -> Mapping[str, Any]:
    """What was answered there, which names this issuer and has the ``needed`` addresses. Raises UnfitProvider."""
    if not isinstance(answered, Mapping) or answered.get("issuer") != issuer:
        raise UnfitProvider("the provider calls itself by another name than the issuer that is set")
    missing = [name for name in needed if not isinstance(answered.get(name), str)]
    if missing:
        raise UnfitProvider(f"the provider's description lacks {', '.join(missing)}")
    return answered
