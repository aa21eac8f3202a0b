"""Notification on one page: relief in; dismissals and webhooks out."""

import secrets
from datetime import timedelta
from functools import partial
from random import SystemRandom
from uuid import uuid4

from reliefstream_contracts.dismissals import ConvictionDismissed
from reliefstream_contracts.relief import RELIEF_TOPIC_EVENTS, ReliefEvent, ReliefOrdered, ReliefSealDue
from reliefstream_contracts.sealing import ConvictionForgotten, LinksPinned, SealRemoved
from services.chassis.http.token_file import read_tokens
from services.chassis.runtime.cipher import keys_in
from services.chassis.runtime.clock import Clock
from services.chassis.runtime.needed_keys import every_key_is_there
from services.chassis.runtime.service import Service
from services.chassis.runtime.unit_of_work import Work
from services.county_folders import counties, sign_in_strengths
from services.notification.handlers import Notifying, on_seal_removed
from services.notification.http.delivery_endpoints import deliveries as delivery_routes
from services.notification.http.dependencies import Dependencies
from services.notification.http.dismissal_endpoints import dismissals
from services.notification.http.subscription_endpoints import subscriptions
from services.notification.http.suppression_endpoints import suppression
from services.notification.settings import NotificationSettings
from services.notification.subscriptions.entitlement import Entitlement
from services.notification.subscriptions.store import seal_anew
from services.notification.suppression.store import HASHES
from services.notification.webhooks.address_rules import Rules
from services.notification.webhooks.deliveries import Deliveries
from services.notification.webhooks.pairwise import pairwise_id
from services.notification.webhooks.resolver import Resolver
from services.notification.webhooks.sealed_secrets import SealedSecrets
from services.notification.webhooks.sender import Sender

Settings = NotificationSettings
ROUTERS = (subscriptions, delivery_routes, dismissals, suppression)
MEASURE_EVERY_S = 10.0
SEAL_ANEW_EVERY_S = 60.0
DNS_SECONDS = 5.0


def build(settings: NotificationSettings, clock: Clock) -> Service:
    """The service, composed and not yet running. Raises WrongFile when a ``county.yaml`` is wrong."""
    service = Service("notification", settings, clock)
    service.ask_strengths(sign_in_strengths(settings.counties_dir))
    rules = Rules(settings.loopback_allowed, settings.webhook_allow_private, settings.webhook_require_https)

    hashing = settings.keyed_hash
    service.check_first(every_key_is_there(hashing, settings.sealing_keys_lost, HASHES))
    service.consume(
        [ReliefEvent.TOPIC],
        [ReliefOrdered, ReliefSealDue],
        Notifying(hashing).on_relief,
        unread=RELIEF_TOPIC_EVENTS,
    )
    service.consume(
        [SealRemoved.TOPIC],
        [SealRemoved],
        on_seal_removed,
        unread=[LinksPinned, ConvictionForgotten],
        patient=True,
    )

    look_up = Resolver(min(DNS_SECONDS, settings.webhook_timeout_seconds))
    sealed_secrets = SealedSecrets(keys_in(settings.webhook_keys.get_secret_value()), secrets.token_bytes)
    sender = Sender(rules, settings.webhook_timeout_seconds, look_up)
    deliveries = Deliveries(
        service.transaction,
        sender,
        clock,
        SystemRandom(),
        partial(pairwise_id, settings.pairwise_secret.get_secret_value()),
        entitlement=Entitlement(service.grants_of),
        secrets=sealed_secrets,
        in_flight=settings.webhook_in_flight,
        in_flight_in_all=settings.webhook_in_flight_in_all,
        lease=timedelta(seconds=settings.webhook_timeout_seconds + 20),
        poll_s=settings.webhook_poll_seconds,
    )
    service.background(deliveries.run)
    service.every(MEASURE_EVERY_S, deliveries.measure)

    async def seal(work: Work) -> bool:
        return await seal_anew(work, sealed_secrets)

    service.every(SEAL_ANEW_EVERY_S, seal)

    service.keep_compacted(
        *(ConvictionDismissed.TOPIC.format(county=one) for one in counties(settings.counties_dir))
    )
    service.accept_tokens(integrators=read_tokens(settings.integrator_tokens_file))
    dependencies = Dependencies(
        transaction=service.transaction,
        rules=rules,
        counties=frozenset(counties(settings.counties_dir)),
        look_up=look_up,
        new_id=uuid4,
        random_bytes=secrets.token_bytes,
        secrets=sealed_secrets,
        hashing=hashing,
        suppression_batch=settings.suppression_batch,
        suppression_per_hour=settings.suppression_per_hour,
    )
    service.serve(ROUTERS, dependencies)
    return service
