"""Half of a county's relieved persons are sealed; then every file of every store is searched for what stood of them.

The texts are found first, in each store that holds them, so that the search can fail. Every service is killed while
it forgets. Then the files are sent again, as they were and corrected, and new records of the same persons; days pass
for Kafka; each service that can be rebuilt is rebuilt from its topics; Postgres' files are rewritten. In the end
nothing of the sealed stands anywhere, and all of the others does.
"""

import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from deploy.demo.first_county import COUNTY
from deploy.local import addresses as local
from deploy.local.layout import Layout
from deploy.proof.texts import Found, found_in_stores
from services.cli.client.addresses import Addresses, addresses
from services.cli.client.services import ask, exported
from services.cli.terminal.exit import Refused, ServerMissing
from tests.harness.arrival_orders.orders import Sent, doj_first
from tests.harness.product import Product
from tests.harness.seal_proof.as_before import Standing, standing
from tests.harness.seal_proof.chosen import Chosen, choose
from tests.harness.seal_proof.coming_again import TRIES, corrected, new_id, new_records, send, settle
from tests.harness.seal_proof.county import Known, unmistakable
from tests.harness.seal_proof.days_pass import shorten, some_days
from tests.harness.seal_proof.not_proven import NotProven
from tests.harness.seal_proof.progress import Say, now_and_then
from tests.harness.seal_proof.searching import (
    all_others_are_there,
    each_was_found,
    every_file,
    none_is_left,
    table,
)

REPLAYED = ("reconciliation", "eligibility", "notification")
FORGETFUL = ("ingest", *REPLAYED)


@dataclass(frozen=True)
class Proof:
    """On an empty installation under a standing order. ``as_of``: the day for which the law is applied there."""

    layout: Layout
    as_of: date
    say: Say
    whole: bool = True
    """False: one service alone is killed, none is rebuilt, and the search is not also made by ``seal prove``."""

    def prove(self, folder: Path, scale: str, seed: int) -> None:
        """The whole proof. ``folder``: for the county's files. Raises NotProven."""
        known = unmistakable(folder, scale, seed)
        waves = list(doj_first(folder, seed))
        for wave in ("doj", "court"):
            send(self._found, [message for source, message in waves if source == wave], self._told)
        self.say(f"two waves of {len(known):,} persons have passed, {len(waves):,} records")
        chosen = self._choose(known)
        before = self._search(chosen)
        each_was_found(before, chosen)
        stood = self._standing(chosen)
        self._prove_one(chosen)
        self._seal(chosen)
        stood.must_be(self._standing(chosen), "sealing")
        self._send_again(waves, chosen, stood)
        self._let_days_pass()
        if self.whole:
            self._replay()
            stood.must_be(self._standing(chosen), "replay")
            self._let_days_pass()
        self.say(self._run("seal", "rewrite"))
        self._prove_one(chosen)
        after = self._searched_at_the_end(chosen)
        none_is_left(every_file(self.layout), after, chosen)
        all_others_are_there(before, after, chosen)

    @cached_property
    def _told(self) -> Say:
        """What a long step is told of how far it is."""
        return now_and_then(self.say)

    @property
    def _found(self) -> Addresses:
        return addresses({}, self.layout.root)

    @property
    def _clerk(self) -> Addresses:
        return self._found.acting_as("trial-clerk")

    @property
    def _signer(self) -> Addresses:
        return self._found.acting_as("trial-signer")

    def _choose(self, known: Sequence[Known]) -> Chosen:
        relief, determined = (
            list(exported(what, {"county": COUNTY}, found=self._signer))
            for what in ("relief", "determinations")
        )
        chosen = choose(known, relief, determined)
        self.say(
            f"{len(chosen.persons):,} persons are to be sealed with {len(chosen.reliefs):,} convictions; of "
            f"{chosen.wholly:,} nothing else is on record. "
            f"{len(chosen.gone):,} texts must go, {len(chosen.stays):,} stay"
        )
        return chosen

    def _search(self, chosen: Chosen) -> Found:
        found = found_in_stores(
            every_file(self.layout),
            [*chosen.gone, *chosen.stays],
            lambda share: self._told(f"{share:.0%} of the bytes are searched"),
        )
        self.say(f"every file is searched\n{table(found, chosen)}")
        return found

    def _searched_at_the_end(self, chosen: Chosen) -> Found:
        """A slow machine's broker may need more time for what passes as days: then all is searched again."""
        for _ in range(TRIES):
            after = self._search(chosen)
            if not any(found.intersection(chosen.gone) for name, found in after.items() if "topic" in name):
                break
            self._let_days_pass()
        return after

    def _standing(self, chosen: Chosen) -> Standing:
        return standing(self.layout, self._signer, self.as_of, chosen)

    def _prove_one(self, chosen: Chosen) -> None:
        """One conviction, as a person does it: found before it is sealed, and nothing of it afterwards."""
        if self.whole:
            self._run("seal", "prove", chosen.reliefs[0])

    def _seal(self, chosen: Chosen) -> None:
        """By the clerk, one after the other; services are killed in the middle of it."""
        half = len(chosen.reliefs) // 2
        self._have_sealed(chosen.reliefs[:half])
        self._kill(*(FORGETFUL if self.whole else FORGETFUL[1:2]))
        self._have_sealed(chosen.reliefs[half:])
        self._kill(*(("relief", "reconciliation") if self.whole else ()))
        settle(self._found, self._told)
        told = ask("relief", "GET", f"/v1/counties/{COUNTY}/seals", found=self._clerk)
        if told["sealed"] != len(chosen.reliefs):
            raise NotProven(f"{len(chosen.reliefs)} were to be sealed: {told}")
        self.say(f"{told['sealed']:,} convictions are sealed")

    def _have_sealed(self, reliefs: Sequence[str]) -> None:
        for number, relief in enumerate(reliefs, 1):
            self._have_one_sealed(relief)
            self._told(f"{number:,} of {len(reliefs):,} are asked to be sealed")

    def _have_one_sealed(self, relief: str) -> None:
        """Asked again where a busy machine's service does not answer: it may have sealed, and refuse then."""
        path = f"/v1/reliefs/{relief}/seal"
        for tried in range(TRIES):
            try:
                ask("relief", "POST", path, body={"reason": "proof"}, found=self._clerk)
            except ServerMissing:
                settle(self._found, self._told)
            except Refused:
                if tried == 0:
                    raise
                return
            else:
                return
        raise ServerMissing("relief does not answer")

    def _kill(self, *services: str) -> None:
        """With SIGKILL; its supervisor starts it again."""
        for service in services:
            with suppress(ProcessLookupError):
                os.kill(Product(self.layout).pids()[service], signal.SIGKILL)

    def _send_again(self, waves: Sequence[Sent], chosen: Chosen, stood: Standing) -> None:
        send(self._found, [message for _, message in waves], self._told)
        stood.must_be(self._standing(chosen), "the same files")
        send(self._found, corrected(waves, chosen), self._told)
        stood.must_be(self._standing(chosen), "corrected records")
        new = list(new_records(waves, chosen))
        send(self._found, new, self._told)
        stood.must_be(self._standing(chosen), "new records")
        self._must_be_joined(chosen, len(new))
        self.say(f"both files came again, corrected ones, and {len(new):,} new records")

    def _must_be_joined(self, chosen: Chosen, new: int) -> None:
        """Each new record belongs to the subject that has what stays of the person."""
        joined = 0
        for subject in exported("subjects", found=self._found.acting_as("trial-records-unit")):
            records = set(subject["records"])
            joined += any(
                f"court/{COUNTY}/{new_id(number)}" in records and records & one.staying
                for number, one in enumerate(chosen.persons)
            )
        if joined != new:
            raise NotProven(f"of {new:,} new records {joined:,} came to what stays of their persons")

    def _let_days_pass(self) -> None:
        kafka = local.read(self.layout.root).kafka
        shorten(kafka)
        some_days(kafka)
        self.say("days have passed, topics are compacted")

    def _replay(self) -> None:
        for service in REPLAYED:
            for step in ("rebuild", "compare", "switch"):
                self._run("replay", step, service)
        settle(self._found, self._told)
        self.say(f"rebuilt from their topics: {', '.join(REPLAYED)}")

    def _run(self, *words: str) -> str:
        """What a command prints. Raises NotProven where it does not end well."""
        ended = Product(self.layout).run(*words)
        if ended.returncode:
            raise NotProven(f"{' '.join(words)}: {ended.stdout}{ended.stderr}")
        return ended.stdout.strip()
