"""One value from several rows that should say the same."""

from collections.abc import Iterable
from datetime import date
from typing import Literal, NamedTuple

from reliefstream_contracts.vocabulary.offense import Doubt
from services.ingest.core.doj.rap_sheet.dates import read_date


class Agreed(NamedTuple):
    """``value`` is empty when no row has one or rows differ; ``differing`` then has what they say, sorted."""

    value: str
    differing: tuple[str, ...] = ()


NOTHING = Agreed("")


def agreed(values: Iterable[str]) -> Agreed:
    """The value of all rows that have one."""
    found = set(values)
    found.discard("")
    if not found:
        return NOTHING
    if len(found) > 1:
        return Agreed("", tuple(sorted(found)))
    return Agreed(found.pop())


class DateFact(NamedTuple):
    on: date | None
    doubts: tuple[Doubt, ...]


def date_fact(
    field: str, values: Iterable[str], received_on: date, *, required: bool = False, private: bool = False
) -> DateFact:
    """The date that rows agree on, else None with the doubt.

    ``required``: a blank one is a doubt. ``private``: the doubt does not repeat what was written.
    """
    text, differing = agreed(values)
    kind: Literal["missing", "partial", "impossible", "contradictory", "unparsed"] | None
    if differing:
        kind, on = "contradictory", None
    else:
        on, kind = read_date(text, received_on)
        if required and not text:
            kind = "missing"
    if kind is None:
        return DateFact(on, ())
    written = () if private else differing or ((text,) if text else ())
    return DateFact(None, (Doubt(field=field, kind=kind, as_written=written),))
