"""Builders of fabricated records: everything has a default, a test names what it is about."""

from datetime import date
from typing import Any

from reliefstream_contracts.identifiers import CaseNumber, CiiNumber, CountId, CountyName, RecordId
from reliefstream_contracts.records import CaseRecorded, Count, Person, PersonName, RapSheetRecorded
from reliefstream_contracts.vocabulary.offense import CodeSection, Offense

LOS_ANGELES = CountyName("los-angeles")
BORN = date(1960, 3, 14)
CONVICTED = date(1999, 5, 4)


def an_offense(section: str = "11359", *subdivisions: str, code: str = "HS", **given: Any) -> Offense:
    written = f"{section} {code}"
    return Offense(
        as_written=written,
        sections=(CodeSection(code=code, section=section, subdivisions=subdivisions),),
        **given,
    )


def a_count(count_id: str = "001002001", **given: Any) -> Count:
    """A felony conviction of HS 11359 in Los Angeles; ``section`` and any field of Count can be given."""
    section = given.pop("section", "11359")
    defaults: dict[str, Any] = {
        "event": count_id[:3],
        "county": LOS_ANGELES,
        "case_number": CaseNumber("BA012345"),
        "offense": an_offense(section),
        "outcome": "convicted",
        "level_convicted": "felony",
        "conviction_date": CONVICTED,
    }
    return Count(count_id=CountId(count_id), **(defaults | given))


def a_person(
    surname: str | None = "SKYWALKER",
    birth_date: date | None = BORN,
    cii: tuple[str, ...] = ("1008675309",),
    given_name: str | None = "LUKE",
    suffix: str | None = None,
    **given: Any,
) -> Person:
    name = PersonName(surname=surname, given=given_name, suffix=suffix) if surname else None
    return Person(cii_numbers=tuple(map(CiiNumber, cii)), name=name, birth_date=birth_date, **given)


def a_rap_sheet(record_id: str = "R1", *counts: Count, **given: Any) -> RapSheetRecorded:
    defaults: dict[str, Any] = {
        "county": LOS_ANGELES,
        "revision": 0,
        "sequence": 1,
        "person": a_person(),
        "counts": counts or (a_count(),),
    }
    return RapSheetRecorded(record_id=RecordId(record_id), **(defaults | given))


def a_case(record_id: str = "C1", *counts: Count, **given: Any) -> CaseRecorded:
    defaults: dict[str, Any] = {
        "county": LOS_ANGELES,
        "revision": 1,
        "sequence": 1,
        "person": a_person(),
        "counts": counts or (a_count("1", event="case", court="Van Nuys", case_number="BA-12345"),),
    }
    return CaseRecorded(record_id=RecordId(record_id), **(defaults | given))
