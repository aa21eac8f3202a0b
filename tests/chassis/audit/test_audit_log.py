"""The audit log on a real Postgres: a row for what was committed, linked in one chain, its free text erasable."""

from dataclasses import replace

import pytest

from services.chassis.audit.act import Act, audited
from services.chassis.audit.chain import link, why_hash
from services.chassis.audit.erasing import erase_reasons
from tests.chassis.audit.conftest import NOW, Log, entry

pytestmark = pytest.mark.servers
ACT = Act("account-7", "clerk", "enter_standing_order", "standing-order/SO-1", why="the judge signed it")


async def test_a_row_is_there_when_its_act_is_committed_and_not_otherwise(audit: Log) -> None:
    async with audit.transaction() as work:
        await audited(work, ACT)
    with pytest.raises(ZeroDivisionError):
        async with audit.transaction() as work:
            await audited(work, ACT)
            raise ZeroDivisionError
    (row,) = await audit.linked()
    assert (row.sequence, row.at, row.who, row.role, row.act, row.object, row.outcome, row.why) == (
        1,
        NOW,
        *("account-7", "clerk", "enter_standing_order", "standing-order/SO-1", "done", "the judge signed it"),
    )


async def test_each_hash_follows_from_the_one_before_and_from_the_whole_row(audit: Log) -> None:
    async with audit.transaction() as work:
        await audited(work, ACT, Act("Müller", "operator", "reload_profiles", "profiles"))
    first, second = await audit.linked()
    assert first.hash == link("", entry(first))
    assert second.hash == link(first.hash, entry(second))


async def test_a_row_that_commits_after_a_later_one_is_linked_after_it(audit: Log) -> None:
    async with audit.transaction() as slow:
        await audited(slow, ACT)
        async with audit.transaction() as work:
            await audited(work, Act("account-8", "clerk", "discard_entries", "quarantine/1"))
        assert [row.who for row in await audit.linked()] == ["account-8"]
    assert [(row.sequence, row.who) for row in await audit.linked()] == [(1, "account-8"), (2, "account-7")]


async def test_a_reason_can_be_erased_and_the_chain_still_holds(audit: Log) -> None:
    async with audit.transaction() as work:
        await audited(work, ACT, replace(ACT, object="standing-order/SO-2"))
    before, _ = await audit.linked()
    assert before.why_hash == why_hash(before.salt or "", before.why or "")
    async with audit.transaction() as work:
        await erase_reasons(work.db, ["standing-order/SO-1", "standing-order/SO-3"])
    after, other = await audit.linked()
    assert (after.why, after.salt, other.why) == (None, None, ACT.why)
    assert after.hash == link("", entry(after))
