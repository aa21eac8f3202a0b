"""YAML that remembers its lines, so that whoever edits a law or a policy is told where it is wrong."""

from pathlib import Path
from typing import Any

import yaml


class WrongFile(ValueError):
    """A law, policy or county file is wrong: the text names file, line, what is wrong and what is meant."""


class Located(dict[str, Any]):
    """A mapping with the line of each key."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}
        self.line = 0


def read_yaml(path: Path) -> Located:
    """The mapping that a file holds. Raises WrongFile, also for a key that stands twice."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except OSError as error:
        raise WrongFile(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise WrongFile(f"{path}: is not UTF-8 text") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise WrongFile(f"{path}, line {line}: is not YAML: {getattr(error, 'problem', error)}") from error
    value = _value(node, path) if node is not None else None
    if not isinstance(value, Located):
        raise WrongFile(f"{path}, line 1: should be a mapping of names to values")
    return value


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
            allowed = ", ".join(sorted(required | optional))
            raise at(path, mapping, key, f"unknown key {key!r}; known are {allowed}")
    missing = required - set(mapping)
    if missing:
        raise at(path, mapping, None, f"missing {', '.join(sorted(missing))}")
    return mapping


def _value(node: yaml.Node, path: Path) -> Any:
    if isinstance(node, yaml.MappingNode):
        mapping = Located()
        mapping.line = node.start_mark.line + 1
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = _scalar(key_node)
            if not isinstance(key, str):
                raise WrongFile(f"{path}, line {line}: a key should be text, not {key!r}")
            if key in mapping:
                raise WrongFile(f"{path}, line {line}: {key!r} stands twice")
            mapping.lines[key] = line
            mapping[key] = _value(value_node, path)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, path) for item in node.value]
    return _scalar(node)


def _scalar(node: yaml.Node) -> Any:
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_object(node, deep=True)
    finally:
        loader.dispose()
