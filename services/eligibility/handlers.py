"""Histories in, determinations out: when a history changes, when a day comes, when law or policy changes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from reliefstream_contracts.determinations import DeterminationsChanged
from reliefstream_contracts.histories import HistoryChanged
from services.chassis.work import Delivery, Work
from services.eligibility import store
from services.eligibility.rules import RuleBook, Rules
from services.eligibility.store import DETERMINATIONS, Subject

CHUNK = 200


@dataclass(frozen=True, slots=True)
class Judging:
    """The handlers, with the rule book and the day as their inputs."""

    book: RuleBook
    today: Callable[[], date]

    async def on_histories(self, deliveries: Sequence[Delivery[HistoryChanged]], work: Work) -> None:
        """Judges each subject's newest history; one that is not newer than the stored changes nothing."""
        newest: dict[object, Delivery[HistoryChanged]] = {}
        for delivery in deliveries:
            held = newest.get(delivery.event.subject_id)
            if held is None or held.event.version < delivery.event.version:
                newest[delivery.event.subject_id] = delivery
        stored = await store.lock(work.db, [delivery.event.subject_id for delivery in newest.values()])
        day = self.today()
        rules = self.book.on(day)
        judged = []
        for delivery in newest.values():
            history = delivery.event
            known = stored.get(history.subject_id)
            if known is not None and known.history_version >= history.version:
                continue
            subject = known or _unheard_of(history, day)
            subject = replace(
                subject,
                history_version=history.version,
                history=history.model_dump_json(exclude_defaults=True),
            )
            judged.append(_judge(subject, history, rules, day, work, traceparent=delivery.traceparent))
        await store.write(work.db, judged)

    async def review_due(self, work: Work) -> bool:
        """Judges anew, a chunk at a time, what the day or a change of law or policy has made due."""
        day = self.today()
        rules = self.book.on(day)
        await store.put_in_force(work.db, day, rules.name)
        due = await store.lock_due(work.db, CHUNK)
        judged = [_judge(subject, subject.read_history(), rules, day, work) for subject in due]
        await store.write(work.db, judged)
        return len(due) == CHUNK


def _judge(
    subject: Subject,
    history: HistoryChanged,
    rules: Rules,
    day: date,
    work: Work,
    *,
    traceparent: str | None = None,
) -> Subject:
    """The subject as judged by these rules on that day; emits a snapshot when anything but the day differs."""
    found = rules.find(history, day)
    snapshot = DeterminationsChanged(
        subject_id=history.subject_id,
        version=subject.version + 1,
        retired_into=history.retired_into,
        sex=history.sex,
        race=history.race,
        determinations=found,
    )
    content = sha256(
        snapshot.model_dump_json(exclude={"version": True, "determinations": {"__all__": {"as_of"}}}).encode()
    ).digest()
    nothing_yet = not found and subject.version == 0 and history.retired_into is None
    changed = content != subject.content and not nothing_yet
    if changed:
        work.emit(snapshot, traceparent)
    reviews = [one.next_review_on for one in found if one.next_review_on is not None]
    return replace(
        subject,
        version=subject.version + 1 if changed else subject.version,
        determinations=DETERMINATIONS.dump_json(found, exclude_defaults=True).decode(),
        content=content,
        rules=rules.name,
        as_of=day,
        next_review_on=min(reviews, default=None),
    )


def _unheard_of(history: HistoryChanged, day: date) -> Subject:
    return Subject(history.subject_id, 0, "", 0, "[]", b"", "", day, None)
