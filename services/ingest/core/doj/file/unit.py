"""One person's rows as sent, each accepted or refused by itself."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from reliefstream_contracts.receipts import Problem
from services.ingest.core.doj.file.columns import DojRow, doj_row, doj_rows
from services.ingest.core.doj.file.grouping import UnitRow
from services.ingest.core.doj.file.rows import Encoding, fields_of, fields_of_whole, redacted
from services.ingest.core.doj.rap_sheet.step_type import (
    ARREST,
    COURT_ACTION,
    DECEASED,
    REGISTRATION,
    is_action,
    is_known,
    step_type,
)
from services.ingest.core.redaction import was_redacted
from services.ingest.core.source_location import private_number, row_location
from services.spreadsheet_damage import spreadsheet_damage

_COUNT_ORDER = re.compile(r"[0-9]{12}")


class Place(NamedTuple):
    """Where a row stands: file and 1-based row, both None for what did not come from a file."""

    file_sha256: str | None = None
    number: int | None = None

    def order(self) -> tuple[bool, str, int]:
        """Sorts places; one in a file comes before none."""
        return self.file_sha256 is None, self.file_sha256 or "", self.number or 0


class PlacedRow(NamedTuple):
    row: DojRow
    place: Place


class RefusedRow(NamedTuple):
    """A row that cannot be used, and why. ``raw`` has no social security or licence number any more."""

    problem: Problem
    raw: bytes
    place: Place
    digest: str


class ReadUnit(NamedTuple):
    """``digests``: of accepted rows that an earlier sending may have found unreadable."""

    rows: tuple[PlacedRow, ...]
    refused: tuple[RefusedRow, ...]
    digests: frozenset[str]


def read_unit(
    rows: Iterable[UnitRow],
    encoding: Encoding = "utf-8",
    file_sha256: str | None = None,
    *,
    again: bool = False,
) -> ReadUnit:
    """Reads each row of a unit. Never raises: a row that cannot be read is among ``refused``.

    ``again``: these rows were refused before; else only a row whose reading depends on the encoding may have
    been.
    """
    accepted: list[PlacedRow] = []
    refused: list[RefusedRow] = []
    digests: set[str] = set()
    rows = list(rows)
    for sent, read in zip(rows, _rows_of(rows, encoding), strict=True):
        known = file_sha256 is not None and sent.number is not None
        place = Place(file_sha256, sent.number) if known else Place()
        if isinstance(read, DojRow) and _is_usable(read):
            accepted.append(PlacedRow(read, place))
            if again or not sent.raw.isascii():
                digests.add(digest_of(redacted(sent.raw)[0]))
            continue
        problem = _fault(read, sent.number) if isinstance(read, DojRow) else read
        raw = redacted(sent.raw)[0]
        refused.append(RefusedRow(problem, raw, place, digest_of(raw)))
    return ReadUnit(tuple(accepted), tuple(refused), frozenset(digests))


def _rows_of(sent: Sequence[UnitRow], encoding: Encoding) -> list[DojRow] | list[DojRow | Problem]:
    """The row that each makes, or what is wrong with it."""
    whole = None if any(one.fault for one in sent) else fields_of_whole([one.raw for one in sent], encoding)
    if whole is not None:
        return doj_rows(whole)
    found = (fields_of(one.raw, one.number, encoding, one.fault) for one in sent)
    return [doj_row(one) if isinstance(one, list) else one for one in found]


def digest_of(raw: bytes) -> str:
    """The digest that identifies an unusable row; of its redacted form."""
    return hashlib.sha256(raw).hexdigest()[:32]


def _is_usable(row: DojRow) -> bool:
    """Whether the row names its person, its step and, but for a step of the person alone, its count."""
    of_person = _is_of_person(row.stp_type_descr, row.disp_descr)
    return (
        names_a_person(row.subject_id)
        and not was_redacted(row.ofn)
        and of_person is not None
        and (of_person or _COUNT_ORDER.fullmatch(row.cnt_order) is not None)
    )


@lru_cache(maxsize=1_000)
def names_a_person(subject_id: str) -> bool:
    """Whether a SUBJECT_ID can be used: a row with another one is refused, and nobody's."""
    return 0 < len(subject_id) <= 60 and not (was_redacted(subject_id) or spreadsheet_damage(subject_id))


@lru_cache(maxsize=1_000)
def _is_of_person(heading: str, disposition: str) -> bool | None:
    """Whether a step is of the person and of no count; None: nobody knows what the heading means."""
    row = DojRow(stp_type_descr=heading, disp_descr=disposition)
    if not (heading and is_known(row)):
        return None
    return step_type(row) in (REGISTRATION, DECEASED) and not is_action(row)


def _fault(row: DojRow, number: int | None) -> Problem:
    """The first thing wrong with a row that is not usable."""
    correct = "correct it at its source and send the person in a later extract (--extract DATE)"
    if not row.subject_id:
        return (
            row_location(number)
            .in_column("SUBJECT_ID")
            .problem(
                "subject_id_missing", "SUBJECT_ID is blank: it cannot be told whose row this is", correct
            )
        )
    for column, written in (("SUBJECT_ID", row.subject_id), ("OFN", row.ofn)):
        if was_redacted(written):
            return private_number(row_location(number).in_column(column))
    if len(row.subject_id) > 60:
        return (
            row_location(number)
            .in_column("SUBJECT_ID")
            .problem("subject_id_invalid", "SUBJECT_ID is longer than 60 characters", correct)
        )
    if damage := spreadsheet_damage(row.subject_id):
        return (
            row_location(number)
            .in_column("SUBJECT_ID")
            .problem(
                "spreadsheet_number",
                f"SUBJECT_ID is {damage}, as a spreadsheet writes it in the place of a number: two persons may have it",
                "export the file again without opening it in a spreadsheet, and send it as a later extract "
                "(--extract DATE)",
            )
        )
    if not row.stp_type_descr:
        return (
            row_location(number)
            .in_column("STP_TYPE_DESCR")
            .problem(
                "step_type_missing", "STP_TYPE_DESCR is blank: an arrest and a conviction look alike", correct
            )
        )
    if not is_known(row):
        return (
            row_location(number)
            .in_column("STP_TYPE_DESCR")
            .problem(
                "step_type_unknown",
                (
                    "STP_TYPE_DESCR is no type of step that is known: the row may hide a conviction "
                    f"(read are {COURT_ACTION}, {ARREST}, {REGISTRATION} and {DECEASED})"
                ),
                (correct),
            )
        )
    return (
        row_location(number)
        .in_column("CNT_ORDER")
        .problem(
            "count_order_invalid",
            f"CNT_ORDER is {damage}, as a spreadsheet writes it in the place of a number"
            if (damage := spreadsheet_damage(row.cnt_order))
            else "CNT_ORDER is blank or not 12 digits: the row belongs to no count",
            correct,
        )
    )
