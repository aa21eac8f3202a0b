"""Who works on quarantine: the operator on all of it, a county on its own."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from services.chassis.http.edge import Endpoint, bearer, problem, same

OPERATOR = "operator"


def operator_or_county(
    endpoint: Callable[[Request, str | None], Awaitable[Response]],
    operator_token: str,
    county_tokens: Mapping[str, str],
) -> Endpoint:
    """The endpoint for the bearer tokens of the operator and of counties; it gets the county, None: the operator."""

    async def guarded(request: Request) -> Response:
        given = bearer(request)
        if given is None:
            return problem(
                401, "missing_token", "No token", "Send the operator's or the county's token: Bearer ..."
            )
        county = next((name for name, token in county_tokens.items() if same(given, token)), None)
        if county is None and not same(given, operator_token):
            return problem(403, "wrong_token", "Wrong token", "This token does not open this endpoint.")
        answer = await endpoint(request, county)
        answer.headers["Cache-Control"] = "no-store"  # what was refused holds personal data
        return answer

    return guarded
