"""What DOJ says of a conviction and what the court says, field by field. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

Conviction = Mapping[str, Any]
AS_WRITTEN: Final = "The charge as written"
"""Each source writes it in its own way: nothing follows from a difference."""
FIELDS: Final = (
    ("Section", "section"),
    ("Level", "level"),
    ("Case number", "case_number"),
    ("Day of the offense", "offense_date"),
    ("Day of the conviction", "conviction_date"),
    ("Day of the disposition", "disposition_date"),
    ("Day of the arrest", "arrest_date"),
    ("Prosecuted by", "prosecuting_agency"),
    (AS_WRITTEN, "as_written"),
)
"""As a page names a field, and its name in what reconciliation shows of a count."""


class Row(NamedTuple):
    """One field. None: that source has no count of the conviction, or says nothing."""

    name: str
    doj: str | None
    court: str | None

    @property
    def differs(self) -> bool:
        """Whether both say something, and not the same."""
        if self.name == AS_WRITTEN or not (self.doj and self.court):
            return False
        return _comparable(self.doj) != _comparable(self.court)


class Sources(NamedTuple):
    """``where``: for each count, where it stands in what was sent. ``beside``: other convictions of the same event."""

    rows: tuple[Row, ...]
    where: tuple[str, ...]
    conviction: Conviction
    beside: tuple[Conviction, ...]


def sources(person: Mapping[str, Any], counts: Sequence[str]) -> Sources | None:
    """Both sources on the conviction of these counts; None: the person's history has it no more."""
    conviction = _of(person, counts)
    if conviction is None:
        return None
    said = {source: _said(person, conviction, source) for source in ("doj", "court")}
    rows = tuple(Row(name, said["doj"].get(key), said["court"].get(key)) for name, key in FIELDS)
    beside = tuple(one for one in others(person, counts) if one["event"] == conviction["event"])
    return Sources(rows, tuple(_where(conviction)), conviction, beside)


def others(person: Mapping[str, Any], counts: Sequence[str]) -> tuple[Conviction, ...]:
    """The person's other convictions, the earliest first."""
    own = _of(person, counts)
    return tuple(one for one in person["history"]["convictions"] if one is not own)


def _of(person: Mapping[str, Any], counts: Sequence[str]) -> Conviction | None:
    for one in person["history"]["convictions"]:
        if {each["key"] for each in one["counts"]} & set(counts):
            found: Conviction = one
            return found
    return None


def _said(person: Mapping[str, Any], conviction: Conviction, source: str) -> Mapping[str, str | None]:
    """What the first count of a source says."""
    shown = {one["key"]: one for one in person["counts"]}
    for one in conviction["counts"]:
        if one["source"] == source and one["key"] in shown:
            found: Mapping[str, str | None] = shown[one["key"]]
            return found
    return {}


def _where(conviction: Conviction) -> Iterator[str]:
    for one in conviction["counts"]:
        whose = "DOJ's" if one["source"] == "doj" else "The court's"
        if one["file_row"] is not None:
            yield f"{whose} file {(one['file_sha256'] or '')[:12]}, row {one['file_row']}"
        else:
            record, _, count = one["key"].rpartition("/")
            yield f"{whose} record {record.split('/', 2)[-1]}, count {count}"


def _comparable(text: str) -> str:
    return "".join(text.split()).replace("-", "").upper()
