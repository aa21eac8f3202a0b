"""One file on its way: sent to the county's topic, until each of its messages has a receipt.

An interrupted run goes on where the broker's acknowledgements ended. What was sent and not known to be
acknowledged is sent again; ingest recognises it.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError, UnknownTopicOrPartitionError

from services.chassis.runtime.private_file import private_file
from services.cli.submission.file_messages import Message, SubmittedFile
from services.cli.terminal.exit import ServerMissing
from services.ingest.core.message_headers import headers_of

IN_FLIGHT = 2_000
SILENCE_S = 60.0
"""How long nothing may move before we say that ingest does not answer."""

NO_ANSWER = (
    "Kafka or ingest does not answer. Is everything up? reliefstream status; start it: reliefstream up. "
    "The same command goes on where this one stopped."
)


class Silent(ServerMissing):
    """Kafka took what was sent, and for SILENCE_S no receipt came."""


@dataclass
class Reason:
    """One kind of problem: how often, where first, what to do."""

    what: str
    remedy: str
    count: int = 0
    first: list[str] = field(default_factory=list)


NO_REFUSALS = ("older_", "sealed_count_left_out", "county_conviction_sealed")
"""Codes of what is no refusal: a repeat that is older than what is on file, and what a court ordered sealed."""


@dataclass
class Outcome:
    """What became of a file. ``received`` messages = recorded + repeats + quarantined."""

    received: int = 0
    recorded: int = 0
    repeats: int = 0
    quarantined: int = 0
    refused: int = 0
    """Messages of which something was refused: all of it, or rows."""
    reasons: dict[tuple[str, str], Reason] = field(default_factory=dict)

    def add(self, receipt: dict[str, Any]) -> None:
        """Counts one receipt."""
        self.received += 1
        status = receipt["status"]
        self.recorded += status == "recorded"
        self.repeats += status == "repeat"
        self.quarantined += status == "quarantined"
        problems = receipt["problems"]
        self.refused += (
            any(not p["code"].startswith(NO_REFUSALS) for p in problems) or status == "quarantined"
        )
        for problem in problems:
            kind = (problem["code"], problem["what"])
            reason = self.reasons.setdefault(kind, Reason(problem["what"], problem["remedy"]))
            reason.count += 1
            numbered = problem["row"] is not None or problem["line"] is not None
            where = problem["where"] if numbered else f"unit {receipt['unit']}, {problem['where']}"
            if len(reason.first) < 3:
                reason.first.append(where)


class Place(NamedTuple):
    """Where the broker wrote a message, and when (ms): another Kafka, or a topic made anew, has no such message."""

    partition: int
    offset: int
    timestamp: int


class Progress:
    """What an interrupted run left: acknowledged messages, the last one's place, where receipts begin. A small file."""

    acknowledged: int
    receipts_from: dict[int, int]
    last: Place | None

    def __init__(self, path: Path) -> None:
        self._path = path
        self.begin_again()
        if path.exists():
            try:
                kept = json.loads(path.read_text())
                self.acknowledged = int(kept["acknowledged"])
                self.receipts_from = {int(p): int(o) for p, o in kept["receipts_from"].items()}
                self.last = Place(*map(int, kept["last"])) if kept["last"] else None
            except (ValueError, KeyError, TypeError, AttributeError):
                self.begin_again()

    def begin_again(self) -> None:
        """Knows nothing of an earlier run."""
        self.acknowledged, self.receipts_from, self.last = 0, {}, None

    def keep(self) -> None:
        """Writes it, whole or not at all."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        kept = {"acknowledged": self.acknowledged, "receipts_from": self.receipts_from, "last": self.last}
        with private_file(self._path) as file:
            json.dump(kept, file)

    def done(self) -> None:
        """Forgets it: the same file sent again is sent whole."""
        self._path.unlink(missing_ok=True)


@dataclass(frozen=True)
class Submission:
    """Which file goes where, under which id; ``extract`` and ``encoding`` are said of each message."""

    county: str
    file: SubmittedFile
    submission_id: str
    extract: str = ""
    encoding: str = ""

    async def run(
        self, client_options: dict[str, Any], progress: Progress, moved: Callable[[int, int | None], None]
    ) -> Outcome:
        """Sends and waits. Raises ServerMissing. ``moved`` gets (answered, total or None while sending)."""
        started: list[Any] = []
        try:
            consumer = AIOKafkaConsumer(
                **client_options, isolation_level="read_committed", enable_auto_commit=False, group_id=None
            )
            started.append(consumer)
            await consumer.start()
            producer = AIOKafkaProducer(
                **client_options,
                acks="all",
                enable_idempotence=True,
                max_batch_size=512 * 1024,
                linger_ms=20,
                max_request_size=1_100_000,
            )
            started.append(producer)
            await producer.start()
            await self._go_to_receipts(producer, consumer, progress)
            return await self._exchange(producer, consumer, progress, moved)
        except (KafkaError, OSError, TimeoutError) as error:
            raise ServerMissing(f"{NO_ANSWER} ({type(error).__name__})") from None
        finally:
            for client in started:
                # A consumer that was cut off raises its own task's cancellation here, and would hide what happened.
                with suppress(asyncio.CancelledError, KafkaError):
                    await client.stop()

    async def _go_to_receipts(self, producer: Any, consumer: Any, progress: Progress) -> None:
        topic = f"receipts-v1-{self.county}"
        try:
            partitions = [TopicPartition(topic, p) for p in sorted(await producer.partitions_for(topic))]
        except UnknownTopicOrPartitionError:
            raise ServerMissing(
                f"Kafka has no topic {topic}. Make the topics: reliefstream prepare"
            ) from None
        consumer.assign(partitions)
        if not await self._is_there(consumer, progress.last):
            progress.begin_again()
        if not progress.receipts_from:
            ends = await consumer.end_offsets(partitions)
            progress.receipts_from = {p.partition: offset for p, offset in ends.items()}
            progress.keep()
        for partition in partitions:
            consumer.seek(partition, progress.receipts_from.get(partition.partition, 0))

    async def _is_there(self, consumer: Any, last: Place | None) -> bool:
        """Whether what an earlier run sent is in this Kafka still; a county may ask for times, and read no record."""
        if last is None:
            return False
        partition = TopicPartition(f"source-records-v1-{self.county}", last.partition)
        first = (await consumer.offsets_for_times({partition: last.timestamp}))[partition]
        return first is not None and first.timestamp == last.timestamp and first.offset <= last.offset

    async def _exchange(
        self, producer: Any, consumer: Any, progress: Progress, moved: Callable[[int, int | None], None]
    ) -> Outcome:
        outcome = Outcome()
        answered = bytearray()
        loop = asyncio.get_running_loop()
        sending = asyncio.create_task(self._send(producer, progress))
        last = loop.time(), (0, 0)
        try:
            while True:
                total = sending.result() if sending.done() else None
                if total is not None and outcome.received >= total:
                    progress.done()
                    return outcome
                for records in (await consumer.getmany(timeout_ms=200, max_records=5_000)).values():
                    for record in records:
                        self._take(record.value, answered, outcome)
                moved(outcome.received, total)
                at = (outcome.received, progress.acknowledged)
                if at != last[1]:
                    last = loop.time(), at
                elif loop.time() - last[0] > SILENCE_S:
                    raise Silent(NO_ANSWER)
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    def _take(self, value: bytes, answered: bytearray, outcome: Outcome) -> None:
        receipt = msgspec.json.decode(value)
        unit = receipt.get("unit")
        if receipt.get("submission_id") != self.submission_id or not isinstance(unit, int) or unit < 1:
            return
        if unit > len(answered):
            answered.extend(bytes(unit - len(answered)))
        # What was sent twice over an interruption is answered twice; the first answer counts.
        if not answered[unit - 1]:
            answered[unit - 1] = 1
            outcome.add(receipt)

    async def _send(self, producer: Any, progress: Progress) -> int:
        """Sends what is not acknowledged yet; returns how many messages the file has."""
        topic = f"source-records-v1-{self.county}"
        total = progress.acknowledged
        messages = islice(self.file.messages(), total, None)
        while batch := await asyncio.to_thread(lambda: list(islice(messages, IN_FLIGHT))):
            waiting = []
            for message in batch:
                total += 1
                waiting.append(await self._send_one(producer, topic, total, message))
            *_, last = await asyncio.gather(*waiting)
            progress.acknowledged, progress.last = total, Place(last.partition, last.offset, last.timestamp)
            progress.keep()
        return total

    async def _send_one(self, producer: Any, topic: str, unit: int, message: Message) -> Any:
        metadata = replace(
            message.metadata,
            submission_id=self.submission_id,
            unit=unit,
            extract=self.extract,
            encoding=self.encoding,
        )
        headers = [(name, text.encode()) for name, text in headers_of(metadata).items()]
        return await producer.send(topic, message.value, key=message.key or None, headers=headers)
