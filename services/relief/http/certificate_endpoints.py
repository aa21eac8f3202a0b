"""Certificates of relief over HTTP: made while the relief is on record, verified at any time after."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Path
from pydantic import BaseModel, Field

from reliefstream_contracts.determinations import RedesignatedTo
from reliefstream_contracts.identifiers import ReliefId
from reliefstream_contracts.relief import ReliefGranted
from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.dependencies import dependency
from services.chassis.http.problems import Refusal, problems
from services.chassis.http.text import Body, Day, Line
from services.chassis.identity.caller import Caller
from services.chassis.identity.guard import Grants, allowed
from services.chassis.runtime.keyed_hash import KeyedHash
from services.chassis.runtime.unit_of_work import Work
from services.relief.certificate import CODE_BYTES, Printed, code_of, hashes_of, printed
from services.relief.county_days import day_in
from services.relief.http.dependencies import NO_COUNTY, County, Given
from services.relief.http.relief_endpoints import DOES_NOT_FIT, locked_relief
from services.relief.lifecycle.transitions import ORDERED

NOT_GENUINE = {
    404: "No certificate has this code and says this. Check how it was typed; else it is not genuine."
}


@dataclass(frozen=True, slots=True)
class CertificateDependencies:
    """What these endpoints alone work with."""

    hashing: KeyedHash
    random_bytes: Callable[[int], bytes]


class Certificate(BaseModel):
    """What a certificate says. ``code``: verifies it, is shown this once, and is kept as a keyed hash only.

    ``redesignated_to``: of a redesignation; null: the order says.
    """

    code: str
    relief_id: ReliefId
    county: str
    court: str | None
    case_number: str | None
    section: str
    conviction_date: date | None
    kind: ReliefGranted
    redesignated_to: RedesignatedTo | None
    order_number: str
    judge: str
    ordered_on: date
    issued_on: date


class CertificateBody(Body):
    """A certificate as it is on paper; spaces and punctuation do not matter."""

    code: Annotated[Line, Field(max_length=40, examples=["ABCD-EFGH-IJKL-MNOP"])]
    case_number: Annotated[Line, Field(max_length=200)] | None = None
    section: Annotated[Line, Field(max_length=200, examples=["HS 11359"])]
    conviction_date: Day | None = None


class CertificateVerified(BaseModel):
    """A genuine certificate. ``sealed_on`` null: the conviction is not sealed yet."""

    order_number: str
    ordered_on: date
    issued_on: date
    sealed_on: date | None


certificates = router()
Asked = Annotated[CertificateDependencies, Depends(dependency(CertificateDependencies))]
Id = Annotated[UUID, Path(alias="id")]
Gives = Annotated[Caller, allowed(Grants("clerk", "public_defender", "records_unit", per_case=True))]


@certificates.post(
    "/v1/reliefs/{id}/certificate",
    summary="Make a certificate of relief for the person, while the relief is on record",
    description="Each call makes another one; all of them can be verified, also once the conviction is sealed.",
    responses=problems(DOES_NOT_FIT),
)
async def make_certificate(
    given: Given, asked: Asked, caller: Gives, by: ActingBy, relief_id: Id
) -> Certificate:
    async with given.transaction() as work:
        relief = await locked_relief(work, ReliefId(relief_id), caller)
        order, county = relief.court_order, relief.conviction.county
        if relief.state not in ORDERED or order is None:
            said = f"This relief is {relief.state}: a certificate says what a court ordered."
            raise Refusal(409, "state_does_not_fit", "The state does not fit", said)
        says, code = printed(relief), code_of(asked.random_bytes(CODE_BYTES))
        today = given.today(given.counties.get(county))
        await work.db.execute(
            "INSERT INTO certificates VALUES ($1, $2, $3)",
            hashes_of(code, says, asked.hashing)[0],
            relief_id,
            today,
        )
        await audited(work, by.on(f"relief/{relief_id}", "certificate"))
    return Certificate(
        code=code,
        relief_id=relief.relief_id,
        court=relief.conviction.court,
        kind=relief.kind,
        redesignated_to=relief.redesignated_to,
        order_number=order.number,
        judge=order.judge,
        ordered_on=order.on,
        issued_on=today,
        **says._asdict(),
    )


@certificates.post(
    "/v1/counties/{county}/certificates/verify",
    summary="Whether a certificate of relief is genuine, and whether its conviction is sealed",
    dependencies=[allowed(Grants("clerk", "district_attorney", "public_defender", "records_unit"))],
    responses=problems(NOT_GENUINE | NO_COUNTY),
)
async def verify_certificate(
    given: Given, asked: Asked, by: ActingBy, county: County, paper: CertificateBody
) -> CertificateVerified:
    says = Printed(county.county, paper.case_number, paper.section, paper.conviction_date)
    async with given.transaction() as work:
        found = await _found(work, hashes_of(paper.code, says, asked.hashing))
        await audited(work, by.on(f"certificates/{county.county}", "genuine" if found else "not genuine"))
    if found is None:
        raise Refusal(404, "not_genuine", "Not a genuine certificate", NOT_GENUINE[404])
    sealed_at = found.pop("sealed_at")
    return CertificateVerified(
        **found, sealed_on=day_in(given.counties, county.county, sealed_at) if sealed_at else None
    )


async def _found(work: Work, hashes: list[str]) -> dict[str, Any] | None:
    row = await work.db.fetchrow(
        """SELECT issued_on, sealed_at, coalesce(order_number, court_order ->> 'number') AS order_number,
               coalesce(order_on, (court_order ->> 'on')::date) AS ordered_on
           FROM certificates LEFT JOIN reliefs USING (relief_id) LEFT JOIN sealed_reliefs USING (relief_id)
           WHERE hash = ANY ($1) AND (order_number IS NOT NULL OR court_order IS NOT NULL)""",
        hashes,
    )
    return dict(row) if row else None
