"""Placeholders, default birth dates, suffixes in words and names in another order."""

from datetime import date
from typing import Any

import pytest

from reliefstream_contracts.records import Person, PersonName, SourceRecord
from services.reconciliation.linkage.identity.persons import persons
from services.reconciliation.linkage.resemblance.names import Name, comparable_name
from services.reconciliation.weights_file import load_model
from tests.reconciliation.records import BORN, a_case, a_count, a_person, a_rap_sheet

MODEL = load_model()


def linked(*records: SourceRecord, **how: Any) -> list[list[str]]:
    return [[record.record_id for record in one.records] for one in persons(records, **how)]


def in_doubt(*records: SourceRecord, **how: Any) -> list[bool]:
    return [one.in_doubt for one in persons(records, **how)]


def named(surname: str, given: str, middle: str | None = None, **person: Any) -> Person:
    name = PersonName(surname=surname, given=given, middle=middle)
    return a_person(**person).replace(name=name)


@pytest.mark.parametrize(
    "name",
    [
        ("LNU", "FNU", None),
        ("UNKNOWN", "UNKNOWN", None),
        ("Unknown Male", "Refused", None),
        ("DOE", "JOHN", None),
        ("DOE", "JANE", "NMN"),
        ("DOE", "BABY BOY", None),
        ("BABY BOY", "SMITH", None),
        ("DOE 7", "JOHN", None),
        ("JOHN DOE", "A", None),
        ("JANE", "DOE", None),
        ("DOE", "B", "JOHN"),
        ("INFANT", "GIRL", None),
        ("JUVENILE", "MALE", None),
        ("SUSPECT", "PENDING", None),
        ("ROE", "RICHARD", None),
        ("TBD", "TBD", None),
        ("NO LAST NAME", "NO FIRST NAME", None),
        ("UNK", "NFN", None),
        ("S", "M", None),
        ("S", "M", "J"),
    ],
)
def test_a_placeholder_for_a_name_leaves_nothing_of_it(name: tuple[str, str, str | None]) -> None:
    surname, given, middle = name
    assert comparable_name(PersonName(surname=surname, given=given, middle=middle)) == Name()


@pytest.mark.parametrize(
    ("name", "left"),
    [
        (("SANTOS", "FNU", None), Name(surname=("santos",))),
        (("LNU", "MARIO", None), Name(given=("mario",))),
        (("SANTOS", "MARIO", "NMN"), Name(("santos",), ("mario",))),
        (("SANTOS", "BABY GIRL", None), Name(surname=("santos",))),
        (("SANTOS", "BABY", "GIRL"), Name(surname=("santos",))),
        (("SANTOS", "BABY", None), Name(surname=("santos",))),
        (("SANTOS", "GIRL", "B"), Name(surname=("santos",))),
        (("SANTOS", "BABY", "MARIA"), Name(("santos",), ("baby",), ("maria",))),
        (("BOY", "MARIO", None), Name(("boy",), ("mario",))),
        (("DOE", "REBECCA", None), Name(("doe",), ("rebecca",))),
        (("SANTOS", "M", None), Name(("santos",), ("m",))),
        (("UNKEFER", "NONEY", None), Name(("unkefer",), ("noney",))),
        (("NA", "SEN JUN", None), Name(("na",), ("sen", "jun"))),
    ],
)
def test_what_is_no_placeholder_stays(name: tuple[str, str, str | None], left: Name) -> None:
    surname, given, middle = name
    assert comparable_name(PersonName(surname=surname, given=given, middle=middle)) == left


def test_two_records_of_nobody_known_by_name_are_never_linked_by_it() -> None:
    """LNU FNU, 1 January 1980, in both: a rare name would have linked them."""
    nobody = {"cii": ("1008675309",), "birth_date": date(1980, 1, 1), "sex": "M"}
    sheet = a_rap_sheet(person=named("LNU", "FNU", **nobody))
    case = a_case(
        "C1", a_count("1", case_number="BA-99999"), person=named("LNU", "FNU", **nobody | {"cii": ()})
    )
    assert linked(sheet, case, model=MODEL) == [["C1"], ["R1"]]
    assert in_doubt(sheet, case, model=MODEL) == [False, False]


def test_the_same_default_birth_date_counts_nothing_and_another_birth_date_counts_as_much() -> None:
    def bits(birth_date: date) -> bool:
        person = a_person(birth_date=birth_date, cii=())
        return len(linked(a_rap_sheet(person=person), a_case(person=person), model=MODEL)) == 1

    assert bits(BORN)
    assert linked(
        a_rap_sheet(person=a_person(birth_date=date(1960, 1, 1), cii=())),
        a_case(
            "C1", a_count("1", case_number="BA-99999"), person=a_person(birth_date=date(1960, 1, 1), cii=())
        ),
        model=MODEL,
    ) == [["C1"], ["R1"]]


@pytest.mark.parametrize(
    ("written", "suffix"),
    [
        (PersonName(surname="SANTOS", given="MARIO", suffix="Jr."), "JR"),
        (PersonName(surname="SANTOS", given="MARIO", middle="JUNIOR"), "JR"),
        (PersonName(surname="SANTOS", given="MARIO JNR"), "JR"),
        (PersonName(surname="SANTOS JUNIOR", given="MARIO"), "JR"),
        (PersonName(surname="SANTOS", given="MARIO", suffix="SENIOR"), "SR"),
        (PersonName(surname="SANTOS", given="MARIO", suffix="2nd"), "II"),
        (PersonName(surname="SANTOS", given="MARIO", middle="ANGEL III"), "III"),
        (PersonName(surname="SANTOS 3RD", given="MARIO"), "III"),
        (PersonName(surname="SANTOS", given="JUNIOR"), ""),
        (PersonName(surname="SANTOS", given="JUNIOR", middle="MARIO"), "JR"),
        (PersonName(surname="SANTOS", given="JUNIOR MARIO"), "JR"),
        (PersonName(surname="SANTOS", given="V MARIO"), ""),
        (PersonName(surname="SENIOR", given="MARIO", middle="V"), ""),
    ],
)
def test_a_suffix_is_one_in_each_of_its_writings_wherever_it_stands(written: PersonName, suffix: str) -> None:
    assert comparable_name(written).suffix == suffix


def test_the_given_names_behind_a_suffix_stay() -> None:
    written = PersonName(surname="SANTOS", given="JUNIOR MARIO LUIS")
    assert comparable_name(written) == Name(("santos",), ("mario", "luis"), (), "JR")


def test_a_son_is_not_merged_with_the_father_whose_case_has_his_number_by_mistake() -> None:
    son = a_rap_sheet(person=named("SANTOS", "MARIO", "JUNIOR", sex="M"))
    father = a_case(person=a_person("Santos", None, given_name="Mario", suffix="Sr", sex="M"))
    assert linked(son, father) == [["C1"], ["R1"]]
    assert in_doubt(son, father) == [True, True]


@pytest.mark.parametrize(
    "other", [("Thai", "Nguyen Van", None), ("THAI", "NGUYEN", "VAN"), ("VAN THAI", "NGUYEN", None)]
)
def test_a_name_in_another_order_is_the_same_name_where_number_and_birth_date_agree(
    other: tuple[str, str, str | None],
) -> None:
    sheet, case = a_rap_sheet(person=named("NGUYEN", "VAN", "THAI")), a_case(person=named(*other))
    assert linked(sheet, case) == [["C1", "R1"]]
    assert linked(sheet, case, model=MODEL) == [["C1", "R1"]]


def test_a_name_in_another_order_without_a_birth_date_is_for_a_person_to_decide() -> None:
    sheet = a_rap_sheet(person=named("NGUYEN", "VAN", "THAI"))
    case = a_case(person=named("THAI", "NGUYEN", "VAN", birth_date=None))
    assert linked(sheet, case) == [["C1"], ["R1"]]
    assert in_doubt(sheet, case) == [True, True]


def test_names_that_share_a_part_only_are_not_one_name_in_another_order() -> None:
    sheet, case = (
        a_rap_sheet(person=named("NGUYEN", "VAN", "THAI")),
        a_case(person=named("TRAN", "NGUYEN", "HAI")),
    )
    assert linked(sheet, case) == [["C1"], ["R1"]]


def test_a_default_birth_date_of_the_same_year_is_for_a_person_to_decide() -> None:
    sheet, case = a_rap_sheet(), a_case(person=a_person(birth_date=date(BORN.year, 1, 1)))
    assert linked(sheet, case) == [["C1"], ["R1"]]
    assert in_doubt(sheet, case) == [True, True]
