"""Whether the law uses a statement of fact that was applied, for the office that made it."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel

from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import CountyName, StatementId
from reliefstream_contracts.vocabulary.stated_facts import StatedFact
from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.dependencies import dependency
from services.chassis.http.problems import Refusal, problems
from services.chassis.http.text import PlainText
from services.chassis.identity.caller import Caller
from services.chassis.identity.guard import Grants, allowed
from services.eligibility import store
from services.eligibility.endpoints import Dependencies
from services.eligibility.law.conditions.prosecutor import stated_by_another_city

ANOTHER_CITYS = (
    "The record gives the conviction to another city's attorney: it is judged without what this city stated, and the "
    "grounds of its determination say so."
)
statement_use = router()
Given = Annotated[Dependencies, Depends(dependency(Dependencies))]
By = Annotated[
    Caller, allowed(Grants("district_attorney", "city_attorney", "clerk", "records_unit", per_case=True))
]


class StatementUse(BaseModel):
    """``why``: why the law does not use it; null where it does."""

    county: str
    statement_id: str
    used: bool
    why: str | None


@statement_use.get(
    "/v1/counties/{county}/statements/{statement_id}",
    summary="Whether the law uses a statement of fact that was applied, and why not",
    responses=problems({404: "It is applied to no conviction, or the caller sees none."}),
)
async def show_statement_use(
    given: Given, caller: By, by: ActingBy, county: CountyName, statement_id: PlainText
) -> StatementUse:
    async with given.transaction() as work:
        histories = await store.with_statement(work.db, StatementId(statement_id))
        await audited(work, by.on(f"statement/{county}/{statement_id}", "shown"))
    for history in histories:
        its = [one for one in history.stated_facts if one.statement_id == statement_id]
        if _may_see(caller, history, its, county) and county in given.book.counties:
            not_used = stated_by_another_city(history, given.book.counties[county].county)
            why = ANOTHER_CITYS if any(one in not_used for one in its) else None
            return StatementUse(county=county, statement_id=statement_id, used=why is None, why=why)
    said = "It is applied to no conviction: reliefstream statement show says what has become of it."
    raise Refusal(404, "no_statement", "No such statement", said)


def _may_see(caller: Caller, history: HistoryChanged, its: Sequence[StatedFact], county: CountyName) -> bool:
    of_county = {ref.key for one in history.convictions if one.county in (county, None) for ref in one.counts}
    return any(one.count in of_county and caller.reaches(county, one.stated_by.city) for one in its)
