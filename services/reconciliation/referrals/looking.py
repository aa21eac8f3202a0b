"""Looks for a person whom somebody names among those that a county has records of."""

from reliefstream_contracts.case_numbers import with_and_without_defendant
from reliefstream_contracts.identifiers import CountyName, SubjectId
from services.chassis.runtime.unit_of_work import Database
from services.reconciliation.linkage.identity.referred import Whose, described, whose
from services.reconciliation.linkage.resemblance.blocking import blocks_of
from services.reconciliation.linkage.resemblance.description import Description
from services.reconciliation.linkage.resemblance.weights import Model
from services.reconciliation.referrals.named_person import Person, Standing
from services.reconciliation.store.descriptions import from_text


async def looked_up(
    db: Database, county: CountyName, person: Person, model: Model[Description]
) -> tuple[Standing, SubjectId | None]:
    """What the county's records say of the person, and which subject it is; None: nobody's for certain."""
    found = await _whose(db, county, person, model)
    if found.subject is None:
        return ("in_doubt" if found.perhaps else "missing"), None
    here = await _has_case(db, county, person, found.subject)
    return ("found" if here else "case_missing"), found.subject


async def candidates(
    db: Database, county: CountyName, person: Person, model: Model[Description]
) -> tuple[SubjectId, ...]:
    """Who of those on record may be the person, where nobody is for certain."""
    return (await _whose(db, county, person, model)).perhaps


async def _whose(db: Database, county: CountyName, person: Person, model: Model[Description]) -> Whose:
    asked = described(county, person.name, person.birth_date, person.case)
    return whose(asked, await _near(db, county, asked), model)


async def _near(db: Database, county: CountyName, asked: Description) -> dict[SubjectId, list[Description]]:
    """The descriptions of all records of each subject that shares a block, and of whom the county has sent a record."""
    rows = await db.fetch(
        """WITH near AS (
               SELECT DISTINCT subject_id FROM record_identifiers JOIN records USING (record_key)
               WHERE identifier = ANY ($1) AND NOT withdrawn
                 AND identifier NOT IN (SELECT identifier FROM oversized_keys WHERE identifier = ANY ($1)))
           SELECT subject_id, record_key, description FROM records JOIN near USING (subject_id)
           WHERE description IS NOT NULL ORDER BY record_key""",
        list(blocks_of(asked)),
    )
    here = {row["subject_id"] for row in rows if row["record_key"].split("/")[1] == county}
    found: dict[SubjectId, list[Description]] = {}
    for row in rows:
        if row["subject_id"] in here:
            found.setdefault(SubjectId(row["subject_id"]), []).append(from_text(row["description"]))
    return found


async def _has_case(db: Database, county: CountyName, person: Person, subject: SubjectId) -> bool:
    """Whether the case that was named is among the subject's in the county; also where none was named."""
    numbers = with_and_without_defendant(person.case)
    if not numbers:
        return True
    rows = await db.fetch(
        "SELECT description FROM records WHERE subject_id = $1 AND description IS NOT NULL", subject
    )
    held = {case for row in rows for case in from_text(row["description"]).cases}
    return not held.isdisjoint(f"{county}/{number}" for number in numbers)
