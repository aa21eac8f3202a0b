"""Postgres shows a caller the rows of its own counties, whatever the query asks for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from services.chassis.audit.act import Act, audited
from services.chassis.identity.caller import Caller, Grant
from services.chassis.identity.reading import as_caller
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.database import Database
from tests.databases import temporary_database
from tests.servers import Servers

pytestmark = pytest.mark.servers
KERN_AND_YOLO = {
    "relief": """
        INSERT INTO proposed_orders (proposed_order_id, county, number, state, made_at)
        VALUES ('kern-1', 'kern', 1, 'open', now()), ('yolo-1', 'yolo', 1, 'open', now());
        INSERT INTO findings (count_key, subject_id, conviction_id, finding) VALUES
            ('court/kern/A/1', gen_random_uuid(), gen_random_uuid(), '{"conviction": {"county": "kern"}}'),
            ('court/yolo/A/1', gen_random_uuid(), gen_random_uuid(), '{"conviction": {"county": "yolo"}}');
    """,
    "eligibility": """
        INSERT INTO subjects (subject_id, history_version, history, version, determinations, content, rules, as_of)
        SELECT gen_random_uuid(), 1, '{"convictions": [{"county": "' || county || '"}]}', 1, '[]', '',
               '', now()
        FROM unnest('{kern,yolo}'::text[]) AS county;
    """,
    "reconciliation": """
        INSERT INTO records (record_key, sequence, type, body, withdrawn, subject_id) VALUES
            ('court/kern/A', 1, 't', '', false, '00000000-0000-0000-0000-000000000001'),
            ('doj/yolo/A', 2, 't', '', false, '00000000-0000-0000-0000-000000000001'),
            ('court/yolo/B', 3, 't', '', false, '00000000-0000-0000-0000-000000000002');
        INSERT INTO subjects (subject_id, version, content, in_doubt) VALUES
            ('00000000-0000-0000-0000-000000000001', 1, '', false),
            ('00000000-0000-0000-0000-000000000002', 1, '', false);
        INSERT INTO discrepancies (discrepancy_id, subject_id, version, kind, open, first_seen, last_seen, event)
        VALUES
            (gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 1, 'k', true,
             now(), now(), '{"county": "kern"}'),
            (gen_random_uuid(), '00000000-0000-0000-0000-000000000002', 1, 'k', true,
             now(), now(), '{"county": "yolo"}');
    """,
}
"""A schema's rows of two counties. The records of one person come from both."""
SEEN = [
    ("relief", "proposed_orders", {"kern": 1, "yolo": 1, "everything": 2}),
    ("relief", "findings", {"kern": 1, "yolo": 1, "everything": 2}),
    ("eligibility", "subjects", {"kern": 1, "yolo": 1, "everything": 2}),
    ("reconciliation", "records", {"kern": 2, "yolo": 3, "everything": 3}),
    ("reconciliation", "subjects", {"kern": 1, "yolo": 2, "everything": 2}),
    ("reconciliation", "discrepancies", {"kern": 1, "yolo": 1, "everything": 2}),
]
"""How many rows of a table each caller sees; any other caller sees none."""


def caller(*grants: Grant) -> Caller:
    return Caller("account-1", "person", grants)


CALLERS = {
    "kern": caller(Grant("clerk", "kern")),
    "yolo": caller(Grant("clerk", "yolo"), Grant("district_attorney", "napa")),
    "everything": caller(Grant("auditor")),
    "a city": caller(Grant("city_attorney", "kern", "bakersfield")),
    "nothing": caller(),
}


@asynccontextmanager
async def filled(servers: Servers, service: str) -> AsyncIterator[Database]:
    async with temporary_database(servers, service) as made:
        admin = await asyncpg.connect(made.url)
        await admin.execute(KERN_AND_YOLO[service])
        await admin.close()
        database = Database(made.url, service, SystemClock())
        await database.open()
        try:
            yield database
        finally:
            await database.close()


@pytest.mark.parametrize("service", KERN_AND_YOLO)
async def test_a_caller_sees_the_rows_of_its_counties_and_unset_shows_none(
    servers: Servers, service: str
) -> None:
    async with filled(servers, service) as database:
        for _, table, expected in (each for each in SEEN if each[0] == service):
            for name, who in CALLERS.items():
                async with as_caller(database.transaction, who) as work:
                    seen = await work.db.fetchval(f"SELECT count(*) FROM {table}")
                assert seen == expected.get(name, 0), (table, name)
            async with database.transaction() as work:
                await work.db.execute("SET LOCAL ROLE reliefstream_reader")
                assert await work.db.fetchval(f"SELECT count(*) FROM {table}") == 0
            async with database.transaction() as work:
                all_rows = await work.db.fetchval(f"SELECT count(*) FROM {table}")
            assert all_rows == expected["everything"]


async def test_a_reader_writes_the_audit_log_and_nothing_else(servers: Servers) -> None:
    async with filled(servers, "relief") as database:
        async with as_caller(database.transaction, CALLERS["everything"]) as work:
            await audited(
                work, Act("account-1", "clerk", "show_subject", "subject/1", "shown", "asked by the client")
            )
        for statement in (
            "UPDATE proposed_orders SET state = 'entered'",
            "DELETE FROM findings",
            "UPDATE audit_log SET who = 'another'",
            "SELECT text FROM audit_texts",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with as_caller(database.transaction, CALLERS["everything"]) as work:
                    await work.db.execute(statement)
        async with database.transaction() as work:
            assert await work.db.fetchval("SELECT text FROM audit_texts") == "asked by the client"
