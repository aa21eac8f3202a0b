"""Reviews at a terminal: the queue two lines a review, one review in sentences."""

from collections.abc import Iterator, Mapping
from typing import Any

WHY = {
    "determination_changed": "opened again: the determination changed since it was decided",
    "needs_review_again": "opened again: the determination needs a review again",
    "sent_back": "sent back",
}
MOST_VALUES = 12


def print_queue(page: Mapping[str, Any], counts: Mapping[str, Mapping[str, int]]) -> None:
    """How many wait by each filter, and the page."""
    total = counts["total"]
    print(
        f"{total['number']} wait: {total['overdue']} overdue, {total['held']} on hold, {total['claimed']} claimed."
    )
    for facet, values in counts.items():
        if facet != "total" and len(values) > 1:
            some = sorted(values.items(), key=lambda each: -each[1])[:MOST_VALUES]
            print(f"  {facet}: {', '.join(f'{name} {number}' for name, number in some)}")
    for each in page["reviews"]:
        office = each["city"] or each["office"].replace("_", " ")
        case = f", case {each['case_number']}" if each["case_number"] else ""
        asks = f", asks {', '.join(each['questions'])}" if each["questions"] else ""
        prepared = f": {_said(each['prepared'])}" if each["state"] == "prepared" else ""
        state = f" ({each['state']}{prepared})" if each["state"] != "open" else ""
        print(f"{each['review_id']}  due {each['due_on']}, {office}{state}")
        print(f"    {each['section']}{case}: {each['reason']}{asks}")
    if page["next"]:
        print(f"More: --after {page['next']}")


def review_lines(one: Mapping[str, Any]) -> Iterator[str]:
    """One review in sentences."""
    level, day = one["level"] or "level unknown", one["conviction_date"] or "an unknown day"
    office = one["office"].replace("_", " ") + (f" of {one['city']}" if one["city"] else "")
    yield f"Review {one['review_id']} ({one['state']})"
    yield f"{one['section']}, {level}, of {day}, case {one['case_number'] or 'unknown'}"
    yield f"{one['county']}{', ' + one['court'] if one['court'] else ''}; subject {one['subject_id']}"
    yield f"For the {office}, due {one['due_on']}, {one['age_days']} days old"
    if one["why"]:
        changed = f" ({', '.join(one['changed'])})" if one["changed"] else ""
        yield f"{WHY.get(one['why'], one['why']).capitalize()}{changed}"
    if one["note"]:
        yield f"Note: {one['note']}"
    if one["held_until"]:
        yield f"On hold until {one['held_until']}"
    if one["claimed_by"]:
        yield f"Claimed by {one['claimed_by']}"
    if one["prepared"]:
        yield from _decision(one["prepared"])
    yield f"Why it waits: {one['reason']} ({one['determination_label']}: {one['reason_label']})"
    yield f"Legal minimum: {one['legal_minimum'] or 'none'}"
    for each in one["grounds"]:
        yield f"  {each['finding'].replace('_', ' '):8} {each['rule']} ({each['citation']})"
    for each in one["open_questions"]:
        yield f"Question {each['code']}: {each['question']} (asked of {', '.join(each['asked_of'])})"
        for answer in each["answers"]:
            yield f"  {answer['value']}: {answer['words']} -> {answer['outcome']} ({answer['reason']})"


def _decision(prepared: Mapping[str, Any]) -> Iterator[str]:
    by, signed = prepared["prepared_by"], prepared["signed_by"]
    yield f"Decision: {_said(prepared)}"
    yield f"  prepared by {by['role']} {by['account']}"
    yield f"  signed by {signed['role']} {signed['account']}" if signed else "  not signed yet"


def _said(prepared: Mapping[str, Any]) -> str:
    level = f" to {prepared['redesignated_to']}" if prepared["redesignated_to"] else ""
    serving = ", stating that the sentence still runs" if prepared["still_serving"] else ""
    return f"{prepared['decision']}{level} ({prepared['reason_code']}{serving})"
