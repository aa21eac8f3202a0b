"""Which profiles are in force, and reading them again, for the operator."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.chassis.http import operator_only
from services.ingest.doors_in_force import DoorsInForce


def profile_routes(doors: DoorsInForce, operator_token: str) -> list[Route]:
    """``GET /v1/profiles`` and ``POST /v1/profiles/reload``: by county, fingerprints and what was refused."""

    def _told() -> Response:
        return JSONResponse({"counties": {name: one._asdict() for name, one in doors.in_force().items()}})

    async def told(_: Request) -> Response:
        return _told()

    async def reload(_: Request) -> Response:
        doors.look(at_once=True)
        return _told()

    return [
        Route("/v1/profiles", operator_only(told, operator_token), methods=["GET"]),
        Route("/v1/profiles/reload", operator_only(reload, operator_token), methods=["POST"]),
    ]
