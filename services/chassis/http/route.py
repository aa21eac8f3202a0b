"""A route of a service: guarded before its body is read, with its error answers in the OpenAPI document."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from typing import Any, ClassVar, NamedTuple

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.http.problems import problems
from services.chassis.identity.guard import Guard, Public

BODY_SECONDS = 10


class Undeclared(Exception):
    """A route that does not say who may call it; the service does not start with it."""


class Invalid(NamedTuple):
    """The answer to a request that does not fit the route's parameters or body."""

    status: int
    code: str
    title: str


class EdgeRoute(APIRoute):
    """The route class of all routers. A subclass may change the values below."""

    largest_body: ClassVar[int] = 64 * 1024
    """Bytes of a body that is parsed; what an endpoint reads from the stream it bounds itself."""
    invalid: ClassVar[Mapping[str, Invalid]] = {
        "path": Invalid(404, "not_found", "Not found"),
        "query": Invalid(422, "invalid_query", "Invalid query"),
        "body": Invalid(422, "invalid_body", "The body does not fit"),
        "query:nul": Invalid(422, "nul_in_query", "Wrong query"),
    }
    """By place and type of the first fault, else by its place."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **given: Any) -> None:
        super().__init__(path, endpoint, **given)
        self.query_names = frozenset(_query_names(self.dependant))
        """What a query of this route may say."""
        if self.guard.internal:
            self.openapi_extra = {**(self.openapi_extra or {}), "x-internal": True}
        self.responses = dict(sorted({**problems(self._usual()), **self.responses}.items(), key=str))

    @property
    def guard(self) -> Guard:
        """The guard of this route. Raises Undeclared when it has none."""
        for one in _all(self.dependant):
            if isinstance(one.call, Guard):
                return one.call
        raise Undeclared(
            f"{self.path} does not say who may call it: give its route a guard (chassis/identity/guard.py)"
        )

    def _usual(self) -> dict[int, str]:
        """The error answers that follow from the route's guard, parameters and body."""
        said: dict[int, str] = {}
        asked = list(_all(self.dependant))
        params = {
            "path": [each for one in asked for each in one.path_params],
            "query": [each for one in asked for each in one.query_params],
        }
        for place, found in params.items():
            if found:
                said |= dict.fromkeys(
                    self._statuses(place), f"The {place} does not fit; ``detail`` names the parameter."
                )
        if self.body_field:
            said |= dict.fromkeys(
                self._statuses("body"), "A parameter or the body does not fit; ``detail`` names it."
            )
            said |= {408: "The body did not arrive in time.", 413: "The body is too large."}
        if not isinstance(self.guard, Public):
            said |= {
                401: "No token was sent, or one that is not valid.",
                403: "The caller was not granted this.",
                429: "Too many tokens from this address were not valid.",
                503: "The sign-in provider, or the file of grants, cannot be read.",
            }
        return said

    def _statuses(self, place: str) -> list[int]:
        return [kind.status for name, kind in self.invalid.items() if name.partition(":")[0] == place]

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer, guard = super().get_route_handler(), self.guard

        async def guarded(request: Request) -> Response:
            request.state.caller = await guard.admit(request)
            answered = await answer(_Bounded(request, self.largest_body))
            if not isinstance(guard, Public):
                answered.headers.setdefault("Cache-Control", "no-store")  # it may hold a person's data
            return answered

        return guarded


class _Bounded(Request):
    """A request whose body is not read beyond a limit of bytes and of time."""

    def __init__(self, request: Request, limit: int) -> None:
        super().__init__(request.scope, request.receive)
        self._limit = limit

    async def body(self) -> bytes:
        """The whole body. Raises HTTPException 413, 408."""
        if not hasattr(self, "_body"):
            received = bytearray()
            try:
                async with asyncio.timeout(BODY_SECONDS):
                    async for part in self.stream():
                        received += part
                        if len(received) > self._limit:
                            raise HTTPException(413, f"Send at most {self._limit} bytes.")
            except TimeoutError:
                raise HTTPException(408, f"Send the body within {BODY_SECONDS} seconds.") from None
            self._body = bytes(received)
        return self._body


def _query_names(dependant: Dependant) -> Iterator[str]:
    for one in _all(dependant):
        for each in one.query_params:
            kind = each.field_info.annotation
            yield from (
                kind.model_fields if isinstance(kind, type) and issubclass(kind, BaseModel) else [each.alias]
            )


def _all(dependant: Dependant) -> Iterator[Dependant]:
    """The dependant and, recursively, its dependencies."""
    yield dependant
    for one in dependant.dependencies:
        yield from _all(one)
