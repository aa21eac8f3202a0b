"""Writes the sample: ``doj.csv``, the court's feed, ``truth.jsonl`` and ``truth.json``, person by person."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

from deploy.sample.chance.dice import Dice
from deploy.sample.chance.quota import Spaced
from deploy.sample.files.court.layouts import LAYOUTS, CourtLayout, dirt
from deploy.sample.files.court.lines import court_lines
from deploy.sample.files.deferred import Deferred
from deploy.sample.files.doj.columns import COLUMNS
from deploy.sample.files.doj.rows import rap_sheet_rows
from deploy.sample.files.refused_rows import LINE_FAULTS, broken_row, faulty_case
from deploy.sample.files.truth import Truth
from deploy.sample.population.person import Person
from deploy.sample.population.places import County
from deploy.sample.population.population import Population
from deploy.sample.population.shape import Shape


class _Csv:
    """Rows as text, quoted where they must be; lines end as in DOJ's files."""

    def __init__(self) -> None:
        self._buffer = io.StringIO()
        self._writer = csv.writer(self._buffer, lineterminator="\r\n")

    def text(self, row: Sequence[str]) -> str:
        self._buffer.seek(0)
        self._buffer.truncate()
        self._writer.writerow(row)
        return self._buffer.getvalue()


class Sample:
    """One sample while it is written."""

    def __init__(self, shape: Shape, county: County, seed: int, court_layout: CourtLayout = "strict") -> None:
        self._layout = LAYOUTS[court_layout]()
        self._shape, self._county, self._seed = shape, county, seed
        self._csv = _Csv()
        self._count: Counter[str] = Counter()
        self._later_rows, self._later_lines = Deferred(), Deferred()
        self._line_faults = Spaced(shape.of_each_fault * len(LINE_FAULTS), shape.persons["core"])
        self.truth = Truth(county)

    def write(self, out: Path, progress: Callable[[], None]) -> dict[str, Any]:
        """Writes all four files into ``out`` and returns what ``truth.json`` holds. ``progress`` is called
        once per person."""
        with ExitStack() as files:

            def opened(name: str) -> TextIO:
                return files.enter_context((out / name).open("w", encoding="utf-8", newline=""))

            self._doj, self._court, self._truth = map(opened, ("doj.csv", self._layout.file, "truth.jsonl"))
            self._doj.write(self._csv.text(COLUMNS))
            self._court.write(self._layout.opening())
            for person in Population(self._shape, self._county, self._seed):
                self._write(person)
                progress()
            self._rows(self._later_rows.rest())
            self._lines(self._later_lines.rest())
            self._court.write(self._layout.closing())
        totals = self._totals()
        (out / "truth.json").write_text(json.dumps(totals, indent=2) + "\n", encoding="utf-8", newline="")
        return totals

    def _write(self, person: Person) -> None:
        # Dice of their own, so that the writings never change who is written about.
        dice = Dice((self._seed << 40) + (1 << 39) + person.number)
        for line in self.truth.lines(person):
            self._truth.write(json.dumps(line, separators=(",", ":")) + "\n")
        if person.subject_id:
            self._rap_sheet(person, dice)
        if person.court_key:
            lines = court_lines(person, self._county, dice)
            good = sum(case.in_court for case in person.cases)
            self._lines(lines[:good])
            self._later_lines.keep(lines[good:], dice)
        if person.cohort == "core" and self._line_faults.due():
            self._refused_line()
        self._rows(self._later_rows.due())
        self._lines(self._later_lines.due())
        self._count["sent_twice"] += sum(case.sent_twice for case in person.cases)
        self._count["revisions"] += sum(case.revised for case in person.cases)
        self._count["withdrawn"] += sum(case.withdrawn for case in person.cases)
        self._count["shares_cii"] += person.shares_cii

    def _rap_sheet(self, person: Person, dice: Dice) -> None:
        self._count["subjects"] += 1
        rows = rap_sheet_rows(person, dice)
        texts = [self._csv.text(row) for row in rows]
        for fault in person.row_faults:
            texts.append(self._csv.text(broken_row(fault, rows[0])))
            self._note(fault, "doj.csv", person.number)
        split = len(texts)
        if len(texts) > 3 and dice.chance(10):
            split = dice.between(1, len(texts) - 1)
        self._rows(texts[:split])
        if split < len(texts):
            self._later_rows.keep(texts[split:], dice)
        if person.identical_row:
            self._later_rows.keep([texts[dice.below(len(rows))]], dice)
            self._count["identical_rows"] += 1

    def _refused_line(self) -> None:
        number = self._count["refused_lines"] = self._count["refused_lines"] + 1
        fault = LINE_FAULTS[(number - 1) % len(LINE_FAULTS)]
        self._court.write(self._layout.broken(faulty_case(fault, number, self._county), fault))
        self._count["lines"] += 1
        self._note(fault, self._layout.file, None)

    def _note(self, fault: str, file: str, person: int | None) -> None:
        self._count[f"{file} {fault}"] += 1
        note = {"kind": "refused", "file": file, "fault": fault, "person": person}
        self._truth.write(json.dumps(note, separators=(",", ":")) + "\n")

    def _rows(self, texts: Sequence[str]) -> None:
        self._doj.writelines(texts)
        self._count["rows"] += len(texts)

    def _lines(self, texts: Sequence[str]) -> None:
        for text in texts:
            self._court.write(self._layout.case(json.loads(text), dirt(text)))
        self._count["lines"] += len(texts)

    def _totals(self) -> dict[str, Any]:
        count = self._count
        faults = {
            file: {name.split()[1]: n for name, n in count.items() if name.startswith(f"{file} ")}
            for file in ("doj.csv", self._layout.file)
        }
        refused_rows, refused_lines = (sum(faults[file].values()) for file in ("doj.csv", self._layout.file))
        repeats = 0 if self._layout.merges_repeats else count["sent_twice"]
        units = count["lines"] - count["sent_twice"] + repeats
        return {
            "county": self._county.name,
            "scale": str(self._shape.scale),
            "seed": self._seed,
            "doj.csv": {
                "rows": count["rows"],
                "units": count["subjects"],
                "recorded": count["subjects"],
                "repeats": 0,
                "quarantined": 0,
                "quarantined_rows": refused_rows,
                "identical_rows": count["identical_rows"],
                "faults": faults["doj.csv"],
            },
            self._layout.file: {
                "units": units,
                "recorded": units - repeats - refused_lines,
                "repeats": repeats,
                "quarantined": refused_lines,
                "revisions": count["revisions"],
                "withdrawn": count["withdrawn"],
                "faults": faults[self._layout.file],
            },
            "pairs_that_share_a_cii_number": count["shares_cii"] // 2,
            **self.truth.totals(),
        }
