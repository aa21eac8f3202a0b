"""Which records are one person's."""

from datetime import date

import pytest

from reliefstream_contracts.records import Person, PersonName, SourceRecord
from reliefstream_contracts.vocabulary.offense import Doubt
from services.reconciliation.linkage.identity.decisions import Decided, IdentityDecision
from services.reconciliation.linkage.identity.identifiers import Identifier
from services.reconciliation.linkage.identity.persons import persons
from services.reconciliation.linkage.resemblance.names import (
    NameParts,
    comparable_name,
    given_names_contradict,
    surnames_contradict,
)
from tests.reconciliation.records import BORN, a_case, a_person, a_rap_sheet

SON_BORN = date(1985, 3, 14)


def keys(*records: SourceRecord) -> list[list[str]]:
    return [[record.record_id for record in linked.records] for linked in persons(records)]


def surname(written: str | None) -> NameParts:
    return comparable_name(PersonName(surname=written, given="LUKE")).surname


def given(written: str | None) -> NameParts:
    return comparable_name(PersonName(surname="SKYWALKER", given=written)).given


def doubted(*records: SourceRecord) -> list[bool]:
    return [linked.in_doubt for linked in persons(records)]


def test_records_that_share_a_cii_number_and_agree_are_one_person() -> None:
    assert keys(a_case(), a_rap_sheet()) == [["C1", "R1"]]


def test_records_that_share_a_source_person_key_are_one_person() -> None:
    one = a_case("C1", person=a_person(cii=(), source_subject_id="P9"))
    other = a_case("C2", person=a_person(cii=(), source_subject_id="P9"))
    assert keys(one, other) == [["C1", "C2"]]


def test_a_source_person_key_of_another_source_or_county_is_another_key() -> None:
    person = a_person(cii=(), source_subject_id="P9")
    elsewhere = a_case("C2", person=person, county="sacramento")
    assert len(keys(a_case(person=person), elsewhere, a_rap_sheet(person=person))) == 3


def test_the_same_name_birth_date_and_case_number_link_nobody_without_an_identifier() -> None:
    assert len(keys(a_case("C1", person=a_person(cii=())), a_case("C2", person=a_person(cii=())))) == 2


def test_another_birth_date_keeps_twins_of_other_days_and_father_and_son_apart() -> None:
    assert len(keys(a_rap_sheet(), a_case(person=a_person(birth_date=SON_BORN)))) == 2


def test_another_surname_keeps_a_typed_over_cii_apart() -> None:
    assert len(keys(a_rap_sheet(), a_case(person=a_person("MONSTER")))) == 2


@pytest.mark.parametrize(
    "other",
    [a_person("MONSTER", given_name="COOKIE"), a_person("MONSTER", SON_BORN), a_person(birth_date=SON_BORN)],
)
def test_another_surname_and_given_name_or_birth_date_is_another_person_without_doubt(other: Person) -> None:
    assert doubted(a_rap_sheet(), a_case(person=other)) == [False, False]


@pytest.mark.parametrize("given_name", ["LUKE", "L", "LUKE JOHN", None])
@pytest.mark.parametrize("birth_date", [BORN, None])
def test_a_surname_that_may_have_changed_stays_apart_and_both_are_in_doubt(
    given_name: str | None, birth_date: date | None
) -> None:
    renamed = a_case(person=a_person("MONSTER", birth_date, given_name=given_name))
    assert keys(a_rap_sheet(), renamed) == [["C1"], ["R1"]]
    assert doubted(a_rap_sheet(), renamed) == [True, True]


@pytest.mark.parametrize("other", [{"given_name": "LEIA"}, {"sex": "F"}, {"suffix": "SR"}])
def test_without_both_birth_dates_another_given_name_sex_or_suffix_stays_apart_and_both_are_in_doubt(
    other: dict[str, str],
) -> None:
    sheet = a_rap_sheet(person=a_person(sex="M", suffix="JR"))
    mistyped = a_case(person=a_person(birth_date=None, **other))
    assert keys(sheet, mistyped) == [["C1"], ["R1"]]
    assert doubted(sheet, mistyped) == [True, True]
    if "given_name" not in other:
        assert keys(sheet, a_case(person=a_person(**other))) == [["C1", "R1"]]


def test_a_twin_who_has_the_others_cii_number_stays_apart_and_both_are_in_doubt() -> None:
    twin = a_case(person=a_person(given_name="LEIA"))
    assert keys(a_rap_sheet(), twin) == [["C1"], ["R1"]]
    assert doubted(a_rap_sheet(), twin) == [True, True]


def test_without_both_birth_dates_what_else_agrees_or_is_unknown_links() -> None:
    sheet = a_rap_sheet(person=a_person(sex="M", suffix="JR"))
    for other in ({"given_name": "L", "sex": "Male"}, {"given_name": None, "sex": "X"}, {"suffix": "Jr."}):
        case = a_case(person=a_person(birth_date=None, **other))
        assert keys(sheet, case) == [["C1", "R1"]]


def test_a_doubt_covers_all_records_of_a_person_and_nobody_else() -> None:
    sheet, case, other = a_rap_sheet("R1"), a_case("C1"), a_case("C2", person=a_person(cii=("1000009",)))
    either = a_case("C3", person=a_person(birth_date=None, given_name="LEIA"))
    assert keys(sheet, case, other, either) == [["C1", "R1"], ["C2"], ["C3"]]
    assert doubted(sheet, case, other, either) == [True, False, True]


def test_what_one_side_does_not_know_does_not_contradict() -> None:
    assert keys(a_rap_sheet(), a_case(person=a_person(None, None))) == [["C1", "R1"]]


def test_three_writings_that_all_fit_each_other_are_one_person() -> None:
    less = a_case("C1", person=a_person(birth_date=None)), a_case("C2", person=a_person(given_name="L"))
    assert keys(a_rap_sheet(), *less) == [["C1", "C2", "R1"]]
    assert doubted(a_rap_sheet(), *less) == [False]


def test_identifiers_link_through_a_third_record() -> None:
    both = a_rap_sheet(person=a_person(cii=("1008675309", "A123456781")))
    other = a_case("C2", person=a_person(cii=("A123456781",)))
    assert keys(a_case("C1"), both, other) == [["C1", "C2", "R1"]]


def test_a_record_that_fits_father_and_son_stays_apart_and_all_three_are_in_doubt() -> None:
    father, son = a_rap_sheet("R1"), a_rap_sheet("R2", person=a_person(birth_date=SON_BORN))
    either = a_case("C1", person=a_person(birth_date=None))
    assert keys(father, either, son) == [["C1"], ["R1"], ["R2"]]
    assert doubted(father, either, son) == [True, True, True]


def test_beside_a_record_that_fits_father_and_son_the_other_records_of_each_stay_together() -> None:
    father = [a_rap_sheet("R1"), a_case("C3")]
    son = [
        build(key, person=a_person(birth_date=SON_BORN))
        for build, key in ((a_rap_sheet, "R2"), (a_case, "C2"))
    ]
    either = a_case("C1", person=a_person(birth_date=None))
    assert keys(*father, either, *son) == [["C1"], ["C2", "R2"], ["C3", "R1"]]


@pytest.mark.parametrize("surname", ["SKYWALKER", "MONSTER"])
def test_what_a_person_told_apart_or_as_one_goes_before_a_shared_identifier_and_is_no_doubt(
    surname: str,
) -> None:
    records = [a_rap_sheet(), a_case(person=a_person(surname))]
    for same in (True, False):
        told = Decided([IdentityDecision(records[1].key(), records[0].key(), same)])
        found = persons(records, decided=told)
        assert [linked.in_doubt for linked in found] == ([False] if same else [False, False])


def test_two_records_that_fit_father_and_son_are_not_joined_with_each_other() -> None:
    father, son = a_rap_sheet("R1"), a_rap_sheet("R2", person=a_person(birth_date=SON_BORN))
    either = [a_case(name, person=a_person(birth_date=None)) for name in ("C1", "C2")]
    assert len(keys(father, *either, son)) == 4


def test_a_chain_of_unknowns_never_links_two_who_contradict() -> None:
    one = a_case("C1", person=a_person(cii=("1000001",)))
    link = a_case("C2", person=a_person(None, None, cii=("1000001", "1000002")))
    next_link = a_case("C3", person=a_person(None, None, cii=("1000002", "1000003")))
    other = a_case("C4", person=a_person("MONSTER", cii=("1000003",)))
    assert keys(one, link, next_link, other) == [["C1"], ["C2"], ["C3"], ["C4"]]


def test_a_double_surname_does_not_bridge_its_two_parts() -> None:
    names = {"C1": "GARCIA", "C2": "GARCIA-LOPEZ", "C3": "LOPEZ"}
    assert len(keys(*(a_case(key, person=a_person(name)) for key, name in names.items()))) == 3


@pytest.mark.parametrize("field", ["name", "birth_date"])
def test_a_record_that_contradicts_itself_is_linked_with_nobody(field: str) -> None:
    person = a_person(None if field == "name" else "SKYWALKER", None if field == "birth_date" else SON_BORN)
    torn = [
        a_rap_sheet(key, person=person, doubts=(Doubt(field=field, kind="contradictory"),))
        for key in ("R1", "R2")
    ]
    assert len(keys(a_case(), *torn)) == 3
    assert doubted(a_case(), torn[0]) == doubted(*torn) == [True, True]


def test_a_withdrawn_record_is_nobodys_and_links_nobody() -> None:
    both = a_rap_sheet(withdrawn=True, person=a_person(cii=("1000001", "1000002")))
    one, other = (
        a_case(key, person=a_person(cii=(cii,))) for key, cii in (("C1", "1000001"), ("C2", "1000002"))
    )
    assert keys(one, both, other) == [["C1"], ["C2"]]


def test_an_unusable_identifier_links_nobody_and_leaves_its_holders_in_doubt() -> None:
    found = persons([a_rap_sheet(), a_case()], frozenset({Identifier("cii:1008675309")}))
    assert [linked.in_doubt for linked in found] == [True, True]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("García", "GARCIA"),
        ("O'BRIEN", "O BRIEN"),
        ("O’Brien", "obrien"),
        ("VON WINKLE", "VONWINKLE"),
        ("SMITH JR", "SMITH"),
        ("SMITH-JONES", "JONES"),
        ("GARCIA DE LA CRUZ", "DELACRUZ"),
        ("GARCIA DE LA CRUZ", "DE LA CRUZ"),
        ("MÜLLER", "MU\u0308LLER"),
        ("", "SMITH"),
        (None, "SMITH"),
        ("---", "SMITH"),
    ],
)
def test_surnames_that_do_not_contradict(one: str | None, other: str) -> None:
    assert not surnames_contradict(surname(one), surname(other))
    assert not surnames_contradict(surname(other), surname(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SMITH", "SMITHSON"),
        ("GARCIA LOPEZ", "GARCIA MARTINEZ"),
        ("DE LA CRUZ", "LA"),
        ("O BRIEN", "O"),
        ("II", "III"),
    ],
)
def test_surnames_that_contradict(one: str, other: str) -> None:
    assert surnames_contradict(surname(one), surname(other))
    assert surnames_contradict(surname(other), surname(one))


@pytest.mark.parametrize(
    ("one", "other", "contradict"),
    [
        ("MARY ANN", "Mary", False),
        ("MARY ANN", "MARYANN", False),
        ("MARY ANN", "M.", False),
        ("JOSÉ", "JOSE", False),
        (None, "JANE", False),
        ("MARY ANN", "ANN", True),
        ("MARY ANN", "MARY JO", True),
        ("JANE", "JOSE", True),
        ("PAUL", "PAULA", True),
        ("J", "MARY", True),
    ],
)
def test_given_names_contradict_unless_one_begins_the_other(
    one: str | None, other: str, contradict: bool
) -> None:
    assert given_names_contradict(given(one), given(other)) is contradict
    assert given_names_contradict(given(other), given(one)) is contradict
