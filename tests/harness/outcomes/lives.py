"""Fabricated lives with disqualifiers, as DOJ's rows, and what the statute's words alone say of each."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from tests.eligibility.law.oracles.oracle_of_the_statute import Known, Offense
from tests.evaluation.doj_rows import a_row

SECTIONS = {
    "11357(A)": "11357(a)",
    "11357(B)": "11357(b)",
    "11357(C)": "11357(c)",
    "11358": "11358",
    "11359": "11359",
    "11360(A)": "11360(a)",
    "11360(B)": "11360(b)",
}
LEVELS = ("FELONY", "FELONY", "FELONY", "MISDEMEANOR")
BARRING = (
    "187(A) PC-MURDER",
    "288(A) PC-LEWD ACTS",
    "209(B)(1) PC-KIDNAP",
    "311.4 PC-MINOR IN OBSCENE MATTER",
)
"""Super strikes and offenses of PC 290(c), by any reading."""
BARRING_OR_NOT = ("272 PC-CONTRIB", "191.5(B) PC-VEH MANSL", "220 PC-ASSAULT TO COMMIT", "261 PC-RAPE")
"""What bars only with an element that no section number shows."""
BARRING_NOT = ("459 PC-BURGLARY", "484 PC-THEFT", "10851 VC-TAKE VEHICLE", "537 PC-DEFRAUD")


OFFENSES = ((BARRING, True), (BARRING_OR_NOT, None), (BARRING_NOT, False))


class Days(NamedTuple):
    """The birth of a person, and the arrest and the conviction that are judged."""

    born: date
    arrest: date
    convicted: date


class Life(NamedTuple):
    """A person's rows, the number of the case that is judged, and what is known of it."""

    rows: list[dict[str, str]]
    case_number: str
    offense: Offense


class Other(NamedTuple):
    """Another conviction: its text and level, its day, and whether it bars."""

    text: str
    level: str
    on: date
    bars: Known
    case_number: str


def lives(number: int, seed: int) -> Iterator[Life]:
    """So many lives, drawn from the seed."""
    dice = Random(seed)
    for at in range(number):
        yield _life(dice, at)


def _life(dice: Random, at: int) -> Life:
    written, section = dice.choice(list(SECTIONS.items()))
    level = "MISDEMEANOR" if section in {"11357(b)", "11357(c)"} else dice.choice(LEVELS)
    level = "FELONY" if section in {"11358", "11359", "11360(a)"} else level
    arrest = date(1980, 1, 1) + timedelta(dice.randrange(12_000))
    convicted = arrest + timedelta(dice.randrange(20, 400))
    age = dice.choice((16, 17, 19, 20, 25, 40))
    born = date(arrest.year - age - 1, 1, 1) if age != 17 else date(arrest.year - 18, 12, 31)
    person = {
        "SUBJECT_ID": str(at + 1),
        "CII_NUMBER": f"A{at + 10_000_000}",
        "PRI_NAME": _name(at),
        "PRI_DOB": _digits(born),
    }
    number = f"BA{at:06}"
    others = list(_others(dice, written, Days(born, arrest, convicted), number))
    rows = _case(person, 9, Other(f"{written} HS-MARIJUANA", level, convicted, None, number), arrest)
    for place, other in enumerate(others):
        if other.case_number == number:  # another count of the case that is judged
            rows.append(rows[-1] | {"CNT_ORDER": "009002002000", "OFFENSE_DESCR": other.text})
            continue
        rows += _case(person, place, other, other.on - timedelta(30))
    return Life(rows, number, Offense(section, level.lower(), _band(born, arrest), _bar(others, level)))


def _others(dice: Random, written: str, days: Days, number: str) -> Iterator[Other]:
    texts = [(text, bars) for texts, bars in OFFENSES for text in texts]
    longest = (days.arrest - days.born).days - 15 * 366  # nobody under 14 was convicted
    for at in range(dice.choice((0, 1, 1, 1, 2))):
        text, would_bar = dice.choice(texts)
        before = days.arrest - timedelta(dice.randrange(40, max(60, min(3_000, longest))))
        on, stood = dice.choice(
            (
                (before, True),
                (before, True),
                (days.arrest + timedelta(dice.randrange(1, 15)), None),
                (days.convicted + timedelta(dice.randrange(1, 3_000)), False),
                (days.convicted, False),
            )
        )
        bars = False if False in {would_bar, stood} else None if None in {would_bar, stood} else True
        same_case = on == days.convicted
        yield Other(text, "FELONY", on, bars, number if same_case and at == 0 else f"{number}X{at}")
    if dice.randrange(6) == 0:
        for at in (3, 4):
            on = days.arrest - timedelta(100 * at)
            yield Other(f"{written} HS-MARIJUANA", "FELONY", on, True, f"{number}P{at}")


def _bar(others: list[Other], level: str) -> Known:
    two = sum(other.case_number[-2:-1] == "P" for other in others) >= 2
    known = {other.bars for other in others if other.case_number[-2:-1] != "P"} | {two}
    return True if True in known else None if None in known else False


def _case(person: dict[str, str], cycle: int, other: Other, arrest: date) -> list[dict[str, str]]:
    common = person | {
        "CYC_DATE": _digits(arrest),
        "OFFENSE_DESCR": other.text,
        "OFFENSE_TOC": other.level[0],
    }
    arrested = {
        "CNT_ORDER": f"{cycle:03}001001000",
        "STP_EVENT_DATE": _digits(arrest),
        "STP_TYPE_DESCR": "ARREST/DETAINED/CITED",
        **dict.fromkeys(
            (
                "OFN",
                "DISP_DESCR",
                "DISP_DATE",
                "CONV_STAT_DESCR",
                "SENT_LENGTH",
                "SENT_TIME_CODE",
                "SENT_LOC_DESCR",
            ),
            "",
        ),
    }
    convicted = {
        "CNT_ORDER": f"{cycle:03}002001000",
        "STP_EVENT_DATE": _digits(other.on),
        "DISP_DATE": _digits(other.on),
        "OFN": other.case_number,
        "CONV_STAT_DESCR": other.level,
    }
    return [a_row(**common, **arrested), a_row(**common, **convicted)]


def _band(born: date, arrest: date) -> str:
    age = arrest.year - born.year - ((arrest.month, arrest.day) < (born.month, born.day))
    return "under_18" if age < 18 else "18_to_20" if age < 21 else "21_or_older"


def _digits(day: date) -> str:
    return f"{day.year}{day.month:02}{day.day:02}"


def _name(at: int) -> str:
    letters = "".join(chr(65 + at // 26**power % 26) for power in range(4))
    return f"Q{letters},V{letters[::-1]}"
