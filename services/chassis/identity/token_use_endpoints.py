"""When each machine's token was last used at a service: for whoever grants tokens, and finds one that nobody uses."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel

from services.chassis.http.application import router
from services.chassis.http.dependencies import dependency
from services.chassis.http.text import Moment
from services.chassis.identity.guard import Grants, allowed
from services.chassis.runtime.unit_of_work import Transaction

token_use_router = router()


@dataclass(frozen=True, slots=True)
class TokenUseLog:
    """Opens the database that holds it."""

    transaction: Transaction


class TokenUse(BaseModel):
    """``token``: the first digits of its SHA-256."""

    account: str
    token: str
    used_at: Moment


class TokenUseList(BaseModel):
    """By account and token."""

    token_uses: list[TokenUse]


@token_use_router.get(
    "/v1/token-uses",
    summary="When each machine's token was last used here",
    dependencies=[allowed(Grants("operator", "auditor", "administrator"))],
)
async def list_token_uses(given: Annotated[TokenUseLog, Depends(dependency(TokenUseLog))]) -> TokenUseList:
    async with given.transaction() as work:
        rows = await work.db.fetch("SELECT * FROM token_uses ORDER BY account, token")
    return TokenUseList(token_uses=[TokenUse(**dict(row)) for row in rows])
