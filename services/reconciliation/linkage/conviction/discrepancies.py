"""What the sources of one subject say differently, or one has and another lacks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Literal, NamedTuple

from reliefstream_contracts.discrepancies import DiscrepancyKind
from reliefstream_contracts.histories import Conviction
from reliefstream_contracts.identifiers import ConvictionId, CountKey, CountyName, DiscrepancyId, derived
from reliefstream_contracts.records import SourceRecord
from reliefstream_contracts.vocabulary.california_codes import PROPOSITION_64
from services.reconciliation.linkage.conviction.convictions import Joined
from services.reconciliation.linkage.identity.identifiers import Identifier, scheme
from services.reconciliation.linkage.identity.persons import Linked

Owner = Literal["county_court", "doj", "district_attorney", "city_attorney", "records_unit"]

SHOWN = 20
"""How many of those who hold a doubtful identifier a discrepancy names."""


class Discrepancy(NamedTuple):
    """One entry of the ledger but for its subject, version and time. Values are never a name or birth date."""

    discrepancy_id: DiscrepancyId
    kind: DiscrepancyKind
    owner: Owner
    county: CountyName
    conviction_id: ConvictionId | None = None
    counts: tuple[CountKey, ...] = ()
    field: str | None = None
    values: tuple[tuple[str, str], ...] = ()


def of_convictions(convictions: Iterable[Joined]) -> Iterator[Discrepancy]:
    """What differs of one subject's convictions: ``only_in_…``, ``differing_fact``, ``impossible_date``,
    ``court_record_destroyed``.

    Only convictions in a county that sent them: what a rap sheet says of other counties cannot
    be compared with a court that sends nothing. ``only_in`` is for Proposition 64 convictions.
    """
    for joined in convictions:
        conviction = joined.conviction
        county = conviction.county
        if county is None or county not in {count.sent_by for count in conviction.counts}:
            continue
        counts = tuple(count.key for count in conviction.counts)
        sources = {count.source for count in conviction.counts}
        if len(sources) == 1 and not joined.differing and _is_proposition_64(conviction):
            kind: DiscrepancyKind = "only_in_doj" if sources == {"doj"} else "only_in_court"
            yield Discrepancy(
                DiscrepancyId(derived(kind, conviction.conviction_id)),
                kind=kind,
                # Who lacks it is who can mend it.
                owner="county_court" if kind == "only_in_doj" else "doj",
                county=county,
                conviction_id=conviction.conviction_id,
                counts=counts,
            )
        if "court" in conviction.destroyed_by:
            yield Discrepancy(
                DiscrepancyId(derived("court_record_destroyed", conviction.conviction_id)),
                kind="court_record_destroyed",
                # HS 11361.5(a) has every agency destroy its record; whether it applies is eligibility's to say.
                owner="doj",
                county=county,
                conviction_id=conviction.conviction_id,
                counts=counts,
            )
        for doubt in conviction.doubts:
            if doubt.kind == "impossible":
                yield Discrepancy(
                    DiscrepancyId(derived("impossible_date", conviction.conviction_id, doubt.field)),
                    kind="impossible_date",
                    owner="doj" if "doj" in sources else "county_court",
                    county=county,
                    conviction_id=conviction.conviction_id,
                    counts=counts,
                    field=doubt.field,
                )
        for differing in joined.differing:
            yield Discrepancy(
                DiscrepancyId(derived("differing_fact", conviction.conviction_id, differing.field)),
                kind="differing_fact",
                owner="district_attorney",
                county=county,
                conviction_id=conviction.conviction_id,
                counts=counts,
                field=differing.field,
                values=differing.values,
            )


def of_identities(
    linked: Sequence[Linked],
    held: Mapping[Identifier, Sequence[SourceRecord]],
    unusable: frozenset[Identifier],
) -> Iterator[tuple[int, Discrepancy]]:
    """``identity_in_doubt``, with the place in ``linked`` of the subject that it is filed under.

    ``held`` has the records of ``linked`` that hold each identifier. One entry per identifier that several
    subjects hold, under the subject of the smallest record key; of an unusable identifier, one per record that
    holds it, as its other holders are not looked at.
    """
    place = {record.key(): at for at, one in enumerate(linked) for record in one.records}
    for identifier, records in sorted(held.items(), key=itemgetter(0)):
        if len(records) < 2 and identifier not in unusable:
            continue
        having = sorted(records, key=SourceRecord.key)
        if identifier in unusable:
            for record in having:
                yield place[record.key()], _identity(identifier, [record], "oversized", record.key())
            continue
        first_of = {place[record.key()]: record for record in reversed(having)}
        if len(first_of) > 1:
            each = sorted(first_of.values(), key=SourceRecord.key)
            yield place[each[0].key()], _identity(identifier, each, "contradicted", identifier)


def of_resemblances(linked: Sequence[Linked]) -> Iterator[tuple[int, Discrepancy]]:
    """``identity_in_doubt`` of two subjects that may be one person by resemblance alone, under the smaller's place."""
    for place, one in enumerate(linked):
        by_key = {record.key(): record for record in one.records}
        for own, other in one.resembling:
            if own < other:
                record = by_key[own]
                yield (
                    place,
                    Discrepancy(
                        DiscrepancyId(derived("identity_in_doubt", "resemblance", own, other)),
                        kind="identity_in_doubt",
                        owner="district_attorney",
                        county=record.county,
                        field="resemblance",
                        values=(
                            (record.source, own),
                            ("doj" if other.startswith("doj/") else "court", other),
                        ),
                    ),
                )


def of_oversized_component(record: SourceRecord) -> Discrepancy:
    """``identity_in_doubt`` of a subject in an oversized component (oversized_components.py), by its first record."""
    return Discrepancy(
        DiscrepancyId(derived("identity_in_doubt", "oversized_component", record.key())),
        kind="identity_in_doubt",
        owner="district_attorney",
        county=record.county,
        field="oversized_component",
        values=((record.source, record.key()),),
    )


def _identity(identifier: Identifier, records: Sequence[SourceRecord], *keys: str) -> Discrepancy:
    by_doj = scheme(identifier) == "cii_number" or records[0].source == "doj"
    return Discrepancy(
        DiscrepancyId(derived("identity_in_doubt", *keys)),
        kind="identity_in_doubt",
        owner="doj" if by_doj else "county_court",
        county=records[0].county,
        field=scheme(identifier),
        values=tuple((record.source, record.key()) for record in records[:SHOWN]),
    )


def _is_proposition_64(conviction: Conviction) -> bool:
    return any(
        section.code == "HS" and section.section in PROPOSITION_64 for section in conviction.offense.sections
    )
