"""The contracts of the working tree, and of the version that they must not break."""

import io
import json
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.contracts.compatibility.events import event_breaks
from tests.contracts.compatibility.http import http_breaks

Documents = Mapping[str, Mapping[str, Any]]
"""Path below ``contracts/`` to JSON document."""


class NoBase(Exception):
    """There is no earlier version to compare with; the text says why."""


class Base(NamedTuple):
    """What the working tree is compared with."""

    revision: str
    said: str
    """For the reader of a report."""


def base_of(root: Path) -> Base:
    """The last tag v... before the commit at hand, else, while nothing is released, that commit. Raises NoBase."""
    try:
        _git(root, "rev-parse", "--verify", "HEAD^{commit}")
    except (OSError, subprocess.CalledProcessError):
        raise NoBase(f"{root} is no git repository with a commit") from None
    try:
        tag = _git(root, "describe", "--tags", "--abbrev=0", "--match", "v[0-9]*").decode().strip()
    except subprocess.CalledProcessError:
        return Base(
            "HEAD", "the last commit, as no version is tagged: a commit makes the change the new base"
        )
    return Base(tag, f"the released version {tag}")


def breaks(root: Path, base: Base) -> list[str]:
    """Each change of ``contracts/`` since the base that breaks who was written for it; empty: none."""
    return list(_breaks(_committed(root, base.revision), _at_hand(root / "contracts")))


def _breaks(old: Documents, new: Documents) -> Iterator[str]:
    if "asyncapi.json" in old:
        if "asyncapi.json" not in new:
            yield "contracts/asyncapi.json is gone"
        else:
            yield from event_breaks(
                old["asyncapi.json"], new["asyncapi.json"], _below(old, "schemas/"), _below(new, "schemas/")
            )
    for name, document in _below(old, "openapi/").items():
        if f"openapi/{name}" not in new:
            yield f"contracts/openapi/{name} is gone"
        else:
            service = name.removesuffix(".json")
            yield from (f"{service}: {said}" for said in http_breaks(document, new[f"openapi/{name}"]))


def _below(documents: Documents, folder: str) -> Documents:
    return {path.removeprefix(folder): each for path, each in documents.items() if path.startswith(folder)}


def _at_hand(folder: Path) -> Documents:
    return {
        str(path.relative_to(folder)): json.loads(path.read_text())
        for path in sorted(folder.rglob("*.json"))
        if _is_contract(str(path.relative_to(folder)))
    }


def _committed(root: Path, revision: str) -> Documents:
    archive = _git(root, "archive", "--format=tar", revision, "contracts")
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        return {
            path: json.load(content)
            for file in files
            if _is_contract(path := file.name.removeprefix("contracts/"))
            and (content := files.extractfile(file)) is not None
        }


def _is_contract(path: str) -> bool:
    return path == "asyncapi.json" or (path.endswith(".json") and path.startswith(("schemas/", "openapi/")))


def _git(root: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, check=True).stdout
