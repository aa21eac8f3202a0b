"""The charge of one count, from its rows."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from reliefstream_contracts.vocabulary.offense import Doubt, Offense
from services.ingest.core.charges.amended_charge import amended_to, same_charge
from services.ingest.core.charges.code_sections import read_offense
from services.ingest.core.charges.qualifiers import qualified, read_qualifiers
from services.ingest.core.doj.file.columns import DojRow

_LESSER = re.compile(r"\bLESSER\b|\bLIO\b")


class ReadCharge(NamedTuple):
    offense: Offense
    doubts: tuple[Doubt, ...] = ()


class _Texts(NamedTuple):
    """What one row says of the charge."""

    offense: str
    comment: str
    disposed: str
    convicted: str
    qualifiers: str
    disposed_qualifiers: str
    convicted_qualifiers: str
    disposition: str


def read_charge(rows: Sequence[DojRow], convicted: bool) -> ReadCharge:
    """The charge that rows name; without sections and with a doubt where they contradict each other.

    A conviction's charge is also in doubt where it cannot be read, and where DISP_OFFENSE_DESCR,
    CONV_OFFENSE_DESCR, a comment or the disposition (``AMENDED TO``) names another than OFFENSE_DESCR, the disposition
    says a lesser offense that nothing names, or a qualifier (OFFENSE_QUAL_LST) is of a kind that is not known here.
    """
    texts = tuple(
        _Texts(
            row.offense_descr,
            row.comment_text,
            row.disp_offense_descr,
            row.conv_offense_descr,
            row.offense_qual_lst,
            row.disp_offense_qual_lst,
            row.conv_offense_qual_lst,
            row.disp_descr,
        )
        for row in rows
    )
    return _read_charge(texts, convicted)


@lru_cache(maxsize=20_000)
def _read_charge(rows: tuple[_Texts, ...], convicted: bool) -> ReadCharge:
    texts = sorted({(row.offense, row.comment, row.qualifiers) for row in rows})
    readings = [
        qualified(read_offense(description, comment), read_qualifiers(qualifiers))
        for description, comment, qualifiers in texts
    ]
    # A sentence part's row may leave the charge out; one that says something else contradicts.
    said = [offense for offense in readings if offense.as_written] or readings[:1]
    distinct = {(o.sections, o.attempt, o.conspiracy, o.accessory) for o in said}
    if len(distinct) > 1:
        return _contradictory(*(o.as_written for o in said))
    beside = tuple(dict.fromkeys(section for o in said for section in o.comment_sections))
    offense = said[0]
    if beside != offense.comment_sections:
        offense = offense.replace(comment_sections=beside)
    if not convicted:
        return ReadCharge(offense)
    others = {other.as_written for other in _in_the_end(rows) if not same_charge(offense, other)}
    if others:
        return _contradictory(offense.as_written, *sorted(others))
    if any(_LESSER.search(row.disposition.upper()) and not (row.disposed or row.convicted) for row in rows):
        return _contradictory(offense.as_written, "a lesser offense")
    unread = sorted({one for row in rows for text in row[4:7] for one in read_qualifiers(text).unread})
    if unread and offense.sections:
        return _contradictory(offense.as_written, *(f"qualifier: {one}" for one in unread))
    if offense.sections:
        return ReadCharge(offense)
    text = offense.as_written
    return ReadCharge(
        offense,
        (
            Doubt(field="offense", kind="unparsed", as_written=(text,))
            if text
            else Doubt(field="offense", kind="missing"),
        ),
    )


def _in_the_end(rows: Sequence[_Texts]) -> Iterator[Offense]:
    """What the rows say the conviction was of, beside the charge itself."""
    for row in rows:
        for text, qualifiers in (
            (row.disposed, row.disposed_qualifiers),
            (row.convicted, row.convicted_qualifiers),
        ):
            if text or qualifiers:
                own = read_offense(text) if text else read_offense(row.offense, row.comment)
                yield qualified(own, read_qualifiers(qualifiers or row.qualifiers))
        yield from filter(None, map(amended_to, (row.comment, row.disposition)))


def _contradictory(*texts: str) -> ReadCharge:
    """A charge without sections, under the first of the texts."""
    written = tuple(dict.fromkeys(filter(None, texts)))
    doubt = Doubt(field="offense", kind="contradictory", as_written=written)
    return ReadCharge(Offense(as_written=" | ".join(written), sections=()), (doubt,))
