"""A file of statements as an office's own case system writes it: JSON, JSON lines or CSV."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from services.cli.terminal.exit import WrongUsage

OF_COUNT = ("count", "section", "disposed_on", "case_number")
OF_FACT = ("fact", "value")
PARTS: dict[str, tuple[str, ...]] = {"counts": OF_COUNT, "facts": OF_FACT}
OF_STATEMENT = ("statement_id", "revision", "withdrawn", "basis")


def read_statements(path: Path) -> tuple[str, list[Any]]:
    """The file's SHA-256 and its statements, unchecked: intake says what is wrong with each. Raises WrongUsage."""
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
        if path.suffix == ".jsonl":
            lines = enumerate(text.split("\n"), 1)
            found = [_json(line, f"{path}, line {number}") for number, line in lines if line.strip()]
        elif path.suffix == ".csv":
            found = list(_of_rows(csv.DictReader(io.StringIO(text, newline=""))))
        elif path.suffix == ".json":
            read = _json(text, str(path))
            found = read if isinstance(read, list) else [read]
        else:
            raise WrongUsage(f"{path}: end the name with .json, .jsonl or .csv")
    except OSError as error:
        raise WrongUsage(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise WrongUsage(f"{path} is not UTF-8: save it as UTF-8") from None
    except csv.Error as error:
        raise WrongUsage(f"{path} cannot be read as CSV: {error}") from None
    return hashlib.sha256(raw).hexdigest(), found


def _json(text: str, where: str) -> Any:
    """What a text of JSON holds. Raises WrongUsage, which names ``where``."""
    try:
        found = json.loads(text, parse_constant=_no_number)
        json.dumps(found, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise WrongUsage(f"{where}: not JSON at line {error.lineno}, character {error.colno}") from None
    except UnicodeEncodeError:
        raise WrongUsage(f"{where}: a text has half a surrogate pair; write it in plain Unicode") from None
    except (ValueError, RecursionError):
        what = "a number that JSON does not have, one of too many digits, or too many levels"
        raise WrongUsage(f"{where}: this JSON cannot be read: {what}") from None
    return found


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _of_rows(rows: "csv.DictReader[str]") -> Iterator[dict[str, Any]]:
    unknown = set(rows.fieldnames or ()) - {*OF_STATEMENT, *OF_COUNT, *OF_FACT}
    if unknown or "count" not in (rows.fieldnames or ()):
        columns = ", ".join((*OF_STATEMENT, *OF_COUNT, *OF_FACT))
        raise WrongUsage(f"The first line of the CSV names its columns, of these: {columns}")
    united: dict[object, dict[str, Any]] = {}
    for number, row in enumerate(rows):
        given = {name: text for name, text in row.items() if name and text}
        own = (given.get("statement_id") or number, given.get("revision"))
        one = united.setdefault(own, _statement(given))
        for part_name, fields in PARTS.items():
            part = {column: given[column] for column in fields if column in given}
            if part and part not in one[part_name]:
                one[part_name].append(part)
    yield from united.values()


def _statement(given: dict[str, str]) -> dict[str, Any]:
    said: dict[str, Any] = {name: given[name] for name in OF_STATEMENT if name in given}
    if said.get("revision", "").isdigit():
        said["revision"] = int(said["revision"])
    if "withdrawn" in said:
        said["withdrawn"] = {"true": True, "false": False}.get(said["withdrawn"].lower(), said["withdrawn"])
    return said | {"counts": [], "facts": []}
