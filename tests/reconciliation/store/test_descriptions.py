"""What is stored of a record for comparison is what the record says."""

import pytest
from hypothesis import given, settings

from reliefstream_contracts.records import SourceRecord
from services.chassis.runtime.database import Database
from services.reconciliation.estimate import stored_descriptions
from services.reconciliation.linkage.resemblance.description import description_of
from services.reconciliation.store.descriptions import as_text, from_text
from tests.reconciliation.linkage.test_resemblance import case, sheet
from tests.reconciliation.published import Published, feed
from tests.reconciliation.resembling import records


@given(records())
@settings(deadline=None)
def test_a_description_survives_being_stored(record: SourceRecord) -> None:
    assert from_text(as_text(description_of(record))) == description_of(record)


@pytest.mark.servers
async def test_weights_are_learnt_from_what_is_stored_of_live_records(database: Database) -> None:
    withdrawn = case("C2", surname="NOBODY")
    published = Published()
    await feed(database, [case(), sheet(), withdrawn], published)
    await feed(database, [withdrawn.replace(sequence=2, withdrawn=True)], published)
    async with database.pool.acquire() as db:
        found = await stored_descriptions(db)
    assert found == {record.key(): description_of(record) for record in (case(), sheet())}
