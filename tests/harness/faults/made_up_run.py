"""A small run that passes every rule, made up by hand, for tests to break in one place."""

import json
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from tests.harness.faults.events import FACT_STATED
from tests.harness.faults.observation import Message, Observation, Sealing, Sent

SENT = Sent("los-angeles", b"c1", (("format", b"court"),), b'{"record_id": "c1"}', None)
BAD = Sent("los-angeles", b"bad", (("format", b"court"),), b"\xff", None)
SOURCE, RECEIPTS = "source-records-v1-los-angeles", "receipts-v1-los-angeles"
DISMISSALS = "dismissals-v1-los-angeles"
COUNT, RECORD = "court/los-angeles/c1/1", "court/los-angeles/c1"
SEALED_COUNT = "court/los-angeles/c9/1"
STATEMENT = "statement/los-angeles/S1"
TRACE = "00-1-1-01"
DISMISSED, SEALED = "reliefstream.conviction.dismissed.v1", "reliefstream.conviction.sealed.v1"
CONVICTION: dict[str, Any] = {
    "subject_id": "S1",
    "counts": [COUNT],
    "county": "los-angeles",
    "court": None,
    "case_number": "BA1",
    "section": "HS 11357",
    "conviction_date": None,
    "disposition_date": None,
}
DISMISSAL: dict[str, Any] = {
    **{name: value for name, value in CONVICTION.items() if name not in ("counts", "section", "subject_id")},
    "dismissal_id": "R1",
    "code_section": "HS 11357",
    "relief": "dismissal",
    "order_number": "SO-1",
}


def relief(step: str, sequence: int, **more: Any) -> tuple[str, str, str, dict[str, Any]]:
    """One event on relief-v1: key, id, type, body."""
    body = {"sequence": sequence, "kind": "dismissal", "conviction": deepcopy(CONVICTION), **more}
    return "R1", f"relief-{sequence}", f"reliefstream.relief.{step}.v1", body


def decided() -> tuple[str, str, str, dict[str, Any]]:
    """A review's decision on relief-v1, which the relief rests on."""
    by = {name: {"role": "district_attorney", "account": name} for name in ("decided_by", "signed_by")}
    body = {"sequence": 1, "decision": "dismissal", "counts": [COUNT], **by}
    return "W1", "decided-1", "reliefstream.review.decided.v1", body


def review(**more: Any) -> dict[str, Any]:
    """The review as relief's table has it."""
    prepared = {"decision": "dismissal", "digest": "d", "sequence": 1}
    known = {"review_id": "W1", "counts": [COUNT], "state": "decided", "office": "district_attorney"}
    return {**known, "digest": "d", "prepared": prepared, **more}


def ledger(kind: str, status: str = "open", version: int = 1) -> tuple[str, str, str, dict[str, Any]]:
    """One event on discrepancies-v1."""
    body = {"kind": kind, "status": status, "version": version, "counts": [COUNT], "subject_id": "S1"}
    return "D1", f"discrepancy-{kind}-{version}", "changed", body


@dataclass
class Run:
    """What is there to break; ``seen`` makes the observation of it."""

    sent: list[Sent] = field(default_factory=lambda: [SENT, BAD])
    source: list[Sent] = field(default_factory=lambda: [SENT, BAD])
    events: dict[str, list[tuple[str, str, str, dict[str, Any] | None]]] = field(default_factory=dict)
    """Key, id, type and body; no body: a tombstone."""
    tables: dict[str, dict[str, list[dict[str, Any]]]] = field(default_factory=dict)
    deliveries: list[dict[str, Any]] = field(default_factory=list)
    stated: list[str] = field(default_factory=lambda: [f"{STATEMENT}/1"])
    decided: list[str] = field(default_factory=lambda: ["W1"])
    ends: dict[str, tuple[int, int]] = field(default_factory=lambda: {f"{DISMISSALS}/0": (2, 2)})
    traces: dict[str, str] = field(default_factory=lambda: {"receipt-0": TRACE, "record-1": TRACE})
    partitions: dict[str, int] = field(default_factory=dict)
    sealing: Sealing = field(default_factory=Sealing)

    def seen(self) -> Observation:
        topics = {topic: self._messages(topic) for topic in self.events}
        topics[SOURCE] = tuple(
            Message(SOURCE, 0, offset, sent.key, sent.headers, sent.value)
            for offset, sent in enumerate(self.source)
        )
        topics["relay-positions-v1-relief"] = (
            Message("relay-positions-v1-relief", 0, 0, b"relief", (), b"7"),
        )
        tables = {
            service: {name: tuple(rows) for name, rows in each.items()}
            for service, each in self.tables.items()
        }
        return Observation(
            tuple(self.sent),
            topics,
            tables,
            tuple(self.deliveries),
            self.ends,
            tuple(self.stated),
            tuple(self.decided),
            self.sealing,
        )

    def _messages(self, topic: str) -> tuple[Message, ...]:
        return tuple(
            Message(
                topic,
                self.partitions.get(event_id, 0),
                offset,
                key.encode(),
                (
                    ("ce_id", event_id.encode()),
                    ("ce_type", kind.encode()),
                    ("ce_traceparent", self.traces.get(event_id, event_id).encode()),
                ),
                json.dumps(body).encode() if body is not None else None,
            )
            for offset, (key, event_id, kind, body) in enumerate(self.events[topic])
        )


def good() -> Run:
    """A record taken in, one refused, one conviction dismissed."""
    run = Run()
    run.events = {
        RECEIPTS: [_receipt(0, "recorded"), _receipt(1, "quarantined", "not_utf8")],
        "records-v1": [
            (RECORD, "record-1", "case", {"sequence": 1}),
            (STATEMENT, "statement-1", FACT_STATED, {"revision": 1}),
        ],
        "histories-v1": [("S1", "history-1", "history", _history())],
        "determinations-v1": [("S1", "determination-1", "determinations", _judged())],
        "relief-v1": [
            relief("proposed", 1, rests_on="W1/1"),
            decided(),
            relief("ordered", 2, order={"number": "SO-1"}),
        ],
        DISMISSALS: [("R1", "dismissed-1", DISMISSED, dict(DISMISSAL))],
        "discrepancies-v1": [ledger("only_in_court")],
    }
    run.tables = {
        "ingest": {
            "quarantine": [{"quarantine_id": "Q1", "receipt_id": f"{SOURCE}/0/1", "sent": 1}],
            "dead_letters": [],
        },
        "reconciliation": {
            "records": [{"record_key": RECORD, "subject_id": "S1", "withdrawn": False}],
            "statements": [{"statement_key": STATEMENT, "revision": 1, "status": "applied", "reason": ""}],
        },
        "notification": {"deliveries": [{"event_id": "dismissed-1", "status": "delivered"}]},
        "relief": {
            "outbox": [{"id": 5, "batch": 7, "events": 1}],
            "reviews": [review()],
            "reliefs": [
                {
                    "relief_id": "R1",
                    "state": "ordered",
                    "rests_on": "W1/1",
                    "conviction": deepcopy(CONVICTION),
                }
            ],
            "relief_counts": [{"count_key": COUNT, "relief_id": "R1"}],
        },
    }
    body = json.dumps({"type": "dismissed", "data": {**DISMISSAL, "subject_id": "pairwise"}})
    run.deliveries = [{"webhook-id": "dismissed-1", "status": status, "body": body} for status in (500, 204)]
    return run


def sealed() -> Run:
    """The same, and another person's only conviction dismissed and sealed since; the first is under a legal hold."""
    run, gone = good(), {**CONVICTION, "subject_id": "S9", "counts": [SEALED_COUNT]}
    for topic, body in (("histories-v1", _history()), ("determinations-v1", _judged())):
        (one,) = body["convictions" if topic == "histories-v1" else "determinations"]
        one |= {"counts": [{"key": SEALED_COUNT}] if topic == "histories-v1" else [SEALED_COUNT]}
        run.events[topic] += [("S9", f"{topic}-9", topic, body | {"subject_id": "S9"}), ("S9", "", "", None)]
    steps = ("proposed", "ordered", "seal-due")
    for number, step in enumerate(steps, 1):
        _, _, kind, body = relief(step, number, conviction=gone, order={"number": "SO-1"})
        run.events["relief-v1"].append((f"R9/{number}", f"relief-9-{number}", kind, body))
    said = {"relief_id": "R9", "sequence": 4}
    run.events["relief-v1"].append(("R9/4", "relief-9-4", "reliefstream.relief.sealed.v1", said))
    run.events["relief-v1"] += [(f"R9/{number}", "", "", None) for number in (1, 2, 3)]
    run.events["forgotten-v1"] = [
        (f"R9/{service}", f"forgotten-{service}", "forgotten", {"relief_id": "R9", "service": service})
        for service in ("ingest", "reconciliation", "eligibility", "notification")
    ]
    dismissed, instead = DISMISSAL | {"dismissal_id": "R9"}, {"dismissal_id": "R9", "county": "los-angeles"}
    run.events[DISMISSALS] += [
        ("R9", "dismissed-9", DISMISSED, dismissed),
        ("R9", "sealed-9", SEALED, instead),
    ]
    for webhook_id, data in (("dismissed-9", dismissed | {"subject_id": "pairwise"}), ("sealed-9", instead)):
        run.deliveries.append({"webhook-id": webhook_id, "status": 204, "body": json.dumps({"data": data})})
    run.sealing = Sealing(frozenset({"R9"}), frozenset({"R1"}), {"determinations-v1/0": 2})
    return run


def bad_again(run: Run, quarantine_id: str = "Q1") -> None:
    """What was refused comes once more, and is refused once more."""
    run.sent.append(BAD)
    run.source.append(BAD)
    offset = len(run.source) - 1
    key, event_id, kind, body = _receipt(offset, "quarantined", "not_utf8")
    run.events[RECEIPTS].append((key, event_id, kind, {**body, "quarantine_ids": [quarantine_id]}))


def _receipt(offset: int, status: str, code: str = "") -> tuple[str, str, str, dict[str, Any]]:
    receipt_id = f"{SOURCE}/0/{offset}"
    body = {
        "receipt_id": receipt_id,
        "status": status,
        "problems": [{"code": code}] if code else [],
        "quarantine_ids": ["Q1"] if code else [],
    }
    return receipt_id, f"receipt-{offset}", "receipt", body


def _history() -> dict[str, Any]:
    conviction = {"conviction_id": "V1", "counts": [{"key": COUNT}], "section": "HS 11357"}
    return {"subject_id": "S1", "version": 1, "retired_into": None, "convictions": [conviction]}


def _judged() -> dict[str, Any]:
    finding = {"conviction_id": "V1", "counts": [COUNT], "outcome": "dismissal"}
    return {"subject_id": "S1", "version": 1, "retired_into": None, "determinations": [finding]}
