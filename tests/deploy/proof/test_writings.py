"""However a text is written in a file, the search finds it."""

import base64
import json
from datetime import date

import pytest

from deploy.proof.search import STEP, Search
from deploy.proof.writings import in_binary, words, writings, writings_of_day

NAME = "MUÑOZ O'NEIL"


def found(content: bytes) -> bool:
    return bool(Search([writings(NAME)]).found_in([content]))


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


def test_of_texts_that_hold_or_overlap_each_other_each_is_found() -> None:
    wanted = [{b"BA123456"}, {b"A123457"}, {b"BA123456-01"}, {b"-01 xx"}, {b"missing", b"BA123456"}]
    assert Search(wanted).found_in([b"xx BA123456-01 xx"]) == {0, 2, 3, 4}


@pytest.mark.parametrize("before", [STEP - 8, STEP - 4, STEP])
def test_a_text_is_found_across_the_parts_in_which_a_file_is_looked_through(before: int) -> None:
    assert Search([{b"absent"}, {b"BA123456"}]).found_in([b"", bytes(before) + b"BA123456"]) == {1}


def test_a_day_is_found_as_text_and_in_four_bytes() -> None:
    day = date(1961, 5, 4)
    search = Search([writings_of_day(day)])
    assert search.found_in([b'"19610504"'])
    assert search.found_in([b"1961-05-04"])
    assert in_binary(date(2000, 1, 2)) == 1
    assert in_binary(date(1999, 12, 31)) == -1
    assert words(b"\1\0\0\0\xff\xff\xff\xff\0\0") == {1, -1}


@pytest.mark.parametrize("beside", [b"19610504", b"ID-19610504", b"\x0919610504,", b"x19610504"])
def test_digits_alone_are_found_where_none_stand_beside_them(beside: bytes) -> None:
    assert Search([{b"19610504"}]).found_in([beside])


def test_the_number_of_a_table_is_not_a_case_number() -> None:
    assert Search([[b"48631"]]).found_in([b"\0\0pg_toast_48631_index\0", b"\0pg_toast_48631\0"]) == set()
    assert Search([[b"48631"]]).found_in([b"\0pg_toast_48631\0", b'{"case":"toast_48631"}']) == {0}


@pytest.mark.parametrize("beside", [b"a19610504", b"196105040", b"581961050445", b"F19610504"])
def test_digits_in_an_id_or_a_hash_are_no_day(beside: bytes) -> None:
    search = Search([{b"19610504"}])
    assert not search.found_in([beside])
    assert not search.found_in([bytes(STEP - 1) + beside])


def test_a_number_with_letters_is_found_whatever_the_byte_beside_it_means() -> None:
    assert Search([{b"BA105498"}]).found_in([b"\x13BA105498a"])
