"""Writes samples for tests and reads their truth."""

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from deploy.sample.files.files import Sample
from deploy.sample.population.places import county_named
from deploy.sample.population.shape import shape_at


@dataclass(frozen=True)
class Written:
    """The four files of a sample."""

    out: Path
    totals: dict[str, Any]

    def truth(self, kind: str) -> list[dict[str, Any]]:
        lines = (self.out / "truth.jsonl").read_text().splitlines()
        return [line for line in map(json.loads, lines) if line["kind"] == kind]


def write(
    out: Path, scale: str, county: str = "los-angeles", seed: int = 1, court_layout: str = "strict"
) -> Written:
    out.mkdir(exist_ok=True)
    sample = Sample(shape_at(Fraction(scale)), county_named(county), seed, court_layout)  # type: ignore[arg-type]
    return Written(out, sample.write(out, lambda: None))
