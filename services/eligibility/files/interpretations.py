"""The numbered interpretations of the law (INTERPRETATIONS.md), each with what it says."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

INTERPRETATIONS = Path(__file__).parents[3] / "INTERPRETATIONS.md"
CHANGED = re.compile(r"\*(Changed in [^*]+)\*")
READING = re.compile(r"^- (\*\*(I-\d+)\s+(.+?)\*\*.*)$", re.MULTILINE)


class Interpretation(NamedTuple):
    """What an interpretation is about, and its whole line in Markdown."""

    title: str
    line: str

    @property
    def summary(self) -> str:
        """What it is about and, where it was read otherwise before, since when and how."""
        changed = CHANGED.search(self.line)
        return f"{self.title}. {changed[1]}" if changed else self.title


@cache
def interpretations(path: Path = INTERPRETATIONS) -> dict[str, Interpretation]:
    """Each interpretation by its number; none where the file did not come with the program."""
    if not path.is_file():
        return {}
    return {
        number: Interpretation(title.rstrip(".,; "), line)
        for line, number, title in READING.findall(path.read_text(encoding="utf-8"))
    }
