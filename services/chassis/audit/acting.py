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

    who: str
    role: str
    act: str
    break_glass: str | None
    """Why an operator looks at a case's content; None: no such look."""

    def on(self, what: str, outcome: str = "done", why: str | None = None) -> Act:
        """The act on one object, for ``audited``."""
        return Act(self.who, self.role, self.act, what, outcome, why or self.break_glass)

    def exported(self, what: str, county: str | None) -> Act:
        """The act of an export, as a whole or of one county."""
        return self.on(f"{what}/{county}" if county else what, "shown")


async def _acting(request: Request) -> Acting:
    caller: Caller = request.state.caller
    return Acting(caller.account, caller.role, request.scope["route"].name, caller.break_glass)


ActingBy = Annotated[Acting, Depends(_acting)]
"""For an endpoint that writes to the audit log: ``await audited(work, by.on(f"relief/{id}"))``."""
