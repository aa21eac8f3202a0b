"""The passwords that Kafka knows of its users, as SCRAM keeps them: salted and hashed."""

from collections.abc import Mapping
from concurrent.futures import Future
from typing import cast

from confluent_kafka.admin import (
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialAlteration,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)

from deploy.kafka.access import is_ours
from deploy.kafka.admin import admin_client, wait_for
from services.chassis.settings.kafka_address import KafkaAddress

HASHED = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
"""Kafka's own number of iterations: passwords are random (192 bits), so that none is found by trying."""


def set_passwords(kafka: KafkaAddress, passwords: Mapping[str, str]) -> None:
    """Gives each user this password, at once for every new connection; repeatable. ``kafka`` is an administrator's.

    A connection that is open stays. A county's or an integrator's user that is not named loses its password. Raises
    ServerMissingError when Kafka does not answer or refuses.
    """
    with admin_client(kafka) as admin:
        asked = cast(
            "Future[dict[str, object]]", admin.describe_user_scram_credentials()
        )  # of all: one answer
        wait_for({"": asked}, "Kafka refused to tell its users")
        gone = [user for user in asked.result() if user not in passwords and is_ours(user, ())]
        alterations: list[UserScramCredentialAlteration] = [
            UserScramCredentialUpsertion(user, HASHED, password.encode())
            for user, password in passwords.items()
        ]
        alterations += [UserScramCredentialDeletion(user, HASHED.mechanism) for user in gone]
        if alterations:
            wait_for(admin.alter_user_scram_credentials(alterations), "Kafka refused the password of {}")
