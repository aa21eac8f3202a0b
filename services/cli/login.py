"""``reliefstream login``, ``logout`` and ``whoami``: a person's session with the provider of the installation."""

import os
from typing import Annotated

from cyclopts import Parameter

from services.cli.client.session import CLIENT, client, current_token, device_login, session_file, write
from services.cli.terminal.exit import Refused


def login(
    *,
    issuer: Annotated[
        str, Parameter(env_var="RELIEFSTREAM_OIDC_ISSUER", help="the provider, as its tokens name it")
    ],
    client_id: Annotated[
        str, Parameter(env_var="RELIEFSTREAM_OIDC_CLIENT", help="the command's id there")
    ] = CLIENT,
) -> None:
    """Sign in with the provider, in a browser here or elsewhere; the commands then act as you."""
    import time

    with client() as http:
        write(session_file(os.environ), device_login(issuer, client_id, http, print, time.sleep))
    whoami()


def logout() -> None:
    """Forget the session; the commands then send the installation's own token again."""
    session_file(os.environ).unlink(missing_ok=True)
    print("Signed out.")


def whoami() -> None:
    """Show the account that acts, and what the provider's groups grant it."""
    import json

    from joserfc.errors import JoseError
    from joserfc.jws import extract_compact

    from services.chassis.identity.access_token import SignedIn
    from services.chassis.identity.provider import PREFIX, account_of

    token = current_token(session_file(os.environ))
    if token is None:
        raise Refused("Nobody is signed in: the commands send the installation's own token.")
    try:
        claims = json.loads(extract_compact(token.encode()).payload)
        account = account_of(SignedIn(claims["iss"], claims["sub"], (), frozenset()))
    except (JoseError, ValueError, KeyError, TypeError):
        raise Refused("The provider's access token is none that the services can read (a JWT).") from None
    groups = [group for group in claims.get("groups", ()) if str(group).startswith(PREFIX)]
    print(f"{account}\n" + "\n".join(f"  {group.removeprefix(PREFIX)}" for group in groups))
