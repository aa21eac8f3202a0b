"""Each field of the model at each of its levels, by what two records say."""

from datetime import date

import pytest

from reliefstream_contracts.records import Person, PersonName
from services.reconciliation.linkage.resemblance.comparison import FIELDS
from services.reconciliation.linkage.resemblance.description import description_of
from tests.reconciliation.records import a_case, a_count, a_person, a_rap_sheet

BY_NAME = {field.name: field for field in FIELDS}


def level(field: str, one: Person, other: Person) -> str | None:
    found = BY_NAME[field].level(
        description_of(a_rap_sheet(person=one)), description_of(a_case(person=other))
    )
    return None if found is None else BY_NAME[field].levels[found]


def named(
    surname: str | None, given: str | None = None, middle: str | None = None, sex: str | None = None
) -> Person:
    return Person(name=PersonName(surname=surname, given=given, middle=middle), sex=sex)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("GARCIA", None, None),
        ("GARCIA", "Garcia", "equal"),
        ("O BRIEN", "O'Brien", "equal"),
        ("GARCIA LOPEZ", "GARCIA", "part of the other"),
        ("GARCIA LOPEZ", "LOPEZ GARCIA", "part of the other"),
        ("WILLIAMSON", "WILLIAMSEN", "similar"),
        ("HUGHES", "HUGES", "similar"),
        ("GARCIA LOPEZ", "GARZIA LOPES", "alike"),
        ("RUIZ MORA", "LUIZ NORA", "alike"),
        ("RUIZ MORA", "LUIZ QUISPE", "different"),
        ("RUIZ MORA", "LUIZ", "different"),
        ("ROS", "RUS", "different"),
        ("MARTINEZ", "QUISPE", "different"),
        ("AB", "ABCDEFGH", "different"),
    ],
)
def test_surnames(one: str, other: str | None, expected: str | None) -> None:
    assert level("surname", named(one, "LUKE"), named(other, "LUKE")) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("LUKE", None), (None, None), None),
        ((None, None), ("LUKE", None), None),
        (("LUKE", None), ("LUKE", None), "equal"),
        (("MARY", None), ("MARY ANN", None), "begins the other"),
        (("JONATHAN", None), ("JONATHON", None), "similar"),
        (("LUKE", None), ("ANTHONY", "LUKE"), "among the other's names"),
        (("ANTHONY", "LUKE"), ("LUKE", None), "among the other's names"),
        (("AL", None), ("ANTHONY", "AL"), "among the other's names"),
        (("A", None), ("ZOE", "A"), "different"),
        (("LUKE", None), ("ANTHONY", None), "different"),
    ],
)
def test_given_names(
    one: tuple[str | None, str | None], other: tuple[str | None, str | None], expected: str | None
) -> None:
    assert level("given_name", named("GARCIA", *one), named("GARCIA", *other)) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("ANN", None, None),
        (None, "ANN", None),
        ("ANN", "ANN", "equal"),
        ("JO", "JO", "equal"),
        ("A", "A", "initial"),
        ("A", "ANN", "initial"),
        ("CATHERINE", "CATHERYNE", "similar"),
        ("ANN", "ROSE", "different"),
    ],
)
def test_middle_names(one: str | None, other: str | None, expected: str | None) -> None:
    assert level("middle_name", named("GARCIA", "LUKE", one), named("GARCIA", "LUKE", other)) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("VAN", "THAI"), ("THAI", "VAN"), "transposed"),
        (("VAN", "THAI"), ("THAI", "LOC"), "different"),
        (("VAN", "THAI"), ("LOC", "VAN"), "different"),
    ],
)
def test_a_surname_written_as_a_given_name(
    one: tuple[str, str], other: tuple[str, str], expected: str
) -> None:
    assert level("surname", named(*one), named(*other)) == expected


@pytest.mark.parametrize(
    ("sexes", "expected"),
    [
        (("F", "F"), "different, a woman's"),
        (("F", None), "different, a woman's"),
        ((None, None), "different"),
        (("M", "F"), "different"),
        (("M", "M"), "different"),
    ],
)
def test_a_womans_surname_may_have_changed(sexes: tuple[str | None, str | None], expected: str) -> None:
    its, others = sexes
    assert (
        level("surname", named("MARTINEZ", "ANA", None, its), named("QUISPE", "ANA", None, others))
        == expected
    )


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((), ("A1234567",), None),
        (("A1234567",), (), None),
        (("A1234567",), ("A1234567",), "equal"),
        (("B7654321", "A1234567"), ("A1234567",), "equal"),
        (("A1234567",), ("A1234568",), "one slip"),
        (("A1234567",), ("A1234576",), "one slip"),
        (("A1234567",), ("A1234588",), "different"),
    ],
)
def test_cii_numbers(one: tuple[str, ...], other: tuple[str, ...], expected: str | None) -> None:
    assert level("cii_number", a_person(cii=one), a_person(cii=other)) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((1970, 3, 5), (1970, 3, 5), "equal"),
        ((1970, 1, 1), (1970, 1, 1), None),
        ((1970, 3, 5), (1970, 5, 3), "day and month swapped"),
        ((1970, 3, 5), (1970, 3, 6), "one slip"),
        ((1970, 3, 5), (1971, 3, 5), "one slip"),
        ((1970, 1, 1), (1970, 3, 5), "same year, one a default"),
        ((1970, 3, 5), (1970, 8, 5), "one slip"),
        ((1970, 3, 5), (1970, 12, 5), "another day or month"),
        ((1970, 3, 5), (1970, 12, 17), "different"),
        ((1970, 3, 5), (1984, 3, 5), "another year"),
        ((1970, 3, 5), (1984, 3, 6), "different"),
    ],
)
def test_birth_dates(one: tuple[int, int, int], other: tuple[int, int, int], expected: str | None) -> None:
    its, others = (a_person(birth_date=date(*day)) for day in (one, other))
    assert level("birth_date", its, others) == expected


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [(("BA1", "BA-1"), "shared"), (("BA1", "BA2"), "none shared"), (("BA1", None), None)],
)
def test_case_numbers(numbers: tuple[str, str | None], expected: str | None) -> None:
    its, others = numbers
    field = BY_NAME["case_number"]
    found = field.level(
        description_of(a_rap_sheet("R", a_count(case_number=its))),
        description_of(a_case("C", a_count("1", case_number=others))),
    )
    assert (None if found is None else field.levels[found]) == expected


@pytest.mark.parametrize(
    ("sexes", "expected"),
    [(("M", "M"), "equal"), (("M", "F"), "different"), (("M", None), None), ((None, "M"), None)],
)
def test_sexes(sexes: tuple[str | None, str | None], expected: str | None) -> None:
    assert level("sex", *(named("GARCIA", "LUKE", sex=sex) for sex in sexes)) == expected
