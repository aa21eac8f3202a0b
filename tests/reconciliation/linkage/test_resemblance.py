"""Who is linked by resemblance, who is kept apart, and what is left to a person: the committed weights."""

from datetime import date
from typing import Any

import pytest

from reliefstream_contracts.records import Person, PersonName, SourceRecord
from services.reconciliation.linkage.conviction.histories import reconcile
from services.reconciliation.linkage.identity.decisions import Decided, IdentityDecision
from services.reconciliation.linkage.identity.explanation import likenesses
from services.reconciliation.linkage.identity.persons import persons
from services.reconciliation.linkage.resemblance.comparison import CONTRADICTIONS, FIELDS, NOT_ALONE
from services.reconciliation.linkage.resemblance.description import description_of
from services.reconciliation.weights_file import load_model
from tests.reconciliation.records import a_case, a_count, a_rap_sheet

MODEL = load_model()
BORN = date(1971, 9, 4)


def someone(**given: Any) -> Person:
    """Esteban Ocampo Vargas, whom a court describes without any number."""
    name: dict[str, Any] = {"surname": "OCAMPO VARGAS", "given": "ESTEBAN", "middle": "R", "suffix": None}
    name |= {part: given.pop(part) for part in tuple(given) if part in name}
    known: dict[str, Any] = {"birth_date": BORN, "sex": "M", "race": "HISPANIC", "cii_numbers": ()}
    return Person(name=PersonName(**name), **(known | given))


def sheet(
    record_id: str = "R1", *, case: str = "BA012345", cii: str = "A12345678", **given: Any
) -> SourceRecord:
    person = someone(cii_numbers=(cii,), source_subject_id=f"S{record_id}", **given)
    return a_rap_sheet(record_id, a_count(case_number=case), person=person)


def case(record_id: str = "C1", *, case: str = "BA-12345", **given: Any) -> SourceRecord:
    return a_case(record_id, a_count("1", event="case", case_number=case), person=someone(**given))


def parted(*records: SourceRecord, decided: Decided | None = None) -> list[list[str]]:
    found = persons(records, frozenset(), MODEL, decided)
    return [[record.record_id for record in linked.records] for linked in found]


def doubted(*records: SourceRecord) -> list[bool]:
    return [linked.in_doubt for linked in persons(records, frozenset(), MODEL)]


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"surname": "OCAMPO-VARGAS"},
        {"surname": "Ocampo Vargás"},
        {"surname": "OCAMPO"},
        {"surname": "VARGAS"},
        {"surname": "VARGAS OCAMPO"},
        {"surname": "OCAMPO VARGSA"},
        {"given": "ESTEVAN"},
        {"given": "E"},
        {"surname": "ESTEBAN", "given": "OCAMPO"},
        {"birth_date": date(1971, 4, 9)},
        {"birth_date": date(1971, 9, 5)},
        {"birth_date": date(1971, 1, 1)},
        {"birth_date": date(1971, 9, 27)},
        {"birth_date": None},
        {"middle": None, "race": None},
    ],
)
def test_a_slip_in_the_same_case_without_any_number_is_the_same_person(written: dict[str, Any]) -> None:
    assert parted(case(**written), sheet()) == [["C1", "R1"]]
    assert doubted(case(**written), sheet()) == [False]


@pytest.mark.parametrize(
    "other", [{"given": "RAMON", "middle": None}, {"birth_date": date(1946, 9, 4)}, {"surname": "PETERSON"}]
)
def test_another_given_name_birth_date_or_surname_is_another_person_in_the_same_case_too(
    other: dict[str, Any],
) -> None:
    assert parted(case(**other), sheet()) == [["C1"], ["R1"]]
    assert doubted(case(**other), sheet()) == [False, False]


def test_father_and_son_of_one_name_are_told_by_their_suffix() -> None:
    assert parted(case(suffix="SR"), sheet(suffix="JR")) == [["C1"], ["R1"]]


def test_twins_with_neighbouring_numbers_are_two_persons() -> None:
    twin = case("C2", case="BA99", given="RAMON", middle=None, cii_numbers=("A12345679",))
    assert parted(case(), sheet(), twin) == [["C1", "R1"], ["C2"]]


def test_a_mistyped_cii_number_links_when_everything_else_agrees_and_not_when_all_else_differs() -> None:
    mistyped = ("A12345687",)
    assert parted(case(case="BA99", cii_numbers=mistyped), sheet()) == [["C1", "R1"]]
    stranger = someone(
        cii_numbers=("A12345678",), surname="PETERSON", given="RAMON", birth_date=date(1950, 2, 2)
    )
    assert parted(a_case(person=stranger), sheet()) == [["C1"], ["R1"]]


def test_a_slip_in_the_name_beside_the_same_number_is_one_person_and_no_doubt() -> None:
    slip = case(surname="OCAMPO VARGSA", cii_numbers=("A12345678",))
    assert parted(slip, sheet()) == [["C1", "R1"]]
    assert doubted(slip, sheet()) == [False]


def test_two_people_of_one_common_name_and_no_more_in_common_are_not_even_doubted() -> None:
    common = {"surname": "SMITH", "given": "JAMES", "middle": None, "race": None, "case": "BA77"}
    one, other = case(**common), case("C2", **common | {"case": "BA78", "birth_date": None})
    assert parted(one, other) == [["C1"], ["C2"]]
    assert doubted(one, other) == [False, False]


def test_a_woman_who_may_have_married_is_linked_by_her_case_and_else_for_a_person_to_decide() -> None:
    before = sheet(sex="F", given="GUADALUPE", surname="OCAMPO")
    after, elsewhere = (
        case(case=number, sex="F", given="GUADALUPE", surname="PETERSON") for number in ("BA12345", "BA77")
    )
    assert parted(after, before) == [["C1", "R1"]]
    assert parted(elsewhere, before) == [["C1"], ["R1"]]
    assert doubted(elsewhere, before) == [True, True]


def test_two_rap_sheets_are_never_one_by_resemblance_and_a_case_between_them_goes_to_the_clearly_likelier() -> (
    None
):
    other = sheet("R2", case="BA555", cii="B99999999", middle="Q")
    assert parted(sheet(), other) == [["R1"], ["R2"]]
    assert parted(case(), sheet(), other) == [["C1", "R1"], ["R2"]]
    assert doubted(case(), sheet(), other) == [False, False]


def test_a_case_that_two_rap_sheets_claim_alike_is_for_a_person_to_decide() -> None:
    one, other = sheet(), sheet("R2", cii="B99999999")
    unclear = case(case="BA77")
    assert parted(unclear, one, other) == [["C1"], ["R1"], ["R2"]]
    assert doubted(unclear, one, other) == [True, True, True]
    for whose in (one, other):
        told = Decided([IdentityDecision(unclear.key(), whose.key(), True)])
        assert ["C1", whose.record_id] in parted(unclear, one, other, decided=told)
        assert not any(linked.in_doubt for linked in persons([unclear, one, other], frozenset(), MODEL, told))


def test_what_is_left_to_a_person_is_one_entry_for_the_district_attorney() -> None:
    found = [
        entry
        for subject in reconcile(
            [case(case="BA77"), sheet(), sheet("R2", cii="B99999999")], frozenset(), MODEL
        )
        for entry in subject.discrepancies
        if entry.kind == "identity_in_doubt"
    ]
    assert {(entry.owner, entry.field) for entry in found} == {("district_attorney", "resemblance")}
    assert all("OCAMPO" not in str(entry.values) for entry in found)


def test_told_apart_stays_apart_whatever_agrees() -> None:
    told = Decided([IdentityDecision(case().key(), sheet().key(), False)])
    assert parted(case(), sheet(), decided=told) == [["C1"], ["R1"]]
    assert not any(linked.in_doubt for linked in persons([case(), sheet()], frozenset(), MODEL, told))


def test_a_link_says_why_in_fields_levels_and_weight() -> None:
    (link,) = likenesses([case(surname="OCAMPO VARGSA"), sheet()], MODEL, Decided())
    said = {one.field: one.level for one in link.evidence}
    assert (said["surname"], said["case_number"], said["birth_date"]) == ("similar", "shared", "equal")
    assert link.bits == pytest.approx(link.prior + sum(one.bits for one in link.evidence), abs=1e-5)
    assert link.probability > 0.999
    assert link.weights == MODEL.weights.version


def test_every_level_of_every_field_has_weights_and_guards_name_levels_that_are() -> None:
    levels = {field.name: set(field.levels) for field in FIELDS}
    assert {name: set(of) for name, of in MODEL.weights.agreement.items()} == levels
    for guards in (CONTRADICTIONS, NOT_ALONE):
        assert all(named <= levels[field] for field, named in guards.items())


@pytest.mark.parametrize(
    "name",
    ["A" * 10_000, "\u202eOCAMPO", "عبد الله", "O\u0301\u0302\u0303CAMPO", "\x01\x02", "-" * 50, "Ⅳ", "😀"],
)
def test_a_hostile_name_is_compared_and_links_nobody_by_itself(name: str) -> None:
    strange = case("C2", surname=name, given=name, birth_date=None, middle=None, race=None, case="BA77")
    assert parted(case(), strange) == [["C1"], ["C2"]]
    for field in FIELDS:
        mine, its = description_of(case()), description_of(strange)
        assert field.level(mine, its) == field.level(its, mine)
