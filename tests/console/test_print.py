"""Papers are printed one at a time; who comes when too many wait is told so at once."""

import asyncio
from typing import Any

import pytest

from services.console.paper.print import MOST_WAITING, Busy, Printer

SAID: dict[str, Any] = {
    "title": "A list",
    "county": "Fresno",
    "number": "1",
    "attorney": "Ana Ruiz",
    "hash": "0",
    "columns": ["Line"],
    "lines": [["1"]],
}


async def test_one_more_than_may_wait_is_turned_away_and_the_others_are_printed() -> None:
    printer = Printer()
    asked = [asyncio.create_task(printer.pdf("public_list", SAID)) for _ in range(MOST_WAITING + 1)]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await printer.pdf("public_list", SAID)
    for one in asked[1:]:
        one.cancel()
    assert (await asked[0]).startswith(b"%PDF")


async def test_what_cannot_be_printed_ends_in_an_error_that_says_nothing_of_the_list() -> None:
    with pytest.raises(RuntimeError, match="exit status 1"):
        await Printer().pdf("public_list", {"title": "DOE, JANE"})
