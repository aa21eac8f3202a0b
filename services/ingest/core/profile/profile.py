"""A county's own court feed, described: how the file is laid out, and which of its columns says what of a case."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from services.ingest.core.profile.dates import DateFormat

Encoding = Literal["utf-8", "latin-1", "cp1252"]
Otherwise = Literal["refuse", "unknown", "as_written"]
Kind = Literal["text", "code", "flag", "date", "moment", "number", "name", "statute"]
Part = Literal["case", "charge", "sentence", "relief"]

_APART = re.compile(r"[\s_\-]+")


def plain_column(name: str) -> str:
    """A column's name without what exports change from day to day: case, blanks, underscores, dashes."""
    return _APART.sub("", name).casefold()


@dataclass(frozen=True, slots=True)
class Csv:
    """Separated values, one physical line a row. ``columns``: their plain names where the file has no header."""

    encoding: Encoding
    delimiter: str
    quote: str | None
    columns: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class FixedRecord:
    """One type of row: what it begins (or what it continues), and its columns as (first, last), from 1."""

    starts: Part | None
    continues: Part | None
    columns: Mapping[str, tuple[int, int]]
    filler: tuple[tuple[int, int], ...]
    """Positions whose content means nothing; any other position outside of the columns has to be blank."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """Columns at fixed positions. ``common`` columns stand in every row; ``skipped`` types hold no case."""

    encoding: Encoding
    length: int
    padded: bool
    """Whether blanks at the end of a row may be missing; else a shorter row was cut off."""
    record_type: tuple[int, int]
    records: Mapping[str, FixedRecord]
    skipped: frozenset[str]
    common: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Json:
    """One object a case: each on a line of its own (``records`` None), or in the array at that path of keys."""

    records: tuple[str, ...] | None


Layout = Csv | Fixed | Json


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the strict court case, and where it comes from: columns (of JSON: paths), or always a value."""

    name: str
    """As ``reliefstream_contracts.court_case`` names it; ``name``: a whole name in one column."""
    kind: Kind
    """``statute``: the columns are a charge's code, section, and subdivisions."""
    columns: tuple[str, ...] = ()
    join: str = " "
    always: object = None
    """The value, where it is the same for every case."""
    words: frozenset[str] = frozenset()
    """What the field can be, for one of a few words; empty where it can be any text."""
    table: Mapping[str, object] | None = None
    """By code, in upper case."""
    pattern: re.Pattern[str] | None = None
    write: str | None = None
    """What is taken of a text that the pattern fits: ``{letters}{digits}``; None: all of it."""
    upper: bool = False
    dates: tuple[DateFormat, ...] = ()
    blank: frozenset[str] = frozenset()
    """Texts, in upper case, that stand for nothing."""
    otherwise: Otherwise = "refuse"
    """What becomes of a text that is not understood."""
    highest: bool = False
    """Of several rows, the highest value counts; else they have to agree."""
    form: str = ""
    """Of a whole name: ``LAST, FIRST MIDDLE``."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """What a case or a charge has several of. ``by``: rows with the same text there are one (CSV);
    ``each``: the path of their array (JSON); a fixed record type needs neither."""

    part: Part
    fields: tuple[Field, ...]
    by: tuple[str, ...] = ()
    each: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """One feed of one county. Equal fingerprints: the same file."""

    name: str
    fingerprint: str
    layout: Layout
    case_by: tuple[str, ...]
    """Rows with the same text in these columns are one case; empty: each row that starts one does."""
    anywhere: bool
    """Whether rows of a case may stand anywhere in the file; else they stand together."""
    case: tuple[Field, ...]
    defendant: tuple[Field, ...]
    charges: Group
    sentence: tuple[Group, ...]
    relief: tuple[Group, ...]
    dropped: frozenset[str]
    """Columns that never leave the sender: social security and licence numbers."""
    ignored: frozenset[str]
    """Columns that are known and not needed."""
    others_ignored: bool
    """Whether a column that the profile does not name is passed over; else it stops the case."""

    def fields(self) -> tuple[Field, ...]:
        """All fields, of every part."""
        groups = (self.charges, *self.sentence, *self.relief)
        return (*self.case, *self.defendant, *(field for group in groups for field in group.fields))

    def used(self) -> frozenset[str]:
        """The columns or paths that fields and keys take."""
        keys = {*self.case_by, *self.charges.by}
        for group in (*self.sentence, *self.relief):
            keys.update(group.by)
        return frozenset(keys.union(*(field.columns for field in self.fields())))
