"""Subscriptions over HTTP: an integrator makes, sees and ends its own; the operator sees all."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from typing import Annotated, Any
from uuid import UUID

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.chassis.http.edge import Endpoint, bearer, problem
from services.chassis.runtime.work import Transaction, Work
from services.notification.subscriptions import store as subscription_store
from services.notification.subscriptions.callers import Caller, Callers
from services.notification.subscriptions.store import Subscription
from services.notification.webhooks import delivery_store
from services.notification.webhooks.address_rules import Refusal, Rules, refused_url
from services.notification.webhooks.sender import AddressRefused, Resolve, allowed_addresses
from services.notification.webhooks.webhook import SECRET_BYTES, TEST_TYPE, secret

LARGEST_BODY = 16_384
LONGEST_PAGE = 1000
LARGEST_ID = 2**63 - 1
MOST_SUBSCRIPTIONS = 100
STATUSES = ("waiting", "delivered", "dead")
Called = Callable[[Request, Caller], Awaitable[Response]]


class NewSubscription(BaseModel):
    """What an integrator asks for. ``counties`` left out: every county."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    counties: Annotated[tuple[str, ...], Field(min_length=1, max_length=100)] | None = None
    description: str = Field(default="", max_length=500, pattern="^[^\x00]*$")


@dataclass(frozen=True, slots=True)
class SubscriptionApi:
    """The endpoints; `new_id` and `random_bytes` are where ids and secrets come from."""

    callers: Callers
    transaction: Transaction
    rules: Rules
    counties: frozenset[str]
    look_up: Resolve
    new_id: Callable[[], UUID]
    random_bytes: Callable[[int], bytes]

    def routes(self) -> list[Route]:
        """All of them, below ``/v1/subscriptions``."""
        top, one = "/v1/subscriptions", "/v1/subscriptions/{subscription_id:uuid}"
        return [
            Route(top, self._called(self._create), methods=["POST"]),
            Route(top, self._called(self._list), methods=["GET"]),
            Route(one, self._called(self._get), methods=["GET"]),
            Route(one, self._called(self._delete), methods=["DELETE"]),
            Route(f"{one}/test", self._called(self._test), methods=["POST"]),
            Route(f"{one}/replay", self._called(self._replay), methods=["POST"]),
            Route(f"{one}/deliveries", self._called(self._deliveries), methods=["GET"]),
            Route(
                f"{one}/deliveries/{{delivery_id:int}}/resend", self._called(self._resend), methods=["POST"]
            ),
        ]

    def _called(self, endpoint: Called) -> Endpoint:
        async def guarded(request: Request) -> Response:
            token = bearer(request)
            if token is None:
                return problem(401, "missing_token", "No token", "Send yours: Authorization: Bearer ...")
            caller = self.callers.who(token)
            if caller is None:
                return problem(403, "wrong_token", "Wrong token", "No integrator has this token.")
            return await endpoint(request, caller)

        return guarded

    async def _create(self, request: Request, caller: Caller) -> Response:
        body = await _bounded_body(request)
        if body is None:
            return problem(413, "too_large", "Too large", f"A subscription has at most {LARGEST_BODY} bytes.")
        try:
            asked = NewSubscription.model_validate_json(body)
        except ValidationError as error:
            return problem(422, "invalid_subscription", "Not a subscription", _faults(error))
        refusal = await self._refusal(asked)
        if refusal is not None:
            return problem(422, refusal.code, "Subscription refused", refusal.detail)
        signing_secret = secret(self.random_bytes(SECRET_BYTES))
        async with self.transaction() as work:
            if len(await subscription_store.of_owner(work.db, caller.owner)) >= MOST_SUBSCRIPTIONS:
                many = (
                    f"You have {MOST_SUBSCRIPTIONS} subscriptions, the most there are for one; delete some."
                )
                return problem(409, "too_many_subscriptions", "Too many subscriptions", many)
            subscription = Subscription(
                subscription_id=self.new_id(),
                owner=caller.owner,
                url=asked.url,
                description=asked.description,
                counties=sorted(set(asked.counties)) if asked.counties else None,
                status="active",
                failing_since=None,
                created_at=work.now,
            )
            await subscription_store.add(work.db, subscription, signing_secret)
        shown = _shown(subscription) | {"secret": signing_secret}
        location = {"location": f"/v1/subscriptions/{subscription.subscription_id}"}
        return JSONResponse(shown, 201, location)

    async def _refusal(self, asked: NewSubscription) -> Refusal | None:
        unknown = sorted(set(asked.counties or ()) - self.counties)
        if unknown:
            known = ", ".join(sorted(self.counties))
            return Refusal("unknown_county", f"No county {unknown[0][:40]!r} here; known: {known}.")
        refusal = refused_url(asked.url, self.rules)
        if refusal is not None:
            return refusal
        url = httpx.URL(asked.url)
        try:
            await allowed_addresses(url.raw_host.decode(), url.port or 443, self.rules, self.look_up)
        except AddressRefused:
            return Refusal(
                "address_refused",
                "The host has an address on this machine or in a private, link-local or reserved network; "
                "give one that is public.",
            )
        except (OSError, UnicodeError):
            return Refusal("host_unknown", "The host has no address; check its name, or try again later.")
        return None

    async def _list(self, _: Request, caller: Caller) -> Response:
        async with self.transaction() as work:
            subscriptions = await subscription_store.of_owner(work.db, caller.sees)
        return JSONResponse({"subscriptions": [_shown(each) for each in subscriptions]})

    async def _get(self, request: Request, caller: Caller) -> Response:
        async with self.transaction() as work:
            subscription = await _find(request, caller, work)
        return JSONResponse(_shown(subscription)) if subscription else _no_subscription()

    async def _delete(self, request: Request, caller: Caller) -> Response:
        async with self.transaction() as work:
            subscription = await _find(request, caller, work, lock=True)
            if subscription is None:
                return _no_subscription()
            await subscription_store.delete(work.db, subscription.subscription_id)
        return Response(status_code=204)

    async def _test(self, request: Request, caller: Caller) -> Response:
        async with self.transaction() as work:
            subscription = await _find(request, caller, work, lock=True)
            if subscription is None:
                return _no_subscription()
            if subscription.status == "disabled":
                return problem(
                    409,
                    "subscription_disabled",
                    "Subscription disabled",
                    "Its endpoint answered 410 Gone. POST .../replay?from=YYYY-MM-DD makes it live again.",
                )
            event_id = self.new_id()
            delivery_id = await delivery_store.queue_test(
                work.db, subscription.subscription_id, event_id, work.now
            )
        return JSONResponse({"delivery_id": delivery_id, "event_id": str(event_id), "type": TEST_TYPE}, 202)

    async def _replay(self, request: Request, caller: Caller) -> Response:
        try:
            since = datetime.combine(date.fromisoformat(request.query_params.get("from", "")), time(), UTC)
        except ValueError:
            return problem(422, "invalid_from", "No date", "Give the first day, in UTC: ?from=YYYY-MM-DD.")
        async with self.transaction() as work:
            subscription = await _find(request, caller, work, lock=True)
            if subscription is None:
                return _no_subscription()
            identity, counties = subscription.subscription_id, subscription.counties
            queued = await delivery_store.replay(work.db, identity, counties, since, work.now)
            await subscription_store.activate(work.db, identity)
        return JSONResponse({"queued": queued}, 202)

    async def _resend(self, request: Request, caller: Caller) -> Response:
        delivery_id = request.path_params["delivery_id"]
        async with self.transaction() as work:
            subscription = await _find(request, caller, work, lock=True)
            if subscription is None:
                return _no_subscription()
            found = delivery_id <= LARGEST_ID and await delivery_store.resend(
                work.db, subscription.subscription_id, delivery_id, work.now
            )
        if not found:
            return problem(
                404, "no_delivery", "No such delivery", "The subscription's log lists its deliveries."
            )
        return JSONResponse({"delivery_id": delivery_id}, 202)

    async def _deliveries(self, request: Request, caller: Caller) -> Response:
        query = request.query_params
        limit, before = query.get("limit", "100"), query.get("before", str(LARGEST_ID))
        status = query.get("status")
        if not (_number(limit, LONGEST_PAGE) and _number(before, LARGEST_ID) and status in (None, *STATUSES)):
            return problem(
                422,
                "invalid_query",
                "Invalid query",
                f"limit is 1 to {LONGEST_PAGE}, before a delivery id, status one of {', '.join(STATUSES)}.",
            )
        async with self.transaction() as work:
            subscription = await _find(request, caller, work)
            if subscription is None:
                return _no_subscription()
            identity = subscription.subscription_id
            rows = await delivery_store.log_page(work.db, identity, status, int(before), int(limit))
        last = rows[-1]["delivery_id"] if len(rows) == int(limit) else None
        return JSONResponse({"deliveries": [_plain(row) for row in rows], "next_before": last})


async def _find(request: Request, caller: Caller, work: Work, *, lock: bool = False) -> Subscription | None:
    return await subscription_store.find(
        work.db, request.path_params["subscription_id"], caller.sees, lock=lock
    )


def _no_subscription() -> Response:
    return problem(404, "no_subscription", "No such subscription", "GET /v1/subscriptions lists yours.")


async def _bounded_body(request: Request) -> bytes | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    return bytes(body)


def _faults(error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    where = [(".".join(map(str, fault["loc"]))[:80] or "body", fault["msg"][:200]) for fault in faults[:5]]
    return "; ".join(f"{place}: {what}" for place, what in where)


def _number(text: str, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 19 and 1 <= int(text) <= most


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat()
        if isinstance(value, datetime)
        else str(value)
        if isinstance(value, UUID)
        else value
        for name, value in values.items()
    }


def _shown(subscription: Subscription) -> dict[str, Any]:
    values = _plain(asdict(subscription))
    return {"id": values.pop("subscription_id"), **values}
