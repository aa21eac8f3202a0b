"""The policies by name with law and title, and where each is in force: what a list of them needs, without the law."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from services import county_files
from services.chassis.settings.located_yaml import at, read_yaml

POLICIES = Path(__file__).parents[1] / "policies"


class PolicyTitle(NamedTuple):
    """One policy as its file heads it."""

    law: str
    title: str


class InForce(NamedTuple):
    """A county's policy, by name or path, from a day on until before another (None: until further notice)."""

    policy: str
    county: str
    since: date
    until: date | None


def policy_names(directory: Path = POLICIES) -> tuple[str, ...]:
    """The policies that can be named, sorted."""
    return tuple(sorted(path.stem for path in directory.glob("*.yaml")))


def policy_title(name: str) -> PolicyTitle:
    """Law and title of a policy, by its name or path. Raises WrongFile."""
    path = Path(name) if name.endswith(".yaml") else POLICIES / f"{name}.yaml"
    source = read_yaml(path)
    for key in PolicyTitle._fields:
        if not isinstance(source.get(key), str):
            raise at(path, source, key, f"{key}: a text is expected")
    return PolicyTitle(source["law"].strip(), source["title"].strip())


def policies_in_force(directory: Path) -> list[InForce]:
    """Of every county's file, in order of county and day. Raises WrongFile."""
    return [one for path in county_files(directory) for one in _of_county(path)]


def policy_path(county_file: Path, policy: str) -> str:
    """A policy as a county's file names it: one that lies beside that file by its path, any other as it stands."""
    beside = policy.startswith(".") or (policy.endswith(".yaml") and "/" not in policy)
    return str(county_file.parent / policy) if beside else policy


def _of_county(path: Path) -> Iterator[InForce]:
    source = read_yaml(path)
    try:
        selected = sorted((entry["from"], entry["policy"]) for entry in source["policies"])
    except (KeyError, TypeError):
        raise at(path, source, "policies", "a list of {from: date, policy: name} is expected") from None
    for number, (since, policy) in enumerate(selected):
        until = selected[number + 1][0] if number + 1 < len(selected) else None
        yield InForce(policy_path(path, policy), path.parent.name, since, until)
