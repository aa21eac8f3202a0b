"""A community group's list as it was sent: each line a person, or what is wrong with it. No text repeats a value."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from pydantic import ValidationError

from reliefstream_contracts.receipts import Problem
from services.chassis.http.errors import field_of, in_words
from services.csv_lines import as_written
from services.reconciliation.linkage.resemblance.names import comparable_name
from services.reconciliation.referrals.named_person import Named
from services.spreadsheet_damage import spreadsheet_damage
from services.table_files import UnreadableTable, table_rows

MOST = 1000
OLDEST = date(1880, 1, 1)
COLUMNS = {
    "surname": "surname", "last_name": "surname", "given_name": "given_name", "first_name": "given_name",
    "name": "name", "middle_name": "middle_name", "suffix": "suffix", "birth_date": "birth_date",
    "date_of_birth": "birth_date", "dob": "birth_date", "case_number": "case_number", "case": "case_number",
    "authorisation": "reference", "authorization": "reference", "authorisation_signed_on": "signed_on",
    "authorization_signed_on": "signed_on", "signed_on": "signed_on", "authorisation_until": "until",
    "authorization_until": "until", "until": "until",
}  # fmt: skip
"""A list's column, in lower case with ``_`` for blanks, to the field that it gives."""
OF_AUTHORISATION = ("reference", "signed_on", "until")
DAYS = ("birth_date", "signed_on", "until")
_US_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


class Unreadable(Exception):
    """The list as a whole cannot be read; the text says why and what to do."""


class Line(NamedTuple):
    """One line by its number from 1, a header not counted: a person, or what is wrong."""

    number: int
    person: Named | None
    problems: tuple[Problem, ...] = ()


class Read(NamedTuple):
    """``unread_columns``: how many columns of a table are not known here, and were not read."""

    lines: list[Line]
    unread_columns: int = 0


def read_json(body: bytes, today: date) -> Read:
    """The lines of ``{"persons": [...]}`` or of a bare list. Raises Unreadable."""
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("The body is no JSON: send a list of persons, or CSV as text/csv.") from None
    persons = given.get("persons") if isinstance(given, dict) else given
    if not isinstance(persons, list):
        raise Unreadable('A list of persons is expected: {"persons": [{"surname": ...}]}.')
    return Read(_once([_line(number, one, today) for number, one in _numbered(persons)]))


def read_table(body: bytes, today: date) -> Read:
    """The lines of a table with a header, CSV or XLSX. Raises Unreadable."""
    try:
        rows = table_rows(body)
    except UnreadableTable as unreadable:
        raise Unreadable(str(unreadable)) from None
    header = [COLUMNS.get(_column(cell)) for cell in rows[0]] if rows else []
    if "birth_date" not in header or not {"surname", "name"} & set(header):
        raise Unreadable(
            "The first line has to name the columns: surname, given_name, birth_date; and, where known, middle_name, "
            "suffix, case_number, authorisation, authorisation_signed_on, authorisation_until."
        )
    lines = [_row(number, header, row, today) for number, row in _numbered(rows[1:])]
    unread = [cell for cell, field in zip(rows[0], header, strict=True) if field is None and cell.strip()]
    return Read(_once(lines), len(unread))


def _numbered(lines: Sequence[Any]) -> Iterator[tuple[int, Any]]:
    """Raises Unreadable for none and for too many."""
    if not 0 < len(lines) <= MOST:
        raise Unreadable(f"A list holds 1 to {MOST} persons: send a longer one in parts.")
    return enumerate(lines, 1)


def _column(cell: str) -> str:
    return re.sub(r"[\s_]+", "_", cell.strip().casefold())


def _row(number: int, header: Sequence[str | None], row: Sequence[str], today: date) -> Line:
    if len(row) > len(header):
        said = "has more fields than the header"
        return _refused(number, "fields", "", said, "put quotes around a field that holds a delimiter")
    cells = {
        field: as_written(cell.replace("\u00a0", " ").strip())
        for field, cell in zip(header, row, strict=False)
        if field and cell.strip()
    }
    if "name" in cells:
        surname, comma, given = cells.pop("name").partition(",")
        if not comma:
            remedy = "write SURNAME, GIVEN or use the columns surname and given_name"
            return _refused(number, "name", "name", "has no comma, so that no surname is told", remedy)
        first, _, middle = given.strip().partition(" ")
        cells |= {"surname": surname, "given_name": first} | ({"middle_name": middle} if middle else {})
    for field in DAYS:
        if field in cells:
            cells[field] = _iso(cells[field])
    signed = {field: cells.pop(field) for field in OF_AUTHORISATION if field in cells}
    return _line(number, {**cells, **({"authorisation": signed} if signed else {})}, today)


def _iso(cell: str) -> str:
    """A day as the United States write it, as YYYY-MM-DD; anything else as it is."""
    found = _US_DAY.fullmatch(cell)
    return f"{found[3]}-{found[1]:0>2}-{found[2]:0>2}" if found else cell


def _line(number: int, given: object, today: date) -> Line:
    try:
        person = Named.model_validate(given)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)[:10]
        remedy = "correct it and send the line again"
        bad = [_problem(number, "field", field_of(each["loc"]), _said(each), remedy) for each in faults]
        return Line(number, None, tuple(bad))
    found = tuple(_wrong(number, person, today))
    return Line(number, None, found) if found else Line(number, person)


def _said(fault: Mapping[str, Any]) -> str:
    if fault["type"] == "too_long":
        return f"has more than {fault['ctx']['max_length']} characters"
    return in_words(fault)


def _wrong(number: int, person: Named, today: date) -> Iterator[Problem]:
    name = comparable_name(person.name)
    if not all(any(map(str.isalpha, "".join(parts))) for parts in (name.surname, name.given)):
        remedy = "give the name that the court would have"
        yield _problem(number, "no_name", "surname", "is no name, or stands for an unknown one", remedy)
    if not OLDEST <= person.birth_date <= today:
        yield _problem(
            number, "birth_date", "birth_date", "is no day on which the person was born", "check the year"
        )
    damage = spreadsheet_damage(person.case_number or "")
    if damage:
        remedy = "format the column as text and enter the number again"
        yield _problem(number, "case_number", "case_number", f"is {damage} of a spreadsheet", remedy)
    signed = person.authorisation
    if signed and not signed.signed_on <= min(signed.until, today):
        yield _problem(
            number,
            "authorisation",
            "authorisation.signed_on",
            "is after its last day, or after today",
            "give the day of the signature, and the last day on which it holds",
        )


def _once(lines: Sequence[Line]) -> list[Line]:
    """The lines; one that names whom an earlier one names is refused."""
    first: dict[Any, int] = {}
    found = []
    for line in lines:
        person = line.person
        key = person and (comparable_name(person.name), person.birth_date, person.case_number)
        at = first.setdefault(key, line.number) if key else line.number
        found.append(
            line
            if at == line.number
            else _refused(
                line.number, "twice", "", f"names the same person and case as line {at}", "leave it out"
            )
        )
    return found


def _refused(number: int, code: str, column: str, what: str, remedy: str) -> Line:
    return Line(number, None, (_problem(number, code, column, what, remedy),))


def _problem(number: int, code: str, column: str, what: str, remedy: str) -> Problem:
    return Problem(code=code, row=number, column=column, what=what, remedy=remedy)


def counted(lines: Sequence[Line]) -> Mapping[str, int]:
    """How many lines came, were taken and refused."""
    taken = sum(line.person is not None for line in lines)
    return {"received": len(lines), "taken": taken, "refused": len(lines) - taken}
