"""Reads dismissals, each once: `python consume_dismissals.py`. Needs aiokafka and reliefstream-contracts."""

import asyncio
import os
import sqlite3

from aiokafka import AIOKafkaConsumer
from aiokafka.helpers import create_ssl_context

from reliefstream_contracts.dismissals import ConvictionDismissed, ConvictionSealed
from reliefstream_contracts.event import header


async def main(env: dict[str, str]) -> None:
    """Keeps dismissals and prints each that is new; `dismissals.sqlite` stands for your own database."""
    database = sqlite3.connect(env.get("DATABASE", "dismissals.sqlite"))
    database.execute("CREATE TABLE IF NOT EXISTS dismissals (event_id TEXT PRIMARY KEY, id TEXT, event TEXT)")
    tls = create_ssl_context(cafile=env["KAFKA_CA_FILE"]) if "KAFKA_CA_FILE" in env else None
    user = {"security_protocol": "SASL_SSL" if tls else "SASL_PLAINTEXT", "ssl_context": tls,
            "sasl_mechanism": "SCRAM-SHA-512", "sasl_plain_username": env["KAFKA_USERNAME"],
            "sasl_plain_password": env["KAFKA_PASSWORD"]} if "KAFKA_USERNAME" in env else {}  # fmt: skip
    async with AIOKafkaConsumer(
        bootstrap_servers=env["KAFKA_BOOTSTRAP"], **user, group_id=env.get("GROUP", "integrator-demo.1"),
        auto_offset_reset="earliest", isolation_level="read_committed", enable_auto_commit=False,
    ) as consumer:  # fmt: skip
        consumer.subscribe(
            pattern=env.get("TOPICS", "^dismissals-v1-")
        )  # of each county that is granted to you
        async for message in consumer:
            kind = header(message.headers, "ce_type")
            if kind == ConvictionDismissed.TYPE:
                event = ConvictionDismissed.from_json(message.value)
                row = (header(message.headers, "ce_id"), str(event.dismissal_id), event.to_json().decode())
                with (
                    database
                ):  # the id and what you do with the event: one transaction, before the commit below
                    new = database.execute("INSERT OR IGNORE INTO dismissals VALUES (?, ?, ?)", row).rowcount
                if new:
                    print(event.relief, event.county, event.case_number, event.code_section, flush=True)  # noqa: T201
            elif (
                kind == ConvictionSealed.TYPE
            ):  # forget the dismissal, and keep its id so that no repeat brings it back
                sealed = ConvictionSealed.from_json(message.value)
                with database:
                    database.execute(
                        "UPDATE dismissals SET event = NULL WHERE id = ?", [str(sealed.dismissal_id)]
                    )
            await consumer.commit()  # a record without a type has no value: the topic's heartbeat


if __name__ == "__main__":
    try:
        asyncio.run(main(dict(os.environ)))
    except BrokenPipeError:  # whoever read the lines has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
