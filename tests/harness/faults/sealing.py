"""The clerk of a fault run, who has some dismissals sealed once everything is decided, and some kept by a legal hold.

Which ones follows in the undisturbed run from their counts, and in every other run from those of the undisturbed one.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any, NamedTuple

from tests.harness.faults.deciding import Offices, hashed
from tests.harness.faults.observation import Observation
from tests.harness.faults.workload import taken_back

SEAL_DUE = b"reliefstream.relief.seal-due.v1"
REASON = {"reason": "the person asked"}


class Choice(NamedTuple):
    """Which convictions are to be sealed, and which are held, by their counts."""

    sealed: Callable[[list[str]], bool]
    held: Callable[[list[str]], bool]


def chosen(undisturbed: Observation | None) -> Choice:
    """None: this is the undisturbed run."""
    if undisturbed is None:
        return Choice(_to_be_sealed, lambda counts: hashed(min(counts)) % 7 == 3)
    sealed = {
        count
        for message in undisturbed.topics["relief-v1"]
        if message.value and dict(message.headers).get("ce_type") == SEAL_DUE
        for count in json.loads(message.value)["conviction"]["counts"]
    }
    held = {
        row["count_key"]
        for row in undisturbed.tables["relief"]["relief_counts"]
        if row["relief_id"] in undisturbed.sealing.held
    }
    return Choice(lambda counts: not sealed.isdisjoint(counts), lambda counts: not held.isdisjoint(counts))


def _to_be_sealed(counts: list[str]) -> bool:
    on_record = taken_back().isdisjoint(count.rpartition("/")[0] for count in counts)
    return on_record and hashed(min(counts)) % 2 == 0


async def seal(offices: Offices, choice: Choice, seconds: float) -> tuple[frozenset[str], frozenset[str]]:
    """Has them sealed over so many seconds; returns the reliefs that are being sealed, and those that are held."""
    begun, sealing, held = asyncio.get_running_loop().time(), set(), set()
    async with offices.connected():
        wanted = [
            (each["relief_id"], choice.held(each["conviction"]["counts"]))
            for each in await _dismissed(offices)
            if choice.sealed(each["conviction"]["counts"]) or choice.held(each["conviction"]["counts"])
        ]
        for number, (relief_id, hold) in enumerate(sorted(wanted)):
            due = begun + number * seconds / len(wanted)
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            one = f"/v1/reliefs/{relief_id}"
            if hold:
                await offices.ask("clerk", "POST", f"{one}/legal-hold", REASON)
                held.add(relief_id)
            if await offices.ask("clerk", "POST", f"{one}/seal", REASON) or await _is_sealed(offices, one):
                sealing.add(relief_id)
    return frozenset(sealing), frozenset(held)


async def _dismissed(offices: Offices) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for county in offices.counties:
        query = f"county={county}&state=ordered&limit=1000"
        answer = await offices.ask("clerk", "GET", f"/v1/reliefs?{query}")
        found += [each for each in answer["reliefs"] if each["kind"] == "dismissal"]
    return found


async def _is_sealed(offices: Offices, one: str) -> bool:
    """Whether an answer that was not heard had said so."""
    relief = await offices.ask("clerk", "GET", one)
    return relief is None or relief["state"] == "seal_due"
