"""What the offices of a county state in a fault run: the same for every seed, beside the records it is about."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import httpx

from reliefstream_contracts.identifiers import CountyName
from services import COUNTIES
from services.ingest.core.intake_decision import decide
from services.ingest.core.message import SourceMessage
from services.ingest.core.message_headers import NAMES, metadata_of
from services.ingest.core.parse import parse
from services.ingest.core.parsed import ParsedCase
from services.ingest.profiles.counties import sending_counties
from services.reconciliation.linkage.conviction.reported_count import convicted_counts
from tests.harness.faults.observation import Sent

COUNTY = CountyName("los-angeles")
MOST = 24
"""Cases that statements are made on."""
Stated = dict[str, Any]


def statements(sent: Sequence[Sent], received_on: date) -> list[Stated]:
    """Statements on cases as they are sent first: some are revised or withdrawn, two contradict each other, one has a
    count that was never so, one waits for ever. Those on cases that are corrected later may become stale."""
    seen = list(_seen(sent, received_on))[:MOST]
    return [*_first(seen), *_later(seen)]


def _first(seen: Sequence[Stated]) -> Iterator[Stated]:
    for number, count in enumerate(seen):
        yield _statement(f"S{number}", count)
    yield _statement("contradicting", seen[0], value="infraction")
    yield _statement("wrong-section", seen[1] | {"section": "PC 1"})
    yield _statement("waiting", seen[2] | {"count": f"court/{COUNTY}/never/1"})


def _later(seen: Sequence[Stated]) -> Iterator[Stated]:
    for number, count in enumerate(seen[3:9], 3):
        yield _statement(f"S{number}", count, revision=2, value="misdemeanor")
    for number in range(9, min(12, len(seen))):
        yield {"statement_id": f"S{number}", "revision": 2, "withdrawn": True}


def _statement(statement_id: str, count: Stated, *, revision: int = 1, value: str = "felony") -> Stated:
    return {
        "statement_id": statement_id,
        "revision": revision,
        "basis": "court file, page 1",
        "counts": [count],
        "facts": [{"fact": "level", "value": value}],
    }


def _seen(sent: Sequence[Sent], received_on: date) -> Iterator[Stated]:
    """The first convicted count of each case, as whoever states something of it sees it."""
    sending = sending_counties(COUNTIES)[COUNTY]
    named = set()
    for each in sent:
        said = {name: value.decode("latin-1") for name, value in each.headers if name in NAMES}
        metadata = metadata_of(said)
        if each.county != COUNTY or metadata.format != "court":
            continue
        message = SourceMessage("", COUNTY, metadata, each.value)
        parsed = parse(message, sending.intake, received_on, sending.profiles)
        event = (
            decide(None, parsed, sending.intake, received_on).event
            if isinstance(parsed, ParsedCase)
            else None
        )
        counts = convicted_counts([event]) if event and not event.withdrawn else []
        if counts and counts[0].key not in named:
            named.add(counts[0].key)
            yield counts[0].reference().seen().to_dict()


async def state(
    url: str, token: str, given: Sequence[Stated], seconds: float, moved: Callable[[], None]
) -> tuple[str, ...]:
    """Sends each over so many seconds until ingest says that it has it, and calls ``moved`` then; returns their keys
    with revisions."""
    path = f"{url}/v1/counties/{COUNTY}/statements"
    begun, done = asyncio.get_running_loop().time(), []
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
        for number, each in enumerate(given):
            due = begun + number * seconds / len(given)
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            while not await _taken(client, path, each):  # noqa: ASYNC110 - the service's answer
                await asyncio.sleep(0.5)
            moved()
            done.append(f"statement/{COUNTY}/{each['statement_id']}/{each['revision']}")
    return tuple(done)


async def _taken(client: httpx.AsyncClient, path: str, each: Stated) -> bool:
    try:
        answer = await client.post(path, json=each)
    except httpx.TransportError:
        return False
    if answer.status_code in (403, 409, 422):
        raise AssertionError(f"a statement of the workload is refused: {answer.text}")
    return answer.is_success
