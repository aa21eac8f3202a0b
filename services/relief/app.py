"""relief: from a determination to a court's order and its acknowledgement.

determinations-v1 -> review -> relief-v1, discrepancies-v1
what is due to be sealed -> relief-v1; forgotten-v1, discrepancies-v1 -> what is left of it
people, over HTTP -> decisions of reviews, challenges, orders, acknowledgements -> relief-v1
"""

import secrets
from uuid import uuid4

from reliefstream_contracts.determinations import DeterminationsChanged
from reliefstream_contracts.discrepancies import DiscrepancyChanged
from reliefstream_contracts.identifiers import ReliefId
from reliefstream_contracts.relief import ReliefEvent
from reliefstream_contracts.sealing import ConvictionForgotten, LinksPinned, SealRemoved
from services.chassis.runtime import made_on_demand
from services.chassis.runtime.clock import Clock
from services.chassis.runtime.made_on_demand import MadeOnDemand
from services.chassis.runtime.needed_keys import every_key_is_there
from services.chassis.runtime.service import Service
from services.county_folders import counties, sign_in_strengths
from services.relief.handlers import Handlers
from services.relief.http.balance_endpoints import balance_routes
from services.relief.http.certificate_endpoints import CertificateDependencies, certificates
from services.relief.http.defence.endpoints import defence_routes
from services.relief.http.dependencies import Dependencies
from services.relief.http.orders.differing_endpoints import differing_orders
from services.relief.http.orders.order_outcome_endpoints import order_outcomes
from services.relief.http.orders.proposed_order_endpoints import proposed_orders
from services.relief.http.orders.standing_order_endpoints import standing_orders
from services.relief.http.relief_endpoints import reliefs
from services.relief.http.report_endpoints import report_routes
from services.relief.http.reviews.act_endpoints import review_acts
from services.relief.http.reviews.endpoints import review_routes
from services.relief.http.seal_endpoints import seals
from services.relief.http.summary_endpoints import summary_routes
from services.relief.orders.entered_orders import LINES_TO_ORDER, order_lines
from services.relief.orders.standing_orders import order_what_waits, still_to_order
from services.relief.review.claims import expire_claims
from services.relief.review.measure import measure
from services.relief.sealing.copies import forget_old_copies
from services.relief.sealing.due import SECONDS_BETWEEN_FEW, Sealing
from services.relief.sealing.forgetting import (
    TO_FORGET,
    forget_discrepancies,
    forget_what_all_forgot,
    on_discrepancies,
    on_forgotten,
)
from services.relief.sealing.kept_hashes import HASHES
from services.relief.sealing.missing import measure_sealing
from services.relief.sealing.others import release_others
from services.relief.settings import ReliefSettings
from services.relief.statistics.counting import release
from services.relief.statistics.endpoints import StatisticsDependencies, statistics

SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_BETWEEN_CLAIMS = 600.0
SECONDS_BETWEEN_MEASURES = 60.0
SECONDS_BETWEEN_OLD_COPIES = 3600.0

Settings = ReliefSettings
ROUTERS = (
    standing_orders,
    proposed_orders,
    report_routes,
    reliefs,
    review_acts,
    review_routes,
    balance_routes,
    defence_routes,
    order_outcomes,
    differing_orders,
    statistics,
    summary_routes,
    seals,
    certificates,
)


def new_id() -> ReliefId:
    """A random id: one that is derived could be guessed from a case number, also after sealing."""
    return ReliefId(uuid4())


def build(settings: ReliefSettings, clock: Clock) -> Service:
    """The whole service, not yet running. Raises WrongFile when a ``county.yaml`` is wrong."""
    known = counties(settings.counties_dir)
    service = Service("relief", settings, clock)
    service.ask_strengths(sign_in_strengths(settings.counties_dir))
    sealing = settings.keyed_hash
    service.check_first(every_key_is_there(sealing, settings.sealing_keys_lost, HASHES))
    handlers = Handlers(known, new_id, sealing)
    service.consume(
        [DeterminationsChanged.TOPIC],
        [DeterminationsChanged],
        handlers.determinations_changed,
        erased=handlers.erased,
    )
    service.consume(
        [DiscrepancyChanged.TOPIC],
        [DiscrepancyChanged],
        on_discrepancies,
        erased=forget_discrepancies,
        patient=True,
    )
    service.consume(
        [ConvictionForgotten.TOPIC],
        [ConvictionForgotten, SealRemoved],
        on_forgotten,
        unread=[LinksPinned],
        patient=True,
    )
    due = Sealing(known, clock)
    service.every(SECONDS_BETWEEN_FEW, due.step, when=due.has_to_look)
    service.every(SECONDS_BETWEEN_LOOKS, forget_what_all_forgot(known, sealing))
    service.every(SECONDS_BETWEEN_LOOKS, release_others(known, sealing, new_id))
    service.every(SECONDS_BETWEEN_OLD_COPIES, forget_old_copies)
    service.pending("sealed convictions to forget", TO_FORGET)
    service.every(SECONDS_BETWEEN_LOOKS, order_what_waits(known))
    service.every(SECONDS_BETWEEN_LOOKS, order_lines)
    service.every(SECONDS_BETWEEN_CLAIMS, expire_claims(known))
    service.every(SECONDS_BETWEEN_MEASURES, measure(known, clock))
    service.every(SECONDS_BETWEEN_MEASURES, measure_sealing)
    service.pending("lines of entered orders", LINES_TO_ORDER)
    service.pending("proposals to order", still_to_order(known))
    releases = MadeOnDemand(release, clock, settings.statistics_every_s)
    service.every(made_on_demand.SECONDS_BETWEEN_LOOKS, releases.job, releases.wanted)
    service.keep_compacted(ReliefEvent.TOPIC)
    service.serve(
        ROUTERS,
        Dependencies(service.transaction, known, clock, new_id),
        StatisticsDependencies(service.transaction, known, releases),
        CertificateDependencies(sealing, secrets.token_bytes),
    )
    return service
