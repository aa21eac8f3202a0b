"""Which profiles are in force, and reading them again, for the operator."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.chassis.http.edge import operator_only
from services.ingest.profiles.counties_in_force import CountiesInForce


def profile_routes(sending_counties: CountiesInForce, operator_token: str) -> list[Route]:
    """``GET /v1/profiles`` and ``POST /v1/profiles/reload``: by county, fingerprints and what was refused."""

    def _told() -> Response:
        return JSONResponse(
            {"counties": {name: one._asdict() for name, one in sending_counties.in_force().items()}}
        )

    async def told(_: Request) -> Response:
        return _told()

    async def reload(_: Request) -> Response:
        sending_counties.look(at_once=True)
        return _told()

    return [
        Route("/v1/profiles", operator_only(told, operator_token), methods=["GET"]),
        Route("/v1/profiles/reload", operator_only(reload, operator_token), methods=["POST"]),
    ]
