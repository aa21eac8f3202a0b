"""Histories in, determinations out: when a history changes, when a day comes, when law or policy changes."""

from collections import Counter as Tally
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from prometheus_client import Counter

from reliefstream_contracts.determinations import DeterminationsChanged
from reliefstream_contracts.histories import HistoryChanged
from services.chassis.outbox.outbox import LARGEST, too_large
from services.chassis.runtime import erased_numbers
from services.chassis.runtime.telemetry import defect, log
from services.chassis.runtime.unit_of_work import Delivery, Unprocessable, Work
from services.eligibility import store
from services.eligibility.in_force import InForce, agreed
from services.eligibility.rules import RuleBook, Rules
from services.eligibility.statistics import sealed
from services.eligibility.store import Subject

CHUNK = 200
MOST_CONVICTIONS = (
    500  # judging takes the square of their number, and longer: 4 s for 400, during which others wait
)
SET_ASIDE = Counter(
    "reliefstream_eligibility_set_aside_total", "Failures of the rules on a history due for review"
)


@dataclass(slots=True)
class Judging:
    """The handlers, with the rule book and the day as their inputs."""

    book: RuleBook
    today: Callable[[], date]
    fixed: bool = False
    """Whether the day is given for a trial."""
    _process: int | None = field(default=None, init=False)

    async def on_histories(self, deliveries: Sequence[Delivery[HistoryChanged]], work: Work) -> None:
        """Judges each subject's newest history; one that is not newer than the stored changes nothing."""
        newest: dict[object, Delivery[HistoryChanged]] = {}
        for delivery in deliveries:
            held = newest.get(delivery.event.subject_id)
            if held is None or held.event.version < delivery.event.version:
                newest[delivery.event.subject_id] = delivery
        stored = await store.lock(work.db, [delivery.event.subject_id for delivery in newest.values()])
        above = await erased_numbers.highest(work.db, DeterminationsChanged.TOPIC)
        day = self.today()
        rules = self.book.on(day)
        judged = []
        for delivery in newest.values():
            history = delivery.event
            known = stored.get(history.subject_id)
            if known is not None and known.history_version >= history.version:
                continue
            subject = known or _unheard_of(history, day)
            subject = subject._replace(history_version=history.version, history=history.to_json().decode())
            found, published = judge(subject, history, rules, day, above)
            judged.append(found)
            if published:
                work.emit(published.snapshot, delivery.trace, published.encoded)
        await store.write(work.db, judged)
        merged = {
            each.event.subject_id: each.event.retired_into
            for each in newest.values()
            if each.event.retired_into is not None
        }
        if merged:
            await sealed.count_as_one(work.db, merged)

    async def review_due(self, work: Work) -> bool:
        """Judges anew, a chunk at a time, what the day or a change of law or policy has made due.

        Does nothing where a process that started later has put other rules in force. A history on which the
        rules fail is set aside, with its last determinations, and the others go on.
        """
        now = await self._in_force(work)
        rules = self.book.on(now.today)
        if rules.name != now.rules:
            return False
        due = await store.lock_due(work.db, now, CHUNK)
        above = await erased_numbers.highest(work.db, DeterminationsChanged.TOPIC)
        judged, defects = [], Tally[str]()
        for subject in due:
            try:
                found, published = judge(subject, subject.read_history(), rules, now.today, above)
            except Exception as error:  # whatever it is, it must not keep the others under the old law
                found, published = subject._replace(defect=defect(error)), None
                defects[defect(error)] += 1
            judged.append(found)
            if published:
                work.emit(published.snapshot, encoded=published.encoded)
        await store.write(work.db, judged)
        for place, count in defects.items():
            SET_ASIDE.inc(count)
            log().error("subjects set aside: the rules fail on their histories", count=count, defect=place)
        return len(due) >= CHUNK

    async def _in_force(self, work: Work) -> InForce:
        """The day and rules in force; first puts this process's own in force where it should."""
        if self._process is None:
            self._process = await store.process_number(work.db)
        day = self.today()
        own = InForce(day, self._rules_on(day), self._process, self.fixed)
        # Read without a lock first: replicas that agree review side by side.
        for lock in (False, True):
            stored = await store.in_force(work.db, lock=lock)
            now = agreed(stored, own, self._rules_on)
            if now == stored:
                return now
        await store.put_in_force(work.db, now)
        return now

    def _rules_on(self, day: date) -> str:
        return self.book.on(day).name


class Published(NamedTuple):
    """A snapshot to publish, also as JSON."""

    snapshot: DeterminationsChanged
    encoded: bytes


def judge(
    subject: Subject, history: HistoryChanged, rules: Rules, day: date, above: int
) -> tuple[Subject, Published | None]:
    """The subject as judged by these rules on that day, and a snapshot when anything but the day differs.

    ``above``: the number from which the first snapshot of a subject counts on (erased_numbers.py).
    Raises Unprocessable for a history that would hold up all others.
    """
    if len(history.convictions) > MOST_CONVICTIONS:
        raise Unprocessable(
            "too_many_convictions",
            f"a history of {len(history.convictions)} convictions; up to {MOST_CONVICTIONS} are judged: a person "
            "has to look at it, as the records of several persons may be linked",
        )
    found = rules.find(history, day)
    snapshot = DeterminationsChanged(
        subject_id=history.subject_id,
        version=(subject.version or above) + 1,
        retired_into=history.retired_into,
        sex=history.sex,
        race=history.race,
        determinations=found,
    )
    encoded = snapshot.to_json()
    if len(encoded) > LARGEST:
        raise too_large(len(encoded))
    content = content_of(encoded, snapshot.version, day)
    nothing_yet = not found and subject.version == 0 and history.retired_into is None
    changed = content != subject.content and not nothing_yet
    reviews = [one.next_review_on for one in found if one.next_review_on is not None]
    judged = subject._replace(
        version=snapshot.version if changed else subject.version,
        determinations=encoded[encoded.index(_DETERMINATIONS) + len(_DETERMINATIONS) : -1].decode(),
        content=content,
        rules=rules.name,
        as_of=day,
        next_review_on=min(reviews, default=None),
        defect=None,
    )
    return judged, Published(snapshot, encoded) if changed else None


_DETERMINATIONS = b'"determinations":'
"""Before them, at the end of a snapshot in JSON; no text of JSON has these quotes inside of it."""


def content_of(encoded: bytes, version: int, day: date) -> bytes:
    """The digest by which two snapshots in JSON are the same: neither the version nor the day, which all of a
    snapshot's determinations share, counts."""
    own, as_of = f'"version":{version},'.encode(), f'"as_of":"{day}",'.encode()
    return sha256(encoded.replace(own, b"", 1).replace(as_of, b"")).digest()


def _unheard_of(history: HistoryChanged, day: date) -> Subject:
    return Subject(history.subject_id, 0, "", 0, "[]", b"", "", day, None, None)
