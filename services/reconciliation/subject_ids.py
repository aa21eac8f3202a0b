"""Which subject keeps which id when records are linked anew."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from reliefstream_contracts.identifiers import SubjectId
from services.reconciliation.linkage.conviction.histories import subject_id_for


@dataclass(frozen=True, slots=True)
class Kept:
    """``ids``: per group the id that it keeps, None where it needs a new one. ``retired``: id to successor's
    place among the groups."""

    ids: list[SubjectId | None]
    retired: dict[SubjectId, int]


def keep_ids(groups: Sequence[Sequence[str]], before: Mapping[str, SubjectId]) -> Kept:
    """Each group of record keys keeps the id that most of its records had before; an id goes to one group.

    Ties go to the smallest record key. An id that no group keeps is retired into the group that has most of
    its records.
    """
    votes: Counter[tuple[SubjectId, int]] = Counter()
    smallest: dict[tuple[SubjectId, int], str] = {}
    for place, group in enumerate(groups):
        for key in group:
            if key in before:
                vote = (before[key], place)
                votes[vote] += 1
                smallest[vote] = min(key, smallest.get(vote, key))
    ids: list[SubjectId | None] = [None] * len(groups)
    successor: dict[SubjectId, int] = {}
    kept: set[SubjectId] = set()
    for subject_id, place in sorted(votes, key=lambda vote: (-votes[vote], smallest[vote])):
        successor.setdefault(subject_id, place)
        if ids[place] is None and subject_id not in kept:
            ids[place] = subject_id
            kept.add(subject_id)
    return Kept(ids, {old: place for old, place in successor.items() if old not in kept})


def new_id(smallest_record_key: str, used: Collection[SubjectId]) -> SubjectId:
    """An id for a new subject that is none of those ever used."""
    attempt = 0
    while (subject_id := subject_id_for(smallest_record_key, attempt)) in used:
        attempt += 1
    return subject_id
