"""A raw unit of a county's own feed to the strict court case, or what is wrong with it. Pure; never raises."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from pydantic import ValidationError

from reliefstream_contracts.court_case import CourtCase
from reliefstream_contracts.receipts import Problem
from services.ingest.core.court.cases import Unread
from services.ingest.core.profile.case_tree import Node, NotAText, Source
from services.ingest.core.profile.fixed_rows import fixed_case
from services.ingest.core.profile.json_paths import json_case
from services.ingest.core.profile.profile import Csv, Field, Fixed, Group, Json, Profile
from services.ingest.core.profile.separated_rows import SentRow, csv_case
from services.ingest.core.profile.values import EPOCH, NAME_PARTS, Fault, joined, read_value
from services.ingest.core.redaction import redacted_value
from services.ingest.core.source_location import MESSAGE, SourceLocation

PROBLEM_LIMIT = 20

Seen = Callable[[Field, str, object], None]
"""Told of each field: the source's text, and the value or the Fault that it is."""

_SAMPLE = "look at the feed with reliefstream profile try"
_PRIVATE = frozenset({"birth_date", "cii_number", "sex", "race"})


@dataclass(frozen=True, slots=True)
class SentCase:
    """The case with what of it could not be read."""

    case: CourtCase
    unread: tuple[Unread, ...]


class SentUnit(NamedTuple):
    """One case as it was sent: of CSV its header and rows, of fixed columns its rows, of JSON its object.
    ``numbers``: of the rows, or of the object, in the file; empty where that is not known."""

    value: bytes
    numbers: tuple[int, ...] = ()


def read_sent_case(
    profile: Profile, unit: SentUnit, received_on: date, seen: Seen | None = None
) -> SentCase | tuple[Problem, ...]:
    """What a unit says, by the profile. The problems name row, column and remedy, and repeat no value."""
    node = case_node(profile, unit)
    if isinstance(node, tuple):
        return node[:PROBLEM_LIMIT]
    reading = _Reading(seen)
    content = reading.fields(profile.case, node, ())
    content["defendant"] = reading.fields(profile.defendant, node, ("defendant",))
    content["charges"] = tuple(
        _charge(profile, reading, charge, number) for number, charge in enumerate(node.of("charge"))
    )
    reading.future_revision(content.get("revision"), profile, node, received_on)
    if not content["charges"] and not content.get("withdrawn") and not reading.problems:
        reading.problems.append(_no_charge(profile, node))
    if reading.problems:
        return tuple(reading.problems[:PROBLEM_LIMIT])
    try:
        case = CourtCase.model_validate(content, strict=True)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        problems = [reading.schema_problem(each["loc"], each["type"], each["msg"]) for each in found]
        return tuple(problems[:PROBLEM_LIMIT])
    return SentCase(case, tuple(sorted(reading.unread, key=lambda u: (u.charge or "", u.field))))


def record_id_of(profile: Profile, unit: SentUnit) -> str:
    """The case's record id, which keeps its revisions in one order; empty where it cannot be told."""
    return identity_of(profile, unit)[0]


def identity_of(profile: Profile, unit: SentUnit) -> tuple[str, int | None]:
    """The case's record id and revision; empty, and None, where they cannot be told."""
    node = case_node(profile, unit)
    if isinstance(node, tuple):
        return "", None
    fields = tuple(field for field in profile.case if field.name in ("record_id", "revision"))
    found = _Reading(None).fields(fields, node, ())
    record_id, revision = found.get("record_id"), found.get("revision")
    return (
        record_id if isinstance(record_id, str) else "",
        revision if isinstance(revision, int) and not isinstance(revision, bool) else None,
    )


def where_is(profile: Profile, numbers: Sequence[int]) -> SourceLocation:
    """Where in its file a case begins, for a person to look: its first row, or its object of JSON."""
    if not numbers:
        return MESSAGE
    return (
        SourceLocation(record=numbers[0])
        if isinstance(profile.layout, Json)
        else SourceLocation(row=numbers[0])
    )


def case_node(profile: Profile, unit: SentUnit) -> Node | tuple[Problem, ...]:
    """The parts of a unit, or why it has none."""
    value, numbers, layout = unit.value, unit.numbers, profile.layout
    if isinstance(layout, Json):
        return json_case(profile, value, where_is(profile, numbers))
    rows = [row.rstrip(b"\r") for row in value.removeprefix(b"\xef\xbb\xbf").split(b"\n")]
    header = b""
    if isinstance(layout, Csv) and layout.columns is None:
        header, rows = rows[0], rows[1:]
    rows = [row for row in rows if row.strip()]
    if not rows:
        return (_empty(header),)
    if len(numbers) == len(rows):
        sent = [SentRow(row, SourceLocation(row=number)) for row, number in zip(rows, numbers, strict=True)]
    else:
        sent = [SentRow(row, MESSAGE._replace(row=at)) for at, row in enumerate(rows, 1)]
    if isinstance(layout, Fixed):
        return fixed_case(profile, sent)
    return csv_case(profile, header, _distinct(sent))


def _distinct(rows: Sequence[SentRow]) -> list[SentRow]:
    """A row that stands twice says nothing new."""
    return list({row.raw: row for row in reversed(rows)}.values())[::-1]


def _charge(profile: Profile, reading: "_Reading", node: Node, number: int) -> dict[str, Any]:
    at: tuple[str | int, ...] = ("charges", number)
    found = reading.fields(profile.charges.fields, node, at)
    for name, groups in (("sentence", profile.sentence), ("later_relief", profile.relief)):
        parts = _parts(reading, groups, node, (*at, name))
        if parts:
            found[name] = parts
    reading.name_charge(number, found.get("charge_number"))
    return found


def _parts(
    reading: "_Reading", groups: Sequence[Group], node: Node, at: tuple[str | int, ...]
) -> tuple[dict[str, Any], ...]:
    found: list[dict[str, Any]] = []
    for index, group in enumerate(groups):
        for part in node.of(group.part, index):
            one = reading.fields(group.fields, part, (*at, len(found)))
            if reading.told:
                found.append(one)
    return tuple(found)


class _Reading:
    """One unit while it is read: problems, what was not understood, and where each field came from."""

    def __init__(self, seen: Seen | None) -> None:
        self.problems: list[Problem] = []
        self.unread: list[Unread] = []
        self.told = False
        """Whether the part read last had a text in any of its columns."""
        self._seen = seen
        self._origin: dict[tuple[str | int, ...], tuple[Source, str]] = {}
        self._unread_charges: list[int | None] = []

    def fields(self, fields: Sequence[Field], node: Node, at: tuple[str | int, ...]) -> dict[str, Any]:
        """The fields of one part that have a value."""
        content: dict[str, Any] = {}
        self.told = False
        for field in fields:
            value = self._value(field, node, at)
            if value is None:
                continue
            if field.kind == "name":
                content.update({k: v for k, v in zip(NAME_PARTS, value, strict=True) if v is not None})
            else:
                content[field.name] = value
        return content

    def _value(self, field: Field, node: Node, at: tuple[str | int, ...]) -> Any:
        if field.always is not None:
            return field.always
        column = field.columns[0]
        self._origin[(*at, field.name)] = node.sources[0], column
        values: dict[object, Source] = {}
        for source in node.sources:
            try:
                text = redacted_value(joined(field, tuple(source.text(column) for column in field.columns)))
            except NotAText as wrong:
                what = str(wrong)
                self._problem("not_a_value", source.where(column), what, f"correct it, or {_SAMPLE}")
                return None
            self.told = self.told or bool(text)
            value = read_value(field, text)
            if self._seen is not None:
                self._seen(field, text, value)
            if isinstance(value, Fault):
                value = self._not_understood(field, text, value, source.where(column), at)
            if value is not None:
                values.setdefault(value, source)
        if len(values) > 1 and field.highest:
            return max(values)  # type: ignore[type-var]
        if len(values) > 1:
            first, *others = (source.where(column) for source in values.values())
            rows = tuple(other.row for other in others if other.row is not None)
            self._problem(
                "rows_disagree",
                first._replace(other_rows=rows),
                f"rows of one {_part(at)} differ here",
                "correct it at its source, or say in the profile which rows are one",
            )
            return None
        return next(iter(values), None)

    def _not_understood(
        self, field: Field, text: str, fault: Fault, where: SourceLocation, at: tuple[str | int, ...]
    ) -> Any:
        if field.otherwise == "as_written" and fault.code != "too_long":
            return text
        if field.otherwise == "refuse":
            self._problem(fault.code, where, fault.what, fault.remedy)
            return None
        charge = at[1] if at and at[0] == "charges" else None
        self.unread.append(Unread(None, field.name, None if field.name in _PRIVATE else text[:100]))
        self._unread_charges.append(charge if isinstance(charge, int) else None)
        return "other" if field.name == "disposition" else None

    def name_charge(self, number: int, charge_number: object) -> None:
        """Says which charge the unread fields of the charge at that place are of."""
        for at, place in enumerate(self._unread_charges):
            if place == number and isinstance(charge_number, str):
                self.unread[at] = self.unread[at]._replace(charge=charge_number)

    def future_revision(self, revision: object, profile: Profile, node: Node, received_on: date) -> None:
        """A revision from a moment that has not come would shut out every later one until then."""
        field = next((each for each in profile.case if each.name == "revision"), None)
        if field is None or field.kind != "moment" or not isinstance(revision, int):
            return
        latest = datetime.combine(received_on, EPOCH.time()) + timedelta(days=2)
        if EPOCH + timedelta(seconds=revision) >= latest:
            self._problem(
                "date_in_the_future",
                node.sources[0].where(field.columns[0]),
                "this moment has not come yet: it would shut out every later revision until then",
                "correct it at its source",
            )

    def schema_problem(self, parts: tuple[int | str, ...], kind: str, message: str) -> Problem:
        """What the strict schema has against a field, said of the column that it came from."""
        known = next((parts[:n] for n in range(len(parts), 0, -1) if parts[:n] in self._origin), None)
        name = ".".join(str(part) for part in parts)
        where = MESSAGE.at(name)
        if known:
            source, column = self._origin[known]
            where = source.where(column)
        if kind == "missing":
            return where.problem(
                "missing_field",
                f"{parts[-1]} is blank, and a case cannot be without it",
                "correct it at its source, or take it from another column in the profile",
            )
        return where.problem(
            "invalid_value",
            f"no {parts[-1] if isinstance(parts[-1], str) else name}: {message}",
            f"correct it at its source or in the profile; {_SAMPLE}",
        )

    def _problem(self, code: str, where: SourceLocation, what: str, remedy: str) -> None:
        self.problems.append(where.problem(code, what, remedy))


def _part(at: tuple[str | int, ...]) -> str:
    return "charge" if "charges" in at else "case"


def _no_charge(profile: Profile, node: Node) -> Problem:
    column = (profile.charges.by or profile.charges.fields[0].columns or ("charge",))[0]
    where = node.sources[0].where(profile.charges.each or column)
    return where.problem(
        "no_charge",
        "the case has no charge",
        "send the rows of its charges with it, or correct what tells charges apart in the profile",
    )


def _empty(header: bytes) -> Problem:
    what = "there is a header and no row" if header else "there is no row in it"
    return MESSAGE.problem("empty", what, "send the rows of one case")
