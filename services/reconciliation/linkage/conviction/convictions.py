"""One conviction of the counts that report it: what agrees, and what differs with both values."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from reliefstream_contracts.histories import Conviction, RelievedBy
from reliefstream_contracts.identifiers import ConvictionId, Source, derived, record_key_of
from reliefstream_contracts.records import Count, SourceRecord
from reliefstream_contracts.vocabulary.offense import CodeSection, Doubt, Offense, SentencePart
from services.disjoint_sets import DisjointSets
from services.reconciliation.linkage.conviction.agreement import Agreed, Said, agree, distinct
from services.reconciliation.linkage.conviction.contradicted import (
    ToldOtherwise,
    counts_without_conviction,
    told_otherwise,
)
from services.reconciliation.linkage.conviction.reported_count import Reported, convicted_counts
from services.reconciliation.linkage.conviction.same_conviction import same_convictions

FACTS = (
    "level_charged",
    "level_convicted",
    "offense_date",
    "disposition_date",
    "conviction_date",
    "sentence_end_date",
)
SETTLED_ELSEWHERE = frozenset({*FACTS, "offense", "section", "sentence", "disposition"})
"""Fields whose doubts are weighed with their fact; a doubt about any other field is kept as it is."""


class Differing(NamedTuple):
    """A fact that sources give differently: (source, value) pairs, sorted."""

    field: str
    values: tuple[tuple[str, str], ...]


class Joined(NamedTuple):
    """A conviction and the facts on which its sources differ."""

    conviction: Conviction
    differing: tuple[Differing, ...]


def convictions_of(records: Collection[SourceRecord]) -> tuple[Joined, ...]:
    """The convictions of one subject's records, sorted by conviction date (unknown first), then id."""
    counts = convicted_counts(records)
    convictions = same_convictions(counts)
    events = _events(counts, convictions)
    others = counts_without_conviction(records)
    joined = [_join(same, events[same[0].key]) for same in convictions]
    if others:
        joined = [
            _with(one, told_otherwise(same, others)) for one, same in zip(joined, convictions, strict=True)
        ]
    return (
        tuple(sorted(joined, key=lambda one: _by_date(one.conviction))) if len(joined) > 1 else tuple(joined)
    )


def _by_date(conviction: Conviction) -> tuple[date, str]:
    return conviction.conviction_date or date.min, str(conviction.conviction_id)


def _join(same: Sequence[Reported], event: str) -> Joined:
    if len(same) == 1:
        return Joined(_reported_once(same[0], event), ())
    # The court's own record first: its writing of court, agency and case number is the one to answer in.
    ranked = sorted(same, key=lambda one: (one.source != "court", one.key))
    offense, sentence, disposition = _offense(ranked), _sentence(same), _disposition(same)
    agreed: dict[str, Agreed[Any]] = {name: _fact(same, name) for name in FACTS}
    values = {name: fact.value for name, fact in agreed.items()}
    agreed |= {"offense": offense, "sentence": sentence, "disposition": disposition}
    others = (doubt for one in same for doubt in one.count.doubts if doubt.field not in SETTLED_ELSEWHERE)
    weighed = (doubt for fact in agreed.values() for doubt in fact.doubts)
    facts = values | {
        "offense": offense.value or _unreadable(ranked),
        "sentence": sentence.value or (),
        "doubts": distinct([*others, *weighed]),
    }
    return Joined(_conviction(ranked, event, facts), _differing(agreed))


def _differing(agreed: Mapping[str, Agreed[Any]]) -> tuple[Differing, ...]:
    return tuple(Differing(name, fact.differing) for name, fact in sorted(agreed.items()) if fact.differing)


def _with(joined: Joined, told: ToldOtherwise | None) -> Joined:
    """The conviction with what the other source says of it that shows none."""
    if told is None:
        return joined
    conviction, disposition = joined.conviction, told.disposition
    changed = conviction.replace(
        later_relief=_in_order({*conviction.later_relief, *told.relief}),
        doubts=distinct([*conviction.doubts, *disposition.doubts]),
    )
    return Joined(changed, (*joined.differing, *_differing({"disposition": disposition})))


def _reported_once(one: Reported, event: str) -> Conviction:
    """What one source alone says is what all of them agree on."""
    count = one.count
    return Conviction(
        conviction_id=ConvictionId(derived("conviction", one.key)),
        counts=(one.reference(),),
        county=count.county,
        court=count.court,
        prosecuting_agency=count.prosecuting_agency,
        case_number=count.case_number,
        event=event,
        offense=count.offense,
        level_charged=count.level_charged,
        level_convicted=count.level_convicted,
        offense_date=count.offense_date,
        arrest_date=count.arrest_date,
        disposition_date=count.disposition_date,
        conviction_date=count.conviction_date,
        sentence=count.sentence,
        sentence_end_date=count.sentence_end_date,
        later_relief=_later_relief((one,)) if count.later_relief else (),
        sealed_by=(one.source,) if one.record_status == "sealed" else (),
        destroyed_by=(one.source,) if one.record_status == "destroyed" else (),
        charged_beside=count.charged_beside,
        juvenile=count.juvenile,
        doubts=distinct(count.doubts) if count.doubts else (),
    )


def _conviction(ranked: Sequence[Reported], event: str, facts: dict[str, Any]) -> Conviction:
    references = tuple(sorted((one.reference() for one in ranked), key=lambda count: count.key))
    return Conviction(
        conviction_id=ConvictionId(derived("conviction", references[0].key)),
        counts=references,
        county=_first(ranked, "county"),
        court=_first(ranked, "court"),
        prosecuting_agency=_first(ranked, "prosecuting_agency"),
        case_number=_first(ranked, "case_number"),
        event=event,
        later_relief=_later_relief(ranked),
        sealed_by=_with_status(ranked, "sealed"),
        destroyed_by=_with_status(ranked, "destroyed"),
        charged_beside=_charged_beside(ranked),
        arrest_date=_arrest_date(ranked),
        juvenile=any(one.count.juvenile for one in ranked),
        **facts,
    )


def _with_status(same: Sequence[Reported], status: Literal["sealed", "destroyed"]) -> tuple[Source, ...]:
    return tuple(sorted({one.source for one in same if one.record_status == status}))


def _charged_beside(same: Sequence[Reported]) -> tuple[CodeSection, ...]:
    return tuple(sorted({section for one in same for section in one.count.charged_beside}, key=str))


def _arrest_date(same: Sequence[Reported]) -> date | None:
    """The day that all who show an arrest agree on; one conviction reported from two cycles has none."""
    shown = {one.count.arrest_date for one in same} - {None}
    return shown.pop() if len(shown) == 1 else None


def _first(ranked: Sequence[Reported], name: str) -> Any:
    for one in ranked:
        value = getattr(one.count, name)
        if value is not None:
            return value
    return None


def _doubts(count: Count, *fields: str) -> tuple[Doubt, ...]:
    return tuple(doubt for doubt in count.doubts if doubt.field in fields) if count.doubts else ()


def _fact(same: Sequence[Reported], name: str) -> Agreed[Any]:
    return agree(name, [Said(one.source, getattr(one.count, name), _doubts(one.count, name)) for one in same])


def _offense(ranked: Sequence[Reported]) -> Agreed[Offense]:
    """The charge where all who can be read mean the same one; the court's writing, DOJ's comment kept."""
    texts = {one.charge: str(one.count.offense) for one in ranked}
    said = [Said(one.source, one.charge, _doubts(one.count, "offense", "section")) for one in ranked]
    charge = agree("offense", said, texts.__getitem__)
    if charge.value is None:
        return Agreed(None, charge.doubts, charge.differing)
    same = [one.count.offense for one in ranked if one.charge == charge.value]
    chosen = next((one for one in same if all(section.code for section in one.sections)), same[0])
    comments = {section for one in ranked for section in one.count.offense.comment_sections}
    kept = chosen.replace(comment_sections=tuple(sorted(comments, key=str)))
    return Agreed(kept, charge.doubts)


def _unreadable(ranked: Sequence[Reported]) -> Offense:
    """An offense without sections, so that the law cannot use it; the text is every source's own."""
    texts = dict.fromkeys(one.count.offense.as_written for one in ranked)
    return Offense(as_written=" | ".join(texts), sections=())


def _disposition(same: Sequence[Reported]) -> Agreed[str]:
    """Convicted, where one source says so without doubt and none says two things."""
    said = []
    for one in same:
        doubts = _doubts(one.count, "disposition")
        said.append(Said(one.source, None if doubts else one.count.outcome, doubts))
    return agree("disposition", said)


def _sentence(same: Sequence[Reported]) -> Agreed[tuple[SentencePart, ...]]:
    said = [
        Said(one.source, tuple(sorted(one.count.sentence, key=_part)) or None, _doubts(one.count, "sentence"))
        for one in same
    ]
    return agree("sentence", said, lambda parts: ", ".join(map(_part, parts)))


def _part(part: SentencePart) -> str:
    return " ".join(str(word) for word in (part.kind, part.length, part.unit) if word is not None)


def _later_relief(same: Sequence[Reported]) -> tuple[RelievedBy, ...]:
    shown = {
        RelievedBy(source=one.source, relief=relief) for one in same for relief in one.count.later_relief
    }
    return _in_order(shown)


def _in_order(shown: Iterable[RelievedBy]) -> tuple[RelievedBy, ...]:
    return tuple(
        sorted(
            shown, key=lambda by: (by.source, by.relief.kind, str(by.relief.on), by.relief.order_number or "")
        )
    )


def _events(counts: Sequence[Reported], convictions: Sequence[Sequence[Reported]]) -> dict[str, str]:
    """The criminal event of each count: a DOJ cycle and a court case are one where a conviction joins them."""
    own: dict[str, str] = {one.key: f"{record_key_of(one.key)}/{one.count.event}" for one in counts}
    if len(convictions) == len(counts):
        return own
    groups = DisjointSets(own.values())
    for same in convictions:
        for one in same[1:]:
            groups.join(own[same[0].key], own[one.key])
    smallest = {event: min(group) for group in groups.groups() for event in group}
    return {key: smallest[event] for key, event in own.items()}
