"""A subject's own facts, and the ledger of differences."""

from datetime import date

from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.records import Registration, SourceRecord
from reliefstream_contracts.vocabulary.offense import CodeSection, Doubt
from services.reconciliation.linkage.conviction.discrepancies import Discrepancy
from services.reconciliation.linkage.conviction.histories import build_histories, reconcile
from services.reconciliation.linkage.identity.identifiers import MOST_HOLDERS, Identifier
from tests.reconciliation.records import a_case, a_count, a_person, a_rap_sheet


def the_history(*records: SourceRecord) -> HistoryChanged:
    (history,) = build_histories(records)
    return history


def ledger(*records: SourceRecord) -> list[Discrepancy]:
    return [discrepancy for subject in reconcile(records) for discrepancy in subject.discrepancies]


def kinds(*records: SourceRecord) -> list[tuple[str, str]]:
    return sorted((entry.kind, entry.owner) for entry in ledger(*records))


def test_without_a_rap_sheet_what_other_counties_know_is_unknown() -> None:
    assert the_history(a_case()).rap_sheet == "none"
    assert the_history(a_case(), a_rap_sheet()).rap_sheet == "complete"
    assert the_history(a_case(), a_rap_sheet(refused_rows=1)).rap_sheet == "incomplete"


def test_doj_describes_the_person_and_the_court_fills_in() -> None:
    doj = a_rap_sheet(person=a_person(sex="M"))
    history = the_history(doj, a_case(person=a_person(sex="F", race="WHITE")))
    assert (history.sex, history.race) == ("M", "WHITE")


def test_a_birth_date_that_one_record_knows_settles_anothers_doubt() -> None:
    doubt = Doubt(field="birth_date", kind="partial")
    doj = a_rap_sheet(person=a_person(birth_date=None), doubts=(doubt,))
    assert the_history(doj).doubts == (doubt,)
    assert the_history(doj, a_case()).doubts == ()


def test_registrations_and_death_come_from_every_rap_sheet() -> None:
    registration = Registration(section=CodeSection(code="PC", section="290"), on=date(1980, 1, 1))
    history = the_history(
        a_rap_sheet("R1", registrations=(registration,)),
        a_rap_sheet("R2", deceased=True, deceased_on=date(2001, 2, 3)),
    )
    assert history.registrations == (registration,)
    assert (history.deceased, history.deceased_on) == (True, date(2001, 2, 3))


def test_who_may_have_anothers_record_is_in_doubt_in_the_laws_eyes() -> None:
    father, son = a_rap_sheet("R1"), a_rap_sheet("R2", person=a_person(birth_date=date(1985, 1, 1)))
    either = a_case("C1", person=a_person(birth_date=None))
    for history in build_histories([father, son, either]):
        assert Doubt(field="identity", kind="contradictory") in history.doubts


def test_convictions_come_by_date_with_the_unknown_first() -> None:
    days = [date(2001, 1, 1), None, date(1990, 1, 1)]
    counts = [a_count(f"00100200{n}", conviction_date=on) for n, on in enumerate(days)]
    history = the_history(a_rap_sheet("R1", *counts))
    assert [one.conviction_date for one in history.convictions] == [None, date(1990, 1, 1), date(2001, 1, 1)]


def test_what_only_one_source_has_is_for_the_other_to_mend() -> None:
    assert kinds(a_rap_sheet()) == [("only_in_doj", "county_court")]
    assert kinds(a_case()) == [("only_in_court", "doj")]
    assert kinds(a_case(), a_rap_sheet()) == []


def test_only_proposition_64_convictions_of_the_sending_county_are_missed() -> None:
    assert kinds(a_rap_sheet("R1", a_count(section="459"))) == []
    assert kinds(a_rap_sheet("R1", a_count(section="11357.5"))) == []
    assert kinds(a_rap_sheet("R1", a_count(county="sacramento"))) == []
    assert kinds(a_rap_sheet("R1", a_count(section="11530.1"))) == [("only_in_doj", "county_court")]
    assert kinds(a_rap_sheet("R1", a_count(section="11362.3"))) == [("only_in_doj", "county_court")]


def test_a_differing_fact_has_both_values() -> None:
    (entry,) = ledger(a_rap_sheet(), a_case("C1", a_count("1", level_convicted="misdemeanor")))
    assert (entry.kind, entry.field) == ("differing_fact", "level_convicted")
    assert entry.values == (("court", "misdemeanor"), ("doj", "felony"))
    assert entry.counts == ("court/los-angeles/C1/1", "doj/los-angeles/R1/001002001")


def test_an_impossible_date_is_for_the_source_that_shows_it_to_mend() -> None:
    impossible = {
        "conviction_date": None,
        "doubts": (Doubt(field="conviction_date", kind="impossible"),),
        "section": "459",
    }
    assert kinds(a_rap_sheet("R1", a_count(**impossible))) == [("impossible_date", "doj")]
    assert kinds(a_case("C1", a_count("1", **impossible))) == [("impossible_date", "county_court")]


def test_a_sources_own_key_of_two_persons_is_for_that_source_to_mend() -> None:
    burglary, person = a_count(section="459"), {"cii": (), "source_subject_id": "P9"}
    one, other = a_person(**person), a_person("MONSTER", **person)
    sheets = [a_rap_sheet(key, burglary, person=who) for key, who in (("R1", one), ("R2", other))]
    cases = [a_case(key, burglary, person=who) for key, who in (("C1", one), ("C2", other))]
    assert kinds(*sheets) == [("identity_in_doubt", "doj")]
    assert kinds(*cases) == [("identity_in_doubt", "county_court")]


def test_one_identifier_of_two_persons_is_one_entry_without_name_or_birth_date() -> None:
    entries = ledger(
        a_rap_sheet("R1", a_count(section="459")),
        a_rap_sheet("R2", a_count(section="459"), person=a_person("MONSTER")),
    )
    (entry,) = entries
    assert (entry.kind, entry.owner, entry.field) == ("identity_in_doubt", "doj", "cii_number")
    assert entry.values == (("doj", "doj/los-angeles/R1"), ("doj", "doj/los-angeles/R2"))


def test_the_ledger_of_two_doubtful_identifiers_is_the_same_in_any_order() -> None:
    one = a_case("C1", person=a_person(cii=("1000001", "1000002")))
    others = [a_case(f"C{n}", person=a_person("MONSTER", cii=(f"100000{n - 1}",))) for n in (2, 3)]
    entries = ledger(one, *others)
    assert len([entry for entry in entries if entry.kind == "identity_in_doubt"]) == 2
    assert ledger(*others[::-1], one) == entries


def test_an_identifier_that_too_many_records_share_links_nobody() -> None:
    sharing = [a_case(f"C{n}") for n in range(MOST_HOLDERS + 1)]
    histories = list(build_histories(sharing))
    assert len(histories) == MOST_HOLDERS + 1
    assert all(history.doubts for history in histories)
    assert len(list(build_histories(sharing[1:]))) == 1


def test_an_identifier_that_more_records_hold_than_are_given_is_an_entry_of_the_one_that_is() -> None:
    (subject,) = reconcile([a_case()], frozenset({Identifier("cii:1008675309")}))
    doubts = [entry for entry in subject.discrepancies if entry.kind == "identity_in_doubt"]
    assert [(entry.owner, entry.field) for entry in doubts] == [("doj", "cii_number")]
