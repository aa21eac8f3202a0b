"""A subject's whole history, of its records and of what people stated."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import SubjectId
from reliefstream_contracts.records import RapSheetRecorded, SourceRecord
from reliefstream_contracts.vocabulary.offense import Doubt
from reliefstream_contracts.vocabulary.stated_facts import StatedFact
from services.reconciliation.linkage.conviction.agreement import Agreed, Said, agree, distinct
from services.reconciliation.linkage.conviction.convictions import Joined

IN_DOUBT = Doubt(field="identity", kind="contradictory")
"""A record may belong to this subject or to another, so what is here may lack some or have too much."""


def history_of(
    records: Sequence[SourceRecord],
    convictions: Sequence[Joined],
    in_doubt: bool,
    subject_id: SubjectId,
    version: int,
    *,
    stated: Sequence[StatedFact] = (),
    erased_sheet: Literal["complete", "incomplete"] | None = None,
) -> HistoryChanged:
    """The snapshot of a subject with these records, sorted by key, and convictions, sorted as in the contract.

    ``erased_sheet``: what the person's rap sheet was that was erased with its last conviction.
    """
    sheets = [record for record in records if isinstance(record, RapSheetRecorded)]
    birth_date = _person_fact(records, "birth_date")
    deceased_on = agree(
        "deceased_on", [Said("doj", sheet.deceased_on, _doubts(sheet, "deceased_on")) for sheet in sheets]
    )
    weighed = (*birth_date.doubts, *deceased_on.doubts)
    others = (
        doubt
        for record in records
        for doubt in record.doubts
        if doubt.field not in ("birth_date", "deceased_on")
    )
    registrations = {registration for sheet in sheets for registration in sheet.registrations}
    # DOJ describes a person, a court a defendant on one day.
    ranked = sorted(records, key=lambda record: (record.source != "doj", record.key()))
    return HistoryChanged(
        subject_id=subject_id,
        version=version,
        rap_sheet=_rap_sheet(sheets) if sheets else erased_sheet or "none",
        cii_numbers=tuple(sorted({number for record in records for number in record.person.cii_numbers})),
        birth_date=birth_date.value,
        sex=next((record.person.sex for record in ranked if record.person.sex), None),
        race=next((record.person.race for record in ranked if record.person.race), None),
        deceased=any(sheet.deceased for sheet in sheets),
        deceased_on=deceased_on.value,
        registrations=tuple(sorted(registrations, key=lambda one: (one.on or date.min, str(one.section)))),
        convictions=tuple(joined.conviction for joined in convictions),
        stated_facts=tuple(stated),
        doubts=distinct([*weighed, *others, *([IN_DOUBT] if in_doubt else [])]),
    )


def _rap_sheet(sheets: Sequence[RapSheetRecorded]) -> Literal["complete", "incomplete"]:
    return "incomplete" if any(sheet.refused_rows for sheet in sheets) else "complete"


def _person_fact(records: Sequence[SourceRecord], name: Literal["birth_date"]) -> Agreed[date]:
    # A birth date is nobody's business in a doubt's text; linked records never know two.
    return agree(
        name,
        [Said(record.source, record.person.birth_date, _doubts(record, name)) for record in records],
        lambda _: "known",
    )


def _doubts(record: SourceRecord, field: str) -> tuple[Doubt, ...]:
    return tuple([doubt for doubt in record.doubts if doubt.field == field]) if record.doubts else ()
