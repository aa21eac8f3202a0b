"""``reliefstream prepare``: what the services need on Kafka and Postgres."""

import os

from services.cli.terminal.exit import ServerMissing, ends_as


def prepare() -> None:
    """Make databases, topics and rights, and bring each database to its newest schema; may be repeated.

    RELIEFSTREAM_KAFKA_BOOTSTRAP (with _USERNAME, _PASSWORD) and RELIEFSTREAM_OWNER_URLS, a JSON object of
    service to the URL of its database as its owner; where roles and databases are to be made, also
    RELIEFSTREAM_POSTGRES_ADMIN_URL, a superuser's, and RELIEFSTREAM_DATABASE_URLS, the same databases as the roles
    that run the services. Each may be a file of that name in RELIEFSTREAM_SECRETS_DIR instead.
    """
    from deploy.local.servers.requirements import ServerMissingError
    from deploy.prepare import PrepareSettings
    from deploy.prepare import prepare as make
    from services.chassis.settings.service_settings import WrongSettings, read_settings

    try:
        settings = read_settings(PrepareSettings, os.environ)
    except WrongSettings as wrong:
        raise ServerMissing(f"Set {wrong}, or use: reliefstream up") from None
    with ends_as(ServerMissing, ServerMissingError):
        make(settings, print)
