"""Rules on what came in: each record sent stands on its topic, has one receipt, and what the receipt says is so."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from tests.harness.faults.check_relief import records_sealed
from tests.harness.faults.events import FACT_STATED, Event, Told
from tests.harness.faults.observation import Message, Sent

SOURCE, RECEIPTS = "source-records-v1-", "receipts-v1-"
TRIED_AGAIN = "resubmitted/"
"""How the receipt of what is no sending of a county's begins."""
MAY_BE_SEALED = "may_be_sealed"
STATUSES = ("recorded", "repeat", "quarantined")

Content = tuple[str, tuple[tuple[str, bytes], ...], bytes]


def every_acknowledged_record_stands(run: Told, _: Told) -> Iterator[str]:
    """What Kafka acknowledged is on the county's topic, at least as often as it was acknowledged."""
    standing = Counter(content for content, _ in _inputs(run))
    for content, times in Counter(map(_of_sent, run.run.sent)).items():
        if standing[content] < times:
            yield (
                f"{SOURCE}{content[0]}: a record that Kafka acknowledged {times} times stands {standing[content]} "
                f"times ({_shown(content)})"
            )


def every_record_sent_has_one_receipt(run: Told, _: Told) -> Iterator[str]:
    """recorded, repeat or quarantined; never none, never two."""
    receipts: dict[str, list[Event]] = defaultdict(list)
    for receipt in run.below(RECEIPTS):
        receipts[receipt.body["receipt_id"]].append(receipt)
    for content, message in _inputs(run):
        found = receipts.pop(f"{message.topic}/{message.partition}/{message.offset}", [])
        where = f"{message.topic} partition {message.partition} offset {message.offset}"
        if not found:
            yield f"{where} has no receipt: the record was lost ({_shown(content)})"
        elif len(found) > 1:
            yield f"{where} has {len(found)} receipts: {', '.join(each.place for each in found)}"
        elif found[0].body["status"] not in STATUSES:
            yield f"{found[0].place}: status {found[0].body['status']}"
    for receipt_id, found in receipts.items():
        yield f"{found[0].place} is the receipt of {receipt_id}, where nothing was sent"


def what_was_recorded_is_recorded_once(run: Told, _: Told) -> Iterator[str]:
    """One record event for each receipt ``recorded``, of the same trace, and none without, but as a conviction of the
    record is sealed: once for each."""
    recorded = {r.trace: r for r in run.below(RECEIPTS) if r.body["status"] == "recorded"}
    events: dict[str, list[Event]] = defaultdict(list)
    for event in run.of("records-v1"):
        if event.type != FACT_STATED:
            events[event.trace].append(event)
    for trace, receipt in recorded.items():
        found = events.pop(trace, [])
        if len(found) != 1:
            yield f"{receipt.place} says recorded, and {len(found)} record events are of its trace"
    sealed = Counter(record for records in records_sealed(run) for record in records)
    others = [event for found in events.values() for event in found]
    for key, times in Counter(event.key for event in others).items():
        if times > sealed[key]:
            place = next(event.place for event in others if event.key == key)
            yield f"{place}: a record that no receipt says was recorded"


def what_was_stated_is_stated_once(run: Told, _: Told) -> Iterator[str]:
    """One event for each statement that ingest answered for, however often it was sent, and none without."""
    said = Counter(
        f"{event.key}/{event.body['revision']}" for event in run.of("records-v1") if event.type == FACT_STATED
    )
    for name in run.run.stated:
        if said[name] != 1:
            yield f"records-v1: {name} was taken in, and stands {said[name]} times"
    for name in said.keys() - set(run.run.stated):
        yield f"records-v1: {name}, which nobody stated"


def what_was_quarantined_is_kept_once(run: Told, _: Told) -> Iterator[str]:
    """Each quarantine entry that a receipt names is there and none that no receipt names; it counts its messages_of."""
    kept = {row["quarantine_id"]: row for row in run.run.tables["ingest"]["quarantine"]}
    naming: dict[str, list[str]] = defaultdict(list)
    for receipt in run.below(RECEIPTS):
        named = receipt.body["quarantine_ids"]
        if receipt.body["status"] == "quarantined" and not named:
            yield f"{receipt.place} says quarantined and names no entry"
        for each in named:
            naming[each].append(receipt.body["receipt_id"])
            if each not in kept:
                yield f"{receipt.place} names quarantine entry {each}, which is not there"
    for each, row in kept.items():
        if row["receipt_id"] not in naming[each]:
            yield f"quarantine entry {each} is of {row['receipt_id']}, whose receipt does not name it"
        messages_of = [receipt_id for receipt_id in naming[each] if not receipt_id.startswith(TRIED_AGAIN)]
        if row["sent"] != len(messages_of):
            yield f"quarantine entry {each} was sent {row['sent']} times, and {len(messages_of)} receipts name it"


def what_is_quarantined_again_is_the_same_entry(run: Told, _: Told) -> Iterator[str]:
    """An entry stands for a content: all receipts ``quarantined`` of one content name the same."""
    receipts = {receipt.body["receipt_id"]: receipt for receipt in run.below(RECEIPTS)}
    first: dict[Content, Event] = {}
    for content, message in _inputs(run):
        receipt = receipts.get(f"{message.topic}/{message.partition}/{message.offset}")
        if receipt is None or receipt.body["status"] != "quarantined":
            continue
        before = first.setdefault(content, receipt)
        if receipt.body["quarantine_ids"] != before.body["quarantine_ids"]:
            yield f"{receipt.place} names another quarantine entry than {before.place} does for the same content"


def each_content_ends_as_undisturbed(run: Told, reference: Told) -> Iterator[str]:
    """The same content is taken in, or refused for the same reasons, however often and when it came."""
    ours, theirs = _verdicts(run), _verdicts(reference)
    for content, expected in theirs.items():
        if content not in ours:
            yield f"{SOURCE}{content[0]}: what the undisturbed run got never came ({_shown(content)})"
            continue
        found, place = ours[content]
        if found != expected[0]:
            yield (
                f"{place}: {_worded(found)}; undisturbed, the same content at {expected[1]} was "
                f"{_worded(expected[0])}"
            )


def _verdicts(run: Told) -> dict[Content, tuple[frozenset[str], str]]:
    """Of each content: the codes that it was refused for, none when it was taken in; and where its receipt stands.

    Whether an older revision comes as a repeat or was recorded first is the order's affair; so is whether what may be
    sealed comes again after that.
    """
    receipts = {receipt.body["receipt_id"]: receipt for receipt in run.below(RECEIPTS)}
    found: dict[Content, tuple[frozenset[str], str]] = {}
    for content, message in _inputs(run):
        receipt = receipts.get(f"{message.topic}/{message.partition}/{message.offset}")
        if receipt is not None:
            refused = receipt.body["status"] == "quarantined"
            codes = {problem["code"] for problem in receipt.body["problems"]} if refused else set()
            codes -= {MAY_BE_SEALED}
            before = found.get(content, (frozenset(), ""))[0]
            found[content] = before | codes, receipt.place
    return found


def _inputs(run: Told) -> Iterator[tuple[Content, Message]]:
    for topic, messages in run.run.topics.items():
        if topic.startswith(SOURCE):
            for m in messages:
                yield (topic.removeprefix(SOURCE), tuple(m.headers), m.value), m


def _of_sent(sent: Sent) -> Content:
    return sent.county, tuple(sent.headers), sent.value


def _shown(content: Content) -> str:
    return f"{len(content[2])} bytes, headers {', '.join(name for name, _ in content[1]) or 'none'}"


def _worded(codes: frozenset[str]) -> str:
    return f"refused for {', '.join(sorted(codes))}" if codes else "taken in"


RULES: tuple[Callable[[Told, Told], Iterator[str]], ...] = (
    every_acknowledged_record_stands,
    every_record_sent_has_one_receipt,
    what_was_recorded_is_recorded_once,
    what_was_stated_is_stated_once,
    what_was_quarantined_is_kept_once,
    what_is_quarantined_again_is_the_same_entry,
    each_content_ends_as_undisturbed,
)
