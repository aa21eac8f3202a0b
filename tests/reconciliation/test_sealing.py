"""What a court sealed is forgotten, and the person's other records stay one person's; on a real Postgres."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from msgspec.structs import asdict

from reliefstream_contracts.discrepancies import DiscrepancyChanged
from reliefstream_contracts.event import Event
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import CountKey, DiscrepancyId, ReliefId, SubjectId
from reliefstream_contracts.records import Person, SourceRecord
from reliefstream_contracts.relief import CourtOrder, ReliefOrdered, ReliefSealDue, RelievedConviction
from reliefstream_contracts.sealing import ConvictionForgotten, LinksPinned
from services.chassis.audit.act import Act, audited
from services.chassis.runtime.database import Database
from services.chassis.runtime.unit_of_work import Delivery, Tombstone
from services.reconciliation.handlers import Linker
from services.reconciliation.ledger import open_found
from services.reconciliation.linkage.identity.decisions import IdentityDecision
from services.reconciliation.relief_clocks import ReliefClocks
from services.reconciliation.sealing import Forgetting
from services.reconciliation.store import key_locks
from services.reconciliation.store.decisions import keep_decisions
from services.reconciliation.store.ledger_entries import record
from services.reconciliation.weights_file import load_model
from tests.reconciliation.published import BY_IDENTIFIERS, Published, feed
from tests.reconciliation.records import LOS_ANGELES, a_case, a_count, a_person, a_rap_sheet
from tests.standing_texts import tables_with

pytestmark = pytest.mark.servers
RELIEF = ReliefId(UUID(int=7))
FORGETTING = Forgetting(BY_IDENTIFIERS)
Emitted = list[Event | Tombstone]


def due(subject_id: SubjectId, *counts: str, sequence: int = 4) -> ReliefSealDue:
    return ReliefSealDue(
        relief_id=RELIEF,
        sequence=sequence,
        at=datetime(2026, 10, 1, tzinfo=UTC),
        kind="dismissal",
        conviction=RelievedConviction(
            subject_id=subject_id,
            counts=tuple(map(CountKey, counts)),
            county=LOS_ANGELES,
            section="HS 11359",
            level="felony",
        ),
        order=CourtOrder(number="SO-1", judge="A. Judge", on=date(2021, 9, 27), standing=True),
    )


async def seal(database: Database, subject_id: SubjectId, *counts: str, sequence: int = 4) -> Emitted:
    async with database.transaction() as work:
        await FORGETTING.on_relief([Delivery(due(subject_id, *counts, sequence=sequence))], work)
        return [event for event, *_ in work.emitted]


async def erase(database: Database, *records: SourceRecord) -> Emitted:
    async with database.transaction() as work:
        await FORGETTING.on_erased([record.key() for record in records], work)
        return [event for event, *_ in work.emitted]


async def report(database: Database) -> Emitted:
    async with database.transaction() as work:
        await FORGETTING.report(work)
        return [event for event, *_ in work.emitted]


async def came_anew(database: Database, record: SourceRecord) -> Emitted:
    async with database.transaction() as work:
        await BY_IDENTIFIERS.on_records([Delivery(record)], work)
        return [event for event, *_ in work.emitted]


def only_subject(published: Published) -> SubjectId:
    [one] = [each.subject_id for each in published.histories.values() if not each.retired_into]
    return one


async def test_it_is_reported_once_no_record_has_the_count(database: Database) -> None:
    published, before = Published(), a_rap_sheet("R1", a_count("001002001"), a_count("002001001"))
    await feed(database, [before], published)
    emitted = await seal(database, only_subject(published), f"{before.key()}/001002001")
    assert emitted == [LinksPinned(relief_id=RELIEF)]
    assert await report(database) == []
    after = before.replace(sequence=2, counts=before.counts[1:])
    await feed(database, [after], published)
    assert ConvictionForgotten(relief_id=RELIEF, service="reconciliation") in await report(database)
    assert await report(database) == []


async def test_a_count_that_came_while_it_was_being_sealed_is_waited_for_too(database: Database) -> None:
    published, before = Published(), a_rap_sheet("R1", a_count("001002001"), a_count("002001001"))
    await feed(database, [before], published)
    subject, one, other = only_subject(published), f"{before.key()}/001002001", f"{before.key()}/002001001"
    for sequence, counts in ((4, [one]), (5, [one, other]), (4, [one])):
        await seal(database, subject, *counts, sequence=sequence)
    await feed(database, [before.replace(sequence=2, counts=before.counts[1:])], published)
    assert await report(database) == []
    await feed(database, [before.replace(sequence=3, counts=())], published)
    assert ConvictionForgotten(relief_id=RELIEF, service="reconciliation") in await report(database)


async def test_a_count_that_relief_asks_no_more_to_forget_stays_and_is_not_waited_for(
    database: Database,
) -> None:
    published, before = Published(), a_rap_sheet("R1", a_count("001002001"), a_count("002001001"))
    await feed(database, [before], published)
    subject, one, other = only_subject(published), f"{before.key()}/001002001", f"{before.key()}/002001001"
    await seal(database, subject, one, other)
    await feed(database, [before.replace(sequence=2, counts=before.counts[1:])], published)
    assert await report(database) == []
    await seal(database, subject, one, sequence=5)
    assert ConvictionForgotten(relief_id=RELIEF, service="reconciliation") in await report(database)


async def test_the_ledger_forgets_what_it_said_of_the_conviction(database: Database) -> None:
    published, sheet = (
        Published(),
        a_rap_sheet("R1", a_count("001002001"), a_count("002001001", case_number="X9")),
    )
    await feed(database, [sheet], published)
    entries = {str(one.discrepancy_id): one for one in published.discrepancies.values()}
    about = {key for key, one in entries.items() if f"{sheet.key()}/001002001" in one.counts}
    assert about
    assert about != set(entries)
    async with database.transaction() as work:
        acts = [
            Act("a", "records_unit", "close", f"discrepancy/{one}", why=f"about {one}") for one in entries
        ]
        await audited(work, *acts)
    await seal(database, only_subject(published), f"{sheet.key()}/001002001")
    await feed(database, [sheet.replace(sequence=2, counts=sheet.counts[1:])], published)
    emitted = await report(database)
    reasons = await database.pool.fetch("SELECT text FROM audit_texts WHERE text LIKE 'about %'")
    assert {row["text"] for row in reasons} == {f"about {one}" for one in set(entries) - about}
    assert {one.key() for one in emitted if isinstance(one, Tombstone)} == about
    left = await database.pool.fetch("SELECT discrepancy_id::text AS id FROM discrepancies")
    assert {row["id"] for row in left} == set(entries) - about


async def test_the_persons_other_records_know_on_that_a_rap_sheet_had_come(database: Database) -> None:
    published = Published()
    cii = a_person(cii=("1000001",))
    sheet = a_rap_sheet("R1", person=cii, refused_rows=1)
    one, other = (
        a_case(name, a_count("1", case_number=name, conviction_date=day), person=cii)
        for name, day in (("C1", date(2001, 1, 1)), ("C2", date(2002, 2, 2)))
    )
    await feed(database, [one, other, sheet], published)
    subject = only_subject(published)
    for sealed in (sheet, one):
        await seal(database, subject, f"{sealed.key()}/{sealed.counts[0].count_id}")
        emitted = await erase(database, sealed)
        (history,) = [each for each in emitted if isinstance(each, HistoryChanged)]
        assert (history.subject_id, history.rap_sheet) == (subject, "incomplete")
    await seal(database, subject, f"{other.key()}/1")
    await erase(database, other)
    await report(database)
    assert await tables_with(database.pool, "R1", "C1", "C2") == []


async def test_records_that_only_the_sealed_one_tied_together_stay_one_persons(database: Database) -> None:
    published = Published()
    one, other = (
        a_case("C1", person=a_person(cii=("1000001",))),
        a_case("C2", person=a_person(cii=("1000002",))),
    )
    both = a_rap_sheet("R1", person=a_person(cii=("1000001", "1000002")))
    await feed(database, [one, other, both], published)
    subject = only_subject(published)
    await seal(database, subject, f"{both.key()}/001002001")
    emitted = await erase(database, both)
    histories = [each for each in emitted if isinstance(each, HistoryChanged)]
    assert [each.subject_id for each in histories] == [subject]
    assert {key for each in histories[0].convictions for key in (count.key for count in each.counts)} == {
        f"{each.key()}/1" for each in (one, other)
    }
    rows = await database.pool.fetch("SELECT one, other FROM link_decisions")
    assert [tuple(row) for row in rows] == [(one.key(), other.key())]


async def test_a_revision_without_the_count_parts_nobody(database: Database) -> None:
    published = Published()
    case, sheet = (
        a_case("C1", person=a_person(cii=("1000001",))),
        a_rap_sheet(
            "R1", a_count(), a_count("002001001", case_number="X9"), person=a_person(cii=("1000001",))
        ),
    )
    await feed(database, [case, sheet], published)
    subject = only_subject(published)
    await seal(database, subject, f"{sheet.key()}/001002001", f"{case.key()}/1")
    stranger = a_person("OTHER", cii=())
    await feed(database, [sheet.replace(sequence=2, counts=sheet.counts[1:], person=stranger)], published)
    assert only_subject(published) == subject


async def test_a_person_without_any_record_is_forgotten_and_can_come_anew(database: Database) -> None:
    published, sheet = Published(), a_rap_sheet()
    await feed(database, [sheet], published)
    subject = only_subject(published)
    await seal(database, subject, f"{sheet.key()}/001002001")
    emitted = await erase(database, sheet)
    assert {one.key() for one in emitted if isinstance(one, Tombstone)} >= {str(subject)}
    assert [type(one) for one in await report(database)] == [ConvictionForgotten]
    async with database.transaction() as work:
        await key_locks.forget(work)  # as a job does
    assert await tables_with(database.pool, sheet.key(), "SKYWALKER", "1008675309", "1960") == []
    await came_anew(database, sheet)
    assert await database.pool.fetchval("SELECT count(*) FROM records") == 1


async def test_the_ledger_forgets_it_under_an_id_that_was_retired_since_too(database: Database) -> None:
    """Court and DOJ came apart, each with an entry of its own, and were linked before the seal."""
    published = Published()
    case, sheet = a_case("C1", person=a_person(cii=("1000001",))), a_rap_sheet("R1", person=a_person(cii=()))
    await feed(database, [case], published)
    await feed(database, [sheet], published)
    linked = sheet.replace(sequence=2, person=a_person(cii=("1000001",)))
    await feed(database, [linked], published)
    counts = f"{case.key()}/1", f"{sheet.key()}/001002001"
    assert await tables_with(database.pool, case.key())
    await seal(database, only_subject(published), *counts)
    await erase(database, case, sheet)
    await report(database)
    assert await tables_with(database.pool, case.key(), sheet.key()) == []


async def test_the_ledger_forgets_it_under_a_person_who_had_its_record_once_too(database: Database) -> None:
    """A case was taken for the person's of another case, until somebody decided that it is DOJ's person's."""
    published, on = Published(), date(2001, 1, 1)
    other, case = a_case("C1"), a_case("C2", a_count("1", case_number="C2", conviction_date=on))
    sheet = a_rap_sheet(
        "R1", a_count(case_number="C2", conviction_date=on), person=a_person(cii=("1000002",))
    )
    await feed(database, [other, case, sheet], published)
    decisions = [
        IdentityDecision(other.key(), case.key(), same=False),
        IdentityDecision(case.key(), sheet.key(), same=True),
    ]
    async with database.transaction() as work:
        await keep_decisions(work, decisions, by="a", reason="")
        await BY_IDENTIFIERS.link_anew(work, sorted([other.key(), case.key(), sheet.key()]))
        published.take(work)
    filed = await subjects(database)
    assert filed[other.key()] != filed[case.key()] == filed[sheet.key()]
    about = [each for each in published.discrepancies.values() if f"{case.key()}/1" in each.counts]
    assert {(one.subject_id, one.resolved_by) for one in about} == {(filed[other.key()], ())}
    counts = f"{case.key()}/1", f"{sheet.key()}/001002001"
    await seal(database, filed[case.key()], *counts)
    await erase(database, case, sheet)
    await report(database)
    assert await tables_with(database.pool, case.key(), sheet.key()) == []
    assert "discrepancies" in await tables_with(database.pool, other.key())


async def test_an_entry_of_a_doubtful_identity_goes_with_a_record_that_it_names(database: Database) -> None:
    published = Published()
    one, other = (
        a_case("C1", person=a_person("SKYWALKER", cii=("1000001",))),
        a_case("C2", person=a_person("ORGANA", cii=("1000001",))),
    )
    await feed(database, [one, other], published)
    assert "discrepancies" in await tables_with(database.pool, one.key())
    await erase(database, one)
    assert await tables_with(database.pool, one.key()) == []
    assert "records" in await tables_with(database.pool, other.key())


async def test_an_entry_that_an_erased_record_only_resolved_stays_with_what_people_did(
    database: Database,
) -> None:
    """The court's two cases of one person came together; DOJ has the second alone, and the first is sealed."""
    published, person = Published(), a_person(cii=("1000001",))
    sheet = a_rap_sheet("R1", a_count(case_number="C2"), person=person)
    sealed = a_case("C1", a_count("1", case_number="C1", conviction_date=date(2001, 1, 1)), person=person)
    other = a_case("C2", a_count("1", case_number="C2"), person=person)
    await feed(database, [sheet], published)
    (lacking,) = published.discrepancies.values()
    async with database.transaction() as work:
        await record(work, lacking.discrepancy_id, "put_off", "a", reason="the court looks for it")
    await feed(database, [sealed, other], published)
    assert published.discrepancies[lacking.discrepancy_id].resolved_by == (sealed.key(), other.key())
    await seal(database, only_subject(published), f"{sealed.key()}/1")
    async with database.transaction() as work:
        await FORGETTING.on_erased([sealed.key()], work)
        published.take(work)  # no version of it is left out, and none comes again
    await report(database)
    kept = published.discrepancies[lacking.discrepancy_id]
    assert (kept.version, kept.status, kept.resolved_by) == (3, "resolved", (other.key(),))
    assert await database.pool.fetchval("SELECT reason FROM discrepancy_acts") == "the court looks for it"
    assert await tables_with(database.pool, sealed.key()) == []
    await feed(database, [other.replace(sequence=2, withdrawn=True, counts=())], published)
    assert published.discrepancies[lacking.discrepancy_id].status == "open"


async def test_an_entry_about_a_record_that_turned_out_to_be_another_persons_stays_under_that_one(
    database: Database,
) -> None:
    """A clock files what it finds under the person whose the conviction was when its relief was proposed."""
    published, clocked = Published(), DiscrepancyId(UUID(int=8))
    one = a_case("C1", a_count("1", case_number="C1"), person=a_person("SKYWALKER", cii=("1000001",)))
    other = a_case("C2", a_count("1", case_number="C2"), person=a_person("ORGANA", cii=("1000002",)))
    await feed(database, [one, other], published)
    filed = await subjects(database)
    entry = DiscrepancyChanged(
        discrepancy_id=clocked,
        version=1,
        kind="relief_overdue",
        status="open",
        owner="county_court",
        county=LOS_ANGELES,
        subject_id=SubjectId(UUID(str(filed[one.key()]))),
        counts=(CountKey(f"{other.key()}/1"),),
        at=datetime(2026, 10, 1, tzinfo=UTC),
    )
    async with database.transaction() as work:
        await open_found(work, [entry], "relief clocks")
    emitted = await erase(database, one)
    gone = {each.key() for each in emitted if isinstance(each, Tombstone)}
    assert str(filed[one.key()]) in gone
    assert str(clocked) not in gone
    (kept,) = [each for each in emitted if isinstance(each, DiscrepancyChanged) if each.key() == str(clocked)]
    assert (kept.version, kept.status, kept.subject_id) == (2, "open", filed[other.key()])
    row = await database.pool.fetchrow(
        "SELECT open, subject_id, found_by FROM discrepancies WHERE discrepancy_id = $1", clocked
    )
    assert tuple(row) == (True, filed[other.key()], "relief clocks")


async def test_what_comes_anew_under_an_erased_id_counts_on_from_above_it(database: Database) -> None:
    """A reader that missed the tombstone keeps the highest version, and no event has the id of an earlier one."""
    one, other = (
        a_case("C1", person=a_person("SKYWALKER", cii=("1000001",))),
        a_case("C2", person=a_person("ORGANA", cii=("1000001",))),
    )
    published = Published()
    events: Emitted = [*await feed(database, [one], published), *await feed(database, [other], published)]
    events += await erase(database, one)
    gone = {each.key() for each in events if isinstance(each, Tombstone)}
    again = await came_anew(database, one.replace(sequence=2))
    opened_again = {each.topic() for each in again if each.key() in gone}
    assert opened_again == {HistoryChanged.TOPIC, DiscrepancyChanged.TOPIC}
    ids: set[UUID] = set()
    versions: dict[str, int] = {}
    for each in (*events, *again):
        if isinstance(each, HistoryChanged | DiscrepancyChanged):
            assert each.event_id() not in ids
            assert each.version > versions.get(each.key(), 0)
            ids.add(each.event_id())
            versions[each.key()] = each.version


async def test_what_could_not_be_processed_of_a_record_is_erased_with_its_conviction(
    database: Database,
) -> None:
    published, sheet = Published(), a_rap_sheet("R1", a_count("001002001"), a_count("002001001"))
    await feed(database, [sheet], published)
    await database.pool.execute(
        """INSERT INTO dead_letters (consumer, topic, partition, "offset", key, headers, value, reason, detail, at,
               record_at) VALUES ('x', 'records-v1', 0, 1, $1, '[]', 'SKYWALKER', 'defect', '', now(), now())""",
        sheet.key(),
    )
    await seal(database, only_subject(published), f"{sheet.key()}/001002001")
    await feed(database, [sheet.replace(sequence=2, counts=sheet.counts[1:])], published)
    await report(database)
    assert await database.pool.fetchval("SELECT count(*) FROM dead_letters") == 0


async def test_the_clocks_of_a_sealed_relief_go_with_its_steps(database: Database) -> None:
    """A replay reads the steps again, and their tombstones after them."""
    published, sheet = Published(), a_rap_sheet("R1")
    await feed(database, [sheet], published)
    said = due(only_subject(published), f"{sheet.key()}/001002001")
    ordered = ReliefOrdered(**{**asdict(said), "sequence": 3})
    clocks = ReliefClocks(lambda: date(2026, 10, 1))
    async with database.transaction() as work:
        await clocks.on_relief([Delivery(ordered)], work)
    assert {"relief_clocks", "relief_stages"} <= set(await tables_with(database.pool, sheet.key()))
    async with database.transaction() as work:
        await clocks.erased([f"{said.relief_id}/2", "heartbeat"], work)
    assert {"relief_clocks", "relief_stages"} <= set(await tables_with(database.pool, sheet.key())), (
        "of a relief that goes on, earlier steps alone are erased"
    )
    async with database.transaction() as work:
        await clocks.erased([ordered.key(), "heartbeat"], work)
    assert {"relief_clocks", "relief_stages"}.isdisjoint(await tables_with(database.pool, sheet.key()))


async def test_what_remains_of_a_person_becomes_nobody_elses(database: Database) -> None:
    """Two of one name and birth date, told apart by their rap sheets alone; one of the sheets is erased."""
    published, linker = Published(), Linker(load_model())
    case = a_case("C1", person=a_person(cii=()))
    sheet = a_rap_sheet(
        "R1", a_count(case_number="BA-12345", court="Van Nuys"), person=a_person(cii=("1000001",))
    )
    stranger = a_rap_sheet(
        "R2", a_count(case_number="XX-9", conviction_date=date(2004, 2, 3)), person=a_person(cii=("1000002",))
    )
    await feed(database, [case, sheet], published, linker)
    await feed(database, [stranger], published, linker)
    before = await subjects(database)
    assert before[case.key()] == before[sheet.key()] != before[stranger.key()]
    async with database.transaction() as work:
        await Forgetting(linker).on_erased([sheet.key()], work)
        published.take(work)
    assert await subjects(database) == {key: before[key] for key in (case.key(), stranger.key())}
    again = stranger.replace(sequence=2)
    await feed(database, [again], published, linker)
    assert await subjects(database) == {key: before[key] for key in (case.key(), stranger.key())}


async def test_nobody_is_in_doubt_who_was_not_before(database: Database) -> None:
    """Two of one name and birth date, whom two rap sheets tell apart; without one of them they might be one person."""
    published, linker = Published(), Linker(load_model())
    first, second = (perhaps_brian(cii) for cii in ("1000001", "2999992"))
    sheets = (
        a_rap_sheet("R1", a_count(case_number="BA-1", court="Van Nuys"), person=first),
        a_rap_sheet("R2", a_count(case_number="XX-9", conviction_date=date(2004, 2, 3)), person=second),
    )
    left = a_case("C1", a_count("1", case_number="BA-77", conviction_date=date(1999, 5, 6)), person=first)
    beside = a_case("C2", a_count("1", case_number="XX-78", conviction_date=date(2005, 6, 7)), person=second)
    await feed(database, [*sheets, left, beside], published, linker)
    before, histories = await subjects(database), dict(published.histories)
    assert await in_doubt(database) == set()
    async with database.transaction() as work:
        await Forgetting(linker).on_erased([sheets[0].key()], work)
        published.take(work)
    assert await subjects(database) == {key: who for key, who in before.items() if key != sheets[0].key()}
    assert await in_doubt(database) == set()
    strangers = before[beside.key()]
    assert published.histories[strangers] == histories[strangers]
    await feed(database, [beside.replace(sequence=2)], published, linker)
    assert await in_doubt(database) == set()


async def test_who_was_in_doubt_before_is_in_doubt_still(database: Database) -> None:
    """Nobody can tell whether two cases are one person's, and the erased sheet told nothing of that."""
    published, linker = Published(), Linker(load_model())
    one, other = (
        a_case(name, a_count("1", case_number=name, conviction_date=day), person=perhaps_brian(cii))
        for name, day, cii in (("C1", date(1999, 5, 6), "1000001"), ("C2", date(2005, 6, 7), "2999992"))
    )
    sheet = a_rap_sheet("R1", a_count(case_number="BA-1", court="Van Nuys"), person=perhaps_brian("1000001"))
    await feed(database, [sheet, one, other], published, linker)
    doubted = await in_doubt(database)
    assert len(doubted) == 2
    async with database.transaction() as work:
        await Forgetting(linker).on_erased([sheet.key()], work)
        published.take(work)
    assert await in_doubt(database) == doubted
    assert await database.pool.fetchval("SELECT count(*) FROM link_decisions WHERE NOT same") == 0


def perhaps_brian(cii: str) -> Person:
    """Many have this name; what two of them have in common is not enough to link them, and too much to part them."""
    return a_person("PEREZ HERRERA", cii=(cii,), given_name="BRIAN", sex="M", race="HISPANIC")


async def in_doubt(database: Database) -> set[object]:
    rows = await database.pool.fetch("SELECT subject_id FROM subjects WHERE in_doubt")
    return {row["subject_id"] for row in rows}


async def subjects(database: Database) -> dict[str, SubjectId]:
    return {
        row["record_key"]: row["subject_id"]
        for row in await database.pool.fetch("SELECT record_key, subject_id FROM records")
    }
