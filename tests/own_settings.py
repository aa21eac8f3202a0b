"""The settings that one service alone needs and that have no default, for tests that compose it."""

from typing import Any

from pydantic import SecretStr

SEALING_KEYS = SecretStr("a-key-for-seals-of-nothing-at-all")
OWN_SETTINGS: dict[str, dict[str, Any]] = {
    "ingest": {"sealing_keys": SEALING_KEYS},
    "relief": {"sealing_keys": SEALING_KEYS},
    "notification": {
        "pairwise_secret": SecretStr("a secret of no installation at all"),
        "sealing_keys": SEALING_KEYS,
        "webhook_keys": SecretStr("a-key-of-no-installation-at-all-"),
    },
}
"""By service."""
