"""Signing secrets in the database: only the installation's keys open them."""

import os
from uuid import UUID

import pytest

from services.chassis.runtime.cipher import CannotOpen, keys_in
from services.notification.webhooks.sealed_secrets import SealedSecrets

ONE, OTHER = UUID(int=1), UUID(int=2)


def of(*keys: str) -> SealedSecrets:
    return SealedSecrets([key * 32 for key in keys], os.urandom)


def test_a_sealed_secret_opens_with_its_key_whichever_place_the_key_has() -> None:
    sealed = of("a").seal("whsec_x", ONE)
    assert of("b", "a").open(sealed, ONE) == "whsec_x"
    assert sealed.startswith(of("a").newest) and not sealed.startswith(of("b", "a").newest)
    assert "whsec" not in sealed


def test_neither_another_key_nor_another_subscription_nor_a_change_opens_it() -> None:
    sealed = of("a").seal("whsec_x", ONE)
    changed = sealed[:20] + ("A" if sealed[20] != "A" else "B") + sealed[21:]
    for secrets, text, subscription in (
        (of("b"), sealed, ONE),
        (of("a"), sealed, OTHER),
        (of("a"), changed, ONE),
        (of("a"), sealed[:15], ONE),
    ):
        with pytest.raises(CannotOpen):
            secrets.open(text, subscription)


@pytest.mark.parametrize("text", ["", " , ", "short", f"{'a' * 32},short"])
def test_keys_that_are_none_or_too_short_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="32 characters"):
        keys_in(text)


def test_keys_stand_with_commas_or_blanks_between_them() -> None:
    assert keys_in(f"{'a' * 32}, {'b' * 32}\n{'c' * 32}") == ["a" * 32, "b" * 32, "c" * 32]
