"""YAML with the line of each key, so that an error names its place in the file."""

import os
import re
import stat
from collections.abc import Callable, Collection
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.reader import ReaderError

SIZE_LIMIT = 1_000_000
"""Bytes of the longest file that is read."""
DEPTH_LIMIT = 40
"""Levels of mappings and lists within each other."""
_PLAIN: dict[type[yaml.Node], str] = {
    yaml.MappingNode: "tag:yaml.org,2002:map",
    yaml.SequenceNode: "tag:yaml.org,2002:seq",
}
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_WORD = re.compile(r"[A-Za-z0-9_.-]+")


class WrongFile(ValueError):
    """A file that people write is wrong: the text names file, line, what is wrong and what is meant."""


class Located(dict[str, Any]):
    """A mapping with the line of each key."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}
        self.line = 0


def read_yaml(path: Path) -> Located:
    """The mapping that a file holds. Raises WrongFile, also for a duplicate key.

    Accepts plain YAML only: no references, no tags, no times of day, whole numbers in decimal digits.
    """
    try:
        text = _text(path, read_regular(path))
        node = _composed(text)
    except WrongFile:
        raise
    except ValueError as error:
        raise WrongFile(f"{path}: cannot be read: {error}") from error
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise WrongFile(f"{path}, line {line}: holds the character U+{error.character:04X}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise WrongFile(f"{path}, line {line}: is not YAML: {getattr(error, 'problem', error)}") from error
    value = _value(node, path) if node is not None else None
    if not isinstance(value, Located):
        raise WrongFile(f"{path}, line 1: should be a mapping of names to values")
    return value


def read_regular(path: Path) -> bytes:
    """The content of a regular file or a link to one. Raises WrongFile for anything else, and for one that is too long.

    A pipe, a device or a socket could keep its reader waiting for ever.
    """
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise WrongFile(
                    f"{path}: is no regular file: a YAML file, or a link to one, is expected here"
                )
            raw: bytes = file.read(SIZE_LIMIT + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, WrongFile):
            raise
        raise WrongFile(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(raw) > SIZE_LIMIT:
        raise WrongFile(f"{path}, line 1: is longer than {SIZE_LIMIT:,} bytes")
    return raw


def shown_key(key: str) -> str:
    """A key as an error may show it: a wrong file may hold secrets where keys are expected."""
    return repr(key[:40]) if _WORD.fullmatch(key) else "a key that is no word"


def unknown_key(key: str, known: Collection[str]) -> str:
    """The error text for an unknown key, with the known key that is probably meant."""
    near = get_close_matches(key, known, 1)
    meant = f" (is {near[0]} meant?)" if near else ""
    return f"unknown key {shown_key(key)}{meant}; known are {', '.join(sorted(known))}"


def at(path: Path, within: object, key: str | None, what: str) -> WrongFile:
    """The error to raise for a key of a mapping of that file."""
    line = 1
    if isinstance(within, Located):
        line = within.lines.get(key, within.line) if key is not None else within.line
    return WrongFile(f"{path}, line {line}: {what}")


def only(path: Path, mapping: object, required: set[str], optional: frozenset[str] = frozenset()) -> Located:
    """The mapping, if it has all required keys and no unknown one."""
    if not isinstance(mapping, Located):
        raise at(path, mapping, None, f"a mapping with {', '.join(sorted(required))} is expected")
    for key in mapping:
        if key not in required | optional:
            raise at(path, mapping, key, unknown_key(key, required | optional))
    missing = required - set(mapping)
    if missing:
        raise at(path, mapping, None, f"missing {', '.join(sorted(missing))}")
    return mapping


def _composed(text: str) -> yaml.Node | None:
    """Parses by libyaml, which is ten times as fast; what it refuses is parsed in Python, which explains it better."""
    try:
        return yaml.compose(text, Loader=_Fast)
    except (yaml.scanner.ScannerError, yaml.parser.ParserError):
        return yaml.compose(text, Loader=_Careful)


class _Limited(Composer):
    """Composes without references, which could stand for more than memory holds, and to a limited depth."""

    depth = 0
    check_event: Callable[..., bool]
    peek_event: Callable[[], Any]

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        problem = None
        if self.check_event(yaml.AliasEvent):
            problem = "a reference (*); write it out"
        elif self.depth >= DEPTH_LIMIT:
            problem = f"more than {DEPTH_LIMIT} levels within each other"
        if problem is not None:
            event: Any = self.peek_event()
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


class _Fast(_Limited, yaml.CSafeLoader):
    def __init__(self, text: str) -> None:
        yaml.CSafeLoader.__init__(self, text)
        Composer.__init__(self)


class _Careful(_Limited, yaml.SafeLoader):
    def __init__(self, text: str) -> None:
        yaml.SafeLoader.__init__(self, text)


def _without_waiting(name: str, flags: int) -> int:
    return os.open(name, flags | os.O_NONBLOCK)


def _text(path: Path, raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise WrongFile(f"{path}, line {line}: is not UTF-8 text") from error


def _value(node: yaml.Node, path: Path) -> Any:
    plain = _PLAIN.get(type(node))
    if plain is not None and node.tag != plain:
        raise WrongFile(f"{path}, line {node.start_mark.line + 1}: {node.tag[:40]!r} is no plain YAML")
    if isinstance(node, yaml.MappingNode):
        mapping = Located()
        mapping.line = node.start_mark.line + 1
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = _scalar(key_node, path)
            if not isinstance(key, str):
                raise WrongFile(f"{path}, line {line}: a key should be text, not {_shown(key_node)}")
            if key in mapping:
                raise WrongFile(f"{path}, line {line}: {shown_key(key)} stands twice")
            mapping.lines[key] = line
            mapping[key] = _value(value_node, path)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, path) for item in node.value]
    return _scalar(node, path)


def _scalar(node: yaml.Node, path: Path) -> Any:
    """A text, number, truth value, day or nothing."""
    where = f"{path}, line {node.start_mark.line + 1}"
    loader = yaml.SafeLoader("")
    try:
        value = loader.construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise WrongFile(f"{where}: {_shown(node)} is no day, number or text") from error
    finally:
        loader.dispose()
    if isinstance(value, int) and not isinstance(value, bool) and not _DECIMAL.fullmatch(node.value):
        raise WrongFile(
            f"{where}: {_shown(node)} is the number {str(value)[:40]}: write it so, or as a text in quotes"
        )
    if value is None or type(value) in {str, int, float, bool, date}:
        return value
    raise WrongFile(f"{where}: {_shown(node)} is no day, number or text")


def _shown(node: yaml.Node) -> str:
    return repr(node.value[:40]) if isinstance(node.value, str) else "this"
