"""Rules on the end: subjects, histories, determinations and open discrepancies are those of an undisturbed run.

Ids and versions are each run's own: what is compared is named by the records and counts that it is about.
"""

import json
from collections.abc import Callable, Iterable, Iterator

from tests.harness.faults.check_relief import EXPLAINS, sealed_in_one_alone, subjects
from tests.harness.faults.events import FACT_STATED, JSON, Event, Told

OF_THE_RUN = (
    "subject_id",
    "version",
    "conviction_id",
    "discrepancy_id",
    "at",
    "first_seen",
    "retired_into",
    "stated_on",  # by the clock of ingest, which a fault may set a day wrong
)
DEPENDS_ON_TIME = (*EXPLAINS, "relief_not_shown", "relief_overdue")
"""Discrepancies of relief: what was known when it was ordered, and how long ago that or a day of the law is."""


def subjects_are_the_same(run: Told, reference: Told) -> Iterator[str]:
    """The same records belong to one person."""
    ours, theirs = subjects(run), subjects(reference)
    apart = sealed_in_one_alone(run, reference)
    for group in sorted((each for each in ours ^ theirs if apart.isdisjoint(each)), key=sorted):
        which = "are one subject here and not" if group in ours else "are not one subject here, but"
        yield f"{', '.join(sorted(group))} {which} in the undisturbed run"


def histories_are_the_same(run: Told, reference: Told) -> Iterator[str]:
    """The last whole snapshot of each subject."""
    apart = sealed_in_one_alone(run, reference)
    yield from _compared(_snapshots(run, "histories-v1"), _snapshots(reference, "histories-v1"), apart)


def determinations_are_the_same(run: Told, reference: Told) -> Iterator[str]:
    """Each conviction's last finding."""
    yield from _compared(_findings(run), _findings(reference), sealed_in_one_alone(run, reference))


def every_history_is_judged(run: Told, _: Told) -> Iterator[str]:
    """Each subject with a history has determinations on the very convictions of its last one."""
    judged = run.latest("determinations-v1")
    for key, history in run.latest("histories-v1").items():
        found = judged.get(key)
        if found is None:
            yield f"{history.place}: no determinations on subject {key}"
        elif history.body["retired_into"] != found.body["retired_into"]:
            yield f"{history.place} and {found.place} differ in what subject {key} was merged into"


def open_discrepancies_are_the_same(run: Told, reference: Told) -> Iterator[str]:
    """The ledger of what the sources differ in; those of relief are held against relief."""
    yield from _compared(_ledger(run), _ledger(reference), sealed_in_one_alone(run, reference))


def statements_are_the_same(run: Told, reference: Told) -> Iterator[str]:
    """Each statement of fact is applied, waits, is stale or withdrawn as undisturbed, and for the same reason."""
    ours, theirs = _standings(run), _standings(reference)
    apart = sealed_in_one_alone(run, reference)
    left_out = {event.key for each in (run, reference) for event in _statements(each) if _of(event, apart)}
    for key in sorted((ours.keys() | theirs.keys()) - left_out):
        if ours.get(key) != theirs.get(key):
            yield f"{key} is {ours.get(key)}, in the undisturbed run {theirs.get(key)}"


def _statements(run: Told) -> Iterable[Event]:
    return (event for event in run.of("records-v1") if event.type == FACT_STATED)


def _of(statement: Event, records: set[str]) -> bool:
    return _names(_text(statement.body), records)


def _standings(run: Told) -> dict[str, tuple[int, str, str]]:
    return {
        row["statement_key"]: (row["revision"], row["status"], row["reason"])
        for row in run.run.tables["reconciliation"]["statements"]
    }


def _snapshots(run: Told, topic: str) -> Iterable[tuple[str, str, Event]]:
    for event in run.latest(topic).values():
        body = _plain(event.body)
        body["convictions"] = sorted(body["convictions"], key=_text)
        if body["convictions"]:
            yield (
                "; ".join(sorted(c["key"] for each in body["convictions"] for c in each["counts"])),
                _text(body),
                event,
            )


def _findings(run: Told) -> Iterable[tuple[str, str, Event]]:
    for event in run.latest("determinations-v1").values():
        for each in event.body["determinations"]:
            yield "; ".join(sorted(each["counts"])), _text(_plain(each)), event


def _ledger(run: Told) -> Iterable[tuple[str, str, Event]]:
    for event in run.latest("discrepancies-v1").values():
        if event.body["status"] == "open" and event.body["kind"] not in DEPENDS_ON_TIME:
            name = f"{event.body['kind']} {event.body.get('field') or ''} of {'; '.join(sorted(event.body['counts']))}"
            yield name, _text(_plain(event.body)), event


def _compared(
    ours: Iterable[tuple[str, str, Event]], theirs: Iterable[tuple[str, str, Event]], apart: set[str]
) -> Iterator[str]:
    """Pairs by name and text, as two may have one name; what names one of the records ``apart`` is left out."""
    here = {(name, text): event for name, text, event in ours if not _names(text, apart)}
    there = {(name, text): event for name, text, event in theirs if not _names(text, apart)}
    for name, text in sorted(here.keys() | there.keys()):
        if (name, text) in here and (name, text) in there:
            continue
        place = here[name, text].place if (name, text) in here else f"undisturbed {there[name, text].place}"
        other = next((t for n, t in (there if (name, text) in here else here) if n == name), None)
        what = _first_difference(json.loads(text), json.loads(other)) if other else "the other run has none"
        yield f"{name} at {place}: {what}"


def _first_difference(one: JSON, other: JSON) -> str:
    for field in sorted(one.keys() | other.keys()):
        if one.get(field) != other.get(field):
            return f"{field} is {_short(one.get(field))}, in the other run {_short(other.get(field))}"
    return "twice in one of the runs"


def _names(text: str, records: set[str]) -> bool:
    """Whether a JSON text names one of the records, or a count of it."""
    return any(f'"{record}"' in text or f'"{record}/' in text for record in records)


def _short(value: object) -> str:
    text = _text(value)
    return text if len(text) <= 200 else f"{text[:200]}..."


def _plain(body: JSON) -> JSON:
    """Without what is of one run alone."""
    return {name: _within(value) for name, value in body.items() if name not in OF_THE_RUN}


def _within(value: object) -> object:
    if isinstance(value, dict):
        return _plain(value)
    return [_within(each) for each in value] if isinstance(value, list) else value


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True)


RULES: tuple[Callable[[Told, Told], Iterator[str]], ...] = (
    subjects_are_the_same,
    histories_are_the_same,
    determinations_are_the_same,
    every_history_is_judged,
    open_discrepancies_are_the_same,
    statements_are_the_same,
)
