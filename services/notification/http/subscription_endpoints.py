"""Subscriptions over HTTP: an integrator makes, sees and ends its own; the operator sees all."""

from datetime import timedelta
from typing import Annotated, ClassVar
from uuid import UUID

import httpx
from fastapi import Depends, Response

from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.dependencies import dependency
from services.chassis.http.problems import Refusal, problems
from services.chassis.http.route import EdgeRoute, Invalid
from services.chassis.identity.caller import Caller
from services.chassis.identity.guard import Grants, allowed
from services.chassis.runtime.unit_of_work import Work
from services.notification.http.dependencies import Dependencies
from services.notification.http.subscription_documents import (
    NewSubscription,
    Rotation,
    SubscriptionMade,
    Subscriptions,
    SubscriptionShown,
)
from services.notification.subscriptions import store as subscription_store
from services.notification.subscriptions.store import Subscription
from services.notification.webhooks.address_rules import Refusal as Refused
from services.notification.webhooks.address_rules import refused_url
from services.notification.webhooks.sender import AddressRefused, allowed_addresses
from services.notification.webhooks.webhook import SECRET_BYTES, secret

MOST_SUBSCRIPTIONS = 100
TOP = "/v1/subscriptions"
NO_SUBSCRIPTION = {404: "The caller has no such subscription."}


class SubscriptionRoute(EdgeRoute):
    largest_body = 16_384
    invalid: ClassVar = {
        **EdgeRoute.invalid,
        "body": Invalid(422, "invalid_subscription", "Not a subscription"),
        "query:day": Invalid(422, "invalid_from", "No date"),
    }


subscriptions = router(SubscriptionRoute)
Given = Annotated[Dependencies, Depends(dependency(Dependencies))]
By = Annotated[Caller, allowed(Grants("integrator", "operator", per_case=True, scope="dismissals"))]


@subscriptions.post(
    TOP,
    summary="Subscribe to dismissals; the answer holds the secret, once",
    status_code=201,
    responses=problems(
        {
            403: "The caller is not granted one of the counties.",
            409: "The caller has as many subscriptions as there may be.",
        }
    ),
)
async def create_subscription(
    given: Given, caller: By, by: ActingBy, asked: NewSubscription, response: Response
) -> SubscriptionMade:
    refusal = await _refusal(given, asked)
    if refusal is not None:
        raise Refusal(422, refusal.code, "Subscription refused", refusal.detail)
    counties = _granted(caller, asked)
    signing_secret = secret(given.random_bytes(SECRET_BYTES))
    async with given.transaction() as work:
        if len(await subscription_store.of_owner(work.db, caller.account)) >= MOST_SUBSCRIPTIONS:
            many = f"You have {MOST_SUBSCRIPTIONS} subscriptions, the most there are for one; delete some."
            raise Refusal(409, "too_many_subscriptions", "Too many subscriptions", many)
        subscription = Subscription(
            subscription_id=given.new_id(),
            owner=caller.account,
            url=asked.url,
            description=asked.description,
            counties=counties,
            status="active",
            failing_since=None,
            created_at=work.now,
        )
        sealed = given.secrets.seal(signing_secret, subscription.subscription_id)
        await subscription_store.add(work.db, subscription, sealed)
        await audited(work, by.on(f"subscription/{subscription.subscription_id}"))
    response.headers["Location"] = f"{TOP}/{subscription.subscription_id}"
    return SubscriptionMade.of(subscription, secret=signing_secret)


@subscriptions.get(TOP, summary="The caller's subscriptions; the operator's are everybody's")
async def list_subscriptions(given: Given, caller: By) -> Subscriptions:
    async with given.transaction() as work:
        found = await subscription_store.of_owner(work.db, sees(caller))
    return Subscriptions(subscriptions=[SubscriptionShown.of(each) for each in found])


@subscriptions.get(
    f"{TOP}/{{subscription_id}}", summary="One subscription", responses=problems(NO_SUBSCRIPTION)
)
async def show_subscription(given: Given, caller: By, subscription_id: UUID) -> SubscriptionShown:
    async with given.transaction() as work:
        return SubscriptionShown.of(await owned(work, subscription_id, caller))


@subscriptions.post(
    f"{TOP}/{{subscription_id}}/rotate",
    summary="Give a subscription a new secret; the answer holds it, once",
    responses=problems(NO_SUBSCRIPTION),
)
async def rotate_secret(
    given: Given, caller: By, by: ActingBy, subscription_id: UUID, asked: Rotation
) -> SubscriptionMade:
    signing_secret = secret(given.random_bytes(SECRET_BYTES))
    async with given.transaction() as work:
        found = await owned(work, subscription_id, caller, lock=True)
        until = work.now + timedelta(hours=asked.overlap_hours)
        sealed = given.secrets.seal(signing_secret, subscription_id)
        await subscription_store.rotate(work.db, subscription_id, sealed, until)
        await audited(work, by.on(f"subscription/{subscription_id}"))
    return SubscriptionMade.of(found, secret=signing_secret)


@subscriptions.delete(
    f"{TOP}/{{subscription_id}}",
    summary="End a subscription and erase its secret",
    status_code=204,
    responses=problems(NO_SUBSCRIPTION),
)
async def delete_subscription(given: Given, caller: By, by: ActingBy, subscription_id: UUID) -> None:
    async with given.transaction() as work:
        found = await owned(work, subscription_id, caller, lock=True)
        await subscription_store.delete(work.db, found.subscription_id)
        await audited(work, by.on(f"subscription/{subscription_id}"))


def sees(caller: Caller) -> str | None:
    """Whose subscriptions a caller sees; None: everybody's."""
    return None if caller.has("operator") else caller.account


async def owned(work: Work, subscription_id: UUID, caller: Caller, *, lock: bool = False) -> Subscription:
    """The subscription, if the caller sees it. Raises Refusal 404."""
    found = await subscription_store.find(work.db, subscription_id, sees(caller), lock=lock)
    if found is None:
        raise Refusal(404, "no_subscription", "No such subscription", f"GET {TOP} lists yours.")
    return found


def _granted(caller: Caller, asked: NewSubscription) -> list[str] | None:
    """The counties of a new subscription; None: every one. Raises Refusal 403 for one that is not granted."""
    wanted, granted = frozenset(asked.counties or ()), caller.counties
    if granted is None:
        return sorted(wanted) or None
    if wanted - granted:
        said = f"You may subscribe to {', '.join(sorted(granted))}; leave counties out for all of them."
        raise Refusal(403, "county_not_granted", "County not granted", said)
    return sorted(wanted or granted)


async def _refusal(given: Dependencies, asked: NewSubscription) -> Refused | None:
    if set(asked.counties or ()) - given.counties:
        known = ", ".join(sorted(given.counties))
        return Refused("unknown_county", f"counties names one that is none here; known: {known}.")
    refusal = refused_url(asked.url, given.rules)
    if refusal is not None:
        return refusal
    url = httpx.URL(asked.url)
    try:
        await allowed_addresses(url.raw_host.decode(), url.port or 443, given.rules, given.look_up)
    except AddressRefused:
        return Refused(
            "address_refused",
            "The host has an address on this machine or in a private, link-local or reserved network; "
            "give one that is public.",
        )
    except (OSError, UnicodeError):
        return Refused("host_unknown", "The host has no address; check its name, or try again later.")
    return None
