"""The route of records: refusals are sent before the body is read, so that the client receives them."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.http.errors import not_valid
from services.chassis.http.problems import Refusal
from services.chassis.http.route import EdgeRoute
from services.ingest.http.early_answer import AnswerThenDiscard


class RecordRoute(EdgeRoute):
    """Answers a refusal early; an endpoint that has read the body returns its answer instead."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def early(request: Request) -> Response:
            try:
                return await answer(request)
            except Refusal as refused:
                return AnswerThenDiscard(refused.response())
            except RequestValidationError as error:
                return AnswerThenDiscard(await not_valid(request, error))

        return early
