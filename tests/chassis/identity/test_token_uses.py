"""When a machine's token was last used is told by the token's id, at each service."""

from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from services.chassis.http.application import Application
from services.chassis.identity.directory import sha256
from services.chassis.identity.token_use_endpoints import TokenUseLog, token_use_router
from services.chassis.identity.token_uses import TokenUses, token_id
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.database import Database
from tests.accounts import every_office
from tests.databases import temporary_database
from tests.servers import Servers

pytestmark = pytest.mark.servers
BEGAN = datetime(2026, 11, 22, 9, tzinfo=UTC)


class Moving:
    """A clock that a test moves."""

    at = BEGAN

    def now(self) -> datetime:
        return self.at

    def today(self, timezone: str = "") -> date:
        return self.at.date()


async def test_the_last_use_of_each_token_is_told_whichever_replica_saw_it(servers: Servers) -> None:
    async with temporary_database(servers, "relief") as made:
        database = Database(made.url, "relief", SystemClock())
        await database.open()
        clock = Moving()
        one, other = TokenUses(clock), TokenUses(clock)
        one.used("feed", sha256("old"))
        one.used("feed", sha256("new"))
        clock.at = BEGAN + timedelta(hours=1)
        other.used("feed", sha256("new"))
        for replica in (other, one, one):
            async with database.transaction() as work:
                await replica.write(work)

        app = Application(
            "relief", [token_use_router], [TokenUseLog(database.transaction)], every_office("word")
        )
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://r") as http:
            told = (await http.get("/v1/token-uses", headers={"Authorization": "Bearer word"})).json()
        await database.close()

    assert {(each["account"], each["token"]): each["used_at"][11:16] for each in told["token_uses"]} == {
        ("feed", token_id(sha256("old"))): "09:00",
        ("feed", token_id(sha256("new"))): "10:00",
    }
