"""What a community group is told of each person that it named.

Without an authorisation that holds today everybody gets the same answer, whatever is on record: nothing is looked up
for it, so that neither its words nor its time tell anything.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from pydantic import BaseModel

from reliefstream_contracts.identifiers import CaseNumber, CountyName, SubjectId
from reliefstream_contracts.vocabulary.california_codes import PROPOSITION_64
from services.chassis.runtime.unit_of_work import Database
from services.reconciliation.linkage.conviction.convictions import convictions_of
from services.reconciliation.referrals.stages import RECEIVED, STAGES, stages
from services.reconciliation.referrals.store import Held
from services.reconciliation.store.locked_records import stored_record
from services.reconciliation.store.records import successor

NEUTRAL = (
    "The county compares this person with its records and asks for what is missing. Whether there is a record is told "
    "only with the person's signed authorisation, while it holds."
)
SAID: Mapping[str, str] = {
    "waiting": "It is being compared with the county's records: ask again in a minute.",
    "found": "The person is on record in this county.",
    "missing": "No record of this county is this person's. The county is asked for it.",
    "case_missing": "The person is on record in this county, and this case is not. The county is asked for it.",
    "in_doubt": "Somebody on record in this county may be this person. The county decides.",
}
COUNTY_SAID: Mapping[str, str] = {
    "found": "The county says that the person is on record.",
    "record_sent": "The county sends the record; it is judged as it comes.",
    "no_record": "The county has no such record.",
    "destroyed": "The county destroyed the record, as the law asks for some convictions (HS 11361.5).",
    "elsewhere": "The case is another county's: ask there.",
}


class OnRecord(BaseModel):
    """One conviction under HS 11357 to 11360 in the county, and what waits."""

    case_number: CaseNumber | None
    section: str
    stage: str
    text: str


class OfClient(OnRecord):
    """The same for the person's own defender, who fills in the court's forms."""

    level: str | None
    conviction_date: date | None


class Answer(BaseModel):
    """The answer to one line. ``convictions``: of a person who is on record; empty: none under these sections."""

    line: int
    answer: Literal["neutral", "waiting", "found", "missing", "case_missing", "in_doubt"]
    text: str
    due_on: date
    convictions: list[OnRecord]


def is_authorised(line: Held, today: date) -> bool:
    """Whether the person allows today that the group hears of it."""
    signed = line.person.authorisation if line.person else None
    return signed is not None and signed.holds_on(today)


async def answers(db: Database, lines: Sequence[Held], today: date) -> list[Answer]:
    """The answer to each line."""
    return [await _answer(db, each) if is_authorised(each, today) else neutral(each) for each in lines]


def neutral(line: Held) -> Answer:
    """What everybody is told without an authorisation."""
    return Answer(line=line.line, answer="neutral", text=NEUTRAL, due_on=line.due_on, convictions=[])


async def _answer(db: Database, line: Held) -> Answer:
    text = SAID[line.standing]
    if line.county_answer and line.standing != "found":
        text = COUNTY_SAID[line.county_answer]
    known = line.subject_id if line.standing in ("found", "case_missing") else None
    return Answer(
        line=line.line,
        answer=line.standing,
        text=text,
        due_on=line.due_on,
        convictions=list(await on_record(db, line.county, known)) if known else [],
    )


async def on_record(db: Database, county: CountyName, subject_id: SubjectId) -> list[OfClient]:
    """The subject's convictions under HS 11357 to 11360 in the county; a retired id answers with its successor."""
    current, _ = await successor(db, subject_id)
    if current is None:
        return []
    rows = await db.fetch(
        "SELECT type, body FROM records WHERE subject_id = $1 AND NOT withdrawn ORDER BY record_key",
        current.subject_id,
    )
    convictions = [
        one.conviction
        for one in convictions_of([stored_record(row) for row in rows])
        if one.conviction.county == county
        and not PROPOSITION_64.isdisjoint(section.section for section in one.conviction.offense.sections)
    ]
    told = await stages(db, [count.key for one in convictions for count in one.counts])
    found = []
    for one in convictions:
        keys = {count.key for count in one.counts}
        stage = next((last for key, last in reversed(told.items()) if key in keys), RECEIVED)
        found.append(
            OfClient(
                case_number=one.case_number,
                section=one.offense.shown,
                stage=stage,
                text=STAGES[stage],
                level=one.level_convicted,
                conviction_date=one.conviction_date,
            )
        )
    return found
