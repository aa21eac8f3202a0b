"""Who acts through a route, as an endpoint needs it for the audit log."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from services.chassis.audit.act import Act
from services.chassis.http.access import Caller


@dataclass(frozen=True, slots=True)
class Acting:
    """The caller, and the act that the route is."""

    who: str
    role: str
    act: str

    def on(self, what: str, outcome: str = "done", why: str | None = None) -> Act:
        """The act on one object, for ``audited``."""
        return Act(self.who, self.role, self.act, what, outcome, why)


async def _acting(request: Request) -> Acting:
    caller: Caller = request.state.caller
    return Acting(caller.name, caller.role or "anyone", request.scope["route"].name)


ActingBy = Annotated[Acting, Depends(_acting)]
"""For an endpoint that writes to the audit log: ``await audited(work, by.on(f"relief/{id}"))``."""
