"""Our linkage with its committed weights, identifiers alone, and splink on the fabricated county made dirtier."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from typing import Any

from services.reconciliation.linkage.conviction.convictions import convictions_of
from services.reconciliation.linkage.identity.components import components, oversized_keys
from services.reconciliation.linkage.identity.identifiers import holders
from services.reconciliation.linkage.identity.persons import Linked, persons
from services.reconciliation.linkage.resemblance.blocking import candidates
from services.reconciliation.linkage.resemblance.description import Description, description_of
from services.reconciliation.linkage.resemblance.weights import Model
from services.reconciliation.weights_file import load_model
from tests.harness.accuracy import with_splink
from tests.harness.accuracy.county import County, fabricated
from tests.harness.accuracy.dirt import Dirt
from tests.harness.accuracy.scores import Score, joined, of_groups

SPLINK = with_splink.Setup(
    id_column="record",
    names=("surname", "given_name"),
    numbers=("birth_date", "cii_number"),
    exact=("middle_name", "suffix", "sex", "race", "source_subject_id"),
    arrays=("cases",),
    blocking=(
        "l.cii_number = r.cii_number",
        "l.source_subject_id = r.source_subject_id",
        "l.birth_date = r.birth_date AND substr(l.surname, 1, 3) = substr(r.surname, 1, 3)",
        "l.birth_date = r.birth_date AND substr(l.given_name, 1, 3) = substr(r.given_name, 1, 3)",
        "l.birth_date = r.birth_date AND substr(l.given_name, 1, 3) = substr(r.surname, 1, 3)",
        "l.surname = r.surname AND l.given_name = r.given_name"
        " AND substr(l.birth_date, 1, 4) = substr(r.birth_date, 1, 4)",
        "l.surname = r.surname AND l.given_name = r.given_name"
        " AND substr(l.birth_date, 5, 4) = substr(r.birth_date, 5, 4)",
        "l.cases[1] = r.cases[1]",
        "l.cases[2] = r.cases[1]",
        "l.cases[1] = r.cases[2]",
    ),
    training=(("surname", "given_name"), ("birth_date",)),
    certain=(("cii_number", "birth_date"), ("source_subject_id", "birth_date")),
    certain_finds=0.5,
)


def table(scale: Fraction, seed: int, splink: bool = True) -> Iterator[str]:
    """Lines in Markdown: persons, convictions, who is left to people, and what blocking finds."""
    county = Dirt(seed * 1000 + 1).on(fabricated(scale, seed))
    model = load_model()
    yield f"{len(county.records):,} records of {len(set(county.person.values())):,} people (scale {scale}, seed {seed})"
    yield ""
    yield "| what | linkage | precision | recall | F1 | wrong pairs | missed pairs |"
    yield "|---|---|---|---|---|---|---|"
    ours, by_identifiers = linked(county, model), linked(county, None)
    yield f"| persons | ours | {of_persons(ours, county).cells()} |"
    yield f"| persons | identifiers alone | {of_persons(by_identifiers, county).cells()} |"
    if splink:
        yield from _splink(county, seed, scale)
    yield f"| convictions | ours | {of_convictions(ours, county).cells()} |"
    yield f"| convictions | identifiers alone | {of_convictions(by_identifiers, county).cells()} |"
    yield ""
    for who, found in (("ours", ours), ("identifiers alone", by_identifiers)):
        yield f"left to people, {who}: {_left_to_people(found, county)}"
    yield from blocking_recall(county)


def linked(county: County, model: Model[Description] | None) -> list[Linked]:
    """Everyone in the county, component by component."""
    oversized = oversized_keys(county.records.values())
    return [
        one
        for component in components(county.records.values(), oversized, model)
        for one in persons(component, oversized, model)
    ]


def of_persons(found: Sequence[Linked], county: County) -> Score:
    return of_groups(([record.key() for record in one.records] for one in found), county.person)


def of_convictions(found: Sequence[Linked], county: County) -> Score:
    return of_groups(
        (
            [str(count.key) for count in joined.conviction.counts]
            for one in found
            for joined in convictions_of(one.records)
        ),
        county.conviction,
    )


def _left_to_people(found: Sequence[Linked], county: County) -> str:
    doubtful = [one for one in found if one.in_doubt]
    records = sum(len(one.records) for one in doubtful)
    pairs = sum(len(one.resembling) for one in found) // 2
    return (
        f"{len(doubtful) / len(found):.2%} of {len(found):,} subjects, {records / len(county.records):.2%} of records; "
        f"{pairs:,} pairs between the two thresholds"
    )


def blocking_recall(county: County) -> Iterator[str]:
    """Of the pairs of records of one person, how many share a key; and of those in which both know a birth date."""
    described = {key: description_of(record) for key, record in county.records.items()}
    shared = [[record.key() for record in having] for having in holders(county.records.values()).values()]
    found = {
        frozenset(pair) for pair in candidates(described, shared, oversized_keys(county.records.values()))
    }
    by_person: dict[int, list[str]] = {}
    for key, person in county.person.items():
        by_person.setdefault(person, []).append(key)
    pairs = [pair for keys in by_person.values() for pair in combinations(keys, 2)]
    dated = [pair for pair in pairs if all(described[key].evidence.birth_date for key in pair)]
    for what, asked in (("all", pairs), ("with both birth dates", dated)):
        share = sum(frozenset(pair) in found for pair in asked) / len(asked)
        yield f"blocking finds {share:.3%} of the {len(asked):,} pairs of one person, {what}"
    yield f"and {len(found):,} pairs to compare, {len(found) / len(described):.1f} a record"


def _splink(county: County, seed: int, scale: Fraction) -> Iterator[str]:
    train = Dirt(seed * 1000 + 3).on(fabricated(scale, seed + 5000))
    pairs = with_splink.pairs(SPLINK, _told(train), _told(county))
    for at in (0.5, 0.999, 0.99999):
        score = of_groups(joined(county.person, pairs, at), county.person)
        yield f"| persons | splink at {at} | {score.cells()} |"


def _told(county: County) -> list[dict[str, Any]]:
    told = []
    for key, record in sorted(county.records.items()):
        each, person = description_of(record), record.person
        born = person.birth_date
        told.append(
            {
                "record": key,
                "surname": " ".join(each.evidence.name.surname) or None,
                "given_name": " ".join(each.evidence.name.given) or None,
                "middle_name": " ".join(each.evidence.name.middle) or None,
                "suffix": each.evidence.name.suffix or None,
                "birth_date": f"{born:%Y%m%d}" if born else None,
                "sex": each.evidence.sex or None,
                "race": each.race or None,
                "cii_number": next(iter(each.cii_numbers), None),
                "source_subject_id": f"{each.source}/{each.source_key}" if each.source_key else None,
                "cases": sorted(each.cases),
            }
        )
    return told


def with_thresholds(model: Model[Description], link_at: float, review_at: float) -> Model[Description]:
    """The same weights asked for more or less."""
    return Model(model.fields, replace(model.weights, link_at=link_at, review_at=review_at))
