"""Models read like plain objects where a process asks for it, and as pydantic made them afterwards."""

from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from reliefstream_contracts.vocabulary.offense import CodeSection
from services.model_attributes import read_as_before, read_fast

SECTION = CodeSection(code="HS", section="11359")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    read_as_before()


def test_what_a_model_holds_is_read_the_same() -> None:
    read_fast()
    assert (SECTION.code, SECTION.section, str(SECTION)) == ("HS", "11359", "HS 11359")
    assert SECTION.model_copy(update={"code": "PC"}).model_dump()["code"] == "PC"


def test_what_it_lacks_is_an_error_as_before() -> None:
    read_fast()
    with pytest.raises(AttributeError, match="nothing"):
        SECTION.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_twice_is_once_and_it_is_taken_back() -> None:
    own = BaseModel.__dict__["__getattr__"]
    read_fast()
    read_fast()
    assert "__getattr__" not in BaseModel.__dict__
    read_as_before()
    assert BaseModel.__dict__["__getattr__"] is own
