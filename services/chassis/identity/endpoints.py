"""Who calls, and what the caller was granted: for programs that show people their own work."""

from typing import Annotated, Literal

from pydantic import BaseModel

from services.chassis.http.application import router
from services.chassis.identity.caller import ROLES, Caller
from services.chassis.identity.grants.text import text_of
from services.chassis.identity.guard import Grants, allowed

identity_router = router()
Anybody = Annotated[Caller, allowed(Grants(*ROLES, per_case=True))]


class CallerShown(BaseModel):
    """``grants``: one line each, as the file of grants writes them: ``clerk:fresno``."""

    account: str
    kind: Literal["person", "machine"]
    grants: list[str]


@identity_router.get("/v1/caller", summary="The account that calls, and its grants")
async def show_caller(caller: Anybody) -> CallerShown:
    return CallerShown(account=caller.account, kind=caller.kind, grants=sorted(map(text_of, caller.grants)))
