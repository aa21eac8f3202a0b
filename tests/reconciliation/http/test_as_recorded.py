"""What each source says is shown as it says it: names and counts before they are weighed against each other."""

from reliefstream_contracts.records import PersonName
from services.reconciliation.http.as_recorded import counts_said, names_said
from tests.reconciliation.records import a_case, a_person, a_rap_sheet


def test_each_convicted_count_is_shown_with_its_own_sources_values() -> None:
    found = counts_said([a_case("C1"), a_rap_sheet("R1")])
    assert {one["source"] for one in found} == {"court", "doj"}
    assert [one["key"] for one in found] == sorted(one["key"] for one in found)
    assert all(one["section"] for one in found)


def test_names_stand_once_the_most_frequent_first() -> None:
    def named(surname: str) -> PersonName:
        return PersonName(surname=surname, given="JANE", middle="Q")

    records = [
        a_case(f"C{number}", person=a_person().replace(name=named(surname)))
        for number, surname in enumerate(("ROE", "DOE", "DOE"))
    ]
    assert names_said(one.person for one in records) == ["DOE, JANE Q", "ROE, JANE Q"]
    nobody = a_case("C9", person=a_person().replace(name=None))
    assert names_said([nobody.person]) == []
