"""Reads a county's profiles: YAML files that describe its court feeds, checked before anything is read by them."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from reliefstream_contracts.court_case import (
    CourtCase,
    CourtCharge,
    CourtLaterRelief,
    CourtSentence,
    Defendant,
)
from services.chassis.settings.located_yaml import Located, at, only, read_regular, read_yaml
from services.ingest.core.profile.json_paths import steps
from services.ingest.core.profile.profile import Csv, Fixed, Group, Json, Part, Profile
from services.ingest.profiles.entry_fields import date_formats, one_of, text_list
from services.ingest.profiles.field_rules import FieldFile
from services.ingest.profiles.layout import read_layout

REQUIRED = {"profile", "layout", "case", "defendant", "charges"}
OPTIONAL = frozenset(
    {"remarks", "case_by", "rows", "blank", "dates", "tables", "sentence", "later_relief", "dropped"}
    | {"ignored", "other_columns"}
)


_MODELS: dict[Part, type[BaseModel]] = {
    "charge": CourtCharge,
    "sentence": CourtSentence,
    "relief": CourtLaterRelief,
}


def read_profiles(folder: Path, cities: Sequence[str]) -> dict[str, Profile]:
    """Every profile of a county's folder by name. ``cities``: those that prosecute there. Raises WrongFile."""
    found = [read_profile(path, cities) for path in sorted((folder / "profiles").glob("*.yaml"))]
    return {profile.name: profile for profile in found}


def read_profile(path: Path, cities: Sequence[str]) -> Profile:
    """The profile that a file holds. Raises WrongFile with file, line and what is wrong."""
    source = only(path, read_yaml(path), REQUIRED, OPTIONAL)
    if source["profile"] != path.stem:
        raise at(path, source, "profile", f"should be named as its file: {path.stem}")
    return _Reader(path, source, cities).profile()


class _Reader:
    """One file while it is read."""

    def __init__(self, path: Path, source: Located, cities: Sequence[str]) -> None:
        self._path, self._source = path, source
        self._layout = read_layout(path, source)
        self._files = FieldFile(
            path,
            tables=_tables(path, source),
            dates=date_formats(path, source, "dates"),
            blank=text_list(path, source, "blank"),
            cities=cities,
            layout=self._layout,
        )

    def profile(self) -> Profile:
        """The whole profile."""
        path, source, layout = self._path, self._source, self._layout
        case = self._files.fields(source, "case", CourtCase, "case", {"defendant", "charges"})
        defendant = self._files.fields(source, "defendant", Defendant, "case", set())
        charges = self._group(source["charges"], source, "charges", "charge")
        sentence = self._groups("sentence", "sentence")
        relief = self._groups("later_relief", "relief")
        anywhere = one_of(path, source, "rows", ("together", "anywhere")) == "anywhere"
        case_by = self._columns("case_by")
        self._check_keys(case_by, anywhere)
        known = self._files.known()
        profile = Profile(
            name=source["profile"],
            fingerprint=hashlib.sha256(read_regular(path)).hexdigest()[:16],
            layout=layout,
            case_by=case_by,
            anywhere=anywhere,
            case=case,
            defendant=defendant,
            charges=charges,
            sentence=sentence,
            relief=relief,
            dropped=frozenset(self._columns("dropped")),
            ignored=frozenset(self._columns("ignored")),
            others_ignored=one_of(path, source, "other_columns", ("refuse", "ignore")) == "ignore",
        )
        for key in ("dropped", "ignored"):
            both = sorted(profile.used() & set(self._columns(key)))
            if both:
                raise at(path, source, key, f"{both[0]!r} is taken by a field: it cannot be {key}")
        if known is not None:
            unknown = sorted((profile.used() | profile.dropped | profile.ignored) - known)
            if unknown:
                raise at(path, source, "layout", f"the layout has no column {unknown[0]!r}")
        return profile

    def _check_keys(self, case_by: tuple[str, ...], anywhere: bool) -> None:
        path, source, layout = self._path, self._source, self._layout
        if isinstance(layout, Json):
            for key in ("case_by", "rows"):
                if key in source:
                    raise at(path, source, key, f"{key}: an object of JSON is one case; leave it out")
        elif isinstance(layout, Csv) and not case_by:
            raise at(path, source, "case_by", "case_by: the columns whose text tells one case from another")
        elif isinstance(layout, Fixed):
            outside = [name for name in case_by if name not in layout.common]
            if outside:
                raise at(
                    path, source, "case_by", f"{outside[0]!r} is no column of every row (layout: common)"
                )
        if anywhere and not case_by:
            raise at(path, source, "rows", "rows: anywhere needs case_by")

    def _columns(self, key: str) -> tuple[str, ...]:
        source = self._source
        names = text_list(self._path, source, key)
        return tuple(self._files.column(source, key, name) for name in names)

    def _groups(self, key: str, part: Part) -> tuple[Group, ...]:
        listed = self._source.get(key, [])
        if not isinstance(listed, list):
            raise at(
                self._path,
                self._source,
                key,
                f"{key}: a list is expected, of one entry for each way it comes",
            )
        if isinstance(self._layout, Fixed) and len(listed) > 1:
            raise at(self._path, self._source, key, f"{key}: a layout of fixed columns has one entry at most")
        return tuple(self._group(entry, self._source, key, part) for entry in listed)

    def _group(self, entry: Any, within: Located, key: str, part: Part) -> Group:
        path, layout = self._path, self._layout
        if not isinstance(entry, Located):
            raise at(path, within, key, f"{key}: {{fields: ...}} is expected")
        telling = "by" if isinstance(layout, Csv) else "each" if isinstance(layout, Json) else None
        optional = frozenset({telling} if telling else set())
        only(path, entry, {"fields"}, optional)
        if telling and telling not in entry and part == "charge":
            raise at(path, within, key, f"{key}: {telling} is missing: what tells one charge from another")
        by: tuple[str, ...] = ()
        each = ""
        if telling == "by":
            by = tuple(self._files.column(entry, "by", name) for name in text_list(path, entry, "by"))
        elif telling == "each" and "each" in entry:
            each = str(entry["each"])
            try:
                steps(each)
            except ValueError as error:
                raise at(path, entry, "each", str(error)) from error
        if isinstance(layout, Fixed) and not any(r.starts == part for r in layout.records.values()):
            raise at(path, within, key, f"no record type of the layout starts a {part}")
        fields = self._files.fields(entry, "fields", _MODELS[part], part, {"sentence", "later_relief"})
        return Group(part, fields, by, each)


def _tables(path: Path, source: Located) -> Located:
    tables = source.get("tables", Located())
    if not isinstance(tables, Located):
        raise at(path, source, "tables", "tables: a mapping of names to tables is expected")
    return tables
