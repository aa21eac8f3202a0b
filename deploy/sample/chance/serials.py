"""Unique numbers in no visible order."""

from dataclasses import dataclass

_FACTOR = 7_368_787  # has no divisor in common with 10, so that no two serials meet


def scattered(serial: int, digits: int) -> str:
    """``serial`` as ``digits`` + 1 digits or more, the first never 0; unique among those of one ``digits``."""
    block, within = divmod(serial, 10**digits)
    return f"{block + 1}{(within * _FACTOR + 1_234_567) % 10**digits:0{digits}d}"


@dataclass(slots=True)
class Serials:
    """Counts the cases of one sample."""

    cases: int = 0

    def next_case(self) -> int:
        self.cases += 1
        return self.cases
