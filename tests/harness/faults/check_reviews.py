"""Rules on reviews: what was decided stands once, is followed, and nothing goes against it; challenges are heard."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from tests.harness.faults.check_relief import DECIDED, reliefs, step
from tests.harness.faults.events import Event, Told

WAITS = ("open", "prepared")
PROPOSED = ("proposed", "overruled")


def what_was_decided_stands_once(run: Told, _: Told) -> Iterator[str]:
    """One event for each signature, delay or referral that relief answered for, however often it was sent."""
    said = Counter(event.key for event in _decisions(run))
    for name, times in (answered := Counter(run.run.decided)).items():
        if said[name] != times:
            yield f"relief-v1: review {name} was decided {times} times, and {said[name]} decisions stand"
    for name in said.keys() - answered.keys():
        yield f"relief-v1: a decision of review {name}, which nobody decided"
    for name, times in Counter((event.key, event.body["sequence"]) for event in _decisions(run)).items():
        if times > 1:
            yield f"relief-v1: decision {name[1]} of review {name[0]} stands {times} times"


def relief_that_rests_on_a_decision_is_what_two_people_decided(run: Told, _: Told) -> Iterator[str]:
    """What relief rests on stands on the topic, was signed by another than prepared it, and says the same."""
    decisions = {f"{event.key}/{event.body['sequence']}": event for event in _decisions(run)}
    for event in _decisions(run):
        signed = event.body["signed_by"]
        if signed and signed["account"] == event.body["decided_by"]["account"]:
            yield f"{event.place}: decided and signed by one account"
    for event in reliefs(run):
        rests_on = event.body.get("rests_on")
        if rests_on is None:
            continue
        decision = decisions.get(rests_on)
        if decision is None or not decision.body["signed_by"]:
            yield f"{event.place}: rests on {rests_on}, which nobody signed"
        elif decision.body["decision"] not in (event.body["kind"], "challenge"):
            yield f"{event.place}: {event.body['kind']} rests on {decision.place}, a {decision.body['decision']}"


def what_was_held_against_a_person_is_heard(run: Told, _: Told) -> Iterator[str]:
    """What is proposed on a challenge goes before the court at once, unless the court had it on that decision."""
    challenges = {
        f"{event.key}/{event.body['sequence']}"
        for event in _decisions(run)
        if event.body["decision"] == "challenge"
    }
    steps: dict[str, list[Event]] = defaultdict(list)
    for event in reliefs(run):
        steps[event.key].append(event)
    for events in steps.values():
        heard: set[str] = set()
        for event, after in zip(events, [*events[1:], None], strict=True):
            rests_on = event.body.get("rests_on")
            if rests_on in challenges and rests_on not in heard:
                heard.add(rests_on)
                if after is None or step(after) != "challenged":
                    yield f"{event.place}: relief {event.key} rests on the challenge {rests_on}, and no court hears it"


def no_relief_goes_against_a_standing_decision(run: Told, _: Told) -> Iterator[str]:
    """What waits for an order on a conviction that was decided rests on that decision; a motion has its proposal."""
    every = run.run.tables["relief"]["reliefs"]
    for review in run.run.tables["relief"]["reviews"]:
        prepared = review["prepared"]
        if review["state"] != "decided" or prepared["digest"] != review["digest"]:
            continue
        decision = f"{review['review_id']}/{prepared['sequence']}"
        on_it = [each for each in every if set(each["conviction"]["counts"]) & set(review["counts"])]
        for relief in on_it:
            if relief["state"] in PROPOSED and relief["rests_on"] != decision:
                yield f"relief {relief['relief_id']} is {relief['state']} against decision {decision}"
        if prepared["decision"] != "petition" and not any(_follows(each, decision) for each in on_it):
            yield f"decision {decision}, a {prepared['decision']}, has no relief"


def every_review_came_to_an_end(run: Told, _: Told) -> Iterator[str]:
    """The offices have decided whatever waited for them."""
    for review in run.run.tables["relief"]["reviews"]:
        if review["state"] in WAITS:
            yield f"review {review['review_id']} still waits for the {review['office']}"


def _follows(relief: dict[str, Any], decision: str) -> bool:
    """Or the court has spoken on something else before."""
    return relief["rests_on"] == decision or relief["state"] in ("ordered", "sustained", "challenged")


def _decisions(run: Told) -> list[Event]:
    return [event for event in run.of("relief-v1") if event.type == DECIDED]


RULES: tuple[Callable[[Told, Told], Iterator[str]], ...] = (
    what_was_decided_stands_once,
    relief_that_rests_on_a_decision_is_what_two_people_decided,
    what_was_held_against_a_person_is_heard,
    no_relief_goes_against_a_standing_decision,
    every_review_came_to_an_end,
)
