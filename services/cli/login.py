"""``reliefstream login``, ``logout`` and ``whoami``: a person's session with the provider of the installation."""

import os
from typing import Annotated, Any

from cyclopts import Parameter

from services.cli.client.acting_person import provider_address
from services.cli.client.session import (
    CLIENT,
    client,
    current_token,
    device_login,
    end,
    read,
    session_file,
    write,
)
from services.cli.terminal.exit import Refused, ServerMissing, WrongUsage


def login(
    *,
    issuer: Annotated[
        str | None,
        Parameter(
            env_var="RELIEFSTREAM_OIDC_ISSUER",
            help="the provider, as its tokens name it (else the one of the local servers)",
        ),
    ] = None,
    client_id: Annotated[
        str, Parameter(env_var="RELIEFSTREAM_OIDC_CLIENT", help="the command's id there")
    ] = CLIENT,
) -> None:
    """Sign in with the provider, in a browser here or elsewhere; the commands then act as you."""
    import time

    known = issuer or provider_address()
    if known is None:
        raise WrongUsage("Sign in with whom? Name the provider: --issuer, or RELIEFSTREAM_OIDC_ISSUER")
    with client() as http:
        session = device_login(known, client_id, http, print, time.sleep)
    write(session_file(os.environ), session)
    whoami()


def logout() -> None:
    """End the session, here and with the provider; the commands then send the installation's own token again."""
    path = session_file(os.environ)
    if session := read(path):
        path.unlink(missing_ok=True)
        with client() as http:
            end(session, http)
    print("Signed out.")


def whoami() -> None:
    """Show the account that acts, and its grants as a service sees them; without a service, as the provider says."""
    from services.cli.client.services import ask

    try:
        shown = ask("ingest", "GET", "/v1/caller")
    except ServerMissing:
        shown = _of_the_session()
    print("\n  ".join((shown["account"], *shown["grants"])))


def _of_the_session() -> dict[str, Any]:
    """The account and the groups of who signed in. Raises Refused where nobody did."""
    import json

    from joserfc.errors import JoseError
    from joserfc.jws import extract_compact

    from services.chassis.identity.access_token import SignedIn
    from services.chassis.identity.provider import PREFIX, account_of

    token = current_token(session_file(os.environ))
    if token is None:
        raise Refused("Nobody is signed in, and no service answers that could say more.")
    try:
        claims = json.loads(extract_compact(token.encode()).payload)
        account = account_of(SignedIn(claims["iss"], claims["sub"], (), frozenset()))
    except (JoseError, ValueError, KeyError, TypeError):
        raise Refused("The provider's access token is none that the services can read (a JWT).") from None
    groups = [str(group) for group in claims.get("groups", ()) if str(group).startswith(PREFIX)]
    return {"account": account, "grants": [group.removeprefix(PREFIX) for group in groups]}
