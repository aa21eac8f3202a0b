"""Reads a county's policy: a YAML file that a lawyer can read and change, checked before it is used."""

import hashlib
from functools import cache
from pathlib import Path

from reliefstream_contracts.determinations import Outcome
from services.chassis.settings.located_yaml import Located, at, only, read_yaml
from services.eligibility.files.file_fields import items, text, texts
from services.eligibility.files.policy_options import GivenOptions, settle
from services.eligibility.files.policy_rows import read_rows
from services.eligibility.files.policy_titles import POLICIES, policy_names
from services.eligibility.law.engine.laws import LAWS
from services.eligibility.law.engine.policy import Policy
from services.eligibility.law.input.section_list import SectionList, read_section, section_list

KEYS = {"policy", "law", "title", "source", "labels", "rows"}
OPTIONAL = frozenset({"remarks", "related_charges", "options"})
LABELS: tuple[Outcome, ...] = ("needs_review", "not_covered", "already_relieved")


class UnknownPolicy(ValueError):
    """There is no policy of that name; the text says which there are."""


def load_policy(name: str, options: GivenOptions | None = None, directory: Path = POLICIES) -> Policy:
    """The policy of that name, or in that file: a name with a ``/`` or that ends in ``.yaml`` is a path.

    Raises UnknownPolicy, or WrongFile with file, line and what is wrong.
    """
    if "/" in name or name.endswith(".yaml"):
        if not Path(name).is_file():
            raise UnknownPolicy(f"there is no policy file {name}")
        return read_policy(Path(name), options)
    if name not in policy_names(directory):
        raise UnknownPolicy(f"no policy {name!r}; there are {', '.join(policy_names(directory))}")
    return read_policy(directory / f"{name}.yaml", options)


@cache
def read_policy(path: Path, options: GivenOptions | None = None) -> Policy:
    """The policy that a file holds, under these options, named as its file. Raises WrongFile."""
    source = only(path, read_yaml(path), KEYS, OPTIONAL)
    name = text(path, source, "policy")
    if name != path.stem and path.parent == POLICIES:
        raise at(path, source, "policy", f"should be named as its file: {path.stem}")
    law = LAWS.get(text(path, source, "law"))
    if law is None:
        raise at(path, source, "law", f"no law {source['law']!r}; there are {', '.join(LAWS)}")
    labels = only(path, source["labels"], set(LABELS))
    settled = settle(path, source["options"], path.stem, options) if "options" in source else ()
    if options is not None and "options" not in source:
        settle(path, Located(), path.stem, options)
    values = {option.name: option.value for option in settled}
    return Policy(
        name=path.stem,
        law=law,
        title=text(path, source, "title"),
        source=text(path, source, "source"),
        rows=read_rows(path, law, items(path, source, "rows"), values),
        labels={outcome: text(path, labels, outcome) for outcome in LABELS},
        related_charges=_related(path, source) if "related_charges" in source else None,
        options=settled,
        remarks=texts(path, source, "remarks"),
        fingerprint=hashlib.sha256(path.read_bytes() + repr(sorted(values.items())).encode()).hexdigest()[
            :16
        ],
    )


def _related(path: Path, source: Located) -> SectionList:
    try:
        sections = [read_section(written) for written in items(path, source, "related_charges")]
    except ValueError as error:
        raise at(path, source, "related_charges", f"related_charges: {error}") from error
    return section_list(sections, name="related_charges", citation="PC 1385")
