"""Whether the owner of a subscription is still granted what waits for it: grants are narrowed and revoked."""

from collections.abc import Callable

from services.chassis.identity.caller import Grant

GrantsOf = Callable[[str], tuple[Grant, ...] | None]
"""What an account is granted now; None: a person, of whom only a token tells."""


class Entitlement:
    """Asked before each delivery is sent."""

    def __init__(self, grants_of: GrantsOf) -> None:
        """``grants_of`` may raise where grants cannot be read: the delivery then waits."""
        self._grants_of = grants_of

    def holds(self, owner: str, county: str | None) -> bool:
        """Whether this account may get a dismissal of this county; None: a test, which names no county."""
        grants = self._grants_of(owner)
        return grants is None or any(
            _subscribes(grant) and (county is None or grant.reaches(county)) for grant in grants
        )


def _subscribes(grant: Grant) -> bool:
    of_integrator = grant.role == "integrator" and (not grant.scope or "dismissals" in grant.scope)
    return of_integrator or grant.role == "operator"
