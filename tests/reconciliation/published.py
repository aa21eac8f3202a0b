"""Runs batches of records through the handler and keeps what a reader of its topics would know."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from reliefstream_contracts.discrepancies import DiscrepancyChanged
from reliefstream_contracts.event import Event
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.records import SourceRecord
from services.chassis.runtime.database import Database
from services.chassis.runtime.unit_of_work import Delivery, Work
from services.reconciliation.handlers import Linker
from tests.left_out import without

BY_IDENTIFIERS = Linker()


@dataclass
class Published:
    """The last version of each subject and discrepancy; a version that does not follow fails the test."""

    histories: dict[UUID, HistoryChanged] = field(default_factory=dict)
    discrepancies: dict[UUID, DiscrepancyChanged] = field(default_factory=dict)

    def take(self, work: Work) -> list[Event]:
        events = [event for event, *_ in work.emitted]
        for event in events:
            if isinstance(event, HistoryChanged):
                before = self.histories.get(event.subject_id)
                assert event.version == (before.version if before else 0) + 1
                assert before is None or before.retired_into is None, "a retired id never comes back"
                self.histories[event.subject_id] = event
            elif isinstance(event, DiscrepancyChanged):
                last = self.discrepancies.get(event.discrepancy_id)
                assert event.version == (last.version if last else 0) + 1
                self.discrepancies[event.discrepancy_id] = event
        return events

    def contents(self) -> list[str]:
        """Every subject's history that has any content, but for ids and versions, in an order of its own."""
        return contents(
            history
            for history in self.histories.values()
            if history.retired_into is None and history != emptied(history)
        )

    def open(self) -> set[tuple[str, tuple[str, ...]]]:
        """The open discrepancies by id and values."""
        return {
            (str(one.discrepancy_id), tuple(map(str, one.values)))
            for one in self.discrepancies.values()
            if one.status == "open"
        }


def emptied(history: HistoryChanged) -> HistoryChanged:
    return HistoryChanged(subject_id=history.subject_id, version=history.version)


def contents(histories: Iterable[HistoryChanged]) -> list[str]:
    """Histories but for ids and versions, as sorted texts."""
    return sorted(without(history, {"subject_id", "version"}) for history in histories)


async def feed(
    database: Database, records: Sequence[SourceRecord], published: Published, linker: Linker = BY_IDENTIFIERS
) -> list[Event]:
    """One batch in one transaction; returns what was emitted."""
    async with database.transaction() as work:
        await linker.on_records([Delivery(record) for record in records], work)
        return published.take(work)
