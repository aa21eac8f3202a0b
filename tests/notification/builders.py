"""Reliefs and subscriptions to test with, and a clock that the test turns."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from msgspec.structs import asdict

from reliefstream_contracts.identifiers import CaseNumber, CountyName, ReliefId, SubjectId, derived
from reliefstream_contracts.relief import (
    CourtOrder,
    ReliefAcknowledged,
    ReliefOrdered,
    ReliefProposed,
    ReliefSealDue,
    RelievedConviction,
)
from services.chassis.runtime.database import Database
from services.chassis.runtime.keyed_hash import KeyedHash
from services.notification.handlers import Notifying
from services.notification.subscriptions import store as subscription_store
from services.notification.subscriptions.store import Subscription
from services.notification.webhooks.sealed_secrets import SealedSecrets
from services.notification.webhooks.webhook import secret

START = datetime(2026, 1, 5, 12, tzinfo=UTC)
SECRET = secret(b"s" * 32)
KEY = "a key of no installation at all, 32"
HASHING = KeyedHash([b"a key of no installation at all, 32"])
on_relief = Notifying(HASHING).on_relief
SEALED = SealedSecrets([KEY], lambda length: b"n" * length)


@dataclass
class TurnedClock:
    """A clock that stands until it is turned."""

    moment: datetime = START

    def now(self) -> datetime:
        return self.moment

    def today(self, timezone: str = "America/Los_Angeles") -> date:
        return self.moment.date()

    def turn(self, by: timedelta) -> None:
        self.moment += by


def relief_id(number: int) -> ReliefId:
    return ReliefId(derived("test-relief", number))


def a_conviction(number: int, county: str = "los-angeles") -> RelievedConviction:
    return RelievedConviction(
        subject_id=SubjectId(derived("test-subject", number)),
        counts=(),
        county=CountyName(county),
        court="Los Angeles Superior Court",
        case_number=CaseNumber(f"BA{number:06}"),
        source_case_numbers={"court": CaseNumber(f"BA{number:06}")},
        section="HS 11359",
        level="felony",
        conviction_date=date(1999, 3, 4),
        disposition_date=date(1999, 3, 4),
        sex="F",
        race="WHITE",
    )


def ordered(number: int, sequence: int = 2, county: str = "los-angeles") -> ReliefOrdered:
    return ReliefOrdered(
        relief_id=relief_id(number),
        sequence=sequence,
        at=START,
        kind="dismissal",
        conviction=a_conviction(number, county),
        order=CourtOrder(number="2020-SO-1", judge="Hon. A. Judge", on=date(2026, 1, 5), standing=True),
    )


def proposed(number: int) -> ReliefProposed:
    return ReliefProposed(
        relief_id=relief_id(number),
        sequence=1,
        at=START,
        kind="dismissal",
        conviction=a_conviction(number),
        policy="los-angeles-2020",
        reason="dismiss",
    )


def acknowledged(number: int) -> ReliefAcknowledged:
    return ReliefAcknowledged(
        relief_id=relief_id(number),
        sequence=3,
        at=START,
        kind="dismissal",
        conviction=a_conviction(number),
        by="court",
    )


def seal_due(number: int, county: str = "los-angeles") -> ReliefSealDue:
    return ReliefSealDue(**asdict(ordered(number, 4, county)))


async def subscribed(
    database: Database, url: str, name: str = "one", counties: list[str] | None = None
) -> UUID:
    """A live subscription of that name; its id."""
    identity = derived("test-subscription", name)
    async with database.transaction() as work:
        await subscription_store.add(
            work.db,
            Subscription(identity, "case-system", url, name, counties, "active", None, work.now),
            SEALED.seal(SECRET, identity),
        )
    return identity
