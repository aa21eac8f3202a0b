"""Pairwise ids of persons: what one integrator calls a person says nothing to another integrator."""

import hmac
from uuid import UUID


def pairwise_id(secret: str, integrator: str, subject_id: UUID) -> str:
    """An integrator's id of a subject: 32 hexadecimal characters, the same for ever under one secret.

    A key of the integrator's own is derived first (HMAC-SHA-256), so that it can be handed over without the secret.
    """
    key = hmac.digest(secret.encode(), integrator.encode(), "sha256")
    return hmac.digest(key, subject_id.bytes, "sha256").hex()[:32]
