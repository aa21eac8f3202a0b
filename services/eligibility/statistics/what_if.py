"""What would change under another policy than the one in force in a county: everyone judged under both."""

import asyncio
from datetime import date, datetime
from typing import Final, NamedTuple

from services.chassis.runtime.telemetry import defect, log
from services.chassis.runtime.unit_of_work import Work
from services.eligibility.comparison.person_compared import compared
from services.eligibility.comparison.shown_counts import Figures, figures
from services.eligibility.comparison.tally import Tally
from services.eligibility.exports import has_some_of
from services.eligibility.files.policy_files import load_policy
from services.eligibility.law.engine.policy import Policy
from services.eligibility.law.input.judged_conviction import County
from services.eligibility.rules import Rules
from services.eligibility.statistics.counting import everyone

REST_S: Final = 0.005
"""Between two persons: judging one under two policies takes some milliseconds, in which nothing else goes on."""


class Asked(NamedTuple):
    """A county, and the policy to compare with the one in force there."""

    county: str
    policy: str


class Compared(NamedTuple):
    """The figures of one moment; ``in_force``: the name of the county's policy."""

    made_at: datetime
    in_force: str
    figures: Figures


def in_force(rules: Rules, county: str) -> tuple[County, Policy] | None:
    """The county and its policy; None: no such county."""
    return next((one for one in rules.policies if one[0].name == county), None)


async def compare(work: Work, rules: Rules, asked: Asked, today: date) -> Compared | None:
    """Everyone of whom the county sent something, under both policies; None: nobody is judged by either."""
    found = in_force(rules, asked.county)
    if found is None:
        return None
    county, now = found
    policies = (now, load_policy(asked.policy))
    tally = Tally((now.name, asked.policy))
    async for subject in everyone(work.db):
        history = subject.read_history()
        if not has_some_of(history, asked.county):
            continue
        try:
            person = compared(history, county, policies, rules.statute, today)
        except Exception as error:  # one history must not keep all others from being counted
            log().error("left out of a comparison of policies", defect=defect(error))
            continue
        if person is not None:
            tally.add(person)
        await asyncio.sleep(REST_S)
    if not tally.persons:
        return None
    return Compared(work.now, now.name, await asyncio.to_thread(figures, tally))
