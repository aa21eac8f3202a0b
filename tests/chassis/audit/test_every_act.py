"""Whatever a route changes or shows of a person goes through the audit log; which routes do not is listed here."""

from typing import get_args

from fastapi.routing import APIRoute

from services.chassis.audit.acting import ActingBy
from services.chassis.audit.endpoints import audit_router
from services.chassis.consumer.dead_letter_endpoints import dead_letter_router
from services.chassis.consumer.lost_record_endpoints import lost_record_router
from services.openapi import OWN

ACTING = get_args(ActingBy)[1].dependency
INTAKE = {"send_records"}
"""What a county sends has a receipt; its record says who sent it."""
IN_BULK = {
    "challenge_reviews",
    "claim_reviews",
    "decide_reviews",
    "hold_reviews",
    "refer_reviews",
    "release_reviews",
    "send_back_reviews",
    "sign_reviews",
}
"""Of many lines in several transactions: services/relief/review/bulk.py writes a row for each line."""
PURE = {"grounds_in_words"}
"""Changes nothing and looks nothing up: the answer follows from what was sent."""
NO_PERSON = {
    "count_discrepancies",
    "count_reviews",
    "counts",
    "list_audit",
    "list_dead_letters",
    "list_deliveries",
    "list_lost_records",
    "list_proposed_orders",
    "list_quarantine",
    "list_referrals",
    "list_reviews",
    "list_standing_orders",
    "list_subscriptions",
    "show_ordering",
    "show_profiles",
    "show_seals",
    "show_subscription",
    "show_workload",
    "summarise_discrepancies",
    "summarise_quarantine",
    "summarise_reviews",
}
"""What is listed and counted without anything of a person's record."""


def unaudited() -> set[tuple[str, str]]:
    """Method and name of each route whose endpoint does not ask who acts."""
    chassis = (audit_router, dead_letter_router, lost_record_router)
    routes = [
        route
        for routers in (chassis, *OWN.values())
        for each in routers
        for route in each.routes
        if isinstance(route, APIRoute)
    ]
    return {
        (method, route.name)
        for route in routes
        for method in route.methods
        if all(one.call is not ACTING for one in route.dependant.dependencies)
    }


def test_every_route_that_changes_something_asks_who_acts() -> None:
    assert {name for method, name in unaudited() if method != "GET"} == INTAKE | IN_BULK | PURE


def test_every_route_that_shows_a_persons_record_asks_who_looks() -> None:
    assert {name for method, name in unaudited() if method == "GET"} <= NO_PERSON
