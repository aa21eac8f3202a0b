"""Which law and policies are in force on a day, and what they find on a whole history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from reliefstream_contracts.determinations import Determination
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import CountyName
from services.eligibility.files.county_files import CountyPolicies, Selected
from services.eligibility.files.policy_files import UnknownPolicy, load_policy
from services.eligibility.law.engine.judge import judge
from services.eligibility.law.engine.policy import Policy
from services.eligibility.law.input.judged_conviction import County
from services.eligibility.law.input.statute import Statute


@dataclass(frozen=True, slots=True)
class Rules:
    """The statute and each county's policy as they stand on one day. ``name`` changes when any of them does."""

    name: str
    statute: Statute
    policies: tuple[tuple[County, Policy], ...]

    def find(self, history: HistoryChanged, as_of: date) -> tuple[Determination, ...]:
        """The determinations on a history in every county, sorted by conviction id; none when retired."""
        if history.retired_into is not None:
            return ()
        senders = {ref.sent_by for conviction in history.convictions for ref in conviction.counts}
        found = (
            determination
            for county, policy in self.policies
            if county.name in senders  # a county judges what it sent itself
            for determination in judge(history, county, policy, self.statute, as_of)
        )
        return tuple(sorted(found, key=lambda one: str(one.conviction_id)))


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The statute, the counties and the policies that a trial uses instead of those in force."""

    statute: Statute
    counties: Mapping[CountyName, CountyPolicies]
    instead: Mapping[CountyName, str]

    def check(self) -> None:
        """Reads every policy that is named, those too that come into force later, or never in a trial.

        Raises UnknownPolicy, with county and day, or WrongFile.
        """
        for county in self.instead:
            if county not in self.counties:
                raise UnknownPolicy(f"a policy is given for {county}; there are {', '.join(self.counties)}")
        named = [
            (f"{county}, instead of those in force", Selected(date.min, name))
            for county, name in self.instead.items()
        ]
        for county, file in self.counties.items():
            named += [(f"{county}, from {policy.since}", policy) for policy in reversed(file.policies)]
        for where, policy in named:
            try:
                load_policy(policy.name, policy.options)
            except UnknownPolicy as error:
                raise UnknownPolicy(f"{where}: {error}") from None

    def on(self, day: date) -> Rules:
        """The rules of a day. Raises UnknownPolicy or WrongFile when a policy is missing or wrong."""
        policies = tuple((file.county, self._policy(file, day)) for _, file in sorted(self.counties.items()))
        parts = [self.statute.fingerprint]
        parts += [f"{county} {policy.name} {policy.fingerprint}" for county, policy in policies]
        return Rules(sha256("\n".join(parts).encode()).hexdigest(), self.statute, policies)

    def _policy(self, file: CountyPolicies, day: date) -> Policy:
        instead = self.instead.get(file.county.name)
        if instead is not None:
            return load_policy(instead)
        selected = file.selected_on(day)
        return load_policy(selected.name, selected.options)
