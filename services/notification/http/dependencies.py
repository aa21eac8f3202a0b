"""What the endpoints of notification work with."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from services.chassis.runtime.keyed_hash import KeyedHash
from services.chassis.runtime.unit_of_work import Transaction
from services.notification.webhooks.address_rules import Rules
from services.notification.webhooks.sealed_secrets import SealedSecrets
from services.notification.webhooks.sender import Resolve


@dataclass(frozen=True, slots=True)
class Dependencies:
    """``new_id`` and ``random_bytes`` are where ids and secrets come from."""

    transaction: Transaction
    rules: Rules
    counties: frozenset[str]
    look_up: Resolve
    new_id: Callable[[], UUID]
    random_bytes: Callable[[int], bytes]
    secrets: SealedSecrets
    hashing: KeyedHash
    """Recognises sealed counts."""
    suppression_batch: int
    suppression_per_hour: int
