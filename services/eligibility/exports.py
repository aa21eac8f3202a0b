"""Every history and every determination, line by line."""

from collections.abc import AsyncIterator
from datetime import date
from typing import NamedTuple

from reliefstream_contracts.determinations import Determination
from reliefstream_contracts.histories import HistoryChanged
from services.chassis.runtime.telemetry import defect, log
from services.chassis.runtime.unit_of_work import Transaction
from services.eligibility import store
from services.eligibility.rules import Rules
from services.eligibility.store import Subject

PAGE = 500


async def _pages(transaction: Transaction) -> AsyncIterator[list[Subject]]:
    """All subjects, each page in its own transaction, so that no subject that is judged meanwhile waits."""
    after = store.FIRST
    while True:
        async with transaction() as work:
            page = await store.page(work.db, after, PAGE)
        yield page
        if len(page) < PAGE:
            return
        after = page[-1].subject_id


class Chosen(NamedTuple):
    """Which convictions are asked for, by county and by the city whose attorney they are routed to; None: any."""

    county: str | None = None
    city: str | None = None

    def has(self, one: Determination) -> bool:
        return self.county in (None, one.county) and self.city in (None, one.city)


async def histories(transaction: Transaction, chosen: Chosen) -> AsyncIterator[str]:
    async for page in _pages(transaction):
        for found in page:
            if has_some_of(found.read_history(), chosen.county) and (
                chosen.city is None or any(map(chosen.has, found.read_determinations()))
            ):
                yield f"{found.history}\n"


async def determinations(
    transaction: Transaction, rules: Rules, day: date, chosen: Chosen
) -> AsyncIterator[str]:
    async for page in _pages(transaction):
        for found in page:
            current = restated(found, rules.name, day)
            if current is None:
                try:
                    current = rules.find(found.read_history(), day)
                except Exception as error:  # one history must not keep all others from whoever asks
                    log().error("left out of an export: the rules fail", defect=defect(error))
                    continue
            yield "".join(f"{one.to_json().decode()}\n" for one in current if chosen.has(one))


def has_some_of(history: HistoryChanged, county: str | None) -> bool:
    """Whether the history is not retired and has a conviction that the county sent (None: any county)."""
    senders = {ref.sent_by for conviction in history.convictions for ref in conviction.counts}
    return history.retired_into is None and (county is None or county in senders)


def restated(subject: Subject, rules: str, day: date) -> tuple[Determination, ...] | None:
    """The stored determinations restated for another day; None when they may differ on that day.

    The outcome of an answer to an open question may change on a day on which the finding itself does not: a subject
    with open questions is judged again.
    """
    still = subject.next_review_on is None or day < subject.next_review_on
    if subject.rules != rules or subject.as_of > day or not still:
        return None
    stored = subject.read_determinations()
    if subject.as_of != day and any(one.open_questions for one in stored):
        return None
    return tuple(one.replace(as_of=day) for one in stored)
