"""What two counties send in a fault run: the same records for every seed, in an order of its own.

Fabricated records of both counties, and beside them corrections, withdrawals, a later extract, records that make
two subjects one, and what intake refuses. Every seed sends all of it at least once; what comes when, what comes
twice and on which partition is the seed's. Nothing in it depends on the order for its end: no two contents have the
same revision.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import httpx

from deploy.sample.files.court.layouts import CourtLayout
from deploy.sample.files.files import Sample
from deploy.sample.population.places import county_named
from deploy.sample.population.shape import shape_at
from reliefstream_contracts.identifiers import CountyName
from services.cli.submission.file_messages import Format, submitted_file
from services.ingest.core.message import Metadata
from services.ingest.core.message_headers import headers_of
from services.ingest.core.profile.profile import Profile
from services.ingest.profiles.counties import sending_counties
from tests.harness.faults.added_records import added, withdrawn
from tests.harness.faults.observation import Headers, Sent
from tests.harness.faults.stating import Stated, statements

AS_OF = date(2026, 11, 2)
COUNTIES = ("los-angeles", "sacramento")
POLICY = {"sacramento": "los-angeles-2021"}
"""Sacramento's own clears few; under this one its convictions get relief too."""

DESCRIPTIONS = Path(__file__).parents[3] / "deploy" / "counties"
SCALE, SAMPLE_SEED = Fraction(1, 1000), 64
LATE = 90
"""How many places a message may come later than in the undisturbed order."""
PARTITIONS = 3
REPEATED, MOVED = 0.1, 0.2
ORDER = {
    "number": "SO-FAULTS-1",
    "judge": "A. Judge",
    "on": "2021-09-27",
    "scope": "HS 11361.8",
    "covers_decisions": True,
}


async def begin(urls: Mapping[str, str], clerks: tuple[str, str], operator: str, receiver_url: str) -> None:
    """What people do before the first record, by their tokens: the court's standing order, a subscription."""
    clerk, second = map(_bearer, clerks)
    async with httpx.AsyncClient(timeout=120) as client:
        order = f"{urls['relief']}/v1/counties/los-angeles/standing-orders"
        entered = (await client.post(order, json=ORDER, headers=clerk)).raise_for_status().json()
        shown = {"number": ORDER["number"], "digest": entered["digest"]}
        (await client.post(f"{order}/confirm", json=shown, headers=second)).raise_for_status()
        subscriptions = f"{urls['notification']}/v1/subscriptions"
        asked = {"url": receiver_url}
        (await client.post(subscriptions, json=asked, headers=_bearer(operator))).raise_for_status()


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def deliveries(seed: int) -> list[Sent]:
    """What the counties send, in order; seed 0: each once, in the order of their files."""
    messages = list(_all())
    if seed == 0:
        return messages
    dice = Random(seed)
    placed = [(at + dice.uniform(0, LATE), each) for at, each in enumerate(messages)]
    placed += [(dice.uniform(0, len(messages)), each) for each in messages if dice.random() < REPEATED]
    in_order = [each for _, each in sorted(placed, key=lambda pair: pair[0])]
    return [_moved(each, dice) if dice.random() < MOVED else each for each in in_order]


def sent_again(seed: int) -> tuple[list[Sent], list[Sent]]:
    """What the counties send once more: some while convictions are sealed, and everything after that."""
    messages = list(_all())
    if seed == 0:
        return messages[::2], messages
    dice = Random(f"again {seed}")
    after = dice.sample(messages, len(messages))
    return dice.sample(messages, len(messages) // 2), [_moved(each, dice) for each in after]


@cache
def stated() -> tuple[Stated, ...]:
    """What offices state meanwhile, the same for every seed: whether a record or what is said of it comes first is the
    run's affair."""
    return tuple(statements(_all(), AS_OF))


@cache
def taken_back() -> frozenset[str]:
    """The records that a court withdraws: whether relief was ordered on one before is the run's affair."""
    return withdrawn(_all())


def _moved(message: Sent, dice: Random) -> Sent:
    return Sent(message.county, message.key, message.headers, message.value, dice.randrange(PARTITIONS))


@cache
def _all() -> tuple[Sent, ...]:
    angeles = _sample("los-angeles", "strict", "court.jsonl")
    sacramento = _sample("sacramento", "odyssey", "court.csv")
    return (*angeles, *sacramento, *added(angeles))


def _sample(county: str, layout: CourtLayout, feed: str) -> list[Sent]:
    profile = (
        sending_counties(DESCRIPTIONS)[CountyName(county)].profiles[layout] if layout != "strict" else None
    )
    with TemporaryDirectory() as folder:
        out = Path(folder)
        Sample(shape_at(SCALE), county_named(county), SAMPLE_SEED, layout).write(out, lambda: None)
        return _file(out / "doj.csv", county, "doj", None) + _file(out / feed, county, "court", profile)


def _file(path: Path, county: str, form: Format, profile: Profile | None) -> list[Sent]:
    file = submitted_file(path, form, profile)
    with file.open():
        return [Sent(county, m.key, _headers(m.metadata), m.value, None) for m in file.messages()]


def _headers(metadata: Metadata) -> Headers:
    return tuple((name, text.encode()) for name, text in headers_of(metadata).items())
