"""One person's way through the five services, event by event."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from deploy.demo.topic_reader import Stored
from reliefstream_contracts.dismissals import ConvictionDismissed

Step = tuple[str, str, str]


def chosen(ordered: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> Mapping[str, Any] | None:
    """The first subject with several convictions, one of them relieved and reported by both DOJ and the court."""
    for conviction, subject in ordered:
        if conviction["source"] == "doj+court" and len(subject["convictions"]) > 1:
            return subject
    return None


def way(subject: Mapping[str, Any], stored: Sequence[Stored]) -> list[Step]:
    """All events on this subject by time, as (topic and offset, event, summary) without a name."""
    counts = {count for conviction in subject["convictions"] for count in conviction["counts"]}
    records = {key.rsplit("/", 1)[0] for key in counts}
    reliefs = {
        _of_what(each)
        for each in stored
        if each.topic == "relief-v1" and counts & _counts(json.loads(each.value))
    }
    steps = []
    for each in stored:
        said = _said(each, reliefs, subject["subject_id"], records)
        if said:
            steps.append(
                (f"{each.topic} {each.place}", (each.type or "").removeprefix("reliefstream."), said)
            )
    return steps


def _of_what(each: Stored) -> str:
    """The relief or review of an event of relief-v1, which begins its key."""
    return each.key.partition("/")[0]


def _counts(body: Mapping[str, Any]) -> set[str]:
    """Of an event of relief, or of a review's decision; none of what is sealed."""
    return set(body["conviction"]["counts"] if "conviction" in body else body.get("counts", ()))


def _said(each: Stored, reliefs: set[str], subject_id: str, records: set[str]) -> str | None:
    if each.topic == "records-v1" and each.key in records:
        body = json.loads(each.value)
        return f"recorded, {len(body['counts'])} counts, revision {body['revision']}"
    if each.topic.startswith("receipts-") and any(
        str(json.loads(each.value).get("record_id")) == record.split("/", 2)[2] for record in records
    ):
        return f"receipt: {json.loads(each.value)['status']}"
    if each.topic == "histories-v1" and each.key == subject_id:
        body = json.loads(each.value)
        sources = sorted({count["source"] for c in body["convictions"] for count in c["counts"]})
        return (
            f"version {body['version']}: {len(body['convictions'])} convictions, from {' and '.join(sources)}"
        )
    if each.topic == "determinations-v1" and each.key == subject_id:
        body = json.loads(each.value)
        found = ", ".join(f"{d['section']}: {d['outcome']} ({d['reason']})" for d in body["determinations"])
        return f"version {body['version']}: {found or 'nothing to judge'}"
    if each.topic == "relief-v1" and _of_what(each) in reliefs:
        body = json.loads(each.value)
        if "decision" in body:
            return f"a review's decision: {body['decision']} ({body['reason_code']})"
        if "sealed_on" in body:
            return f"sealed on {body['sealed_on']}"
        order = f", order {body['order']['number']}" if "order" in body else ""
        return f"transition {body['sequence']} on {body['conviction']['section']}{order}"
    if each.type == ConvictionDismissed.TYPE and each.key in reliefs:
        body = json.loads(each.value)
        return f"{body['code_section']} of {body['conviction_date']}: {body['relief']}, for all who subscribe"
    return None
