"""Reads a county's policy: a YAML file that a lawyer can read and change, checked before it is used."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, get_args

from reliefstream_contracts.determinations import Outcome, Route
from services.eligibility.law.conditions import WrongCondition, read_condition
from services.eligibility.law.policy import Policy, Row
from services.eligibility.located_yaml import Located, at, only, read_yaml

POLICIES = Path(__file__).parent / "policies"
KEYS = {"policy", "title", "source", "labels", "rows"}
ROW_KEYS = {"row", "when", "outcome", "reason", "determination_label", "reason_label"}
ROW_OPTIONS = frozenset({"route", "citation", "readings"})
ACTS = {"dismissal", "redesignation", "needs_review"}
"""Outcomes on which somebody has to act."""
LABELS = {"needs_review", "not_covered", "already_relieved"}


class UnknownPolicy(ValueError):
    """There is no policy of that name; the text says which there are."""


def policy_names(directory: Path = POLICIES) -> tuple[str, ...]:
    """The policies that can be named, sorted."""
    return tuple(sorted(path.stem for path in directory.glob("*.yaml")))


def load_policy(name: str, directory: Path = POLICIES) -> Policy:
    """The policy of that name. Raises UnknownPolicy, or WrongFile with file, line and what is wrong."""
    if name not in policy_names(directory):
        raise UnknownPolicy(f"no policy {name!r}; there are {', '.join(policy_names(directory))}")
    return read_policy(directory / f"{name}.yaml")


@cache
def read_policy(path: Path) -> Policy:
    """The policy that a file holds. Raises WrongFile with file, line and what is wrong."""
    source = only(path, read_yaml(path), KEYS, frozenset({"remarks"}))
    if source["policy"] != path.stem:
        raise at(path, source, "policy", f"should be named as its file: {path.stem}")
    labels = only(path, source["labels"], LABELS)
    rows = source["rows"]
    if not isinstance(rows, list) or not rows:
        raise at(path, source, "rows", "rows: a list of rows is expected")
    read = tuple(_row(path, row) for row in rows)
    if read[-1].says != "otherwise":
        raise at(path, rows[-1], "when", "the last row should be {otherwise: true}: no case may fall through")
    if len({row.number for row in read}) < len(read):
        raise at(path, source, "rows", "two rows have the same number")
    return Policy(
        name=source["policy"],
        title=source["title"],
        source=source["source"],
        rows=read,
        labels=dict(labels),  # type: ignore[arg-type] # the keys were checked against LABELS
        remarks=tuple(source.get("remarks", ())),
        fingerprint=hashlib.sha256(path.read_bytes()).hexdigest()[:16],
    )


def _row(path: Path, source: Any) -> Row:
    row = only(path, source, ROW_KEYS, ROW_OPTIONS)
    outcome, route = row["outcome"], row.get("route")
    _one_of(path, row, "outcome", outcome, get_args(Outcome))
    if outcome in ACTS or route is not None:
        _one_of(path, row, "route", route, get_args(Route))
    for key in ("reason", "determination_label", "reason_label"):
        if not isinstance(row[key], str) or not row[key]:
            raise at(path, row, key, f"{key}: text is expected, not {row[key]!r}")
    return Row(
        number=str(row["row"]),
        **_condition(path, row),
        outcome=outcome,
        route=route,
        reason=row["reason"],
        determination_label=row["determination_label"],
        reason_label=row["reason_label"],
        citation=row.get("citation", ""),
        readings=tuple(row.get("readings", ())),
    )


def _condition(path: Path, row: Located) -> dict[str, Any]:
    try:
        when, says = read_condition(row["when"])
    except WrongCondition as error:
        within = error.within if isinstance(error.within, Located) else row
        raise at(path, within, error.key if within is error.within else "when", str(error)) from error
    return {"when": when, "says": says}


def _one_of(path: Path, row: Located, key: str, value: object, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise at(path, row, key, f"{key}: one of {', '.join(allowed)} is expected, not {value!r}")
