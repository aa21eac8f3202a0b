"""The OpenAPI documents are those of the routes, and say of each operation what its caller must know."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services import SERVICES, openapi

CONTRACTS = Path(__file__).parents[2] / "contracts"
PUBLIC = {"/healthz", "/readyz", "/metrics", "/status"}


Documents = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def generated() -> Documents:
    return openapi.documents()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for operation in methods.values():
            yield path, operation


def test_the_committed_documents_are_what_the_routes_give(generated: Documents) -> None:
    committed = {p.stem: json.loads(p.read_text()) for p in (CONTRACTS / "openapi").glob("*.json")}
    assert committed == generated, "run: make contracts"
    assert set(committed) == set(SERVICES)


@pytest.mark.parametrize("service", SERVICES)
def test_each_operation_has_a_summary_an_id_of_its_own_and_its_error_answers(
    generated: Documents, service: str
) -> None:
    found = list(operations(generated[service]))
    assert len({operation["operationId"] for _, operation in found}) == len(found)
    for path, operation in found:
        assert operation["summary"], path
        if path not in PUBLIC:
            assert operation["security"] and {"401", "403"} <= set(operation["responses"]), path
        for status, answer in operation["responses"].items():
            if status >= "400":
                assert set(answer["content"]) == {"application/problem+json"}, (path, status)


@pytest.mark.parametrize("service", SERVICES)
def test_no_document_has_the_frameworks_own_error_which_repeats_what_was_sent(
    generated: Documents, service: str
) -> None:
    assert "HTTPValidationError" not in json.dumps(generated[service])
