"""Ids hold over merges and splits."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from reliefstream_contracts.identifiers import SubjectId
from services.reconciliation.linkage.conviction.histories import subject_id_for
from services.reconciliation.subject_ids import keep_ids, new_id

A, B, C = (SubjectId(UUID(int=n)) for n in (1, 2, 3))


def test_a_merge_keeps_the_id_that_most_records_had_and_retires_the_other_into_it() -> None:
    kept = keep_ids([["r1", "r2", "r3"]], {"r1": A, "r2": B, "r3": B})
    assert (kept.ids, kept.retired) == ([B], {A: 0})


def test_a_tie_goes_to_the_smallest_record_key() -> None:
    kept = keep_ids([["r1", "r2", "r3"]], {"r2": B, "r3": A})
    assert (kept.ids, kept.retired) == ([B], {A: 0})


def test_a_split_leaves_the_id_with_most_and_the_rest_needs_a_new_one() -> None:
    kept = keep_ids([["r1"], ["r2", "r3"]], {"r1": A, "r2": A, "r3": A})
    assert (kept.ids, kept.retired) == ([None, A], {})


def test_records_that_change_sides_retire_an_id_only_where_no_group_keeps_it() -> None:
    kept = keep_ids([["r1", "r3"], ["r2"]], {"r1": A, "r2": B, "r3": C})
    assert (kept.ids, kept.retired) == ([A, B], {C: 0})


def test_a_new_id_is_none_that_was_ever_used() -> None:
    assert new_id("r1", set()) == subject_id_for("r1", 0)
    assert new_id("r1", {subject_id_for("r1", 0)}) == subject_id_for("r1", 1)


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([A, B, C, None])), max_size=10))
def test_every_old_id_is_either_kept_once_or_retired(drawn: list[tuple[int, SubjectId | None]]) -> None:
    before = {f"r{n}": old for n, (_, old) in enumerate(drawn) if old}
    groups = [[f"r{n}" for n, (place, _) in enumerate(drawn) if place == at] for at in range(4)]
    kept = keep_ids([group for group in groups if group], before)
    ids = [subject_id for subject_id in kept.ids if subject_id]
    assert len(ids) == len(set(ids))
    assert set(ids) | kept.retired.keys() == set(before.values())
    assert not set(ids) & kept.retired.keys()
