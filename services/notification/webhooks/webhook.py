"""One webhook message by the Standard Webhooks specification: body, headers, secret."""

import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from standardwebhooks import Webhook

from reliefstream_contracts.dismissals import (
    ConvictionSealed,
    DeliveredDismissal,
    DismissalMessage,
    SealedMessage,
)

TEST_TYPE = "reliefstream.test.v1"
SECRET_BYTES = 32


def secret(random_bytes: bytes) -> str:
    """A signing secret as the specification writes it, of SECRET_BYTES random bytes."""
    return f"whsec_{b64encode(random_bytes).decode()}"


def body_of_dismissal(event: str, person: str) -> str:
    """The body for a dismissal given as JSON, with the integrator's id of the person; the same at each attempt."""
    found = json.loads(event)
    data = DeliveredDismissal.of({**found, "subject_id": person})
    return DismissalMessage(timestamp=data.published_at, data=data).to_json().decode()


def body_of_sealed(event: str) -> str:
    """The body that asks to forget a dismissal, from the event as JSON; the same at each attempt."""
    data = ConvictionSealed.from_json(event)
    return SealedMessage(timestamp=data.published_at, data=data).to_json().decode()


def body_of_test(subscription_id: UUID, created_at: datetime) -> str:
    """The body of a test event, which concerns no person."""
    return json.dumps(
        {
            "type": TEST_TYPE,
            "timestamp": created_at.isoformat(),
            "data": {"subscription_id": str(subscription_id)},
        },
        separators=(",", ":"),
    )


def signed_headers(secrets: Sequence[str], event_id: UUID, now: datetime, body: str) -> dict[str, str]:
    """The message's headers, with a signature by each secret. The id is the CloudEvents id: it stays over attempts, the
    timestamp does not."""
    return {
        "content-type": "application/json",
        "user-agent": "reliefstream-webhooks/1",
        "webhook-id": str(event_id),
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(str(event_id), now, body) for secret in secrets),
    }
