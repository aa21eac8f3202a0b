"""Who acts through a route, as an endpoint needs it for the audit log."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from services.chassis.audit.act import Act
from services.chassis.identity.caller import Caller


@dataclass(frozen=True, slots=True)
class Acting:
    """The caller, and the act that the route is."""

    caller: Caller
    act: str

    @property
    def who(self) -> str:
        """The account."""
        return self.caller.account

    def on(self, what: str, outcome: str = "done", why: str | None = None) -> Act:
        """The act on one object, for ``audited``."""
        return Act(self.who, self.caller.role, self.act, what, outcome, why or self.caller.break_glass)

    def exported(self, what: str, county: str | None) -> Act:
        """The act of an export, as a whole or of one county."""
        return self.on(f"{what}/{county}" if county else what, "shown")


async def _acting(request: Request) -> Acting:
    return Acting(request.state.caller, request.scope["route"].name)


ActingBy = Annotated[Acting, Depends(_acting)]
"""For an endpoint that writes to the audit log: ``await audited(work, by.on(f"relief/{id}"))``."""
