"""Which reliefs are sealed, and which texts must go with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.proof.texts import Text, found_in_stores
from tests.harness.seal_proof.county import Known


@dataclass(frozen=True)
class Chosen:
    """The reliefs to seal, their counts, and the texts that must go and that must stay."""

    reliefs: tuple[str, ...]
    counts: frozenset[str]
    persons: tuple[Known, ...]
    gone: tuple[Text, ...]
    stays: tuple[Text, ...]

    @property
    def wholly(self) -> int:
        """Of how many persons nothing is left."""
        return sum(one.wholly for one in self.persons)


def choose(known: Sequence[Known], lines: Sequence[Mapping[str, Any]], folder: Path) -> Chosen:
    """Every second person with relief, and of their texts those that were sent; of who is not chosen, all stay.

    ``lines``: relief as it is exported. ``folder``: with the files that were sent.
    """
    sent = _sent(known, folder)
    of_record = {record: number for number, one in enumerate(known) for record in one.records}
    reliefs: dict[int, list[Mapping[str, Any]]] = {}
    for line in lines:
        if line["state"] == "ordered" and line["relief"] == "dismissal":
            owner = of_record[line["counts"][0].rpartition("/")[0]]
            reliefs.setdefault(owner, []).append(line)
    sealed = set(sorted(reliefs)[::2])
    gone: set[Text] = set()
    stays: set[Text] = set()
    for number, one in enumerate(known):
        (gone if number in sealed and one.wholly else stays).update(one.person)
        for case, texts in one.cases.items():
            (gone if number in sealed and case in one.relieved else stays).update(texts)
    lines = [line for number in sorted(sealed) for line in reliefs[number]]
    return Chosen(
        tuple(line["relief_id"] for line in lines),
        frozenset(count for line in lines for count in line["counts"]),
        tuple(known[number] for number in sorted(sealed)),
        tuple(gone & sent - stays),
        tuple(stays & sent - gone),
    )


def _sent(known: Sequence[Known], folder: Path) -> frozenset[Text]:
    """What stands in the files: a source may leave out what another one says."""
    every = [
        text
        for one in known
        for text in (*one.person, *(each for case in one.cases.values() for each in case))
    ]
    return found_in_stores({"files": [folder / "doj.csv", folder / "court.jsonl"]}, every)["files"]
