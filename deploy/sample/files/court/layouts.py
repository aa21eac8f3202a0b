"""The court's feed in a county's own layout, with the dirt of real exports: the same cases as the strict JSON lines."""

import json
import zlib
from collections.abc import Mapping
from typing import Any, Literal, Protocol

from deploy.sample.chance.dice import Dice
from deploy.sample.files.court.ecourt import ECourt
from deploy.sample.files.court.mainframe import Mainframe
from deploy.sample.files.court.odyssey import Odyssey

CourtLayout = Literal["strict", "odyssey", "ecourt", "mainframe"]
Record = Mapping[str, Any]


class Layout(Protocol):
    """How one feed is written."""

    file: str
    merges_repeats: bool
    """Whether a case that is sent twice in one file is one case there."""

    def opening(self) -> str:
        """What stands before the first case."""

    def case(self, record: Record, dice: Dice) -> str:
        """One case, a record of the strict feed."""

    def broken(self, record: Record, fault: str) -> str:
        """That case with a fault that intake has to refuse."""

    def closing(self) -> str:
        """What stands behind the last case."""


class Strict:
    """JSON lines as the contract has them."""

    file = "court.jsonl"
    merges_repeats = False

    def opening(self) -> str:
        return ""

    def case(self, record: Record, dice: Dice) -> str:  # noqa: ARG002 - the strict feed has no dirt
        return json.dumps(record, separators=(",", ":")) + "\n"

    def broken(self, record: Record, fault: str) -> str:
        case: dict[str, Any] = {**record}
        if fault == "unknown_field":
            case["judge_name"] = "NOBODY"
        line = json.dumps(case, separators=(",", ":"))
        return (line[: len(line) // 2] if fault == "bad_json" else line) + "\n"

    def closing(self) -> str:
        return ""


LAYOUTS: dict[str, type[Layout]] = {
    "strict": Strict,
    "odyssey": Odyssey,
    "ecourt": ECourt,
    "mainframe": Mainframe,
}


def dirt(line: str) -> Dice:
    """Dice of one case: the same case is written in the same way each time."""
    return Dice(zlib.crc32(line.encode()))
