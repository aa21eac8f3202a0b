"""The person who signed in, as the provider of the installation vouches for it."""

import os

from services.cli.client.local_root import local_root
from services.cli.client.session import current_token, session_file
from services.cli.terminal.exit import Refused


def provider_address() -> str | None:
    """RELIEFSTREAM_OIDC_ISSUER, else the local servers' built-in provider; None: there is neither."""
    from deploy.local import addresses
    from deploy.local.servers.requirements import ServerMissingError

    try:
        return os.environ.get("RELIEFSTREAM_OIDC_ISSUER") or addresses.read(local_root()).sign_in
    except ServerMissingError:
        return None


def acting_person() -> str:
    """The account of who signed in; empty: nobody did. Raises Refused for a token that the provider does not vouch
    for, ServerMissing."""
    import asyncio

    from services.chassis.http.problems import Refusal
    from services.chassis.identity.access_token import BadToken, Expected
    from services.chassis.identity.provider import Provider, ProviderSettings
    from services.chassis.runtime.clock import SystemClock

    issuer = provider_address()
    token = current_token(session_file(os.environ), issuer) if issuer else None
    if issuer is None or token is None:
        return ""
    audience = os.environ.get("RELIEFSTREAM_OIDC_AUDIENCE", "reliefstream")
    provider = Provider(ProviderSettings(Expected(issuer, audience, 900), "", "groups"), SystemClock())
    try:
        return asyncio.run(provider.account_of(token)).account
    except (BadToken, Refusal):
        raise Refused(
            "The provider does not vouch for this session. Sign in again: reliefstream login"
        ) from None
