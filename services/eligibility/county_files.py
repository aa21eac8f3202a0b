"""What eligibility reads of ``county.yaml``: the policies by date, the time zone, the cities that prosecute."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from reliefstream_contracts.identifiers import CountyName
from services.eligibility.law.case import County
from services.eligibility.located_yaml import Located, at, read_yaml


@dataclass(frozen=True, slots=True)
class CountyFile:
    """One county, and which policy is in force from which day on (the latest first)."""

    county: County
    timezone: str
    policies: tuple[tuple[date, str], ...]

    def policy_on(self, day: date) -> str:
        """The name of the policy in force on a day; before the first, the first."""
        return next((name for since, name in self.policies if since <= day), self.policies[-1][1])


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
    policies = source.get("policies")
    if not isinstance(policies, list) or not policies:
        raise at(path, source, "policies", "a list of {from: date, policy: name} is expected")
    return CountyFile(
        county=County(CountyName(path.parent.name), tuple(source.get("city_prosecutors", ()))),
        timezone=source.get("timezone", "America/Los_Angeles"),
        policies=tuple(sorted((_since(path, source, entry) for entry in policies), reverse=True)),
    )


def _since(path: Path, source: Located, entry: Any) -> tuple[date, str]:
    if (
        not isinstance(entry, Located)
        or set(entry) != {"from", "policy"}
        or not isinstance(entry["from"], date)
    ):
        raise at(path, entry if isinstance(entry, Located) else source, None, "{from: date, policy: name}?")
    return entry["from"], str(entry["policy"])
