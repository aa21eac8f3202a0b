"""What is open, by kind and age, as a metric."""

from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from services.chassis.runtime.database import Database
from services.reconciliation.ledger_metrics import measure
from tests.reconciliation.published import Published, feed
from tests.reconciliation.records import a_case, a_rap_sheet

pytestmark = pytest.mark.servers


def open_ones(kind: str, age: str) -> float | None:
    return REGISTRY.get_sample_value("reliefstream_open_discrepancies", {"kind": kind, "age": age})


async def measured(database: Database, days_later: float) -> None:
    async with database.transaction() as work:
        work.now += timedelta(days=days_later)
        await measure(work)


async def test_open_discrepancies_are_counted_by_kind_and_age_until_they_are_resolved(
    database: Database,
) -> None:
    published = Published()
    await feed(database, [a_rap_sheet()], published)

    await measured(database, 6.9)
    assert open_ones("only_in_doj", "up to 7 days") == 1
    await measured(database, 7.1)
    assert (open_ones("only_in_doj", "up to 7 days"), open_ones("only_in_doj", "up to 30 days")) == (None, 1)
    await measured(database, 1000)
    assert open_ones("only_in_doj", "more than 90 days") == 1
    await feed(database, [a_case()], published)
    await measured(database, 1000)
    assert open_ones("only_in_doj", "more than 90 days") is None
