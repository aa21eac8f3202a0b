"""Rules on sealing: what the clerk had sealed is nowhere any more, and everything else is as it was."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from tests.harness.faults.added_records import withdrawn
from tests.harness.faults.check_relief import convictions, counts_sealed, explained, step
from tests.harness.faults.events import COMPACTED, JSON, Event, Told

FORGETTING = {"ingest", "reconciliation", "eligibility", "notification"}
IN_DOUBT, STATED, OF_OTHERS = "identity_in_doubt", "fact_stated", "_earlier_of_the_same_section"
SEALED = "reliefstream.conviction.sealed.v1"


def what_was_ordered_sealed_is_sealed_everywhere(run: Told, _: Told) -> Iterator[str]:
    """Once, reported by each service, with its dismissal replaced; and nothing that nobody ordered."""
    ordered = run.run.sealing.ordered
    sealed = Counter(event.key for event in run.of("relief-v1") if step(event) == "sealed")
    reported: dict[str, set[str]] = defaultdict(set)
    for event in run.of("forgotten-v1"):
        reported[event.body["relief_id"]].add(event.body.get("service", ""))
    on_topic = {event.key: event for event in run.below("dismissals-v1-")}
    for relief in sorted(ordered | sealed.keys()):
        if relief not in ordered:
            yield f"relief-v1: relief {relief} is sealed, and nobody ordered that"
        if sealed[relief] != 1:
            yield f"relief-v1: relief {relief} was sealed {sealed[relief]} times"
        if missing := FORGETTING - reported[relief]:
            yield f"forgotten-v1: {', '.join(sorted(missing))} did not forget relief {relief}"
        if relief in on_topic and on_topic[relief].type != SEALED:
            yield f"{on_topic[relief].place}: the dismissal {relief} stands though it is sealed"


def nothing_names_a_sealed_count(run: Told, _: Told) -> Iterator[str]:
    """No row of any table, and no event that compaction leaves."""
    sealed = counts_sealed(run)
    for event in (event for topic in COMPACTED for event in run.left(topic)):
        for count in sorted(_counts_in(event.body) & sealed):
            yield f"{event.place}: {count} is sealed, and stands in an event that stays"
    for service, tables in run.run.tables.items():
        for table, rows in tables.items():
            if table != "outbox":
                found = set().union(*map(_counts_in, rows)) & sealed
                if found:
                    yield f"{service} keeps {', '.join(sorted(found))} in its table {table}"


def what_is_held_is_not_sealed(run: Told, _: Told) -> Iterator[str]:
    """A legal hold goes before everything."""
    standing = {row["relief_id"]: row["state"] for row in run.run.tables["relief"]["reliefs"]}
    for relief in sorted(run.run.sealing.held):
        if standing.get(relief) != "ordered":
            yield f"relief {relief} is under a legal hold, and is {standing.get(relief, 'gone')}"


def all_other_determinations_stay(run: Told, _: Told) -> Iterator[str]:
    """Byte for byte as they were before anything was sealed, ids included.

    But for what the grounds of the same person say of a sealed one (``_but_for_what_was_sealed``); and a doubt whose
    records they are ends with a record that is erased.
    """
    sealed, began = counts_sealed(run), run.run.sealing.began
    if not began:  # nothing was to be sealed in this run
        return
    before: dict[str, Event] = {}
    for event in run.of("determinations-v1"):
        if event.offset < began.get(f"{event.topic}/{event.partition}", 0):
            before[event.key] = event
    was, now = _findings(before), _findings(run.latest("determinations-v1"))
    persons = {subject for name, (subject, _) in was.items() if not sealed.isdisjoint(name.split("; "))}
    for name, (subject, finding) in was.items():
        if not sealed.isdisjoint(name.split("; ")) or IN_DOUBT in json.dumps(finding):
            continue
        after = now.get(name)
        same = after == (subject, finding)
        if not same and after and subject in persons and subject == after[0]:
            same = _but_for_what_was_sealed(finding, after[1])
        if not same:
            yield (
                f"the determination on {name} is another one since others were sealed: "
                f"{_what_differs((subject, finding), after)}"
            )
    for name in now.keys() - was.keys():
        yield f"the determination on {name} was not there before others were sealed"


def the_same_is_sealed_as_undisturbed(run: Told, reference: Told) -> Iterator[str]:
    """But for a conviction about which an open discrepancy, of either run, says why: its entry need not name the counts
    that came later. Whether a seal names a count that its court has taken back is the run's affair, as one that was
    taken back before the order is not in it."""
    ours, theirs = counts_sealed(run), counts_sealed(reference)
    why, left = explained(run) | explained(reference), ours ^ theirs
    taken_back = withdrawn((*run.run.sent, *reference.run.sent))
    for conviction in convictions(run, reference):
        if conviction & why:
            left -= conviction
        elif conviction & ours and conviction & theirs:
            left -= {count for count in conviction if count.rpartition("/")[0] in taken_back}
    for count in sorted(left):
        yield f"{count} is sealed in one of the runs alone"


def _findings(judged: dict[str, Event]) -> dict[str, tuple[str, JSON]]:
    """The subject and the determination, by counts."""
    return {
        "; ".join(sorted(each["counts"])): (event.body["subject_id"], each)
        for event in judged.values()
        for each in event.body["determinations"]
    }


def _what_differs(was: tuple[str, JSON], now: tuple[str, JSON] | None) -> str:
    """Each field that differs, before and after."""
    if now is None:
        return "it is gone"
    before, after = {"subject_id": was[0], **was[1]}, {"subject_id": now[0], **now[1]}
    fields = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    return "; ".join(f"{each} was {before.get(each)}, is {after.get(each)}" for each in fields)


def _but_for_what_was_sealed(before: JSON, after: JSON) -> bool:
    """Whether they are the same, but for fewer earlier convictions of the section, and for facts that were stated on
    others, some of which are gone."""
    stated = [
        Counter(json.dumps(each, sort_keys=True) for each in one.get("grounds", ()) if each["rule"] == STATED)
        for one in (before, after)
    ]
    was, now = map(_not_stated, (before, after))
    for one, other in zip(was["grounds"], now["grounds"], strict=False):
        if one["rule"].endswith(OF_OTHERS) and one["rule"] == other["rule"]:
            fewer = other["facts"].get("earlier", 0) <= one["facts"].get("earlier", 0)
            one["facts"] = (
                {**one["facts"], "earlier": other["facts"].get("earlier")} if fewer else one["facts"]
            )
    return was == now and stated[1] <= stated[0]


def _not_stated(determination: JSON) -> JSON:
    grounds = [dict(each) for each in determination.get("grounds", ()) if each["rule"] != STATED]
    return {**determination, "grounds": grounds}


def _counts_in(value: Any) -> set[str]:
    """Every text in a value that may be a count's key; texts of JSON and bytes as Postgres writes them are read."""
    if isinstance(value, dict):
        return set().union(*map(_counts_in, value), *map(_counts_in, value.values()))
    if isinstance(value, list):
        return set().union(*map(_counts_in, value))
    if not isinstance(value, str):
        return set()
    if value.startswith("\\x"):
        value = bytes.fromhex(value[2:]).decode(errors="replace")
    if value[:1] in ("{", "["):
        try:
            return _counts_in(json.loads(value))
        except ValueError:
            return {value}
    return {value}


RULES: tuple[Callable[[Told, Told], Iterator[str]], ...] = (
    what_was_ordered_sealed_is_sealed_everywhere,
    nothing_names_a_sealed_count,
    what_is_held_is_not_sealed,
    all_other_determinations_stay,
    the_same_is_sealed_as_undisturbed,
)
