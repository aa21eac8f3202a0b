"""What eligibility reads of ``county.yaml``: the policies by date, the time zone, the cities that prosecute."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from reliefstream_contracts.identifiers import CountyName
from services.chassis.settings.located_yaml import Located, at, only, read_yaml
from services.eligibility.files.file_fields import day, items, text, texts
from services.eligibility.files.policy_options import GivenOptions, options_in, read_options
from services.eligibility.law.engine.case import County


@dataclass(frozen=True, slots=True)
class Selected:
    """A policy, by name or path, with its options, in force from that day on."""

    since: date
    name: str
    options: GivenOptions | None = None


@dataclass(frozen=True, slots=True)
class CountyFile:
    """One county, and which policy is in force from which day on (the latest first)."""

    county: County
    timezone: str
    policies: tuple[Selected, ...]

    def selected_on(self, day: date) -> Selected:
        """The policy in force on a day; before the first, the first."""
        return next((one for one in self.policies if one.since <= day), self.policies[-1])

    def policy_on(self, day: date) -> str:
        """The name of the policy in force on a day."""
        return self.selected_on(day).name


def read_counties(directory: Path) -> dict[CountyName, CountyFile]:
    """Every county that has a ``county.yaml`` in a folder of its own. Raises WrongFile."""
    files = [read_county(path) for path in sorted(directory.glob("*/county.yaml"))]
    return {file.county.name: file for file in files}


def read_county(path: Path) -> CountyFile:
    """One county's file. Raises WrongFile with file, line and what is wrong."""
    source = read_yaml(path)
    name = source.get("county")
    if name != path.parent.name:
        raise at(path, source, "county", f"should be named as its folder: {path.parent.name}")
    if not isinstance(source.get("policies"), list):
        raise at(path, source, "policies", "a list of {from: date, policy: name} is expected")
    policies = [_selected(path, source, entry) for entry in items(path, source, "policies")]
    if len({policy.since for policy in policies}) < len(policies):
        raise at(path, source, "policies", "two policies are in force from the same day")
    return CountyFile(
        county=County(CountyName(path.parent.name), texts(path, source, "city_prosecutors")),
        timezone=_timezone(path, source),
        policies=tuple(sorted(policies, key=lambda one: one.since, reverse=True)),
    )


def _selected(path: Path, source: Located, entry: Any) -> Selected:
    if not isinstance(entry, Located):
        raise at(path, source, "policies", "a list of {from: date, policy: name} is expected")
    only(path, entry, {"from", "policy"}, frozenset({"options"}))
    name = text(path, entry, "policy")
    beside = name.startswith(".") or (name.endswith(".yaml") and "/" not in name)
    return Selected(
        since=day(path, entry, "from"),
        name=str(path.parent / name) if beside else name,
        options=_options(path, entry) if "options" in entry else None,
    )


def _options(path: Path, entry: Located) -> GivenOptions:
    """Options as a mapping, or as a file that lies beside the county's."""
    if isinstance(entry["options"], Located):
        return options_in(path, entry["options"])
    return read_options(path.parent / text(path, entry, "options"))


def _timezone(path: Path, source: Located) -> str:
    if "timezone" not in source:
        return "America/Los_Angeles"
    name = text(path, source, "timezone")
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise at(path, source, "timezone", f"timezone: there is no {name!r}") from None
    return name
