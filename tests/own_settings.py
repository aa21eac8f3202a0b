"""The settings that one service alone needs and that have no default, for tests that compose it."""

from typing import Any

from pydantic import SecretStr

OWN_SETTINGS: dict[str, dict[str, Any]] = {
    "ingest": {"sealing_keys": SecretStr("a-key-for-seals-of-nothing-at-all")},
    "notification": {
        "pairwise_secret": SecretStr("a secret of no installation at all"),
        "webhook_keys": SecretStr("a-key-of-no-installation-at-all-"),
    },
}
"""By service."""
