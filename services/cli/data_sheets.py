"""``reliefstream data-sheets``: what the court's forms ask, for a conviction of a determinations.csv."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from services.cli.terminal.exit import WrongUsage

if TYPE_CHECKING:
    from services.console.words.court_forms import Case

COLUMNS = ("county", "case_number", "section", "level", "disposition_date", "outcome", "route", "reason")
JUVENILE = "juvenile_adjudication"
"""The reason of a determination that names the juvenile court's forms."""


def data_sheets(
    determinations: Annotated[
        Path, Parameter(help="determinations.csv, as evaluate or export determinations writes it")
    ],
    /,
    *,
    case: Annotated[str, Parameter(help="the case number, as it stands there")],
    out: Annotated[Path, Parameter(help="the PDF to write")],
) -> None:
    """Print what is known of a case's convictions for the Judicial Council's forms: a page for each of CR-400 to
    CR-403, or of JV-744 to JV-746 for a juvenile court's adjudication.

    They are sheets of data to copy from, not the forms. determinations.csv has no names: that line stays empty.
    """
    from services.chassis.runtime.private_file import write_private
    from services.console.paper.print import print_paper
    from services.console.words import court_forms

    rows = _rows(determinations, case)
    if not rows:
        raise WrongUsage(f"{determinations}: no determination on a case {case}")
    forms = [
        form
        for row in rows
        for form in (court_forms.juvenile if row["reason"] == JUVENILE else court_forms.adult)(_case(row))
    ]
    made = print_paper("data_sheets", court_forms.data_sheets(forms))
    try:
        write_private(out, made)
    except OSError as error:
        raise WrongUsage(f"--out {out}: {error.strerror}") from None
    print(f"{len(forms)} sheets of {len(rows)} {'conviction' if len(rows) == 1 else 'convictions'} in {out}")


def _rows(path: Path, case: str) -> list[Mapping[str, str]]:
    import csv

    from services.csv_lines import as_written

    usual = csv.field_size_limit(2**24)  # grounds and questions are JSON
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:  # a spreadsheet begins with a mark
            table = csv.DictReader(file)
            if missing := set(COLUMNS) - set(table.fieldnames or ()):
                raise WrongUsage(f"{path}: it is no determinations.csv: no column {min(missing)}")
            found: list[Mapping[str, str]] = []
            for row in table:
                if wrong := _wrong(row):
                    raise WrongUsage(
                        f"{path}, line {table.line_num}: {wrong}; take the file as it was written"
                    )
                if as_written(row["case_number"]) == case.strip():
                    found.append(row)
            return found
    except OSError as error:
        raise WrongUsage(f"{path}: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error):
        raise WrongUsage(f"{path}: it is no CSV in UTF-8") from None
    finally:
        csv.field_size_limit(usual)


def _wrong(row: Mapping[str, str | None]) -> str | None:
    """What is wrong with a row; None: nothing."""
    if any(row[column] is None for column in COLUMNS):
        return "the row is cut off"
    try:
        date.fromisoformat(row["disposition_date"] or "1900-01-01")
    except ValueError:
        return "disposition_date is no day as YYYY-MM-DD, as a spreadsheet writes it"
    return None


def _case(row: Mapping[str, str]) -> "Case":
    from services.console.words import dates, names
    from services.console.words.court_forms import Case
    from services.csv_lines import as_written

    office, _, city = row["route"].partition(":")
    return Case(
        county=names.county(row["county"]),
        case_number=as_written(row["case_number"]),
        section=row["section"],
        level=row["level"],
        convicted_on=dates.day(row["disposition_date"]) if row["disposition_date"] else "",
        asked=names.code(row["outcome"]) if row["outcome"] in ("dismissal", "redesignation") else "",
        prosecutor=names.office(office or "district_attorney", city or None),
    )
