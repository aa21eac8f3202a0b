"""The checker passes a run that is right, and each of its rules fires on a run that breaks it."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.harness.faults.checker import RULES, differences
from tests.harness.faults.events import FACT_STATED
from tests.harness.faults.made_up_run import (
    BAD,
    COUNT,
    DISMISSALS,
    DISMISSED,
    RECEIPTS,
    RECORD,
    SEALED_COUNT,
    SENT,
    STATEMENT,
    Run,
    bad_again,
    decided,
    good,
    ledger,
    relief,
    sealed,
)
from tests.harness.faults.observation import Sent

Break = Callable[[Run], object]


def _event(topic: str, at: int = 0) -> Callable[[Run], dict[str, object]]:
    return lambda run: run.events[topic][at][3]


def _row(run: Run, table: str) -> dict[str, Any]:
    return run.tables["relief"][table][0]


BREAKS: dict[str, dict[str, Break]] = {
    "no_transaction_is_open": {"stable end behind": lambda r: r.ends.update({"relief-v1/1": (4, 9)})},
    "no_dead_letter": {
        "one": lambda r: r.tables["relief"].update(
            dead_letters=[{"topic": "t", "partition": 0, "offset": 1, "reason": "defect", "detail": "x"}]
        )
    },
    "no_event_waits": {
        "numbered and not out": lambda r: r.tables["relief"]["outbox"].append(
            {"id": 6, "batch": 8, "events": 1}
        ),
        "not numbered": lambda r: r.tables["relief"]["outbox"].append({"id": 6, "batch": None, "events": 1}),
    },
    "every_dismissal_reached_the_webhook": {
        "never sent": lambda r: r.deliveries.clear(),
        "never taken": lambda r: r.deliveries.pop(),
        "two bodies": lambda r: r.deliveries[0].update(body=r.deliveries[0]["body"] + " "),
        "something else": lambda r: [d.update(body=json.dumps({"data": {}})) for d in r.deliveries],
        "of nothing": lambda r: r.deliveries.append({"webhook-id": "x", "status": 204, "body": "{}"}),
    },
    "every_acknowledged_record_stands": {"gone from the topic": lambda r: r.source.pop()},
    "every_record_sent_has_one_receipt": {
        "none": lambda r: r.events[RECEIPTS].pop(0),
        "two": lambda r: r.events[RECEIPTS].append(r.events[RECEIPTS][0]),
        "of nothing": lambda r: r.source.pop(),
        "another status": lambda r: _event(RECEIPTS)(r).update(status="lost"),
    },
    "what_was_recorded_is_recorded_once": {
        "no record": lambda r: r.events["records-v1"].pop(0),
        "two records": lambda r: (
            r.events["records-v1"].append((RECORD, "record-2", "case", {"sequence": 2})),
            r.traces.update({"record-2": r.traces["record-1"]}),
        ),
        "a record of nothing": lambda r: r.traces.update({"record-1": "another"}),
    },
    "what_was_stated_is_stated_once": {
        "lost": lambda r: r.events["records-v1"].pop(),
        "twice": lambda r: r.events["records-v1"].append(
            (STATEMENT, "statement-again", FACT_STATED, {"revision": 1})
        ),
        "by nobody": lambda r: r.stated.clear(),
    },
    "statements_are_the_same": {
        "stale": lambda r: r.tables["reconciliation"]["statements"][0].update(status="stale"),
        "never came": lambda r: r.tables["reconciliation"]["statements"].clear(),
    },
    "what_was_quarantined_is_kept_once": {
        "not kept": lambda r: r.tables["ingest"]["quarantine"].clear(),
        "kept and not named": lambda r: r.tables["ingest"]["quarantine"].append(
            {"quarantine_id": "Q2", "receipt_id": "elsewhere", "sent": 0}
        ),
        "of a receipt that names another": lambda r: r.tables["ingest"]["quarantine"][0].update(
            receipt_id="elsewhere"
        ),
        "sent again and not counted": bad_again,
        "counted and not sent again": lambda r: r.tables["ingest"]["quarantine"][0].update(sent=2),
        "names none": lambda r: _event(RECEIPTS, 1)(r).update(quarantine_ids=[]),
    },
    "what_is_quarantined_again_is_the_same_entry": {"another": lambda r: bad_again(r, "Q2")},
    "each_content_ends_as_undisturbed": {
        "for another reason": lambda r: _event(RECEIPTS, 1)(r).update(problems=[{"code": "other"}]),
        "never came": lambda r: (r.sent.remove(BAD), r.source.remove(BAD)),
        "taken in": lambda r: _event(RECEIPTS, 1)(r).update(status="recorded"),
    },
    "no_event_stands_twice": {"twice": lambda r: r.events[DISMISSALS].append(r.events[DISMISSALS][0])},
    "versions_only_grow": {
        "twice": lambda r: r.events["histories-v1"].append(
            ("S1", "again", "history", {**_event("histories-v1")(r)})
        ),
        "a gap": lambda r: _event("histories-v1")(r).update(version=2),
    },
    "a_key_stays_on_its_partition": {"moved": lambda r: r.partitions.update({"relief-2": 1})},
    "relief_takes_legal_steps": {
        "ordered unproposed": lambda r: r.events["relief-v1"].pop(0),
        "after a sustained challenge": lambda r: r.events["relief-v1"].insert(
            1, relief("challenge-sustained", 2)
        ),
        "acknowledged twice": lambda r: r.events["relief-v1"].extend(
            relief("acknowledged", number, by="doj") for number in (3, 4)
        ),
    },
    "relief_that_rests_on_a_decision_is_what_two_people_decided": {
        "no decision": lambda r: r.events["relief-v1"].pop(1),
        "unsigned": lambda r: r.events["relief-v1"][1][3].update(signed_by=None),
        "signed by its author": lambda r: r.events["relief-v1"][1][3]["signed_by"].update(
            account="decided_by"
        ),
        "another decision": lambda r: r.events["relief-v1"][1][3].update(decision="petition"),
    },
    "what_was_decided_stands_once": {
        "lost": lambda r: r.decided.append("W1"),
        "by nobody": lambda r: r.decided.clear(),
        "twice": lambda r: (
            r.decided.append("W1"),
            r.events["relief-v1"].append(("W1", "again", *decided()[2:])),
        ),
    },
    "what_was_held_against_a_person_is_heard": {
        "ordered at once": lambda r: _event("relief-v1", 1)(r).update(decision="challenge"),
        "on the list at once": lambda r: (
            _event("relief-v1", 1)(r).update(decision="challenge"),
            r.events["relief-v1"].pop(),
        ),
    },
    "no_relief_goes_against_a_standing_decision": {
        "proposed on nothing": lambda r: _row(r, "reliefs").update(state="proposed", rests_on=None),
        "proposed on another decision": lambda r: _row(r, "reliefs").update(
            state="overruled", rests_on="W2/1"
        ),
        "a motion without a proposal": lambda r: r.tables["relief"]["reliefs"].clear(),
    },
    "every_review_came_to_an_end": {"open": lambda r: _row(r, "reviews").update(state="open")},
    "every_order_is_one_dismissal": {
        "none": lambda r: r.events[DISMISSALS].clear(),
        "two": lambda r: r.events[DISMISSALS].append(("R1", "dismissed-2", DISMISSED, _event(DISMISSALS)(r))),
        "another": lambda r: _event(DISMISSALS)(r).update(case_number="BA2"),
        "of another county": lambda r: r.events.update({"dismissals-v1-kern": r.events.pop(DISMISSALS)}),
        "without order": lambda r: r.events["relief-v1"].pop(),
    },
    "no_count_is_relieved_twice": {
        "under two ids": lambda r: r.events["relief-v1"].append(
            ("R2", "relief-x", *relief("ordered", 2, order={"number": "SO-1"})[2:])
        )
    },
    "relief_is_that_of_the_undisturbed_run": {"not ordered": lambda r: r.events["relief-v1"].pop()},
    "subjects_are_the_same": {
        "not linked": lambda r: r.tables["reconciliation"]["records"].append(
            {"record_key": "doj/los-angeles/1", "subject_id": "S1", "withdrawn": False}
        )
    },
    "histories_are_the_same": {"another fact": lambda r: _event("histories-v1")(r).update(rap_sheet="none")},
    "determinations_are_the_same": {
        "another": lambda r: r.events["determinations-v1"][0][3]["determinations"][0].update(outcome="none")
    },
    "every_history_is_judged": {"not": lambda r: r.events["determinations-v1"].clear()},
    "open_discrepancies_are_the_same": {
        "resolved": lambda r: r.events["discrepancies-v1"].append(ledger("only_in_court", "resolved", 2)),
        "missing": lambda r: r.events["discrepancies-v1"].clear(),
    },
}

OF_SEALED: dict[str, dict[str, Break]] = {
    "what_was_ordered_sealed_is_sealed_everywhere": {
        "never": lambda r: r.events["relief-v1"].pop(-4),
        "nobody ordered it": lambda r: setattr(r, "sealing", replace(r.sealing, ordered=frozenset())),
        "one service did not forget": lambda r: r.events["forgotten-v1"].pop(),
        "its dismissal stands": lambda r: r.events[DISMISSALS].pop(),
    },
    "nothing_names_a_sealed_count": {
        "an event that stays": lambda r: r.events["determinations-v1"].pop(),
        "a step that stays": lambda r: r.events["relief-v1"].pop(),
        "a row": lambda r: r.tables["relief"]["relief_counts"].append(
            {"count_key": SEALED_COUNT, "relief_id": "R1"}
        ),
        "bytes in a row": lambda r: r.tables["reconciliation"].update(
            discrepancies=[{"event": f"\\x{json.dumps({'counts': [SEALED_COUNT]}).encode().hex()}"}]
        ),
    },
    "what_is_held_is_not_sealed": {"it is": lambda r: _row(r, "reliefs").update(state="seal_due")},
    "all_other_determinations_stay": {
        "another id": lambda r: r.events["determinations-v1"].append(_judged_again(r, conviction_id="V2")),
        "gone": lambda r: r.events["determinations-v1"].append(("S1", "", "", None)),
    },
    "the_same_is_sealed_as_undisturbed": {"it is not": lambda r: r.events["relief-v1"].pop(-4)},
    "no_event_stands_twice": {"behind a tombstone": lambda r: _opened_again(r, 1)},
    "versions_only_grow": {
        "from 1 behind a tombstone": lambda r: _opened_again(r, 1),
        "from what was not erased": lambda r: _opened_again(r, 4),
    },
}


def _opened_again(run: Run, version: int) -> None:
    """An entry of the ledger is erased, and opens again from this version."""
    for number, status in ((1, "open"), (2, "resolved")):
        run.events["discrepancies-v1"].append(_entry(number, status))
    run.events["discrepancies-v1"] += [("D2", "", "", None), _entry(version, "resolved")]


def _entry(version: int, status: str) -> tuple[str, str, str, dict[str, Any]]:
    return "D2", f"another-{version}", "changed", ledger("only_in_doj", status, version)[3]


def _judged_again(run: Run, **changed: str) -> tuple[str, str, str, dict[str, Any]]:
    body = deepcopy(_event("determinations-v1")(run)) | {"version": 2}
    body["determinations"][0] |= changed
    return "S1", "judged-again", "determinations", body


def test_a_run_that_is_right_passes() -> None:
    assert list(differences(good().seen(), good().seen())) == []
    assert list(differences(sealed().seen(), sealed().seen())) == []


def test_what_a_discrepancy_kept_from_being_sealed_may_end_otherwise() -> None:
    run = sealed()
    for topic in ("histories-v1", "determinations-v1", "relief-v1"):
        run.events[topic] = [
            each
            for each in run.events[topic]
            if each[3] and not each[2].endswith(("seal-due.v1", "sealed.v1"))
        ]
    run.events["forgotten-v1"].clear()
    run.events[DISMISSALS].pop()
    run.deliveries.pop()
    run.sealing = replace(run.sealing, ordered=frozenset())
    own = {"record_key": SEALED_COUNT.rpartition("/")[0], "subject_id": "S9", "withdrawn": False}
    run.tables["reconciliation"]["records"].append(own)
    found = list(differences(run.seen(), sealed().seen()))
    assert {sentence.partition(":")[0] for sentence in found} == {"the_same_is_sealed_as_undisturbed"}
    _, event_id, kind, body = ledger("determination_changed_after_order")
    run.events["discrepancies-v1"].append(("D9", event_id, kind, {**body, "counts": [SEALED_COUNT]}))
    assert list(differences(run.seen(), sealed().seen())) == []


def test_a_discrepancy_that_names_another_count_of_the_conviction_says_why() -> None:
    """It names what was known of the conviction when it was opened."""
    run, earlier, later = sealed(), sealed(), SEALED_COUNT + "1"
    for each in (run, earlier):
        each.events["determinations-v1"][1][3]["determinations"][0]["counts"] = [SEALED_COUNT, later]
    run.events["relief-v1"] = run.events["relief-v1"][:-4]
    rule = "the_same_is_sealed_as_undisturbed:"
    assert [f for f in differences(run.seen(), earlier.seen()) if f.startswith(rule)]
    _, event_id, kind, body = ledger("determination_changed_after_order")
    run.events["discrepancies-v1"].append(("D9", event_id, kind, {**body, "counts": [later]}))
    assert [f for f in differences(run.seen(), earlier.seen()) if f.startswith(rule)] == []


def test_a_seal_may_name_a_count_that_its_court_took_back_after_the_order_and_no_other() -> None:
    run, undisturbed, gone = sealed(), sealed(), "court/los-angeles/TAKEN-BACK/1"
    for each in (run, undisturbed):
        each.events["determinations-v1"][1][3]["determinations"][0]["counts"] = [SEALED_COUNT, gone]
    for _, _, kind, body in run.events["relief-v1"]:
        if body and kind.endswith("seal-due.v1"):
            body["conviction"] = {**body["conviction"], "counts": [SEALED_COUNT, gone]}
    rule = "the_same_is_sealed_as_undisturbed:"
    assert [f for f in differences(run.seen(), undisturbed.seen()) if f.startswith(rule)]
    case = {"record_id": "TAKEN-BACK", "revision": 2, "withdrawn": True, "charges": [{}]}
    headers = (("format", b"court"),)
    run.sent.append(Sent("los-angeles", b"TAKEN-BACK", headers, json.dumps(case).encode()))
    assert [f for f in differences(run.seen(), undisturbed.seen()) if f.startswith(rule)] == []


EARLIER = {"rule": "2_earlier_of_the_same_section", "test": "not_met", "facts": {"earlier": 1}}
STATED = {"rule": "fact_stated", "test": "met", "facts": {"section": "HS 11357", "fact": "level"}}


@pytest.mark.parametrize(
    ("of_the_same_person", "after", "passes"),
    [
        (True, [EARLIER, STATED], True),
        (True, [EARLIER | {"facts": {"earlier": 0}}, STATED], True),
        (True, [EARLIER], True),
        (False, [EARLIER], False),
        (False, [EARLIER | {"facts": {"earlier": 0}}, STATED], False),
        (True, [EARLIER | {"facts": {"earlier": 2}}, STATED], False),
        (True, [EARLIER | {"test": "met"}, STATED], False),
        (True, [EARLIER, STATED, STATED], False),
        (True, [EARLIER, STATED | {"test": "not_met"}], False),
    ],
)
def test_grounds_may_lose_what_they_said_of_a_sealed_conviction_of_the_same_person(
    of_the_same_person: bool, after: list[dict[str, Any]], passes: bool
) -> None:
    run = sealed()
    judged = run.events["determinations-v1"]
    (stays,) = judged[0][3]["determinations"]
    (gone,) = judged[1][3]["determinations"]
    stays["grounds"] = [EARLIER, STATED]
    if of_the_same_person:
        judged[0][3]["determinations"].append(deepcopy(gone))
        judged[1] = ("S9", "", "", None)
    body = {**judged[0][3], "version": 2, "determinations": [{**stays, "grounds": after}]}
    judged.append(("S1", "judged-again", "determinations", body))
    found = [f for f in differences(run.seen(), sealed().seen()) if f.startswith("all_other_determinations")]
    assert (found == []) == passes, found


def test_a_withdrawn_proposal_is_told_anew_where_its_steps_before_are_erased_and_only_there() -> None:
    run = sealed()
    steps = ("proposed", "proposal-withdrawn", "proposal-withdrawn")
    for number, name in enumerate(steps, 1):
        _, _, kind, body = relief(name, number)
        run.events["relief-v1"].append((f"R5/{number}", f"relief-5-{number}", kind, body))
    run.events["relief-v1"].append(("R5/1", "", "", None))
    assert any("which is withdrawn" in found for found in differences(run.seen(), sealed().seen()))
    run.events["relief-v1"].append(("R5/2", "", "", None))
    assert not any("which is withdrawn" in found for found in differences(run.seen(), sealed().seen()))


def test_what_opens_again_counts_on_from_above_what_was_erased() -> None:
    run = sealed()
    _opened_again(run, 3)
    assert list(differences(run.seen(), sealed().seen())) == []


@pytest.mark.parametrize("rule, how", [(rule, how) for rule, hows in OF_SEALED.items() for how in hows])
def test_a_rule_of_sealing_fires_where_it_is_broken(rule: str, how: str) -> None:
    run = sealed()
    OF_SEALED[rule][how](run)
    found = list(differences(run.seen(), sealed().seen()))
    assert any(sentence.startswith(f"{rule}:") for sentence in found), found


@pytest.mark.parametrize("rule, how", [(rule, how) for rule, hows in BREAKS.items() for how in hows])
def test_a_rule_fires_where_it_is_broken(rule: str, how: str) -> None:
    run = good()
    BREAKS[rule][how](run)
    found = list(differences(run.seen(), good().seen()))
    assert any(sentence.startswith(f"{rule}:") for sentence in found), found


def test_every_rule_has_a_run_that_breaks_it() -> None:
    assert {rule.__name__ for rule in RULES} == {*BREAKS, *OF_SEALED}


def test_other_relief_passes_where_an_open_discrepancy_says_why() -> None:
    run = good()
    run.events["relief-v1"].pop()
    run.events[DISMISSALS].clear()
    run.deliveries.clear()
    explained = good()
    explained.events["discrepancies-v1"].append(
        ("D2", "explained", "changed", ledger("determination_changed_after_order")[3])
    )
    assert list(differences(run.seen(), explained.seen())) == []


def test_an_order_may_stand_on_a_conviction_whose_record_was_taken_back_later() -> None:
    run, undisturbed = good(), good()
    for each in (run, undisturbed):
        each.tables["reconciliation"]["records"][0]["withdrawn"] = True
        _event("histories-v1")(each).update(convictions=[])
        _event("determinations-v1")(each).update(determinations=[])
    undisturbed.events["relief-v1"].clear()
    assert list(differences(run.seen(), undisturbed.seen())) == []


def test_a_record_taken_back_before_another_source_showed_the_conviction_may_leave_a_second_order() -> None:
    """The court's case was relieved and withdrawn, then DOJ's rap sheet came: nothing tells that they were one."""
    run, undisturbed = good(), good()
    for each in (run, undisturbed):
        records = each.tables["reconciliation"]["records"]
        records.append({"record_key": "doj/los-angeles/1", "subject_id": "S1", "withdrawn": False})
        records[0]["withdrawn"] = True
    of_both = {"count_key": "doj/los-angeles/1/1", "relief_id": "R1"}
    undisturbed.tables["relief"]["relief_counts"].append(of_both)
    undisturbed.events["determinations-v1"][0][3]["determinations"][0]["counts"].append(of_both["count_key"])
    run.events["determinations-v1"] = deepcopy(undisturbed.events["determinations-v1"])
    run.tables["relief"]["relief_counts"].append({**of_both, "relief_id": "R2"})
    for name, sequence in (("proposed", 1), ("ordered", 2)):
        _, _, kind, body = relief(name, sequence, order={"number": "SO-1"})
        body["conviction"]["counts"] = [of_both["count_key"]]
        run.events["relief-v1"].append(("R2", f"second-{sequence}", kind, body))
    found = [f for f in differences(run.seen(), undisturbed.seen()) if f.startswith("relief_is_that")]
    assert found == []
    run.tables["reconciliation"]["records"][0]["withdrawn"] = False
    found = [f for f in differences(run.seen(), undisturbed.seen()) if f.startswith("relief_is_that")]
    assert found, "both records stand: two orders need a discrepancy"


def test_ids_and_versions_of_a_run_are_its_own() -> None:
    run = good()
    text = json.dumps(run.events).replace('"S1"', '"S9"').replace('"V1"', '"V9"')
    run.events = {topic: [tuple(each) for each in events] for topic, events in json.loads(text).items()}
    run.tables["reconciliation"]["records"][0]["subject_id"] = "S9"
    body = json.dumps({"data": {**run.events[DISMISSALS][0][3], "subject_id": "of this run"}})
    run.deliveries = [{"webhook-id": "dismissed-1", "status": 204, "body": body}]
    assert list(differences(run.seen(), good().seen())) == []


def test_a_statement_has_the_day_of_a_clock_that_may_be_wrong() -> None:
    run, undisturbed = good(), good()
    for each, day in ((run, "2026-11-29"), (undisturbed, "2026-11-30")):
        (conviction,) = each.events["histories-v1"][0][3]["convictions"]
        conviction["stated_facts"] = [{"count": COUNT, "fact": "level", "stated_on": day}]
    assert list(differences(run.seen(), undisturbed.seen())) == []


def test_a_webhook_may_still_wait_for_its_next_attempt() -> None:
    run = good()
    run.deliveries.pop()
    run.tables["notification"]["deliveries"][0]["status"] = "waiting"
    assert list(differences(run.seen(), good().seen())) == []


def test_a_repeat_changes_nothing() -> None:
    run = good()
    run.sent.append(SENT)
    run.source.append(SENT)
    key, _, kind, body = run.events[RECEIPTS][0]
    again = {**body, "receipt_id": f"{key[:-1]}2", "status": "repeat"}
    run.events[RECEIPTS].append((f"{key[:-1]}2", "receipt-2", kind, again))
    assert list(differences(run.seen(), good().seen())) == []


def test_what_is_refused_again_is_counted_at_its_entry_and_what_is_tried_again_is_not() -> None:
    run = good()
    bad_again(run)
    run.tables["ingest"]["quarantine"][0].update(sent=2)
    assert list(differences(run.seen(), good().seen())) == []
    key, _, kind, body = run.events[RECEIPTS][1]
    again = {**body, "receipt_id": "resubmitted/Q1/1"}
    run.events[RECEIPTS].append((key, "receipt-again", kind, again))
    found = [f for f in differences(run.seen(), good().seen()) if f.startswith("what_was_quarantined")]
    assert found == []


def test_the_sentence_names_topic_partition_and_offset() -> None:
    run = good()
    run.events[RECEIPTS].pop(0)
    (first, *_) = differences(run.seen(), good().seen())
    assert "source-records-v1-los-angeles partition 0 offset 0 has no receipt" in first
    assert COUNT not in first


def test_the_checker_shares_no_code_with_the_services() -> None:
    for file in (*Path(__file__).parent.glob("check*.py"), Path(__file__).parent / "events.py"):
        imported = [line for line in file.read_text().splitlines() if line.startswith(("import ", "from "))]
        assert not [line for line in imported if "services" in line or "reliefstream" in line], file.name
