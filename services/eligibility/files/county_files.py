"""What eligibility takes from a county's file: the cities that prosecute, and its policies by date."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from reliefstream_contracts.county_file import CountyFile, PolicySince
from reliefstream_contracts.identifiers import CountyName
from services import county_files
from services.chassis.settings.located_yaml import Located
from services.chassis.settings.yaml_model import read_model
from services.eligibility.files.policy_options import GivenOptions, options_in, read_options
from services.eligibility.files.policy_titles import policy_path
from services.eligibility.law.input.judged_conviction import County


@dataclass(frozen=True, slots=True)
class Selected:
    """A policy, by name or path, with its options, in force from that day on."""

    since: date
    name: str
    options: GivenOptions | None = None


@dataclass(frozen=True, slots=True)
class CountyPolicies:
    """One county, and which policy is in force from which day on (the latest first)."""

    county: County
    policies: tuple[Selected, ...]

    def selected_on(self, day: date) -> Selected:
        """The policy in force on a day; before the first, the first."""
        return next((one for one in self.policies if one.since <= day), self.policies[-1])


def read_counties(directory: Path) -> dict[CountyName, CountyPolicies]:
    """Every county that has a ``county.yaml`` in a folder of its own. Raises WrongFile."""
    found = [read_county(path) for path in county_files(directory)]
    return {one.county.name: one for one in found}


def read_county(path: Path) -> CountyPolicies:
    """One county's file, with the files of options that it names. Raises WrongFile."""
    file = read_model(path, CountyFile)
    policies = [_selected(path, policy) for policy in file.policies]
    return CountyPolicies(
        county=County(file.county, file.city_prosecutors),
        policies=tuple(sorted(policies, key=lambda one: one.since, reverse=True)),
    )


def _selected(path: Path, policy: PolicySince) -> Selected:
    return Selected(
        since=policy.since,
        name=policy_path(path, policy.policy),
        options=None if policy.options is None else _options(path, policy.options),
    )


def _options(path: Path, given: Any) -> GivenOptions:
    """Options as a mapping, or as a file that lies beside the county's."""
    return options_in(path, given) if isinstance(given, Located) else read_options(path.parent / given)
