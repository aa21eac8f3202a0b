"""Eligibility on one page: histories in; determinations out, also when only the calendar or the law moves on.

Relief in: what is to be sealed; seals that were taken away.
"""

from datetime import date

from reliefstream_contracts.determinations import DeterminationsChanged
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.relief import RELIEF_TOPIC_EVENTS, ReliefEvent, ReliefSealDue
from reliefstream_contracts.sealing import ConvictionForgotten, LinksPinned, SealRemoved
from services.chassis.runtime import made_on_demand
from services.chassis.runtime.clock import Clock
from services.chassis.runtime.made_on_demand import MadeOnDemand
from services.chassis.runtime.service import Service
from services.chassis.runtime.unit_of_work import Work
from services.county_folders import sign_in_strengths
from services.eligibility.endpoints import Dependencies, eligibility
from services.eligibility.files.county_files import read_counties
from services.eligibility.files.statute_files import load_statute
from services.eligibility.handlers import Judging
from services.eligibility.rules import RuleBook
from services.eligibility.sealing import TO_FORGET, Sealing, on_erased, on_seal_removed, report
from services.eligibility.settings import EligibilitySettings
from services.eligibility.statement_use import statement_use
from services.eligibility.statistics.counting import Release, release
from services.eligibility.statistics.endpoints import StatisticsDependencies, statistics
from services.eligibility.statistics.what_if import Asked, Compared, compare
from services.eligibility.statistics.what_if_endpoints import WhatIfDependencies, what_if
from services.eligibility.store import COUNT_DUE

SECONDS_BETWEEN_LOOKS = 1.0

Settings = EligibilitySettings
ROUTERS = (eligibility, statistics, what_if, statement_use)


def build(settings: EligibilitySettings, clock: Clock) -> Service:
    """The service, composed and not yet running. Raises WrongFile or UnknownPolicy before anything starts."""
    service = Service("eligibility", settings, clock)
    service.ask_strengths(sign_in_strengths(settings.counties_dir))
    book = RuleBook(load_statute(), read_counties(settings.counties_dir), settings.policy)

    def today() -> date:
        return clock.today()

    book.check()
    judging = Judging(book, today, fixed=settings.as_of is not None)
    service.consume([HistoryChanged.TOPIC], [HistoryChanged], judging.on_histories, erased=on_erased)
    sealing = Sealing(book.statute, today)
    service.consume(
        [ReliefEvent.TOPIC], [ReliefSealDue], sealing.on_relief, unread=RELIEF_TOPIC_EVENTS, patient=True
    )
    service.consume(
        [SealRemoved.TOPIC],
        [SealRemoved],
        on_seal_removed,
        unread=[LinksPinned, ConvictionForgotten],
        patient=True,
    )
    service.every(SECONDS_BETWEEN_LOOKS, report)
    service.pending("sealed convictions in histories", TO_FORGET)
    service.every(settings.review_every_s, judging.review_due)
    service.pending("reviews", COUNT_DUE)

    async def counted(work: Work, _: None) -> Release | None:
        return await release(work, book.statute, today())

    async def compared(work: Work, asked: Asked) -> Compared | None:
        return await compare(work, book.on(today()), asked, today())

    comparisons = MadeOnDemand(compared, clock, settings.statistics_every_s)
    service.every(made_on_demand.SECONDS_BETWEEN_LOOKS, comparisons.job, comparisons.wanted)
    releases = MadeOnDemand(counted, clock, settings.statistics_every_s)
    service.every(made_on_demand.SECONDS_BETWEEN_LOOKS, releases.job, releases.wanted)
    service.keep_compacted(DeterminationsChanged.TOPIC)
    service.serve(
        ROUTERS,
        Dependencies(service.transaction, book, today),
        StatisticsDependencies(service.transaction, book, releases),
        WhatIfDependencies(service.transaction, book, comparisons, today),
    )
    return service
