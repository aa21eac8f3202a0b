"""Whatever a superuser does to an audit log in Postgres is found, at the latest from the heads that were published."""

from datetime import timedelta

import pytest

from reliefstream_contracts.audit import AuditHeadSigned
from services.chassis.audit.act import Act, audited
from services.chassis.audit.signature import genuine
from services.chassis.audit.verification import findings
from tests.chassis.audit.conftest import NOW, Log, as_read

pytestmark = pytest.mark.servers
REWRITE = "UPDATE audit_log SET sequence = NULL, chained_at = NULL, hash = NULL"


async def five_acts(audit: Log) -> list[AuditHeadSigned]:
    """The published head of a log of five acts."""
    async with audit.transaction() as work:
        await audited(
            work, *(Act(f"account-{n}", "clerk", "resubmit_entry", f"quarantine/{n}") for n in range(5))
        )
    await audit.linked()
    return await audit.published_head()


async def found(audit: Log, heads: list[AuditHeadSigned]) -> list[tuple[int, str]]:
    """Each finding's row and the first word that says what it is."""
    rows = [as_read(row) for row in await audit.rows()]
    return [(each.sequence, each.what.split()[0].strip(",:")) for each in findings(rows, heads)]


async def test_a_log_that_nobody_touched_holds(audit: Log) -> None:
    heads = await five_acts(audit)
    assert [head.sequence for head in heads] == [5]
    assert await found(audit, heads) == []


@pytest.mark.parametrize(
    "changed",
    ["who = 'account-9'", "at = at - interval '1 minute'", "outcome = 'refused'", "object = 'quarantine/9'"],
)
async def test_an_altered_row_is_found(audit: Log, changed: str) -> None:
    heads = await five_acts(audit)
    await audit.tamper(f"UPDATE audit_log SET {changed} WHERE sequence = 3")
    assert await found(audit, heads) == [(3, "altered")]


async def test_a_removed_row_is_found_in_the_middle_and_at_the_end(audit: Log) -> None:
    heads = await five_acts(audit)
    await audit.tamper("DELETE FROM audit_log WHERE sequence = 2")
    assert await found(audit, heads) == [(2, "removed")]
    await audit.tamper("DELETE FROM audit_log WHERE sequence = 5")
    assert await found(audit, heads) == [(2, "removed"), (5, "removed")]


async def test_a_removed_row_is_found_when_the_rows_behind_it_are_numbered_anew(audit: Log) -> None:
    heads = await five_acts(audit)
    await audit.tamper("DELETE FROM audit_log WHERE sequence = 2")
    for sequence in (3, 4, 5):
        await audit.tamper(f"UPDATE audit_log SET sequence = sequence - 1 WHERE sequence = {sequence}")
    assert await found(audit, heads) == [(2, "altered"), (3, "altered"), (4, "altered"), (5, "removed")]


async def test_an_inserted_row_is_found(audit: Log) -> None:
    heads = await five_acts(audit)
    for sequence in (5, 4, 3):
        await audit.tamper(f"UPDATE audit_log SET sequence = sequence + 1 WHERE sequence = {sequence}")
    await audit.tamper(
        "INSERT INTO audit_log (at, who, role, act, object, outcome, sequence, chained_at, hash) "
        "SELECT at, 'account-9', role, act, object, outcome, 3, chained_at, sha256('x') FROM audit_log "
        "WHERE sequence = 2"
    )
    assert (3, "altered") in await found(audit, heads)


async def test_a_row_that_is_added_with_an_earlier_day_is_found(audit: Log) -> None:
    heads = await five_acts(audit)
    await audit.tamper(
        "INSERT INTO audit_log (at, who, role, act, object, outcome) "
        "SELECT at - interval '1 day', who, role, act, object, outcome FROM audit_log WHERE sequence = 2"
    )
    await audit.linked()
    assert await found(audit, heads) == [(6, "dated")]


async def test_a_chain_that_was_written_anew_as_a_whole_differs_from_its_published_head(audit: Log) -> None:
    heads = await five_acts(audit)
    await audit.tamper("UPDATE audit_log SET who = 'account-9' WHERE sequence = 3")
    await audit.tamper(REWRITE)
    await audit.linked()
    assert await found(audit, []) == []
    assert await found(audit, heads) == [(5, "rewritten")]


async def test_an_altered_reason_is_found_and_an_erased_one_is_none(audit: Log) -> None:
    async with audit.transaction() as work:
        await audited(
            work, Act("account-1", "clerk", "discard_entries", "quarantine/1", why="another county's")
        )
    await audit.linked()
    await audit.tamper("UPDATE audit_texts SET text = 'ours'")
    assert await found(audit, []) == [(1, "its")]
    await audit.tamper("DELETE FROM audit_texts")
    assert await found(audit, []) == []


async def test_a_head_is_published_hourly_while_the_log_grows_and_signed(audit: Log) -> None:
    (head,) = await five_acts(audit)
    assert genuine(head)
    assert not genuine(head.replace(sequence=4))
    async with audit.transaction() as work:
        await audited(work, Act("account-1", "auditor", "list_audit", "audit"))
    await audit.linked()
    assert await audit.published_head(NOW + timedelta(minutes=59)) == []
    (later,) = await audit.published_head(NOW + timedelta(minutes=61))
    assert (later.service, later.sequence) == ("toy", 6)
    assert await audit.published_head(NOW + timedelta(minutes=200)) == []
