"""The orders in which the same messages of two waves come."""

import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from services.cli.submission.file_messages import Format, Message, submitted_file

Sent = tuple[Format, Message]
Order = Callable[[Path, int], Iterable[Sent]]
"""The messages of a sample's folder, in an order that the seed may decide."""


def doj_first(folder: Path, seed: int) -> Iterator[Sent]:
    """As in 2020 and 2021: all of DOJ's persons, then all of the court's cases."""
    del seed
    files: tuple[tuple[Format, str], ...] = (("doj", "doj.csv"), ("court", "court.jsonl"))
    for form, name in files:
        file = submitted_file(folder / name, form)
        with file.open():
            for message in file.messages():
                yield form, message


def mixed(folder: Path, seed: int) -> Iterable[Sent]:
    """Both in one shuffle: revisions of a case come in any order too."""
    every = list(doj_first(folder, seed))
    random.Random(seed).shuffle(every)
    return every


def backwards(folder: Path, seed: int) -> Iterable[Sent]:
    """The court's last case first, DOJ's first person last."""
    return reversed(list(doj_first(folder, seed)))


ORDERS: dict[str, Order] = {"doj first": doj_first, "mixed": mixed, "backwards": backwards}
STATED_AFTER = {"doj first": 1.0, "mixed": 0.5, "backwards": 0.0}
"""How much of the messages has come when offices state what they know."""
