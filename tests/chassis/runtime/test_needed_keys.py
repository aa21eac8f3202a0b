"""No service that keeps keyed hashes of what is sealed starts without a key of theirs; on a real Postgres."""

from importlib import import_module

import pytest
from pydantic import SecretStr

from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.keyed_hash import KeyedHash
from services.chassis.runtime.service import Service, StartRefused
from services.chassis.settings.service_settings import ServiceSettings
from tests.databases import session_database
from tests.own_settings import OWN_SETTINGS
from tests.servers import Servers

pytestmark = pytest.mark.servers
OLD, NEW, OTHER = ("a-key-of-no-installation-number-" + each for each in "123")
KEPT = {
    "ingest": "INSERT INTO seals VALUES (gen_random_uuid(), 'kern', ARRAY[$1], '{}', '{}')",
    "relief": "INSERT INTO certificates VALUES ($1, gen_random_uuid(), '2026-11-22')",
    "relief: copies": "INSERT INTO sealed_copies VALUES ($1, gen_random_uuid())",
    "notification": """INSERT INTO dismissals (relief_id, event_id, county, published_at, event, count_hashes)
        VALUES (gen_random_uuid(), gen_random_uuid(), 'kern', now(), '{}', ARRAY[$1])""",
}
"""How each comes to a hash."""


def service(name: str, url: str, keys: str, *lost: str) -> Service:
    app = import_module(f"services.{name}.app")
    settings: ServiceSettings = app.Settings(
        kafka_bootstrap="127.0.0.1:1",
        database_url=SecretStr(url),
        **OWN_SETTINGS[name] | {"sealing_keys": SecretStr(keys), "sealing_keys_lost": lost},
    )
    built: Service = app.build(settings, SystemClock())
    return built


@pytest.mark.parametrize("kept", KEPT)
async def test_a_service_does_not_start_without_a_key_that_a_hash_needs(servers: Servers, kept: str) -> None:
    name = kept.partition(":")[0]
    needed = KeyedHash([OLD.encode()])
    async with session_database(servers, name) as made:
        url = (await made.emptied()).url

        async def started(keys: str, *lost: str) -> None:
            one = service(name, url, keys, *lost)
            await one.database.open()
            try:
                await one.check()
            finally:
                await one.database.close()

        await started(OTHER)
        one = service(name, url, OLD)
        await one.database.open()
        await one.database.pool.execute(KEPT[kept], needed.of("a conviction"))
        await one.database.close()
        await started(OLD)
        await started(f"{NEW},{OLD}")
        await started(OTHER, *needed.key_ids)
        with pytest.raises(StartRefused, match=rf"of the ids {needed.key_ids[0]} \(of 1\)"):
            await started(f"{NEW},{OTHER}")
