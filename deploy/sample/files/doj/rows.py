"""A person as rows of DOJ's bulk file: an arrest and a court step per case, a row per count or sentence part."""

from datetime import date

from deploy.sample.chance.dice import Dice
from deploy.sample.files.doj.columns import COLUMN, COLUMNS
from deploy.sample.population.person import Case, Charge, Person, SentencePart
from deploy.sample.population.sections import doj_description

STP_EVENT_DATE, STP_TYPE, ORI, ORI_COUNTY = (
    COLUMN[name] for name in ("STP_EVENT_DATE", "STP_TYPE_DESCR", "STP_ORI_DESCR", "STP_ORI_CNTY_NAME")
)
CYC_ORDER, CYC_DATE, STP_ORDER, CNT_ORDER, DISP_DATE, OFN = (
    COLUMN[name] for name in ("CYC_ORDER", "CYC_DATE", "STP_ORDER", "CNT_ORDER", "DISP_DATE", "OFN")
)
OFFENSE, TOC, DISP, CONV_STAT, COMMENT = (
    COLUMN[name] for name in ("OFFENSE_DESCR", "OFFENSE_TOC", "DISP_DESCR", "CONV_STAT_DESCR", "COMMENT_TEXT")
)
SENT_ORDER, SENT_CODE, SENT_PLACE, SENT_LENGTH, SENT_UNIT, SENT_UNIT_WORD, CYC_AGE = (
    COLUMN[name]
    for name in (
        "SENT_ORDER",
        "SENT_LOC_CODE",
        "SENT_LOC_DESCR",
        "SENT_LENGTH",
        "SENT_TIME_CODE",
        "SENT_TIME_DESCR",
        "CYC_AGE",
    )
)
_SEPARATORS = [COLUMN[name] for name in COLUMNS if name.endswith("_SEG_SEP")]
_UNITS = {"days": ("D", "DAYS      "), "months": ("M", "MONTHS    "), "years": ("Y", "YEARS     ")}
_LEVEL_LETTERS = {"felony": "F", "misdemeanor": "M", None: " "}


def rap_sheet_rows(person: Person, dice: Dice) -> list[list[str]]:
    """All rows of a person whom DOJ knows, in the order of the rap sheet."""
    base = _personal(person, dice)
    rows: list[list[str]] = []
    cases = sorted((case for case in person.cases if case.in_doj), key=lambda case: case.day)
    cycle = 100
    for cycle, case in enumerate(cases, start=101):
        rows += _arrest(base, cycle, case, person)
        rows += _court_action(base, cycle, case, person, dice)
        for disposition, on in _later_relief(case.charges[0]):
            row = _event(base, (cycle, 3, 1), on, "COURT ACTION", case.county)
            _grant(row, case, disposition, dice)
            rows.append(row)
    county = cases[0].county
    for day in person.registered_on:
        cycle += 1
        row = _event(base, (cycle, 1, 1), day, "REGISTRATION", county)
        row[OFFENSE] = "290(A) PC-REGISTRATION OF SEX OFFENDER"
        rows.append(row)
    if person.deceased_on:
        rows.append(_event(base, (cycle + 1, 1, 1), person.deceased_on, "DECEASED", county))
    return rows


def _personal(person: Person, dice: Dice) -> list[str]:
    row = [""] * len(COLUMNS)
    for place in _SEPARATORS:
        row[place] = "#"
    name = f"{person.surname},{person.given}"
    name += "".join(f" {part}" for part in (person.middle, person.suffix) if part)
    number = person.number % 10_000_000
    values = {
        "SUBJECT_STATUS": "        ",
        "SUBJECT_ID": person.subject_id or "",
        "REQ_CII_NUMBER": person.cii or "",
        "REQ_NAME": name,
        "REQ_GENDER": person.sex,
        # 000 is no area of a social security number: fabricated beyond doubt.
        "PRI_SSN": f"000-{number % 89 + 10}-{number % 10_000:04d}",
        "REQ_SSN": f"000-{number % 89 + 10}-{number % 10_000:04d}",
        "PRI_CDL": f"000-X{number:07d}",
        "REQ_CDL": "x       ",
        "CII_NUMBER": person.cii or "",
        "PRI_NAME": name,
        "GENDER": person.sex,
        "PRI_DOB": _digits(person.birth),
        "RACE_CODE": person.race_code,
        "RACE_DESCR": f"{person.race_word:<10}",
        "HEIGHT": f"5{dice.between(0, 11):02d}",
        "WEIGHT": str(dice.between(110, 260)),
        "POB_CODE": "CA",
        "POB_NAME": "CALIFORNIA      ",
        "OFFENSE_QUAL_LST": "              ",
        "FE_NUM_ORDER": "x       ",
        "OFFENSE_CODE": "x",
        "END_OF_REC": "#",
    }
    for column, value in values.items():
        row[COLUMN[column]] = value
    return row


def _event(base: list[str], place: tuple[int, int, int], day: date, kind: str, county: str) -> list[str]:
    cycle, step, count = place
    row = base.copy()
    row[CYC_ORDER], row[STP_ORDER] = f"{cycle:03d}", f"{step:03d}"
    row[CNT_ORDER] = f"{cycle:03d}{step:03d}{count:03d}000"
    row[CYC_DATE] = row[STP_EVENT_DATE] = _digits(day)
    row[STP_TYPE] = kind
    row[ORI_COUNTY] = county if cycle % 7 else f"{county}   "
    return row


def _digits(day: date) -> str:
    return f"{day.year}{day.month:02d}{day.day:02d}"


def _arrest(base: list[str], cycle: int, case: Case, person: Person) -> list[list[str]]:
    rows = []
    for count, charge in enumerate(case.charges, start=1):
        row = _event(base, (cycle, 1, count), case.offense_day, "ARREST/DETAINED/CITED", case.county)
        row[CYC_DATE] = _digits(case.offense_day)
        row[ORI] = f"CAPD {case.courthouse}"
        row[OFN] = "NULL  "
        row[OFFENSE] = f"{charge.section.number} {charge.section.code}-{charge.section.words}"
        row[TOC] = "F" if charge.level == "felony" else "M"
        row[CYC_AGE] = str(case.offense_day.year - person.birth.year)
        rows.append(row)
    return rows


def _court_action(base: list[str], cycle: int, case: Case, person: Person, dice: Dice) -> list[list[str]]:
    rows = []
    for count, charge in enumerate(case.charges, start=1):
        row = _event(base, (cycle, 2, count), case.day, "COURT ACTION", case.county)
        row[CYC_DATE], row[DISP_DATE] = _digits(case.offense_day), row[STP_EVENT_DATE]
        if case.doj_day is not None:
            row[STP_EVENT_DATE] = row[DISP_DATE] = case.doj_day
        row[ORI] = f"CASC {case.courthouse}"
        row[OFN] = case.number if count == 1 else dice.one_of(("", "NULL  ", case.number))
        row[CYC_AGE] = str(case.day.year - person.birth.year)
        _charge(row, charge, dice)
        rows += _sentenced(row, charge.sentence) if charge.sentence else [row]
    return rows


def _charge(row: list[str], charge: Charge, dice: Dice) -> None:
    text = charge.doj_text
    row[OFFENSE] = doj_description(charge.section, dice, charge.attempt) if text is None else text
    row[COMMENT] = charge.comment
    level = charge.doj_level or charge.level
    row[TOC] = _LEVEL_LETTERS[level]
    if charge.convicted:
        row[DISP] = "CONVICTED"
        row[CONV_STAT] = level.upper() if level else ""
    else:
        row[DISP] = "DISMISSED/LACK OF EVIDENCE"


def _sentenced(row: list[str], parts: tuple[SentencePart, ...]) -> list[list[str]]:
    row[DISP] = "CONVICTED-" + "/".join(
        "PROB" if p.kind == "probation" and len(parts) > 1 else p.kind.upper() for p in parts
    )
    rows = []
    for order, part in enumerate(parts, start=1):
        of_part = row.copy()
        of_part[CNT_ORDER] = f"{row[CNT_ORDER][:9]}{order:03d}"
        of_part[SENT_ORDER] = f"{order:03d}"
        of_part[SENT_CODE], of_part[SENT_PLACE] = part.kind[0].upper(), part.kind.upper()
        of_part[SENT_LENGTH] = str(part.length)
        of_part[SENT_UNIT], of_part[SENT_UNIT_WORD] = _UNITS[part.unit]
        rows.append(of_part)
    return rows


def _later_relief(charge: Charge) -> list[tuple[str, date]]:
    shown = (
        ("CONV SET ASIDE & DISM PER 1203.4 PC", charge.set_aside_on),
        ("DISMISSED/SEALED PER 11361.8 HS", charge.relieved_on),
    )
    return [(disposition, on) for disposition, on in shown if on]


def _grant(row: list[str], case: Case, disposition: str, dice: Dice) -> None:
    """Relief granted later is a step of its own, of the same case and offense."""
    charge = case.charges[0]
    row[CYC_DATE], row[DISP_DATE] = _digits(case.offense_day), row[STP_EVENT_DATE]
    row[OFN], row[ORI] = case.number, f"CASC {case.courthouse}"
    row[OFFENSE] = doj_description(charge.section, dice, charge.attempt)
    row[TOC] = _LEVEL_LETTERS[charge.doj_level or charge.level]
    row[DISP] = disposition
