"""A public defender looks up a client who asks: one person, with the reason, which is audited."""

from collections.abc import Mapping
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.problems import problems
from services.chassis.http.text import Words
from services.chassis.identity.guard import Grants, allowed
from services.chassis.identity.row_security import as_caller
from services.reconciliation.http.referral_dependencies import County, Given
from services.reconciliation.referrals.answers import OfClient, on_record
from services.reconciliation.referrals.looking import looked_up
from services.reconciliation.referrals.named_person import Person

client_routes = router()
SAID: Mapping[str, str] = {
    "found": "The person is on record in this county.",
    "missing": "No record of this county is this person's.",
    "case_missing": "The person is on record in this county, and this case is not.",
    "in_doubt": "Somebody on record in this county may be this person: ask the county's records unit.",
}


class LookUpBody(Person):
    """The client, and why the defender looks; it stands in the audit log."""

    reason: Annotated[Words, Field(max_length=500)] = Field(examples=["the client asked on the telephone"])


class Client(BaseModel):
    """``subject_id`` null: nobody for certain. ``convictions``: of HS 11357 to 11360, and what waits."""

    answer: Literal["found", "missing", "case_missing", "in_doubt"]
    text: str
    subject_id: UUID | None
    convictions: list[OfClient]


@client_routes.post(
    "/v1/counties/{county}/clients",
    summary="Look up a client who asks the public defender: what is on record, and what waits",
    description="Changes nothing, and keeps nothing of the person; the audit log has the caller and the reason.",
    dependencies=[allowed(Grants("public_defender"))],
    responses=problems({404: "No such county; ``detail`` lists those that are set up."}),
)
async def look_up_client(given: Given, county: County, by: ActingBy, asked: LookUpBody) -> Client:
    async with as_caller(given.transaction, by.caller) as work:
        standing, subject = await looked_up(work.db, county.county, asked, given.model)
        await audited(work, by.on(f"subject/{subject or 'nobody'}", "shown", asked.reason))
        convictions = await on_record(work.db, county.county, subject) if subject else []
    return Client.model_validate(
        {"answer": standing, "text": SAID[standing], "subject_id": subject, "convictions": convictions}
    )
