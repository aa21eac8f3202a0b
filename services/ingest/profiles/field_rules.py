"""Reads what a profile says of each field: from which columns, by which table, pattern and dates."""

import types
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

from services.chassis.settings.located_yaml import Located, at, only
from services.ingest.core.profile.dates import DateFormat
from services.ingest.core.profile.json_paths import steps
from services.ingest.core.profile.profile import Csv, Field, Fixed, Kind, Layout, Part, plain_column
from services.ingest.core.profile.values import NAME_PARTS, name_separator, plain_code
from services.ingest.profiles.entry_fields import (
    date_formats,
    one_of,
    read_flag,
    read_pattern,
    read_text,
    text_list,
)

OPTIONS = frozenset({"column", "columns", "join", "value", "table", "pattern", "write", "upper", "dates"}) | {
    "timestamp", "blank", "otherwise", "of_rows", "form", "statute",
}  # fmt: skip
MAY_BE_UNKNOWN = frozenset(
    {"level_charged", "level_convicted", "offense_date", "disposition_date", "conviction_date", "disposition"}
    | {"birth_date", "sex", "race", "plea", "cii_number", "prosecuting_agency", "relief_date"}
)
"""Fields without which the law still decides safely: what depends on them goes to review."""
_ABOVE: dict[Part, tuple[Part, ...]] = {
    "case": ("case",),
    "charge": ("case", "charge"),
    "sentence": ("case", "charge", "sentence"),
    "relief": ("case", "charge", "relief"),
}


class Wanted(NamedTuple):
    """What a field of the strict court case can be; ``words``, where they are few."""

    name: str
    kind: Kind
    words: frozenset[str] = frozenset()


class FieldFile:
    """The fields of one profile while its file is read."""

    def __init__(
        self,
        path: Path,
        *,
        tables: Located,
        dates: tuple[DateFormat, ...],
        blank: tuple[str, ...],
        cities: Sequence[str],
        layout: Layout,
    ) -> None:
        self._path, self._tables, self._dates, self._layout = path, tables, dates, layout
        self._blank, self._cities = frozenset(map(plain_code, blank)), cities

    def known(self) -> frozenset[str] | None:
        """The columns that the layout names; None: the file itself names them."""
        layout = self._layout
        if isinstance(layout, Csv):
            return frozenset(layout.columns) if layout.columns is not None else None
        if isinstance(layout, Fixed):
            return frozenset(layout.common).union(*(record.columns for record in layout.records.values()))
        return None

    def column(self, within: Located, key: str, name: object) -> str:
        """A column's name as the layout compares it, or a path of JSON."""
        if not isinstance(name, str) or not name.strip():
            raise at(self._path, within, key, f"{key}: a column's name is expected")
        if isinstance(self._layout, Csv):
            return plain_column(name)
        if not isinstance(self._layout, Fixed):
            try:
                steps(name)
            except ValueError as error:
                raise at(self._path, within, key, f"{key}: {error}") from error
        return name

    def fields(
        self, source: Located, key: str, model: type[BaseModel], part: Part, apart: set[str]
    ) -> tuple[Field, ...]:
        """The fields of one part; ``apart`` are those of the model that stand elsewhere."""
        kinds = {
            name: Wanted(name, *_kind(info.annotation))
            for name, info in model.model_fields.items()
            if name not in apart
        }
        required = {name for name, info in model.model_fields.items() if info.is_required()} - apart
        names = frozenset(kinds) | ({"name"} if "surname" in kinds else frozenset())
        entries = only(self._path, source[key], required, names - required)
        if "name" in entries and set(NAME_PARTS) & set(entries):
            raise at(self._path, entries, "name", "name: either the whole name, or its parts")
        kinds["name"] = Wanted("name", "name")
        found = [self._field(entries, kinds[name]) for name in entries]
        for field in found:
            self._check_visible(entries, field, part)
        if all(field.always is not None for field in found) and key != "defendant":
            raise at(self._path, source, key, f"{key}: no field takes a column")
        return tuple(found)

    def _check_visible(self, entries: Located, field: Field, part: Part) -> None:
        layout = self._layout
        if not isinstance(layout, Fixed):
            return
        seen = set(layout.common)
        for record in layout.records.values():
            if (record.starts or record.continues) in _ABOVE[part]:
                seen.update(record.columns)
        outside = [name for name in field.columns if name not in seen]
        if outside:
            raise at(self._path, entries, field.name, f"no row of a {part} has a column {outside[0]!r}")

    def _field(self, entries: Located, wanted: Wanted) -> Field:
        name, kind, words = wanted
        path, entry = self._path, entries[name]
        if isinstance(entry, str):
            plain = Located()
            plain["column"] = entry
            plain.line = plain.lines["column"] = entries.lines[name]
            entry = plain
        if not isinstance(entry, Located):
            raise at(path, entries, name, f"{name}: a column, or {{column: ..., table: ...}}")
        only(path, entry, set(), OPTIONS)
        if sum(key in entry for key in ("column", "columns", "value", "statute")) != 1:
            statute = ", statute" if name == "code_section" else ""
            raise at(path, entries, name, f"{name}: one of column, columns, value{statute}")
        line = entries.lines[name]
        if "value" in entry:
            only(path, entry, {"value"})
            always = self._checked(entry, "value", wanted, entry["value"])
            return Field(name, kind, always=always, words=words, line=line)
        if "statute" in entry:
            listed, kind = self._statute(entry, name), "statute"
        else:
            listed = [entry["column"]] if "column" in entry else list(text_list(path, entry, "columns"))
        columns = tuple(
            self.column(entry, "columns" if "columns" in entry else "column", each) for each in listed
        )
        if not columns:
            raise at(path, entry, "columns", f"{name}: at least one column")
        if "timestamp" in entry:
            if name != "revision":
                raise at(path, entry, "timestamp", "timestamp: the revision can be one, no other field")
            kind = "moment"
        if any("[]" in column for column in columns):
            raise at(path, entries, name, f"{name}: which of the list? parties[role=DEF].name or ids[0]")
        table = self._table(entry, wanted)
        if kind == "flag" and table is None:
            raise at(path, entries, name, f"{name}: a table of codes to true and false is needed")
        pattern, write = read_pattern(path, entry)
        return Field(
            name,
            kind,
            columns=columns,
            join=read_text(path, entry, "join", " "),
            words=words,
            table=table,
            pattern=pattern,
            write=write,
            upper=read_flag(path, entry, "upper"),
            dates=self._dates_of(entries, entry, name, kind),
            blank=frozenset(map(plain_code, text_list(path, entry, "blank")))
            if "blank" in entry
            else self._blank,
            otherwise=self._otherwise(entry, name, kind),
            highest=one_of(path, entry, "of_rows", ("agree", "highest")) == "highest",
            form=self._form(entries, entry, name, kind),
            line=line,
        )

    def _statute(self, entry: Located, name: str) -> list[str]:
        path = self._path
        if name != "code_section":
            raise at(path, entry, "statute", "statute: of code_section only")
        said = only(path, entry["statute"], {"code", "section"}, frozenset({"subdivisions"}))
        return [said["code"], said["section"], *text_list(path, said, "subdivisions")]

    def _dates_of(self, entries: Located, entry: Located, name: str, kind: Kind) -> tuple[DateFormat, ...]:
        key = "timestamp" if kind == "moment" else "dates"
        if kind not in ("date", "moment"):
            if "dates" in entry:
                raise at(self._path, entry, "dates", f"{name} is no date")
            return ()
        found = date_formats(self._path, entry, key) or self._dates
        if not found:
            raise at(self._path, entries, name, f"{name}: in which form are its dates? dates: [MM/DD/YYYY]")
        return found

    def _form(self, entries: Located, entry: Located, name: str, kind: Kind) -> str:
        form = entry.get("form", "")
        if kind != "name":
            if form:
                raise at(self._path, entry, "form", "form: of a whole name only")
            return ""
        if not isinstance(form, str) or name_separator(form) is None:
            raise at(
                self._path,
                entries,
                name,
                "name: in which form? form: LAST, FIRST MIDDLE (any one mark between)",
            )
        return form

    def _otherwise(self, entry: Located, name: str, kind: Kind) -> Any:
        otherwise = one_of(self._path, entry, "otherwise", ("refuse", "unknown", "as_written"))
        if otherwise == "unknown" and name not in MAY_BE_UNKNOWN:
            raise at(
                self._path, entry, "otherwise", f"{name} cannot be unknown: leave it out, or list its codes"
            )
        if otherwise == "as_written" and kind != "text":
            raise at(self._path, entry, "otherwise", f"{name} cannot stand as written: it is no text")
        return otherwise

    def _table(self, entry: Located, wanted: Wanted) -> Mapping[str, object] | None:
        name, kind, _ = wanted
        path, said = self._path, entry.get("table")
        if said is None:
            return None
        if kind in ("date", "moment", "number", "name"):
            raise at(path, entry, "table", f"{name}: a table is for codes; this is a {kind}")
        if isinstance(said, str):
            if said not in self._tables:
                known = ", ".join(self._tables) or "none"
                raise at(path, entry, "table", f"no table {said!r}; there are {known}")
            said = self._tables[said]
        if not isinstance(said, Located) or not said:
            raise at(path, entry, "table", "table: a mapping of codes to what they mean is expected")
        found: dict[str, object] = {}
        for code, meaning in said.items():
            if plain_code(code) in found:
                raise at(path, said, code, f"the code {plain_code(code)!r} stands twice")
            found[plain_code(code)] = self._checked(said, code, wanted, meaning)
        return found

    def _checked(self, within: Located, key: str, wanted: Wanted, value: Any) -> object:
        """The value of a code, or a fixed value. Raises WrongFile when the field cannot have it."""
        path, (name, kind, words) = self._path, wanted
        if name == "prosecuting_agency" and isinstance(value, Located):
            only(path, value, {"city"})
            if value["city"] not in self._cities:
                known = ", ".join(self._cities) or "none"
                raise at(
                    path,
                    within,
                    key,
                    f"{value['city']!r} does not prosecute by county.yaml (city_prosecutors: {known})",
                )
            return f"{value['city']} City Attorney"
        if words and not (isinstance(value, str) and value in words):
            raise at(path, within, key, f"{name} is one of {', '.join(sorted(words))}, not {value!r}")
        right = {"flag": bool, "number": int, "date": date}.get(kind, str)
        if type(value) is not right or value == "":
            raise at(path, within, key, f"{name}: {_SHOWN[right]} is expected, not {value!r}")
        return value


_SHOWN: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    date: "a date",
    str: "text (numbers in quotes)",
}


def _kind(annotation: Any) -> tuple[Kind, frozenset[str]]:
    """What a field of the strict court case can be, and its words where they are few."""
    origin = get_origin(annotation)
    if origin is Literal:
        return "code", frozenset(get_args(annotation))
    if origin in (Union, types.UnionType, Annotated):
        kinds = [_kind(each) for each in get_args(annotation) if each is not type(None)]
        return kinds[0]
    by_type: dict[Any, Kind] = {date: "date", bool: "flag", int: "number"}
    return by_type.get(annotation, "text"), frozenset()
