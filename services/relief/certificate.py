"""The certificate of relief: a code by which the paper can be verified later, also once all is sealed. Pure.

What is kept is a keyed hash of the code together with what the paper says of the conviction: whoever has the paper can
have it verified, and nobody learns from the hash whose it is.
"""

import base64
import re
from datetime import date
from typing import NamedTuple

from reliefstream_contracts.identifiers import CountyName
from services.chassis.runtime.keyed_hash import KeyedHash
from services.relief.lifecycle.transitions import Relief

CODE_BYTES = 10
"""Random bytes of a code: 80 bits, sixteen letters and digits."""
_MARKS = re.compile(r"[\W_]+")
_MISREAD = str.maketrans("018", "OIB")
"""Digits that no code has, and the letters that they are read for."""


class Printed(NamedTuple):
    """What a certificate says of its conviction."""

    county: CountyName
    case_number: str | None
    section: str
    conviction_date: date | None


def printed(relief: Relief) -> Printed:
    """What a certificate of this relief says: the court's own case number, where there is one."""
    conviction = relief.conviction
    numbers = conviction.source_case_numbers
    case_number = numbers.get("court") or conviction.case_number or numbers.get("doj")
    return Printed(conviction.county, case_number, conviction.section, conviction.conviction_date)


def code_of(random: bytes) -> str:
    """The code of so many random bytes, in groups of four."""
    text = base64.b32encode(random).decode()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def hashes_of(code: str, said: Printed, hashing: KeyedHash) -> list[str]:
    """The hash by each key, the newest first; how code, number and section are punctuated does not matter."""
    return hashing.by_each_key(
        "certificate",
        _plain(code).translate(_MISREAD),
        said.county,
        _plain(said.case_number or ""),
        _plain(said.section),
        said.conviction_date.isoformat() if said.conviction_date else "",
    )


def _plain(text: str) -> str:
    return _MARKS.sub("", text.upper())
