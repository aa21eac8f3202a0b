"""What another policy would change in a county, without persons."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends
from fastapi import Query as Parameters
from pydantic import BaseModel

from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.county import unknown_county
from services.chassis.http.dependencies import dependency
from services.chassis.http.problems import Refusal, problems
from services.chassis.http.text import OptionalText, PlainText, Query
from services.chassis.identity.guard import Grants, allowed
from services.chassis.runtime.made_on_demand import MadeOnDemand
from services.chassis.runtime.unit_of_work import Transaction
from services.eligibility.comparison.shown_counts import MARK
from services.eligibility.files.policy_titles import policy_names, policy_title
from services.eligibility.rules import RuleBook
from services.eligibility.statistics.what_if import Asked, Compared, in_force
from services.statistics.small_cells import SMALLEST


@dataclass(frozen=True, slots=True)
class WhatIfDependencies:
    """What the endpoint works with."""

    transaction: Transaction
    book: RuleBook
    comparisons: MadeOnDemand[Asked, Compared]
    today: Callable[[], date]


class Against(Query):
    """``policy``: the one to compare with; left out: the answer names those that there are."""

    policy: OptionalText = None


class Change(BaseModel):
    """One count, as comparison.csv has it; null: withheld. ``convictions`` is null, too, where persons are counted."""

    table: str
    policy: str
    by: str
    group: str
    before: str
    after: str
    convictions: int | None
    persons: int | None


class WhatIf(BaseModel):
    """``policies``: title by name. ``made_at`` null: it is being counted, or nobody is judged; ask again."""

    county: str
    in_force: str
    policies: dict[str, str]
    policy: str | None
    made_at: datetime | None
    smallest: int
    rows: tuple[Change, ...]


what_if = router()
Given = Annotated[WhatIfDependencies, Depends(dependency(WhatIfDependencies))]


@what_if.get(
    "/v1/counties/{county}/what-if",
    summary="What another policy would change for those of whom the county sent something, small counts withheld",
    description="As ``reliefstream policy compare`` counts, with the county's stored histories, by a job: minutes for "
    "tens of thousands of persons, one comparison at a time.",
    dependencies=[allowed(Grants("analyst", "district_attorney"))],
    responses=problems(
        {404: "No such county; ``detail`` lists those that there are.", 422: "No such policy."}
    ),
)
async def compare_policies(
    given: Given, by: ActingBy, county: PlainText, asked: Annotated[Against, Parameters()]
) -> WhatIf:
    now = in_force(given.book.on(given.today()), county)
    if now is None:
        raise unknown_county(given.book.counties)
    names = policy_names()
    if asked.policy is not None and asked.policy not in names:
        raise Refusal(422, "unknown_policy", "Unknown policy", f"There are {', '.join(names)}.")
    found = None
    if asked.policy is not None:
        async with given.transaction() as work:
            await audited(work, by.on(f"what-if/{county}", asked.policy))
        found = await given.comparisons.get(Asked(county, asked.policy))
    return WhatIf(
        county=county,
        in_force=now[1].name,
        policies={name: policy_title(name).title for name in names},
        policy=asked.policy,
        made_at=found.made_at if found else None,
        smallest=SMALLEST,
        rows=tuple(map(_change, found.figures.lines())) if found else (),
    )


def _change(line: tuple[str, ...]) -> Change:
    *cell, convictions, persons = line
    table, policy, by, group, before, after = cell
    return Change(
        table=table,
        policy=policy,
        by=by,
        group=group,
        before=before,
        after=after,
        convictions=None if convictions in ("", MARK) else int(convictions),
        persons=None if persons == MARK else int(persons),
    )
