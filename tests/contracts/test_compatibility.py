"""No change of a contract breaks who was written for it, unless the version in its name was raised.

Each kind of break is made once in a repository of its own, from the contracts as they are.
"""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.compatibility.repository import Base, NoBase, base_of, breaks

ROOT = Path(__file__).parents[2]
PERSON = "openapi/office.json"
OPENAPI: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "office", "version": "1"},
    "paths": {
        "/v1/persons/{id}": {
            "get": {
                "parameters": [{"$ref": "#/components/parameters/Id"}],
                "responses": {
                    "200": {
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Person"}}}
                    },
                    "404": {"description": "unknown"},
                },
            },
            "put": {
                "parameters": [{"$ref": "#/components/parameters/Id"}],
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Person"}}}
                },
                "responses": {"204": {"description": "done"}},
            },
        }
    },
    "components": {
        "parameters": {"Id": {"in": "path", "name": "id", "required": True, "schema": {"type": "string"}}},
        "schemas": {
            "Person": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "maxLength": 9},
                    "role": {"$ref": "#/components/schemas/Role"},
                },
            },
            "Role": {"enum": ["clerk", "judge"]},
        },
    },
}


class Repository:
    """A git repository with the project's contracts, an HTTP interface among them, committed."""

    def __init__(self, root: Path) -> None:
        self.root, self.contracts = root, root / "contracts"
        self.contracts.mkdir()
        shutil.copytree(ROOT / "contracts" / "schemas", self.contracts / "schemas")
        shutil.copy(ROOT / "contracts" / "asyncapi.json", self.contracts)
        (self.contracts / "openapi").mkdir()
        self.write(PERSON, OPENAPI)
        self.git("init", "-q")
        self.commit()

    def git(self, *arguments: str) -> None:
        who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", "-C", str(self.root), *who, *arguments], check=True, capture_output=True)

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-qm", "contracts")

    def write(self, path: str, document: Any) -> None:
        (self.contracts / path).write_text(json.dumps(document))

    def change(self, path: str, by: Callable[[Any], object]) -> None:
        document = json.loads((self.contracts / path).read_text())
        by(document)
        self.write(path, document)

    def breaks(self) -> list[str]:
        return breaks(self.root, base_of(self.root))


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def test_the_contracts_at_hand_break_nobody_who_was_written_for_the_last_version() -> None:
    try:
        base = base_of(ROOT)
    except NoBase as why:
        pytest.skip(str(why))
    assert breaks(ROOT, base) == [], f"against {base.said}: raise a version or undo; {__doc__}"


def test_nothing_breaks_where_nothing_changed(repository: Repository) -> None:
    assert repository.breaks() == []


DISMISSED = "schemas/conviction-dismissed.json"
CASE = "schemas/court-case.json"


def required(name: str) -> Callable[[Any], object]:
    def add(schema: Any) -> None:
        schema["properties"][name] = {"type": "string"}
        schema["required"].append(name)

    return add


def not_written(name: str) -> Callable[[Any], object]:
    def remove(schema: Any) -> None:
        del schema["properties"][name]
        schema["required"].remove(name)

    return remove


def at(*steps: str) -> Callable[[Any], Any]:
    """The part of a document under these keys."""

    def found(document: Any) -> Any:
        for step in steps:
            document = document[step]
        return document

    return found


def without(*steps: str) -> Callable[[Any], object]:
    return lambda document: at(*steps[:-1])(document).pop(steps[-1])


def with_(value: Any, *steps: str) -> Callable[[Any], object]:
    return lambda document: at(*steps[:-1])(document).__setitem__(steps[-1], value)


GET, PUT = ("paths", "/v1/persons/{id}", "get"), ("paths", "/v1/persons/{id}", "put")
SCHEMAS = ("components", "schemas")
EVENT = ("components", "messages", "ConvictionDismissed")
A_HEADER = {"type": "object", "required": ["format", "office"], "properties": {"format": {}, "office": {}}}
A_REASON = {"in": "query", "name": "why", "required": True, "schema": {"type": "string"}}
NEW_PARAMETER = [*OPENAPI["paths"]["/v1/persons/{id}"]["get"]["parameters"], A_REASON]


@pytest.mark.parametrize(
    ("path", "change", "said"),
    [
        (DISMISSED, not_written("county"), "the body of ConvictionDismissed may hold what its readers"),
        (DISMISSED, with_({"type": "integer"}, "properties", "county"), "may hold what its readers"),
        (DISMISSED, required("office"), "ConvictionDismissed does not admit what may stand on its topic"),
        (CASE, required("office"), "CourtCase does not admit what a county may send by the old schema"),
        (
            "asyncapi.json",
            without("channels", "dismissals-v1-county"),
            "topic dismissals-v1-{county} is gone",
        ),
        (
            "asyncapi.json",
            with_("dismissals-v0", "channels", "dismissals-v1-county", "address"),
            "topic dismissals-v1-{county} is gone",
        ),
        (
            "asyncapi.json",
            without("channels", "relief-v1", "messages", "ReliefOrdered"),
            "topic relief-v1 has no ReliefOrdered any more",
        ),
        (
            "asyncapi.json",
            with_("conviction.gone.v1", *EVENT, "name"),
            "ConvictionDismissed on dismissals-v1-{county} is named conviction.gone.v1 and was",
        ),
        (
            "asyncapi.json",
            without(*EVENT, "headers", "properties", "ce_id"),
            "the headers of ConvictionDismissed may hold what its readers do not expect",
        ),
        (
            "asyncapi.json",
            with_(A_HEADER, "components", "messages", "CourtCase", "headers"),
            "the headers of CourtCase does not admit what a county may send",
        ),
        (PERSON, without(*GET), "GET /v1/persons/{id} is gone"),
        (PERSON, without(*GET, "responses", "404"), "the answer 404 is gone"),
        (
            PERSON,
            without(*GET, "responses", "200", "content", "application/json"),
            "the answer 200 as application/json is gone",
        ),
        (
            PERSON,
            with_(["clerk", "judge", "reader"], *SCHEMAS, "Role", "enum"),
            "GET /v1/persons/{id}: the answer 200 may hold what clients do not expect",
        ),
        (PERSON, with_(NEW_PARAMETER, *GET, "parameters"), "query parameter why is required now"),
        (
            PERSON,
            with_("integer", "components", "parameters", "Id", "schema", "type"),
            "path parameter id does not admit all that it did",
        ),
        (
            PERSON,
            with_(True, *PUT, "requestBody", "required"),
            "PUT /v1/persons/{id}: a body is required now",
        ),
        (
            PERSON,
            without(*PUT, "requestBody", "content", "application/json"),
            "a body as application/json is not taken any more",
        ),
        (
            PERSON,
            with_(5, *SCHEMAS, "Person", "properties", "name", "maxLength"),
            "PUT /v1/persons/{id}: a body as application/json is refused that was taken before",
        ),
        (
            PERSON,
            with_(["name", "role"], *SCHEMAS, "Person", "required"),
            "PUT /v1/persons/{id}: a body as application/json is refused that was taken before",
        ),
    ],
)
def test_a_change_that_breaks_somebody_is_found(
    repository: Repository, path: str, change: Callable[[Any], object], said: str
) -> None:
    repository.change(path, change)
    found = repository.breaks()
    assert any(said in each for each in found), found


def test_a_document_that_is_gone_is_found(repository: Repository) -> None:
    for path in ("asyncapi.json", PERSON):
        (repository.contracts / path).unlink()
    assert repository.breaks() == ["contracts/asyncapi.json is gone", "contracts/openapi/office.json is gone"]


def test_a_schema_that_is_gone_is_found(repository: Repository) -> None:
    (repository.contracts / DISMISSED).unlink()
    assert repository.breaks() == ["ConvictionDismissed has no schema any more"]


def test_a_field_that_may_be_left_out_and_a_new_operation_break_nobody(repository: Repository) -> None:
    for path in (DISMISSED, CASE):
        repository.change(path, with_({"type": "string"}, "properties", "office"))
    repository.change(PERSON, with_({"type": "string"}, *SCHEMAS, "Person", "properties", "office"))
    repository.change(PERSON, with_({"get": {"responses": {}}}, "paths", "/v1/offices"))
    assert repository.breaks() == []


def test_a_raised_version_of_event_topic_or_path_may_differ_in_all(repository: Repository) -> None:
    repository.change(DISMISSED, not_written("county"))
    repository.change("asyncapi.json", with_("reliefstream.conviction.dismissed.v2", *EVENT, "name"))
    repository.change(
        "asyncapi.json", with_("receipts-v2-{county}", "channels", "receipts-v1-county", "address")
    )
    repository.change(PERSON, lambda d: d["paths"].update({"/v2/persons/{id}": {"get": {}, "put": {}}}))
    repository.change(PERSON, without("paths", "/v1/persons/{id}"))
    assert repository.breaks() == []


def test_without_a_tag_a_commit_is_the_new_base_and_with_one_the_tag_stays_it(repository: Repository) -> None:
    repository.change(DISMISSED, required("office"))
    assert repository.breaks()
    repository.commit()
    assert repository.breaks() == []
    repository.git("tag", "v1.0.0")
    repository.change(DISMISSED, required("clerk"))
    repository.commit()
    assert base_of(repository.root) == Base("v1.0.0", "the released version v1.0.0")
    assert repository.breaks()


def test_outside_of_a_repository_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    with pytest.raises(NoBase, match="no git repository"):
        base_of(tmp_path)
