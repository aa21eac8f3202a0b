"""Looks at the county's records for whoever was named, again each day; says which answers are late; erases in time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from prometheus_client import Gauge

from reliefstream_contracts.discrepancies import DiscrepancyChanged, DiscrepancyKind
from reliefstream_contracts.identifiers import DiscrepancyId, derived
from services.chassis.runtime.unit_of_work import Database, Work
from services.reconciliation import ledger
from services.reconciliation.linkage.resemblance.description import Description
from services.reconciliation.linkage.resemblance.weights import Model
from services.reconciliation.referrals import store
from services.reconciliation.referrals.looking import looked_up
from services.reconciliation.referrals.store import Held, Looked

OPEN = Gauge(
    "reliefstream_open_referral_lines",
    "Persons handed in by community groups whom the county has still to answer for",
    ["county", "due"],
)
FOUND_BY = "referrals"
KINDS: tuple[DiscrepancyKind, ...] = ("not_on_record", "referral_overdue")
AT_ONCE = 50
AGAIN_AFTER = timedelta(days=1)
KEPT = timedelta(days=90)
"""After a line's day: so long it is known who was named."""
MISSING = frozenset({"missing", "case_missing"})


@dataclass(frozen=True, slots=True)
class ReferralClock:
    """The jobs, with the linkage's model and the day as their inputs."""

    model: Model[Description]
    today: Callable[[], date]

    async def look(self, work: Work) -> bool:
        """Compares some lines with the records; True when there may be more.

        A person or a case that no record shows opens a discrepancy of the county; once a record does, it is resolved.
        """
        due = await store.to_look_at(work.db, work.now, AT_ONCE)
        looked = [await self._looked(work.db, each) for each in due]
        if looked:
            await store.save_looks(work.db, looked, work.now + AGAIN_AFTER)
            await _tell(work, looked)
        return len(due) == AT_ONCE

    async def escalate(self, work: Work) -> bool:
        """Tells the district attorney of each line that the county has not answered by its day."""
        late = await store.overdue(work.db, self.today())
        await ledger.open_found(
            work, [_entry(work, each, "referral_overdue", None) for each in late], FOUND_BY
        )
        return False

    async def erase(self, work: Work) -> bool:
        """Erases who was named, when its time is over; what is open about it is resolved."""
        gone = await store.erase(work.db, self.today(), KEPT)
        await ledger.resolve(work, {entry_id(kind, *each): "erased" for each in gone for kind in KINDS})
        return False

    async def measure(self, work: Work) -> bool:
        """Sets the gauges, for the supervisor; a county without an open line is absent."""
        rows = await work.db.fetch(
            f"""SELECT county, due_on < $1 AS late, count(*) AS number FROM referral_lines
                WHERE {store.OPEN} GROUP BY 1, 2""",  # noqa: S608 - a condition of our own
            self.today(),
        )
        OPEN.clear()
        for row in rows:
            OPEN.labels(row["county"], "overdue" if row["late"] else "in time").set(row["number"])
        return False

    async def _looked(self, db: Database, line: Held) -> Looked:
        if line.person is None:
            return Looked(line, line.standing, None)
        return Looked(line, *await looked_up(db, line.county, line.person, self.model))


async def answered(work: Work, lines: Sequence[Held], said: str) -> None:
    """Resolves what the county's answer ends; after ``record_sent`` its record has still to come."""
    kinds: Sequence[DiscrepancyKind] = ("referral_overdue",) if said == "record_sent" else KINDS
    await ledger.resolve(
        work, {entry_id(kind, each.referral_id, each.line): said for each in lines for kind in kinds}
    )


def entry_id(kind: DiscrepancyKind, referral_id: object, line: int) -> DiscrepancyId:
    """The id of the ledger's entry about one line."""
    return DiscrepancyId(derived(kind, referral_id, line))


async def _tell(work: Work, looked: Sequence[Looked]) -> None:
    missing = [
        each
        for each in looked
        if each.standing in MISSING and each.line.county_answer in (None, "record_sent")
    ]
    entries = [_entry(work, each.line, "not_on_record", each) for each in missing]
    await ledger.open_found(work, entries, FOUND_BY)
    await ledger.resolve(
        work,
        {
            entry_id(kind, each.line.referral_id, each.line.line): "found"
            for each in looked
            if each.standing not in MISSING
            for kind in (KINDS if each.standing == "found" else KINDS[:1])
        },
    )


def _entry(work: Work, line: Held, kind: DiscrepancyKind, looked: Looked | None) -> DiscrepancyChanged:
    """Without a name: the records unit finds it by the referral and its line."""
    return DiscrepancyChanged(
        discrepancy_id=entry_id(kind, line.referral_id, line.line),
        version=1,
        kind=kind,
        status="open",
        owner="records_unit" if kind == "not_on_record" else "district_attorney",
        county=line.county,
        subject_id=looked.subject_id if looked else None,
        field=None if looked is None else "case_number" if looked.standing == "case_missing" else "person",
        values=(("referral", str(line.referral_id)), ("line", str(line.line))),
        due_by=line.due_on,
        first_seen=work.now,
        at=work.now,
    )
