"""Rules on relief: legal steps, each once; every order one dismissal; where it differs a discrepancy says why."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from tests.harness.faults.events import JSON, Event, Told

RELIEF = "reliefstream.relief."
DECIDED = "reliefstream.review.decided.v1"
DISMISSED = "reliefstream.conviction.dismissed.v1"
NEXT = {
    # state: the steps that may follow it, and the state after each
    "none": {"proposed": "proposed"},
    "proposed": {"challenged": "challenged", "ordered": "ordered", "proposal-withdrawn": "withdrawn"},
    "challenged": {
        "challenge-sustained": "sustained",
        "challenge-overruled": "overruled",
        "challenge-withdrawn": "proposed",
    },
    "overruled": {"ordered": "ordered", "proposal-withdrawn": "withdrawn"},
    "withdrawn": {"proposed": "proposed"},
    "ordered": {"acknowledged": "ordered", "seal-due": "being sealed"},
    "being sealed": {"seal-due": "being sealed", "sealed": "sealed"},
    "sealed": {},
    "sustained": {},
}
EXPLAINS = ("determination_changed_after_order", "relief_ordered_twice")


def relief_takes_legal_steps(run: Told, _: Told) -> Iterator[str]:
    """In the order of the topic; a source acknowledges an order once."""
    state: dict[str, str] = defaultdict(lambda: "none")
    acknowledged: set[tuple[str, str]] = set()
    for event in reliefs(run):
        taken = step(event)
        before = state[event.key]
        if (
            taken == "proposal-withdrawn"
            and before == "withdrawn"
            and event.key not in _left_before(run, event)
        ):
            continue  # told anew, as what it was withdrawn for named a conviction that is sealed
        if taken not in NEXT[before]:
            yield f"{event.place}: {taken} of relief {event.key}, which is {before}"
        elif taken == "acknowledged" and (event.key, event.body["by"]) in acknowledged:
            yield f"{event.place}: {event.body['by']} acknowledged relief {event.key} before"
        if taken == "acknowledged":
            acknowledged.add((event.key, event.body["by"]))
        state[event.key] = NEXT[before].get(taken, before)


def every_order_is_one_dismissal(run: Told, _: Told) -> Iterator[str]:
    """One event on its county's dismissals for each order on relief-v1, which says the same; none without an order."""
    dismissals: dict[str, list[Event]] = defaultdict(list)
    for event in run.below("dismissals-v1-"):
        if event.type == DISMISSED:
            dismissals[event.body["dismissal_id"]].append(event)
    for order in _orders(run):
        found = dismissals.pop(order.key, [])
        if len(found) != 1:
            yield f"{order.place}: relief {order.key} was ordered and has {len(found)} dismissals"
        for each in found:
            if each.topic != f"dismissals-v1-{order.body['conviction']['county']}":
                yield f"{each.place} is not on the topic of its county"
            if _said(each.body) != _ordered(order.body):
                yield f"{each.place} does not say what {order.place} ordered"
    for found in dismissals.values():
        yield f"{found[0].place}: a dismissal that no order on relief-v1 gave"


def no_count_is_relieved_twice(run: Told, _: Told) -> Iterator[str]:
    """Relief is keyed by the conviction's source counts."""
    first: dict[str, Event] = {}
    for order in _orders(run):
        for count in order.body["conviction"]["counts"]:
            other = first.setdefault(count, order)
            if other.key != order.key:
                yield f"{order.place}: count {count} was relieved before at {other.place}"


def relief_is_that_of_the_undisturbed_run(run: Told, reference: Told) -> Iterator[str]:
    """By conviction. It may differ only where an open discrepancy, of either run, says why.

    An order on nothing but records that were taken back since is no part of it: no record shows that conviction any
    more, and one that comes later cannot be told to be the same.
    """
    ours, theirs = _on_record(run), _on_record(reference)
    why, apart = explained(run) | explained(reference), sealed_in_one_alone(run, reference)
    for conviction in convictions(run, reference):
        if any(count.rpartition("/")[0] in apart for count in conviction):
            continue
        found, expected = _on(conviction, ours), _on(conviction, theirs)
        if found != expected and not conviction & why:
            places = [event.place for event in ours.values() if conviction & _counts(event)]
            yield (
                f"relief on {', '.join(sorted(conviction))} is {_worded(found)}, undisturbed {_worded(expected)}, "
                f"and no open discrepancy says why ({', '.join(places) or 'nothing on relief-v1'})"
            )


def reliefs(run: Told) -> list[Event]:
    return [event for event in run.of("relief-v1") if event.type.startswith(RELIEF)]


def step(event: Event) -> str:
    return event.type.removeprefix(RELIEF).removesuffix(".v1")


def _left_before(run: Told, event: Event) -> set[str]:
    """The reliefs of which a step on the event's partition before it is not erased."""
    return {
        each.key
        for each in run.left("relief-v1")
        if each.partition == event.partition and each.offset < event.offset
    }


def _orders(run: Told) -> list[Event]:
    return [event for event in run.of("relief-v1") if step(event) == "ordered"]


def _ordered(body: JSON) -> JSON:
    conviction = body["conviction"]
    same = ("county", "court", "case_number", "conviction_date", "disposition_date")
    return {name: conviction[name] for name in same} | {
        "code_section": conviction["section"],
        "relief": body["kind"],
        "order_number": body["order"]["number"],
    }


def _said(body: JSON) -> JSON:
    names = ("county", "court", "case_number", "conviction_date", "disposition_date")
    return {name: body[name] for name in (*names, "code_section", "relief", "order_number")}


def _standing(run: Told) -> dict[str, Event]:
    """The last step of each relief that was not taken back. What is sealed stands as what was to be sealed; what was
    being sealed with another relief on its conviction is gone."""
    last = {event.key: event for event in reliefs(run) if step(event) != "sealed"}
    left = run.latest("relief-v1")
    return {key: event for key, event in last.items() if key in left and step(event) != "proposal-withdrawn"}


def counts_sealed(run: Told) -> set[str]:
    """The counts of all convictions that are sealed."""
    sealed = {event.key for event in reliefs(run) if step(event) == "sealed"}
    return set().union(*(_counts(event) for event in _seals(run) if event.key in sealed))


def records_sealed(run: Told) -> list[set[str]]:
    """The keys of the records of each conviction that was to be sealed."""
    return [{count.rpartition("/")[0] for count in _counts(event)} for event in _seals(run)]


def _seals(run: Told) -> list[Event]:
    return [event for event in reliefs(run) if step(event) == "seal-due"]


def _counts(event: Event) -> set[str]:
    return set(event.body["conviction"]["counts"])


def _on(conviction: frozenset[str], standing: dict[str, Event]) -> Counter[tuple[str, str]]:
    return Counter(
        ("ordered" if step(event) == "acknowledged" else step(event), event.body["kind"])
        for event in standing.values()
        if conviction & _counts(event)
    )


def convictions(*runs: Told) -> list[frozenset[str]]:
    """The counts of each conviction: what was ever known as one, or relieved as one, stays one for relief.

    An event of relief has the counts that were known of when it was written; a count that joins later is under the
    same relief, also when the first is taken back.
    """
    named = [
        set(determination["counts"])
        for run in runs
        for event in run.of("determinations-v1")
        for determination in event.body["determinations"]
    ]
    named += [_counts(event) for run in runs for event in _standing(run).values()]
    whole: dict[str, set[str]] = {}
    for counts in named:
        joined = counts.union(*(whole.get(count, set()) for count in counts))
        whole |= dict.fromkeys(joined, joined)
    return sorted({frozenset(counts) for counts in whole.values()}, key=sorted)


def explained(run: Told) -> set[str]:
    """Counts with an open discrepancy that explains other relief."""
    return {
        count
        for event in run.latest("discrepancies-v1").values()
        if event.body["status"] == "open" and event.body["kind"] in EXPLAINS
        for count in event.body["counts"]
    }


def sealed_in_one_alone(run: Told, reference: Told) -> set[str]:
    """The records that need not end the same, as a conviction was sealed in one of the runs alone: its own, those that
    may be its person's, as a doubt ends with a record that is erased, and all of these persons.

    That there is a reason for it is another rule's: ``the_same_is_sealed_as_undisturbed``.
    """
    different = counts_sealed(run) ^ counts_sealed(reference)
    found = {count.rpartition("/")[0] for count in different}
    for event in (event for each in (run, reference) for event in each.of("discrepancies-v1")):
        in_doubt = {value for _, value in event.body.get("values", ())}
        if event.body["kind"] == "identity_in_doubt" and not found.isdisjoint(in_doubt):
            found |= in_doubt
    persons = [group for each in (run, reference) for group in subjects(each) if not found.isdisjoint(group)]
    return found.union(*persons)


def subjects(run: Told) -> set[frozenset[str]]:
    """The records of each subject, by their keys; withdrawn ones belong to nobody."""
    groups: dict[str, set[str]] = {}
    for row in run.run.tables["reconciliation"]["records"]:
        if not row["withdrawn"]:
            groups.setdefault(row["subject_id"], set()).add(row["record_key"])
    return set(map(frozenset, groups.values()))


def _on_record(run: Told) -> dict[str, Event]:
    """Those standing that have, or were ordered on, a count of a record that was not taken back."""
    withdrawn = {row["record_key"] for row in run.run.tables["reconciliation"]["records"] if row["withdrawn"]}
    held: dict[str, set[str]] = defaultdict(set)
    for row in run.run.tables["relief"]["relief_counts"]:
        held[row["relief_id"]].add(row["count_key"])
    return {
        key: event
        for key, event in _standing(run).items()
        if any(count.rpartition("/")[0] not in withdrawn for count in held[key] | _counts(event))
    }


def _worded(found: Counter[tuple[str, str]]) -> str:
    each = [
        f"{step} ({kind})" + (f" {times} times" if times > 1 else "") for (step, kind), times in found.items()
    ]
    return ", ".join(sorted(each)) or "none"


RULES: tuple[Callable[[Told, Told], Iterator[str]], ...] = (
    relief_takes_legal_steps,
    every_order_is_one_dismissal,
    no_count_is_relieved_twice,
    relief_is_that_of_the_undisturbed_run,
)
