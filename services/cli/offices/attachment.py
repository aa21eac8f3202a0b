"""The attachment of a proposed order, a CSV file for the court, and the exceptions that come back as its lines."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from services.chassis.runtime.private_file import private_file
from services.cli.terminal.exit import WrongUsage
from services.csv_lines import as_written, csv_line

COLUMNS = (
    "case_number",
    "county",
    "court",
    "code_section",
    "level",
    "conviction_date",
    "relief",
    "redesignated_to",
    "counts",
    "relief_id",
    "line",
)


def write_attachment(lines: Iterable[Mapping[str, Any]], out: Path) -> None:
    """One row a line of the proposed order, case numbers as the court writes them (no cell is a formula); no name."""
    try:
        with private_file(out) as file:
            file.write(csv_line(COLUMNS))
            for line in lines:
                file.write(csv_line({**line, "counts": " ".join(line["counts"])}[name] for name in COLUMNS))
    except OSError as error:
        raise WrongUsage(f"--out {out}: {error.strerror}") from None


def exceptions(path: Path) -> list[str]:
    """The entries of a file of exceptions, one a line, as they are or as the attachment has them; blank lines count as
    nothing."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise WrongUsage(f"--except {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise WrongUsage(f"--except {path}: it is not UTF-8 text") from None
    return [as_written(line.strip()) for line in text.splitlines() if line.strip()]
