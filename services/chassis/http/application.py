"""The HTTP application of a service, and its OpenAPI 3.1 document."""

import time
from collections.abc import Iterable, Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from services.chassis.http import errors
from services.chassis.http.problems import ProblemDetails, Refusal
from services.chassis.http.route import EdgeRoute, Undeclared
from services.chassis.identity.directory import Accounts, Directory
from services.chassis.identity.failed_attempts import Attempts
from services.chassis.identity.guard import PUBLIC

VERSION = "1.0.0"
NOBODY = Directory()


def router(route_class: type[EdgeRoute] = EdgeRoute) -> APIRouter:
    """A router whose routes are guarded, and are named in the OpenAPI document as their endpoints are."""
    return APIRouter(
        route_class=route_class,
        strict_content_type=False,  # a body without a type is JSON
        generate_unique_id_function=lambda route: route.name,
    )


document = router()


@document.get("/openapi.json", include_in_schema=False, dependencies=[PUBLIC])
async def openapi_document(request: Request) -> Response:
    """This service's OpenAPI document."""
    return JSONResponse(request.app.openapi())


class Application(FastAPI):
    """FastAPI with problem details as its errors and no page that loads scripts from elsewhere."""

    def __init__(
        self,
        service: str,
        routers: Iterable[APIRouter],
        dependencies: Sequence[object] = (),
        accounts: Accounts = NOBODY,
        attempts: Attempts | None = None,
        *,
        public: bool = False,
    ) -> None:
        """``dependencies``: what endpoints work with, each found by its type. ``public``: without what is internal.

        Raises Undeclared.
        """
        super().__init__(
            title=f"reliefstream {service}",
            version=VERSION,
            license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
            openapi_url=None,
            docs_url=None,
            redoc_url=None,
            exception_handlers={
                Refusal: errors.refused,
                RequestValidationError: errors.not_valid,
                HTTPException: errors.http_error,
                Exception: errors.failed,
            },
        )
        self.state.accounts, self.state.attempts = accounts, attempts or Attempts(time.monotonic)
        self.state.dependencies = {type(one): one for one in dependencies}
        declared = [_declared(route) for each in (document, *routers) for route in each.routes]
        self.edge_routes = [each for each in declared if not (public and each.guard.internal)]
        self.router.routes.extend(self.edge_routes)
        self.state.methods = _methods(self.edge_routes)

    def openapi(self) -> dict[str, Any]:
        """The document; generated from the routes alone."""
        if self.openapi_schema is None:
            found = get_openapi(
                title=self.title, version=self.version, license_info=self.license_info, routes=self.routes
            )
            schemas = found.setdefault("components", {}).setdefault("schemas", {})
            schemas[ProblemDetails.__name__] = ProblemDetails.model_json_schema()
            _without_frameworks_errors(found)
            _without_null_in_queries(found)
            self.openapi_schema = found
        return self.openapi_schema


def _without_frameworks_errors(document: dict[str, Any]) -> None:
    """Removes FastAPI's own 422 answer, which would repeat the input and is never sent here."""
    for operations in document["paths"].values():
        for operation in operations.values():
            if _FRAMEWORKS_422 in operation["responses"].get("422", {}).get("content", {}).values():
                del operation["responses"]["422"]
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)


def _without_null_in_queries(document: dict[str, Any]) -> None:
    """Removes null from the types of query parameters: a query holds texts only."""
    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                schema = parameter["schema"]
                some = [one for one in schema.pop("anyOf", ()) if one != {"type": "null"}]
                schema |= some[0] if len(some) == 1 else {"anyOf": some} if some else {}


_FRAMEWORKS_422 = {"schema": {"$ref": "#/components/schemas/HTTPValidationError"}}


def _methods(routes: Iterable[EdgeRoute]) -> dict[str, set[str]]:
    """The methods of each path."""
    found: dict[str, set[str]] = {}
    for route in routes:
        found.setdefault(route.path, set()).update(route.methods or ())
    return found


def _declared(route: BaseRoute) -> EdgeRoute:
    """The route, which says who may call it. Raises Undeclared."""
    if not isinstance(route, EdgeRoute):
        raise Undeclared(f"{route!r} is no EdgeRoute: make its router with chassis/http/application.py")
    _ = route.guard
    return route
