"""What a county's folder says, read as each service will read it."""

from collections.abc import Iterator
from pathlib import Path

from reliefstream_contracts.county_file import CountyFile
from services.chassis.settings.yaml_model import read_model
from services.eligibility.explain.unknown_sections import doubtful_sections
from services.eligibility.files.county_files import read_county
from services.eligibility.files.policy_files import load_policy
from services.ingest.profiles.counties import sending_county_in


def county_lines(folder: Path) -> Iterator[str]:
    """What a county's folder says, in lines. Raises ValueError, UnknownPolicy with what is wrong."""
    path = folder / "county.yaml"
    file = read_model(path, CountyFile)
    judged, intake = read_county(path), sending_county_in(path)
    yield f"{file.county}: {', '.join(file.names) or 'no other names'}; {file.timezone}"
    yield f"  relief: {file.order_mode}"
    if file.sign_in_strength:
        yield f"  sign-in: {file.sign_in_strength}"
    for selected in judged.policies:
        policy = load_policy(selected.name, selected.options)
        yield f"  from {selected.since}: {policy.name} ({policy.title})"
        yield from (f"    look at it: {doubt}" for doubt in doubtful_sections(policy))
    yield f"  cities that prosecute: {', '.join(file.city_prosecutors) or 'none'}"
    yield (
        f"  court's files: {file.court_profile or 'our JSON lines'}; "
        f"profiles: {', '.join(intake.profiles) or 'none'}"
    )
