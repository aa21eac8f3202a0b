"""A seeded mutator of DOJ files: what exports, editors, transports and clerks do to rows."""

import csv
import io
from collections.abc import Callable, Sequence
from random import Random

Fields = list[str]

READ_COLUMNS = (2, 4, 11, 12, 13, 14, 37, 40, 42, 46, 48, 50, 51, 52, 54, 55, 58, 63, 80, 82, 86, 87, 88, 93)
"""Places of the columns that decide something, so that most faults fall where they can do harm."""
DATES = ("00000000", "19990000", "19990500", "99999999", "20990101", "1999-05-03", "05/03/1999", "19990230")
ODD_DATES = ("19000101", "1999", "199905031", "20000229", "19000229", "1999050３", "-9990503", "٢٠١٠٠١٠١")
ORDERS = (
    "",
    "1",
    "00100200100",
    "0010020010000",
    "001-002-001-",
    "ABCDEFGHIJKL",
    "000000000000",
    "９９９００１００１０００",
)
CHARGES = (
    "11357",
    "11358HS",
    "664/11359 HS",
    "187(A) PC",
    "11357.5 HS",
    "SEE COMMENT FOR CHARGE",
    "(((",
    "HS HS HS",
)
CHARGES += (
    "11357(C) HS/459 PC",
    "11359 HS-" + "X" * 300,
    "290 PC",
    "11358 PC",
    "1135８ HS",
    "11357)a( HS",
    ".",
    "-",
)
WORDS = (
    "NULL",
    "NULL  ",
    "x",
    "#",
    "None",
    "nan",
    "TRUE",
    "=cmd|' /C calc'!A0",
    "'; DROP TABLE x; --",
    "../../etc",
)
WORDS += (
    "\u200b",
    "\u00a0",
    "\u202eEVAS",
    "Ａ",
    "😀" * 3,
    "é",
    "\x07",
    "\x1b[31m",
    "\ufeff",
    "a\x85b",
    "a\u2028b",
    "%s%n",
    "\\",
)
DISPOSITIONS = (
    "CONVICTED",
    "CONV",
    "NOT GUILTY",
    "DISMISSED",
    "CONVICTED/",
    "convicted-prison",
    "NOLO",
    "DISM PROP 64",
    "?",
)
STEPS = (
    "COURT ACTION",
    "COURT",
    "DECEASED",
    "REGISTRATION",
    "ARREST/DETAINED/CITED",
    "court  action",
    "APPLICANT",
    "",
)
COUNTIES = (
    "LOS ANGELES ",
    "los angeles county",
    "LA",
    "LOS ANGELS",
    "ORANGE",
    "CA",
    "LOS ANGELES/ORANGE",
    "58",
)
LEVELS = ("FELONY", "felony", "F", "M", "FELONIOUS", "INFRACTION", "0", "MISDEMEANOR ")
TIMES = ("-3", "3.5", "999999", "LIFE", "0", "1000000", "³", "Y", "3 Y")
BY_COLUMN = {
    14: (*DATES, *ODD_DATES), 37: DATES, 40: (*DATES, *ODD_DATES), 51: DATES, 42: STEPS, 48: COUNTIES,
    50: ORDERS, 54: CHARGES, 63: CHARGES, 93: CHARGES, 80: DISPOSITIONS, 82: LEVELS, 55: LEVELS, 87: TIMES,
}  # fmt: skip


def written(fields: Fields) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(fields)
    return text.getvalue().encode()


def _place(chance: Random, fields: Fields) -> int:
    place = chance.choice(READ_COLUMNS) if chance.random() < 0.8 else chance.randrange(len(fields))
    return min(place, len(fields) - 1)


def typical(fields: Fields, chance: Random) -> None:
    place = chance.choice(tuple(BY_COLUMN))
    fields[place % len(fields)] = chance.choice(BY_COLUMN[place])


def blank(fields: Fields, chance: Random) -> None:
    fields[_place(chance, fields)] = chance.choice(("", " ", "NULL  ", "x", "\t"))


def swap(fields: Fields, chance: Random) -> None:
    one, other = _place(chance, fields), _place(chance, fields)
    fields[one], fields[other] = fields[other], fields[one]


def word(fields: Fields, chance: Random) -> None:
    fields[_place(chance, fields)] = chance.choice(WORDS)


def around(fields: Fields, chance: Random) -> None:
    place, mark = _place(chance, fields), chance.choice((*WORDS, '"', "'", ",", ";", " ", "\t"))
    fields[place] = chance.choice(
        (mark + fields[place], fields[place] + mark, f"{mark}{fields[place]}{mark}")
    )


def case(fields: Fields, chance: Random) -> None:
    place = _place(chance, fields)
    fields[place] = fields[place].swapcase()


def huge(fields: Fields, chance: Random) -> None:
    fields[_place(chance, fields)] = chance.choice("X1 (,") * chance.choice((61, 300, 5_000, 131_073))


def doubled(fields: Fields, chance: Random) -> None:
    place = _place(chance, fields)
    fields[place] += fields[place]


def less(fields: Fields, chance: Random) -> None:
    del fields[chance.randrange(len(fields))]


def more(fields: Fields, chance: Random) -> None:
    fields.insert(chance.randrange(len(fields)), chance.choice(("", "x", "11358 HS")))


def shifted(fields: Fields, chance: Random) -> None:
    at = chance.randrange(len(fields) - 1)
    fields[:] = [*fields[:at], "", *fields[at:-1]]


def truncated(raw: bytes, chance: Random) -> bytes:
    return raw[: chance.randrange(len(raw) + 1)]


def flipped(raw: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ 1 << chance.randrange(8)]) + raw[at + 1 :]


def inserted(raw: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(raw) + 1)
    marks = (
        b"\0",
        b'"',
        b"'",
        b",",
        b"\n",
        b"\r",
        b"\r\n",
        b"\xff",
        b"\xc3",
        b"\xe9",
        b"\x1a",
        b"\xef\xbb\xbf",
        b"\x0c",
    )
    return raw[:at] + chance.choice(marks) + raw[at:]


def other_separators(raw: bytes, chance: Random) -> bytes:
    return raw.replace(b",", chance.choice((b";", b"\t", b"|", b", ", b",,")))


def recoded(raw: bytes, chance: Random) -> bytes:
    return raw.decode().encode(chance.choice(("utf-16-le", "utf-16", "latin-1", "cp1252")), errors="replace")


def quoted(raw: bytes, chance: Random) -> bytes:
    return chance.choice((b'"' + raw + b'"', b'"' + raw, raw.replace(b",", b'","'), raw + b'"'))


def nothing(_: bytes, chance: Random) -> bytes:
    return chance.choice((b"", b" ", b"," * 94, b"," * 95, b'"', b"\x1a", b"TOTAL ROWS: 10000", b"RECORD_ID"))


IN_FIELDS: tuple[Callable[[Fields, Random], None], ...] = (
    typical, typical, typical, blank, swap, word, around, case, huge, doubled, less, more, shifted,
)  # fmt: skip
IN_BYTES: tuple[Callable[[bytes, Random], bytes], ...] = (
    truncated, flipped, inserted, inserted, other_separators, recoded, quoted, nothing,
)  # fmt: skip


def mangled(fields: Sequence[str], chance: Random) -> bytes:
    """One row with one to three faults, without its line end (though a fault may have put one into it)."""
    faulty = list(fields)
    for _ in range(chance.choice((1, 1, 2, 3))):
        chance.choice(IN_FIELDS)(faulty, chance)
    raw = written(faulty)
    return chance.choice(IN_BYTES)(raw, chance) if chance.random() < 0.3 and raw else raw


def a_file(header: bytes, rows: Sequence[bytes], chance: Random) -> bytes:
    """The rows as a file: with or without header and byte-order mark, with any line ends, whole or cut off."""
    ends = chance.choice(((b"\n",), (b"\r\n",), (b"\n", b"\r\n", b"\n\n", b"\r\r\n")))
    headers: tuple[bytes, ...] = (
        b"",
        header,
        header,
        header.lower(),
        b'"' + header.replace(b",", b'","') + b'"',
    )
    first = chance.choice(headers)
    body = b"".join(row + chance.choice(ends) for row in ((first, *rows) if first else rows))
    return chance.choice((b"", b"", b"\xef\xbb\xbf")) + chance.choice((body, body, body.rstrip(b"\r\n")))
