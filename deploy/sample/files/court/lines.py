"""A person's cases as lines of the court's feed (reliefstream_contracts.court_case)."""

import json
from datetime import date
from typing import Any

from deploy.sample.chance.dice import Dice
from deploy.sample.population.person import Case, Charge, Person
from deploy.sample.population.places import County
from deploy.sample.population.sections import court_section


def court_lines(person: Person, county: County, dice: Dice) -> list[str]:
    """The lines in the order in which the court sends them; a later revision or a withdrawal comes last."""
    lines: list[str] = []
    later: list[str] = []
    known_cii = False
    for case in person.cases:
        if not case.in_court:
            continue
        # A rap sheet is found by CII on one record at least; the others may lean on the court's own key.
        with_cii = person.cii is not None and (not known_cii or dice.chance(55))
        known_cii = known_cii or (with_cii and not case.withdrawn)
        record = _record(case, person, county, with_cii, dice)
        if case.revised:
            lines.append(_json(_pending(record)))
            record["revision"] = 2
            later.append(_json(record))
        elif case.withdrawn:
            lines.append(_json(record))
            later.append(_json({**record, "revision": 2, "withdrawn": True}))
        else:
            lines.append(_json(record))
            if case.sent_twice:
                later.append(lines[-1])
    return lines + later


def _json(record: dict[str, Any]) -> str:
    return json.dumps(record, separators=(",", ":"))


def _record(case: Case, person: Person, county: County, with_cii: bool, dice: Dice) -> dict[str, Any]:
    record: dict[str, Any] = {
        "record_id": case.record_id,
        "revision": 1,
        "county": county.words.title() if dice.chance(80) else county.words,
        "court": county.court,
        "case_number": case.court_number,
        "prosecuting_agency": case.agency,
        "defendant": _defendant(person, with_cii, dice),
        "charges": [_charge(count, charge, case, dice) for count, charge in enumerate(case.charges, start=1)],
    }
    if case.sealed:
        record["record_status"] = "sealed"
    return record


def _defendant(person: Person, with_cii: bool, dice: Dice) -> dict[str, Any]:
    surname, given = person.surname, person.given
    if dice.chance(30):
        surname = surname.replace(" ", "-")
    if dice.chance(30):
        surname, given = surname.title(), given.title()
    known = {
        "source_subject_id": person.court_key,
        "cii_number": person.cii if with_cii else None,
        "surname": surname,
        "given_name": given,
        "middle_name": person.middle or None,
        "name_suffix": person.suffix or None,
        "birth_date": None if dice.chance(3) else person.birth.isoformat(),
        "sex": person.sex,
        "race": person.race_word,
    }
    return {name: value for name, value in known.items() if value is not None}


def _charge(count: int, charge: Charge, case: Case, dice: Dice) -> dict[str, Any]:
    text = charge.court_text
    day = case.day.isoformat() if case.court_knows_day else None
    known = {
        "charge_number": f"{count:02d}" if dice.chance(20) else str(count),
        "code_section": court_section(charge.section, dice, charge.attempt) if text is None else text,
        "level_charged": charge.level,
        "level_convicted": charge.level if charge.convicted else None,
        "offense_date": case.offense_day.isoformat() if day else None,
        "plea": dice.one_of(("guilty", "nolo contendere")) if charge.convicted else "not guilty",
        "disposition": "convicted" if charge.convicted else "dismissed",
        "disposition_date": day,
        "sentence": [
            {"kind": part.kind, "length": part.length, "unit": part.unit} for part in charge.sentence
        ]
        or None,
        "later_relief": _later_relief(charge) or None,
    }
    return {name: value for name, value in known.items() if value is not None}


def _later_relief(charge: Charge) -> list[dict[str, str]]:
    shown: list[tuple[str, date | None]] = [
        ("pc_1203_4", charge.set_aside_on),
        ("hs_11361_8_dismissal", charge.relieved_on),
    ]
    return [{"kind": kind, "relief_date": on.isoformat()} for kind, on in shown if on]


def _pending(record: dict[str, Any]) -> dict[str, Any]:
    """The same case before its end."""
    kept = ("charge_number", "code_section", "level_charged", "offense_date")
    charges = [{name: charge[name] for name in kept if name in charge} for charge in record["charges"]]
    return {**record, "charges": [{**charge, "disposition": "pending"} for charge in charges]}
