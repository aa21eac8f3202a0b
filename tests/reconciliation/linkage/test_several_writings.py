"""A person whose own records write the name in two ways, and what of a record says whom to compare it with."""

from datetime import date

from reliefstream_contracts.identifiers import CaseNumber
from reliefstream_contracts.vocabulary.offense import Doubt
from services.reconciliation.linkage.conviction.convictions import convictions_of
from services.reconciliation.linkage.identity.explanation import likeness
from services.reconciliation.linkage.identity.persons import persons
from services.reconciliation.linkage.resemblance.blocking import blocks_of
from services.reconciliation.linkage.resemblance.description import description_of
from services.reconciliation.weights_file import load_model
from tests.reconciliation.records import a_case, a_count, a_person, a_rap_sheet


def test_the_writing_that_agrees_best_counts_of_a_person_written_in_two_ways() -> None:
    """LOPEZ contradicts GARCIA; GARCIA LOPEZ, of the same person, does not."""
    of_one = (
        a_rap_sheet(person=a_person("GARCIA LOPEZ")),
        a_case("C1", a_count("1", case_number=CaseNumber("BA-77777")), person=a_person("LOPEZ")),
    )
    without_number = a_case("C2", person=a_person("GARCIA", cii=()))
    (found,) = persons([*of_one, without_number], model=load_model())
    assert [record.record_id for record in found.records] == ["C1", "C2", "R1"]


def test_each_field_says_the_best_that_any_two_writings_reach() -> None:
    ones = [
        a_rap_sheet(person=a_person("GARCIA LOPEZ")),
        a_case("C1", person=a_person("LOPEZ", given_name="LUCAS")),
    ]
    found = likeness(ones, [a_case("C2", person=a_person("GARCIA", cii=()))], load_model())
    assert found is not None
    said = {one.field: one.level for one in found.evidence}
    assert (said["surname"], said["given_name"]) == ("part of the other", "equal")


def test_a_default_birth_date_brings_nobody_together_by_its_day() -> None:
    def shared(birth_date: date, other: date) -> int:
        one = description_of(a_rap_sheet(person=a_person(birth_date=birth_date)))
        case = a_case("C1", a_count("1", case_number="BA-9"), person=a_person(birth_date=other))
        return len(set(blocks_of(one)) & set(blocks_of(description_of(case))))

    assert shared(date(1960, 3, 14), date(1961, 3, 14)) == 1, "another year: the names with day and month"
    assert shared(date(1960, 1, 1), date(1961, 1, 1)) == 0
    assert shared(date(1960, 3, 14), date(1960, 3, 14)) == 4
    assert shared(date(1960, 1, 1), date(1960, 1, 1)) == 1, "the names with the year"


def test_two_reports_without_a_readable_case_number_are_two_convictions() -> None:
    unread = {"case_number": None, "doubts": (Doubt(field="case_number", kind="unparsed"),)}
    sheet = a_rap_sheet("R1", a_count("001002001", **unread), a_count("002001001", **unread))
    assert len(convictions_of([sheet])) == 2
    blank = {"case_number": None}
    sheet = a_rap_sheet("R1", a_count("001002001", **blank), a_count("002001001", **blank))
    assert len(convictions_of([sheet])) == 1
