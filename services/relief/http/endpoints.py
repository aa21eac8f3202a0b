"""The operator's endpoints of relief."""

from starlette.routing import Route

from services.chassis.http.edge import operator_only
from services.chassis.runtime.clock import Clock
from services.chassis.runtime.service import Service
from services.relief.counties import Counties
from services.relief.http.order_endpoints import OrderEndpoints
from services.relief.http.relief_endpoints import ReliefEndpoints
from services.relief.http.report_endpoints import ReportEndpoints
from services.relief.http.requests import Endpoint, answered


def routes(service: Service, counties: Counties, clock: Clock, operator_token: str) -> list[Route]:
    """All of them; each wants the operator's token and answers what is wrong as problem details (RFC 9457)."""
    orders = OrderEndpoints(service, counties, clock)
    reliefs = ReliefEndpoints(service, counties)
    reports = ReportEndpoints(service, counties)

    def on(method: str, path: str, endpoint: Endpoint) -> Route:
        return Route(path, operator_only(answered(endpoint), operator_token), methods=[method])

    county = "/v1/counties/{county}"
    return [
        on("GET", f"{county}/standing-orders", orders.standing_orders),
        on("POST", f"{county}/standing-orders", orders.enter_standing_order),
        on("POST", f"{county}/standing-orders/end", orders.end_standing_order),
        on("GET", f"{county}/proposed-orders", orders.proposed_orders),
        on("POST", f"{county}/proposed-orders", orders.propose),
        on("GET", "/v1/proposed-orders/{id}", orders.proposed_order),
        on("POST", "/v1/proposed-orders/{id}/enter", orders.enter),
        on("POST", "/v1/proposed-orders/{id}/discard", orders.discard),
        on("GET", "/v1/reliefs/{id}", reliefs.show),
        on("POST", "/v1/reliefs/{id}/challenge", reliefs.challenge),
        on("POST", "/v1/reliefs/{id}/challenge/resolve", reliefs.resolve),
        on("POST", "/v1/reliefs/{id}/acknowledge", reliefs.acknowledge),
        on("GET", "/v1/reliefs", reports.reliefs),
        on("GET", "/v1/subjects/{id}", reports.subject),
        on("GET", "/v1/counts", reports.counts),
        on("GET", "/v1/export/relief", reports.export),
    ]
