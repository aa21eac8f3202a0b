"""The same records, in any order and however often, make the same subjects."""

from collections.abc import Callable
from datetime import date
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.records import SourceRecord
from services.reconciliation.linkage.conviction.histories import (
    Subject,
    build_histories,
    components,
    reconcile,
)
from services.reconciliation.linkage.identity.identifiers import identifiers_of
from services.reconciliation.linkage.resemblance.negative_evidence import negative_evidence_of
from tests.reconciliation.records import CONVICTED, a_case, a_count, a_person, a_rap_sheet

PERSONS = st.builds(
    a_person,
    surname=st.sampled_from(["GARCIA", "LOPEZ", "GARCIA-LOPEZ", "Garcia Jr.", None]),
    birth_date=st.sampled_from([date(1960, 3, 14), date(1985, 3, 14), None]),
    cii=st.lists(st.sampled_from(["1000001", "1000002", "1000003"]), max_size=2, unique=True).map(tuple),
    source_subject_id=st.sampled_from(["P1", "P2", None]),
    given_name=st.sampled_from(["LUKE", "L", "LEIA", None]),
    sex=st.sampled_from(["M", "F", None]),
)
COUNT: dict[str, Any] = {
    "section": st.sampled_from(["11359", "11357", "459"]),
    "case_number": st.sampled_from(["BA-0001", "BA1", "BA2", None]),
    "conviction_date": st.sampled_from([CONVICTED, date(1999, 5, 5), None]),
    "level_convicted": st.sampled_from(["felony", "misdemeanor", None]),
    "outcome": st.sampled_from(["convicted", "convicted", "not_convicted"]),
}
COUNT_IDS = ["001001001", "001001002", "002001001"]


@st.composite
def records(draw: st.DrawFn) -> SourceRecord:
    """One of a few records, so that revisions of one key and shared identifiers are common."""
    ids = draw(st.lists(st.sampled_from(COUNT_IDS), max_size=3, unique=True))
    counts = tuple(a_count(count_id, **draw(st.fixed_dictionaries(COUNT))) for count_id in ids)
    build: Callable[..., SourceRecord] = draw(st.sampled_from([a_case, a_rap_sheet]))
    return build(
        draw(st.sampled_from(["1", "2", "3", "4"])),
        person=draw(PERSONS),
        counts=counts,
        withdrawn=draw(st.integers(0, 5)) == 0,
        sequence=draw(st.integers(1, 3)),
    )


def once_each(drawn: list[SourceRecord]) -> list[SourceRecord]:
    """No two different records of one key and sequence: ingest never makes any."""
    return list({record.identity(): record for record in drawn}.values())


SETS = st.lists(records(), max_size=8).map(once_each)


def latest(given: list[SourceRecord]) -> list[SourceRecord]:
    return list({r.key(): r for r in sorted(given, key=lambda r: r.sequence)}.values())


@given(SETS.flatmap(lambda drawn: st.tuples(st.just(drawn), st.permutations(drawn))))
@settings(deadline=None)
def test_order_and_repeats_do_not_matter(orders: tuple[list[SourceRecord], list[SourceRecord]]) -> None:
    one, other = orders
    assert list_of(one) == list_of([*other, *one])
    assert reconcile(latest(one)) == reconcile(latest(other))


def list_of(given: list[SourceRecord]) -> list[HistoryChanged]:
    return sorted(build_histories(given), key=lambda history: history.subject_id)


@given(SETS)
@settings(deadline=None)
def test_every_record_has_one_subject_and_no_subject_contradicts_itself(drawn: list[SourceRecord]) -> None:
    subjects = reconcile(latest(drawn))
    found = [record.key() for subject in subjects for record in subject.records]
    assert sorted(found) == sorted(record.key() for record in latest(drawn) if not record.withdrawn)
    for subject in subjects:
        evidences = [negative_evidence_of(record) for record in subject.records]
        assert all(one.fits(other) for one in evidences for other in evidences)


@given(SETS)
@settings(deadline=None)
def test_whoever_shares_an_identifier_is_one_person_or_another_or_in_doubt(drawn: list[SourceRecord]) -> None:
    subjects = reconcile(latest(drawn))
    for one, other in combinations(subjects, 2):
        apart_for_sure = all(
            not negative_evidence_of(record).may_yet_be(negative_evidence_of(its))
            for record in one.records
            for its in other.records
            if set(identifiers_of(record)) & set(identifiers_of(its))
        )
        assert apart_for_sure or (one.in_doubt and other.in_doubt)


@given(SETS)
@settings(deadline=None)
def test_a_component_alone_gives_what_it_gives_among_others(drawn: list[SourceRecord]) -> None:
    def sorted_subjects(subjects: list[Subject]) -> list[Subject]:
        return sorted(subjects, key=lambda subject: subject.records[0].key())

    apart = [subject for component in components(latest(drawn)) for subject in reconcile(component)]
    assert sorted_subjects(apart) == reconcile(latest(drawn))


@given(SETS)
@settings(deadline=None)
def test_every_convicted_count_is_behind_exactly_one_conviction(drawn: list[SourceRecord]) -> None:
    behind = [
        count.key for history in build_histories(drawn) for one in history.convictions for count in one.counts
    ]
    convicted = [
        f"{record.key()}/{count.count_id}"
        for record in latest(drawn)
        if not record.withdrawn
        for count in record.counts
        if count.outcome == "convicted"
    ]
    assert sorted(behind) == sorted(convicted)


@given(SETS)
@settings(deadline=None)
def test_a_fact_that_is_known_is_what_every_source_that_knows_it_says(drawn: list[SourceRecord]) -> None:
    said = {f"{record.key()}/{count.count_id}": count for record in latest(drawn) for count in record.counts}
    for history in build_histories(drawn):
        for conviction in history.convictions:
            for name in ("conviction_date", "level_convicted"):
                values = {getattr(said[count.key], name) for count in conviction.counts} - {None}
                assert getattr(conviction, name) == (values.pop() if len(values) == 1 else None)
                contradictory = any(d.field == name and d.kind == "contradictory" for d in conviction.doubts)
                assert contradictory == bool(values and getattr(conviction, name) is None)
