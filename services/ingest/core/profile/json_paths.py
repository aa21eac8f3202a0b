"""An object of JSON, as it came, to the parts of a case; by paths such as ``parties[role=DEF].name.last``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from reliefstream_contracts.receipts import Problem
from services.ingest.core.court.strict_json import parsed_object, shown_name
from services.ingest.core.profile.case_tree import Node, NotAText
from services.ingest.core.profile.profile import Group, Profile
from services.ingest.core.source_location import SourceLocation

_STEP = re.compile(
    r"(?P<key>[^.\[\]/=]+)|\[(?P<at>\d{1,3})\]|\[(?P<name>[^.\[\]/=]+)=(?P<value>[^\[\]=]+)\]|\[\](?P<any>)"
)

Step = str | int | tuple[str, str]


@lru_cache(maxsize=2_000)
def steps(path: str) -> tuple[Step, ...]:
    """The steps of a path: keys, places in a list, (key, value) of the one object in a list that has it.
    ``/`` before a path: from the case, not from the charge. ValueError: it is no path."""
    found: list[Step] = []
    at = 1 if path.startswith("/") else 0
    while at < len(path):
        if found and path[at] == ".":
            at += 1
        match = _STEP.match(path, at)
        if match is None or (at and match["key"] and path[at - 1] not in "./"):
            raise ValueError(
                f"{path!r} is no path: write defendant.name.last, parties[role=DEF].name or ids[0]"
            )
        if match["key"]:
            found.append(match["key"])
        elif match["at"]:
            found.append(int(match["at"]))
        elif match["name"]:
            found.append((match["name"], match["value"]))
        at = match.end()
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Object:
    """One object; ``root`` is the case that it belongs to, ``at`` its place in it."""

    root: Any
    value: Any
    record: SourceLocation
    at: str

    def text(self, column: str) -> str:
        found = _walk(self.root if column.startswith("/") else self.value, column)
        if found is None:
            return ""
        if isinstance(found, bool):
            return "true" if found else "false"
        if isinstance(found, str):
            return found
        raise NotAText("a list or an object stands here instead of one value")

    def where(self, column: str) -> SourceLocation:
        within = "" if column.startswith("/") or not self.at else f"{self.at}."
        return self.record.at(f"{within}{column.removeprefix('/')}")


def _walk(value: Any, path: str) -> Any:
    for step in steps(path):
        if value is None:
            return None
        if isinstance(step, str):
            if not isinstance(value, dict):
                raise NotAText(f"there is no object that could have {step!r}")
            value = value.get(step)
        elif not isinstance(value, list):
            raise NotAText("there is no list")
        elif isinstance(step, int):
            value = value[step] if step < len(value) else None
        else:
            fitting = [each for each in value if isinstance(each, dict) and each.get(step[0]) == step[1]]
            if len(fitting) > 1:
                raise NotAText(f"{len(fitting)} objects of the list fit: which one is meant cannot be told")
            value = fitting[0] if fitting else None
    return value


def json_case(profile: Profile, raw: bytes, record: SourceLocation) -> Node | tuple[Problem, ...]:
    """The case that one object makes; ``record`` says which one."""
    root = parsed_object(raw, record, texts=True)
    if isinstance(root, Problem):
        return (root,)
    unknown = [] if profile.others_ignored else list(_unknown(profile, root))
    if unknown:
        return tuple(_unknown_field(record, path) for path in unknown[:20])
    whole = Object(root, root, record, "")
    case = Node([whole])
    problems: list[Problem] = []
    for charge, node in _each(profile.charges, whole, problems):
        case.add("charge", 0, node)
        for groups in (profile.sentence, profile.relief):
            for at, group in enumerate(groups):
                for _, part in _each(group, charge, problems):
                    node.add(group.part, at, part)
    return tuple(problems) if problems else case


def _each(group: Group, within: Object, problems: list[Problem]) -> Iterator[tuple[Object, Node]]:
    """The objects that a group's path leads to; without a path, the object that it is within."""
    if not group.each:
        yield within, Node([within])
        return
    try:
        found = _walk(within.value, group.each)
    except NotAText as error:
        found = error
    if found is None:
        return
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        problems.append(
            within.where(group.each).problem(
                "not_a_list",
                "a list of objects is expected here",
                "correct it at its source, or the path (each) in the profile",
            )
        )
        return
    prefix = f"{within.at}." if within.at else ""
    for number, value in enumerate(found):
        one = Object(within.root, value, within.record, f"{prefix}{group.each}[{number}]")
        yield one, Node([one])


def _unknown_field(record: SourceLocation, path: str) -> Problem:
    return record.at(path).problem(
        "unknown_field",
        "the profile does not know this field",
        "take it in the profile, or list it under ignored",
    )


@lru_cache(maxsize=64)
def _known(profile: Profile) -> tuple[frozenset[str], tuple[str, ...]]:
    """The plain paths that fields take, and those below which anything may stand."""
    taken: set[str] = set()

    def take(path: str, within: str) -> None:
        base = "" if path.startswith("/") else within
        for step in steps(path):
            if isinstance(step, str):
                base = f"{base}.{step}" if base else step
            else:
                base += "[]"
                if isinstance(step, tuple):
                    taken.add(f"{base}.{step[0]}")
        taken.add(base)

    for field in (*profile.case, *profile.defendant):
        for path in field.columns:
            take(path, "")
    charges = profile.charges
    base = f"{charges.each}[]" if charges.each else ""
    for group in (charges, *profile.sentence, *profile.relief):
        inner = base if group is charges or not group.each else f"{base}.{group.each}[]".lstrip(".")
        for field in group.fields:
            for path in field.columns:
                take(path, inner)
    return frozenset(taken), tuple(sorted(profile.ignored | profile.dropped))


def _unknown(profile: Profile, root: Any) -> Iterator[str]:
    taken, below = _known(profile)
    for plain, shown in _leaves(root, "", ""):
        if plain not in taken and not any(
            plain == known or plain.startswith((f"{known}.", f"{known}[]")) for known in below
        ):
            yield shown


def _leaves(value: Any, plain: str, shown: str) -> Iterator[tuple[str, str]]:
    """Each value that is no list and no object: its plain path, and the path to show."""
    if isinstance(value, dict):
        for name, each in value.items():
            dot = "." if plain else ""
            yield from _leaves(each, f"{plain}{dot}{name}", f"{shown}{dot}{shown_name(name)}")
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _leaves(each, f"{plain}[]", f"{shown}[{number}]")
    else:
        yield plain, shown
