"""Passwords and tokens of the local servers: made at random on first use, then kept."""

import json
import secrets
from collections.abc import Iterable
from pathlib import Path

from services.chassis.runtime.private_file import write_private


def password(folder: Path, name: str) -> str:
    """The password kept as `name` in `folder`: 48 hexadecimal characters, created when missing (0600)."""
    kept = folder / name
    if not kept.exists():
        write_private(kept, secrets.token_hex(24))
    return kept.read_text().strip()


def audit_key(folder: Path, service: str) -> str:
    """The Ed25519 private key that signs the heads of a service's audit log: 64 hexadecimal digits, kept."""
    kept = folder / f"audit-key-{service}"
    if not kept.exists():
        write_private(kept, secrets.token_hex(32))
    return kept.read_text().strip()


def county_tokens(folder: Path, counties: Iterable[str]) -> dict[str, str]:
    """Each county's bearer token for the HTTP intake, from `county-tokens.json`; new counties are added."""
    return _tokens(folder / "county-tokens.json", counties)


def integrator_tokens(folder: Path, integrators: Iterable[str]) -> dict[str, str]:
    """Each integrator's bearer token for its webhooks, from `integrator-tokens.json`; new ones are added."""
    return _tokens(folder / "integrator-tokens.json", integrators)


def account_tokens(folder: Path, accounts: Iterable[str]) -> dict[str, str]:
    """Each trial account's bearer token, from `account-tokens.json`; new ones are added."""
    return _tokens(folder / "account-tokens.json", accounts)


def _tokens(kept: Path, names: Iterable[str]) -> dict[str, str]:
    tokens: dict[str, str] = json.loads(kept.read_text()) if kept.exists() else {}
    missing = [name for name in names if name not in tokens]
    if missing or not kept.exists():
        tokens |= {name: secrets.token_hex(24) for name in missing}
        write_private(kept, json.dumps(tokens, indent=2, sort_keys=True))
    return tokens
