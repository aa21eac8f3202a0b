"""One person's way through the five services, event by event."""

import json
from collections.abc import Sequence
from typing import Any

from reliefstream_contracts.dismissals import ConvictionDismissed
from reliefstream_contracts.relief import ReliefOrdered
from services.cli.demo.topic_reader import Stored

Step = tuple[str, str, str]


def chosen(relief: Sequence[Stored]) -> dict[str, Any] | None:
    """The first court order on a conviction that both DOJ and the court reported; None when there is none."""
    for each in relief:
        if each.type == ReliefOrdered.TYPE:
            body: dict[str, Any] = json.loads(each.value)
            if {key.split("/")[0] for key in body["conviction"]["counts"]} == {"doj", "court"}:
                return body
    return None


def way(order: dict[str, Any], stored: Sequence[Stored]) -> list[Step]:
    """(topic and place, event, what it says) of everything that led to this order, by time. No name in it."""
    conviction = order["conviction"]
    records = {key.rsplit("/", 1)[0] for key in conviction["counts"]}
    steps = []
    for each in stored:
        said = _said(each, order["relief_id"], conviction["subject_id"], records)
        if said:
            steps.append(
                (f"{each.topic} {each.place}", (each.type or "").removeprefix("reliefstream."), said)
            )
    return steps


def _said(each: Stored, relief_id: str, subject_id: str, records: set[str]) -> str | None:
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
    if each.topic == "relief-v1" and each.key == relief_id:
        body = json.loads(each.value)
        order = f", order {body['order']['number']}" if "order" in body else ""
        return f"transition {body['sequence']} on {body['conviction']['section']}{order}"
    if each.type == ConvictionDismissed.TYPE and each.key == relief_id:
        body = json.loads(each.value)
        return f"{body['code_section']} of {body['conviction_date']}: {body['relief']}, for all who subscribe"
    return None
