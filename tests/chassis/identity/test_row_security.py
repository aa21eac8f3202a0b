"""Postgres shows a caller the rows of its own counties, whatever the query asks for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from services.chassis.audit.act import Act, audited
from services.chassis.identity.caller import Caller, Grant
from services.chassis.identity.row_security import as_caller
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.database import Database
from tests.databases import temporary_database
from tests.servers import Servers

pytestmark = pytest.mark.servers
KERN_AND_YOLO = {
    "ingest": """
        INSERT INTO quarantine (quarantine_id, county, receipt_id, format, quarantined_at, state, codes, problems,
            headers, raw, day)
        SELECT gen_random_uuid(), county, 'r', 'court', now(), 'open', '{}', '[]', '{}', '', now()
        FROM unnest('{kern,yolo}'::text[]) AS county;
        INSERT INTO statements (county, statement_id, revision, body, places, recorded_at) VALUES
            ('kern', 's1', 1, '{"stated_by": {"city": "bakersfield"}}', '{}', now()),
            ('yolo', 's1', 1, '{"stated_by": {"city": null}}', '{}', now());
    """,
    "relief": """
        INSERT INTO proposed_orders (proposed_order_id, county, number, state, made_at)
        VALUES ('kern-1', 'kern', 1, 'open', now()), ('kern-2', 'kern', 2, 'open', now()),
               ('yolo-1', 'yolo', 1, 'open', now());
        INSERT INTO findings (count_key, subject_id, conviction_id, finding) VALUES
            ('court/kern/A/1', gen_random_uuid(), gen_random_uuid(), '{"conviction": {"county": "kern"}}'),
            ('court/kern/B/1', gen_random_uuid(), gen_random_uuid(),
             '{"conviction": {"county": "kern", "city": "bakersfield"}}'),
            ('court/kern/C/1', gen_random_uuid(), gen_random_uuid(), '{"conviction": {"county": "kern"}}'),
            ('court/yolo/A/1', gen_random_uuid(), gen_random_uuid(), '{"conviction": {"county": "yolo"}}');
        INSERT INTO reliefs (relief_id, anchor, kind, state, sequence, conviction, policy, reason, proposed_at,
            discrepancy_version, discrepancy_open)
        SELECT gen_random_uuid(), '', 'dismissal', 'proposed', 1, conviction::jsonb, '', '', now(), 0, false
        FROM unnest(ARRAY['{"county": "kern"}', '{"county": "kern", "city": "bakersfield"}', '{"county": "yolo"}'])
            AS conviction;
        INSERT INTO proposed_order_lines (proposed_order_id, line, relief_id, kind, conviction)
        SELECT CASE county WHEN 'kern' THEN 'kern-1' ELSE 'yolo-1' END, row_number() OVER (), relief_id, kind,
            conviction FROM reliefs;
        INSERT INTO standing_orders (county, number, judge, on_date, scope, covers_decisions, entered_at,
            entered_by)
        VALUES ('kern', '1', 'J', now(), 's', false, now(), 'a'), ('yolo', '1', 'J', now(), 's', false, now(), 'a');
        INSERT INTO reviews (review_id, anchor, counts, county, subject_id, section, reason, questions, digest,
            at_stake, routed_to, in_county, office, city, state, changed, sequence, opened_at, due_on)
        SELECT gen_random_uuid(), '', counts, county, gen_random_uuid(), '', '', '{}', '', '', '', in_county, office,
            city, 'open', '{}', 0, now(), now()
        FROM (VALUES ('{court/kern/A/1}'::text[], 'kern', 'kern', 'district_attorney', NULL),
                     ('{court/kern/C/1}', 'kern', 'yolo', 'city_attorney', 'davis'),
                     ('{court/kern/B/1}', 'kern', 'kern', 'city_attorney', 'bakersfield'))
            AS given (counts, county, in_county, office, city);
        INSERT INTO review_counts SELECT unnest(counts), review_id FROM reviews;
        INSERT INTO review_acts (review_id, at, act, digest, detail)
        SELECT review_id, now(), 'claim', '', '{}' FROM reviews;
        INSERT INTO defence_acts (relief_id, act, at, account) SELECT relief_id, 'answer', now(), 'a' FROM reliefs;
    """,
    "eligibility": """
        INSERT INTO subjects (subject_id, history_version, history, version, determinations, content, rules, as_of)
        SELECT gen_random_uuid(), 1, '{"convictions": [{"county": "' || county || '"}]}', 1, found, '', '', now()
        FROM (VALUES ('kern', '[{"county": "kern", "city": null}]'), ('yolo', '[]'),
                     ('none', '[{"county": "kern", "city": "bakersfield"}]')) AS given (county, found);
    """,
    "notification": """
        INSERT INTO dismissals (relief_id, event_id, subject_id, county, published_at, event)
        SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), county, now(), '{}'
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
        INSERT INTO discrepancies (discrepancy_id, subject_id, version, kind, open, first_seen, last_seen, event,
            county, owner)
        VALUES
            (gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 1, 'k', true, now(), now(), '', 'kern', 'doj'),
            (gen_random_uuid(), '00000000-0000-0000-0000-000000000002', 1, 'k', true, now(), now(), '', 'yolo', 'doj');
        INSERT INTO discrepancy_acts (discrepancy_id, at, act, account, reason)
            SELECT discrepancy_id, now(), 'closed', 'a', 'r' FROM discrepancies;
        INSERT INTO record_identifiers (identifier, record_key) SELECT 'cii:1', record_key FROM records;
        INSERT INTO link_decisions (one, other, same, decided_by, reason, decided_at) VALUES
            ('court/kern/A', 'doj/yolo/A', true, 'a', 'r', now()),
            ('court/yolo/B', 'doj/yolo/C', true, 'a', 'r', now());
        INSERT INTO statements (statement_key, county, statement_id, revision, body, status, reason) VALUES
            ('kern/s1', 'kern', 's1', 1, '{"stated_by": {"city": "bakersfield"}}', 'applied', ''),
            ('yolo/s1', 'yolo', 's1', 1, '{"stated_by": {"city": null}}', 'applied', '');
        INSERT INTO named_records (record_key, statement_key)
        VALUES ('court/kern/A', 'kern/s1'), ('court/yolo/B', 'yolo/s1');
        INSERT INTO erased_sheets (record_key, sheet)
        VALUES ('court/kern/A', 'complete'), ('court/yolo/B', 'incomplete');
        INSERT INTO referrals (referral_id, county, account, request_key, received_at, due_on, receipt, body_sha256)
            SELECT gen_random_uuid(), county, 'centre', 'a-list', now(), '2026-12-01', '{}', 'f0'
            FROM unnest('{kern,yolo}'::text[]) AS county;
        INSERT INTO referral_lines (referral_id, line, county, due_on, standing)
            SELECT referral_id, 1, county, due_on, 'waiting' FROM referrals;
        INSERT INTO relief_stages (count_key, stage, at, sequence)
            SELECT 'court/' || county || '/R1/1', 'ordered', now(), 1 FROM referrals;
    """,
}
"""A schema's rows of two counties. The records of one person come from both; Yolo's Davis has a review of Kern's.

Of a conviction of unknown county only what was found on it says who judges it."""
SEEN = {
    "ingest": {
        "quarantine": {"kern": 1, "yolo": 1, "everything": 2},
        "statements": {"kern": 1, "yolo": 1, "bakersfield": 1, "everything": 2},
    },
    "relief": {
        "reliefs": {"kern": 2, "yolo": 1, "bakersfield": 1, "everything": 3},
        "proposed_orders": {"kern": 2, "yolo": 1, "bakersfield": 1, "everything": 3},
        "proposed_order_lines": {"kern": 2, "yolo": 1, "bakersfield": 1, "everything": 3},
        "findings": {"kern": 3, "yolo": 2, "bakersfield": 1, "davis": 1, "everything": 4},
        "defence_acts": {"kern": 2, "yolo": 1, "bakersfield": 1, "everything": 3},
        "standing_orders": {"kern": 1, "yolo": 1, "everything": 2},
        "reviews": {"kern": 3, "yolo": 1, "bakersfield": 1, "davis": 1, "everything": 3},
        "review_acts": {"kern": 3, "yolo": 1, "bakersfield": 1, "davis": 1, "everything": 3},
    },
    "eligibility": {"subjects": {"kern": 2, "yolo": 1, "bakersfield": 1, "everything": 3}},
    "notification": {"dismissals": {"kern": 1, "yolo": 1, "everything": 2}},
    "reconciliation": {
        "records": {"kern": 2, "yolo": 3, "everything": 3},
        "subjects": {"kern": 1, "yolo": 2, "everything": 2},
        "discrepancies": {"kern": 1, "yolo": 1, "everything": 2},
        "discrepancy_acts": {"kern": 1, "yolo": 1, "everything": 2},
        "record_identifiers": {"kern": 2, "yolo": 3, "everything": 3},
        "link_decisions": {"kern": 1, "yolo": 2, "everything": 2},
        "statements": {"kern": 1, "yolo": 1, "bakersfield": 1, "everything": 2},
        "named_records": {"kern": 1, "yolo": 2, "everything": 2},
        "erased_sheets": {"kern": 1, "yolo": 2, "everything": 2},
        "relief_stages": {"kern": 1, "yolo": 1, "everything": 2},
        "referral_lines": {"kern": 1, "yolo": 1, "everything": 2},
        "referrals": {"kern": 1, "yolo": 1, "everything": 2},
    },
}
"""How many rows of each protected table each caller sees; any other caller sees none."""
OF_NOBODY = {
    "audit_log": "its number alone, of a row just added",
    "in_force": "the day and the names of rules",
    "oversized_keys": "keys that too many records hold to be one person's",
    "relief_counts": "which count is tied to which relief",
    "review_counts": "which count is tied to which review",
    "review_questions": "which review asks what, by its id",
    "subjects": "relief: ids and versions",
}
"""What a reader sees whole, as it holds nothing of a county's case."""


def caller(*grants: Grant) -> Caller:
    return Caller("account-1", "person", grants)


CALLERS = {
    "kern": caller(Grant("clerk", "kern")),
    "yolo": caller(Grant("clerk", "yolo"), Grant("district_attorney", "napa")),
    "everything": caller(Grant("auditor")),
    "bakersfield": caller(Grant("city_attorney", "kern", "bakersfield")),
    "davis": caller(Grant("city_attorney", "yolo", "davis")),
    "another city": caller(Grant("city_attorney", "kern", "delano")),
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
        for table, expected in SEEN[service].items():
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


@pytest.mark.parametrize("service", SEEN)
async def test_every_table_that_a_reader_may_read_is_protected(servers: Servers, service: str) -> None:
    async with filled(servers, service) as database, database.transaction() as work:
        readable = await work.db.fetch(
            """SELECT relname, relrowsecurity FROM pg_class
               WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm')
                 AND has_any_column_privilege('reliefstream_reader', oid, 'SELECT')"""
        )
    protected = {row["relname"] for row in readable if row["relrowsecurity"]}
    assert protected == set(SEEN[service])
    assert {row["relname"] for row in readable} - protected <= set(OF_NOBODY)


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
