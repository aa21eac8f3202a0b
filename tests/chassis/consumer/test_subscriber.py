"""FastStream builds our consumer; where it would build its consumers in another way, the service does not start."""

import pytest
from pydantic import SecretStr

from services.chassis.consumer.fair_consumer import AdmitAll, FairConsumer
from services.chassis.consumer.subscriber import broker, use_fair_consumers
from services.chassis.settings.service_settings import ServiceSettings

SETTINGS = ServiceSettings(
    kafka_bootstrap="127.0.0.1:1", database_url=SecretStr("postgresql://nobody@127.0.0.1:1/none")
)


async def test_each_subscriber_gets_a_fair_consumer() -> None:
    connected = broker(SETTINGS)
    build = await connected.connect()
    assert type(build()) is not FairConsumer
    use_fair_consumers(connected, AdmitAll())
    subscriber = connected.subscriber("topic", batch=True)
    assert type(subscriber.builder()) is FairConsumer


async def test_an_unknown_way_of_building_consumers_is_refused() -> None:
    connected = broker(SETTINGS)
    await connected.connect()
    connected.config.broker_config.builder = lambda: None
    with pytest.raises(TypeError, match="docs/adr/0001"):
        use_fair_consumers(connected, AdmitAll())
