"""The workload is a function of the seed, and every seed sends the same contents."""

import json
from collections import defaultdict

from tests.harness.faults.observation import Sent
from tests.harness.faults.workload import COUNTIES, PARTITIONS, deliveries

SEEDS = (1, 2, 77)


def _content(sent: Sent) -> tuple[str, tuple[tuple[str, bytes], ...], bytes]:
    return sent.county, sent.headers, sent.value


def test_the_same_seed_sends_the_same() -> None:
    assert deliveries(5) == deliveries(5)
    assert deliveries(5) != deliveries(6)


def test_every_seed_sends_all_contents_and_no_others() -> None:
    undisturbed = {_content(each) for each in deliveries(0)}
    assert {each.county for each in deliveries(0)} == set(COUNTIES)
    for seed in SEEDS:
        assert {_content(each) for each in deliveries(seed)} == undisturbed


def test_a_seed_repeats_reorders_and_moves() -> None:
    undisturbed = deliveries(0)
    for seed in SEEDS:
        sent = deliveries(seed)
        assert len(sent) > len(undisturbed)
        first = list(dict.fromkeys(map(_content, sent)))
        assert first != list(dict.fromkeys(map(_content, undisturbed)))
        assert {each.partition for each in sent} == {None, *range(PARTITIONS)}


def test_no_two_contents_have_the_same_revision() -> None:
    """Which of them is taken in would depend on the order."""
    contents: dict[tuple[str, int], set[bytes]] = defaultdict(set)
    for each in deliveries(0):
        if dict(each.headers).get("format") == b"court" and each.county == "los-angeles":
            try:
                case = json.loads(each.value)
                contents[case["record_id"], case["revision"]].add(json.dumps(case, sort_keys=True).encode())
            except (ValueError, KeyError, TypeError):
                continue  # refused whole
    assert max(map(len, contents.values())) == 1
