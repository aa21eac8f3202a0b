"""A court's case to the normalised record of it, or the reasons why it is refused."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from reliefstream_contracts.court_case import CourtCase, CourtCharge
from reliefstream_contracts.identifiers import CountId
from reliefstream_contracts.receipts import Problem
from reliefstream_contracts.records import Count, CountOutcome, Person, PersonName
from reliefstream_contracts.vocabulary.offense import Doubt, LaterRelief, Offense, SentencePart
from services.birth_dates import plausible
from services.ingest.core.case_numbers import numbers_no_case
from services.ingest.core.charges.amended_charge import amended_to, same_charge
from services.ingest.core.charges.code_sections import read_offense
from services.ingest.core.charges.mistyped_sections import looks_mistyped
from services.ingest.core.counties import CountyIntake
from services.ingest.core.court.strict_json import spreadsheet_number
from services.ingest.core.doj.file.unit import Place
from services.ingest.core.doj.rap_sheet.dates import EARLIEST
from services.ingest.core.redaction import holds_number
from services.ingest.core.source_location import SourceLocation, private_number
from services.spreadsheet_damage import spreadsheet_damage

_UNREAD_BESIDE = Doubt(field="charged_beside", kind="unparsed")
_OUTCOMES: dict[str, CountOutcome] = {
    "convicted": "convicted",
    "acquitted": "not_convicted",
    "dismissed": "not_convicted",
    "petition_sustained": "not_convicted",
}
_ADJUDGED = ("convicted", "petition_sustained")


class CaseContent(NamedTuple):
    """The content of ``CaseRecorded``."""

    person: Person
    counts: tuple[Count, ...]
    doubts: tuple[Doubt, ...]


class Unread(NamedTuple):
    """A field that a county's profile lets be unknown when its text is not understood. ``charge``: its number,
    None for one of the person; ``as_written`` is None where it would repeat a person's data."""

    charge: str | None
    field: str
    as_written: str | None

    def doubt(self) -> Doubt:
        """What the law sees of it."""
        return Doubt(
            field=self.field, kind="unparsed", as_written=(self.as_written,) if self.as_written else ()
        )


def digest(case: CourtCase, unread: Sequence[Unread] = ()) -> str:
    """Equal for the same content, however it was written."""
    content = case.model_dump_json() + (json.dumps(unread) if unread else "")
    return hashlib.sha256(content.encode()).hexdigest()


def problems_of(
    case: CourtCase, intake: CountyIntake, received_on: date, where: SourceLocation
) -> tuple[Problem, ...]:
    """What the schema cannot see and intake refuses; empty when the case can be recorded."""
    found: list[Problem] = []
    if intake.county_of(case.county) != intake.county:
        found.append(
            where.at("county").problem(
                "other_county",
                f"the case is of another county than {intake.county}, which it was sent for",
                "send each county's cases through its own topic or address",
            )
        )
    for path, on in _past_dates(case):
        if on is not None and on > received_on:
            found.append(
                where.at(path).problem(
                    "date_in_the_future",
                    "this day has not come yet",
                    "correct the date, or leave it out if it is unknown",
                )
            )
        elif on is not None and on < EARLIEST:
            found.append(
                where.at(path).problem(
                    "date_too_early",
                    f"this day is before {EARLIEST.year}",
                    "correct the date, or leave it out if it is unknown",
                )
            )
    numbers_written = {
        "case_number": case.case_number,
        "defendant.source_subject_id": case.defendant.source_subject_id,
    }
    identifiers = {**numbers_written, "record_id": case.record_id}
    if holds_number("\n".join(filter(None, identifiers.values()))):  # rarely: looked at all at once first
        found += [
            private_number(where.at(path))
            for path, number in identifiers.items()
            if number and holds_number(number)
        ]
    for path, number in numbers_written.items():
        if number and (damage := spreadsheet_damage(number)):
            found.append(spreadsheet_number(where.at(path), damage))
    if numbers_no_case(case.case_number):
        found.append(
            where.at("case_number").problem(
                "case_number_invalid",
                "this is no number of a case: it has no digit but zeros",
                "send the number that the court gave the case",
            )
        )
    numbers = [charge.charge_number for charge in case.charges]
    for index, charge in enumerate(case.charges):
        if charge.charge_number in numbers[:index]:
            found.append(
                where.at(f"charges[{index}].charge_number").problem(
                    "duplicate_charge_number",
                    "another charge of the case has this number",
                    "number the charges of a case distinctly",
                )
            )
        for place, part in enumerate(charge.sentence):
            if (part.length is None) != (part.unit is None):
                found.append(
                    where.at(f"charges[{index}].sentence[{place}]").problem(
                        "sentence_incomplete",
                        "length and unit go together",
                        "send both, or neither if the length is unknown",
                    )
                )
    return tuple(found)


def _past_dates(case: CourtCase) -> Iterator[tuple[str, date | None]]:
    """Every date that cannot lie ahead; a sentence may end in the future."""
    yield "defendant.birth_date", case.defendant.birth_date
    for index, charge in enumerate(case.charges):
        for name in ("offense_date", "disposition_date", "conviction_date"):
            yield f"charges[{index}].{name}", getattr(charge, name)
        for place, relief in enumerate(charge.later_relief):
            yield f"charges[{index}].later_relief[{place}].relief_date", relief.relief_date


def case_content(
    case: CourtCase, intake: CountyIntake, place: Place, unread: Sequence[Unread] = ()
) -> CaseContent:
    """The record of a case that ``problems_of`` found nothing against; each field of ``unread`` is in doubt."""
    defendant = case.defendant
    names = (defendant.surname, defendant.given_name, defendant.middle_name, defendant.name_suffix)
    born, convictions = defendant.birth_date, filter(None, map(_convicted_on, case.charges))
    possible = born is None or plausible(born, convictions)
    surname, given, middle, suffix = (text.upper() if text else None for text in names)
    person = Person(
        source_subject_id=defendant.source_subject_id,
        cii_numbers=(defendant.cii_number,) if defendant.cii_number else (),
        name=PersonName(surname=surname, given=given, middle=middle, suffix=suffix) if any(names) else None,
        birth_date=defendant.birth_date if possible else None,
        sex=defendant.sex.upper() if defendant.sex else None,
        race=defendant.race.upper() if defendant.race else None,
    )
    counts = _with_charges_beside([_count(case, charge, intake, place, unread) for charge in case.charges])
    doubts = [each.doubt() for each in unread if each.charge is None]
    if not born and not _named("birth_date", doubts):
        doubts.append(Doubt(field="birth_date", kind="missing"))
    if not possible:
        doubts.append(Doubt(field="birth_date", kind="impossible"))
    if not any(names):
        doubts.append(Doubt(field="name", kind="missing"))
    return CaseContent(person, tuple(sorted(counts, key=lambda c: c.count_id)), tuple(doubts))


def _convicted_on(charge: CourtCharge) -> date | None:
    return (charge.conviction_date or charge.disposition_date) if charge.disposition in _ADJUDGED else None


def _named(field: str, doubts: Sequence[Doubt]) -> bool:
    return any(doubt.field == field for doubt in doubts)


def _count(
    case: CourtCase, charge: CourtCharge, intake: CountyIntake, place: Place, unread_fields: Sequence[Unread]
) -> Count:
    convicted, adjudged = charge.disposition == "convicted", charge.disposition in _ADJUDGED
    doubts = [each.doubt() for each in unread_fields if each.charge == charge.charge_number]
    days = {
        "offense_date": charge.offense_date,
        "disposition_date": charge.disposition_date,
        "conviction_date": _convicted_on(charge),
    }
    _take_out_impossible(days, case.defendant.birth_date, doubts)
    offense, unread = _offense(charge)
    if adjudged:
        if unread:
            doubts.append(unread)
        if convicted and charge.level_convicted is None and not _named("level_convicted", doubts):
            doubts.append(Doubt(field="level_convicted", kind="missing"))
        if days["conviction_date"] is None and not _named("conviction_date", doubts):
            doubts.append(Doubt(field="conviction_date", kind="missing"))
    return Count(
        count_id=CountId(charge.charge_number),
        event=case.case_number,
        county=intake.county,
        court=case.court,
        prosecuting_agency=case.prosecuting_agency,
        case_number=case.case_number,
        offense=offense,
        outcome=_OUTCOMES.get(charge.disposition, "unknown"),
        juvenile=charge.disposition == "petition_sustained",
        disposition=charge.disposition,
        level_charged=charge.level_charged,
        level_convicted=charge.level_convicted if convicted else None,
        offense_date=days["offense_date"],
        disposition_date=days["disposition_date"],
        conviction_date=days["conviction_date"],
        sentence=tuple(SentencePart(kind=p.kind, length=p.length, unit=p.unit) for p in charge.sentence),
        sentence_end_date=charge.sentence_end_date,
        later_relief=tuple(
            LaterRelief(kind=r.kind, on=r.relief_date, order_number=r.order_number)
            for r in charge.later_relief
        ),
        doubts=tuple(doubts),
        file_sha256=place.file_sha256,
        file_row=place.number,
    )


def _with_charges_beside(counts: list[Count]) -> list[Count]:
    """Convictions with the sections of the case's other charges."""
    if len(counts) == 1:
        return counts
    beside = [
        [other.offense.sections for other in counts if other is not count]
        if count.outcome == "convicted"
        else []
        for count in counts
    ]
    return [
        count.replace(
            charged_beside=tuple(sorted({s for named in others for s in named}, key=str)),
            doubts=count.doubts if all(others) else (*count.doubts, _UNREAD_BESIDE),
        )
        if others
        else count
        for count, others in zip(counts, beside, strict=True)
    ]


def _take_out_impossible(days: dict[str, date | None], birth_date: date | None, doubts: list[Doubt]) -> None:
    """Of two dates in an impossible order (offense, conviction, disposition) neither can be relied on; before a birth,
    the later event cannot."""
    wrong = {name for name, on in days.items() if on and birth_date and on < birth_date}
    offense = days["offense_date"]
    for name in ("disposition_date", "conviction_date"):
        on = days[name]
        if on and offense and on < offense:
            wrong |= {name, "offense_date"}
    convicted, disposed = days["conviction_date"], days["disposition_date"]
    if convicted and disposed and disposed < convicted:
        wrong |= {"conviction_date", "disposition_date"}
    for name in sorted(wrong):
        on = days[name]
        doubts.append(Doubt(field=name, kind="impossible", as_written=(on.isoformat(),) if on else ()))
        days[name] = None


def _offense(charge: CourtCharge) -> tuple[Offense, Doubt | None]:
    """The section as the court writes it; unread where the description means another one, and then why."""
    description = charge.description or ""
    offense = read_offense(charge.code_section, description)
    if offense.sections and looks_mistyped(f"{charge.code_section} {description}", offense.sections):
        offense = offense.replace(sections=())
    amended = amended_to(description)
    if amended and not same_charge(offense, amended):
        doubt = Doubt(field="offense", kind="contradictory", as_written=(charge.code_section, description))
        return offense.replace(sections=()), doubt
    if offense.sections:
        return offense, None
    return offense, Doubt(field="offense", kind="unparsed", as_written=(offense.as_written,))
