"""A hundred thousand wrong tokens: slowed, counted for the audit, and nobody else slowed."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from services.chassis.http.application import Application, router
from services.chassis.identity.directory import shared_tokens
from services.chassis.identity.failed_attempts import FREE, MOST_ADDRESSES, Attempts
from services.chassis.identity.guard import OPERATOR
from services.chassis.runtime.unit_of_work import Work

toy = router()


@toy.get("/v1/toy", dependencies=[OPERATOR])
async def shown() -> str:
    return "shown"


class Rows:
    """In place of a connection: keeps what would be inserted."""

    def __init__(self) -> None:
        self.rows: list[Any] = []

    async def executemany(self, _: str, rows: Any) -> None:
        self.rows += rows


class Time:
    passed = 0.0

    def __call__(self) -> float:
        return self.passed


async def audit(attempts: Attempts) -> list[str]:
    """The reasons that the job would write; its transaction commits."""
    rows = Rows()
    more = True
    while more:
        work = Work(rows, datetime.now(UTC))  # type: ignore[arg-type]
        more = await attempts.write(work)
        for committed in work.on_commit:
            committed()
    return [row[6] for row in rows.rows]


async def test_a_flood_of_wrong_tokens_is_told_to_wait_and_the_right_one_is_not() -> None:
    attempts = Attempts(Time())
    app = Application("toy", [toy], accounts=shared_tokens("word"), attempts=attempts)

    async def ask(token: str, address: str) -> httpx.Response:
        transport = httpx.ASGITransport(app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://t") as http:
            return await http.get("/v1/toy", headers={"authorization": f"Bearer {token}"})

    answers = [await ask(f"guess-{number}", "203.0.113.7") for number in range(FREE + 30)]

    assert [one.status_code for one in answers] == [401] * FREE + [429] * 30
    assert answers[-1].headers["retry-after"] == "60"
    assert (await ask("word", "203.0.113.7")).status_code == 200, "who shares the address"
    assert (await ask("guess", "203.0.113.8")).status_code == 401, "another address"
    assert await audit(attempts) == [
        "50 tokens from 203.0.113.7: unknown 50",
        "1 tokens from 203.0.113.8: unknown 1",
    ]
    assert await audit(attempts) == []


@pytest.mark.slow
async def test_a_hundred_thousand_addresses_fill_no_memory_and_few_rows() -> None:
    time = Time()
    attempts = Attempts(time)
    for number in range(100_000):
        attempts.failed(f"2001:db8::{number:x}", "unknown")
    told = await audit(attempts)

    assert len(told) == MOST_ADDRESSES + 1
    assert "90000 tokens from further addresses: unknown 90000" in told

    time.passed = 61
    assert attempts.failed("198.51.100.1", "expired") is None, "a new minute"


async def test_the_next_minute_begins_anew_for_an_address() -> None:
    time = Time()
    attempts = Attempts(time)
    waits = [attempts.failed("203.0.113.7", "unknown") for _ in range(FREE + 1)]
    time.passed = 60

    assert waits == [None] * FREE + [60.0]
    assert attempts.failed("203.0.113.7", "expired") is None
    assert await audit(attempts) == [f"{FREE + 2} tokens from 203.0.113.7: expired 1, unknown {FREE + 1}"]
