"""The person of a rap sheet, from all of its rows."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from reliefstream_contracts.identifiers import CiiNumber, SourceSubjectId
from reliefstream_contracts.records import Person, PersonName
from reliefstream_contracts.vocabulary.offense import Doubt
from services.birth_dates import plausible
from services.ingest.core.doj.file.columns import DojRow
from services.ingest.core.doj.rap_sheet.agreement import agreed, date_fact
from services.ingest.core.doj.rap_sheet.dates import read_date
from services.ingest.core.doj.rap_sheet.disposition import begins_convicted
from services.ingest.core.doj.rap_sheet.names import read_name
from services.ingest.core.doj.rap_sheet.step_type import COURT_ACTION, step_type
from services.spreadsheet_damage import spreadsheet_damage

_CII = re.compile(r"[A-Z]?[0-9]{7,10}")
_SEXES = {"MALE": "M", "FEMALE": "F", "NONBINARY": "X", "U": "", "UNKNOWN": ""}


class ReadPerson(NamedTuple):
    """``stated_birth``: the birth date that all rows give, though the person's is None where it is impossible."""

    person: Person
    doubts: tuple[Doubt, ...]
    stated_birth: date | None


def read_person(rows: Sequence[DojRow], received_on: date) -> ReadPerson:
    """The person of rows that share a SUBJECT_ID. A field in which rows differ is None with a doubt.

    So is a birth date that does not fit the convictions. Doubts about name and birth date do not repeat what
    was written.
    """
    doubts: list[Doubt] = []
    said = {(row.cii_number, row.pri_name, row.pri_dob, row.gender, row.race_descr) for row in rows}
    ciis, names, births, genders, races = map(set, zip(*said, strict=True))
    numbers = sorted({number.upper() for number in ciis} - {""})
    if unread := [number for number in numbers if not _CII.fullmatch(number)]:
        damaged = any(map(spreadsheet_damage, unread))  # then nobody can tell whose rows these are
        doubts.append(Doubt(field="cii_numbers", kind="impossible" if damaged else "unparsed"))
    name, name_doubts = _name(names - {""})
    birth = date_fact("birth_date", births, received_on, required=True, private=True)
    sex = agreed(map(_sex, genders))
    race = agreed(map(str.upper, races))
    doubts += [*name_doubts, *birth.doubts]
    possible = birth.on is None or plausible(birth.on, _convicted_on(rows, received_on))
    if not possible:
        doubts.append(Doubt(field="birth_date", kind="impossible"))
    doubts += [
        Doubt(field=field, kind="contradictory", as_written=fact.differing)
        for field, fact in (("sex", sex), ("race", race))
        if fact.differing
    ]
    person = Person(
        source_subject_id=SourceSubjectId(rows[0].subject_id),
        cii_numbers=tuple(CiiNumber(number) for number in numbers if _CII.fullmatch(number)),
        name=name,
        birth_date=birth.on if possible else None,
        sex=sex.value or None,
        race=race.value or None,
    )
    return ReadPerson(person, tuple(doubts), birth.on)


def _convicted_on(rows: Iterable[DojRow], received_on: date) -> set[date]:
    days = (
        read_date(row.stp_event_date, received_on).on
        for row in rows
        if step_type(row) == COURT_ACTION and begins_convicted(row.disp_descr)
    )
    return {on for on in days if on}


def _sex(text: str) -> str:
    """M, F or X; other texts as they are, unknown as blank."""
    upper = text.upper()
    return _SEXES.get(upper, upper)


def _name(texts: Iterable[str]) -> tuple[PersonName | None, list[Doubt]]:
    """One name of all spellings: a missing middle name or suffix contradicts nothing."""
    names = [name for name in map(read_name, texts) if name]
    if not names:
        return None, [Doubt(field="name", kind="missing")]
    if len(names) == 1:
        return names[0], []
    parts = {
        part: agreed(getattr(name, part) or "" for name in names) for part in PersonName.__struct_fields__
    }
    if parts["surname"].differing or parts["given"].differing:
        return None, [Doubt(field="name", kind="contradictory")]
    doubts = [
        Doubt(field=f"name.{part}", kind="contradictory")
        for part in ("middle", "suffix")
        if parts[part].differing
    ]
    return PersonName(**{part: fact.value or None for part, fact in parts.items()}), doubts
