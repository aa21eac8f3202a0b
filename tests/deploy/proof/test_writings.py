"""However a text is written in a file, the search finds it."""

import base64
import json
from datetime import date

import pytest

from deploy.proof.search import found_in
from deploy.proof.writings import in_binary, writings, writings_of_day

NAME = "MUÑOZ O'NEIL"


def found(content: bytes) -> bool:
    return bool(found_in([content], writings(NAME)))


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_a_text_is_found_in_base64_wherever_it_begins(before: str) -> None:
    whole = f"{before}{NAME}, the rest".encode()
    assert found(base64.b64encode(whole))
    assert found(base64.urlsafe_b64encode(whole))


def test_a_text_is_found_plain_in_json_and_in_json_within_json() -> None:
    assert found(f"\0\0{NAME.title()}\0\n".encode())
    assert found(json.dumps({"surname": NAME}).encode())
    assert found(json.dumps({"body": json.dumps({"surname": NAME.lower()})}).encode())


def test_another_text_is_not_found() -> None:
    assert not found(b"MUNOZ ONEIL")
    assert not found(base64.b64encode(b"MUNOZ ONEIL"))


def test_of_two_texts_of_which_one_holds_the_other_both_are_found() -> None:
    assert found_in([b"xx BA123456-01 xx"], {b"BA123456", b"BA123456-01", b"A123457"}) == {
        b"BA123456",
        b"BA123456-01",
    }


def test_a_day_is_found_as_text_and_in_four_bytes() -> None:
    day = date(1961, 5, 4)
    assert found_in([b'"19610504"'], writings_of_day(day))
    assert found_in([b"1961-05-04"], writings_of_day(day))
    assert in_binary(date(2000, 1, 2)) == b"\x01\0\0\0"
    assert in_binary(date(1999, 12, 31)) == b"\xff\xff\xff\xff"
