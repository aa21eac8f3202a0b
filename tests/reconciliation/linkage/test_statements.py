"""Which conviction a statement of fact applies to: one whose counts are as its author saw them."""

from datetime import date

from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.records import SourceRecord
from reliefstream_contracts.statements import FactStated
from reliefstream_contracts.vocabulary.stated_facts import StatedBy
from services.reconciliation.linkage.conviction.discrepancies import Discrepancy
from services.reconciliation.linkage.conviction.histories import build_histories, reconcile, with_statements
from services.reconciliation.linkage.conviction.statements import Standing
from tests.reconciliation.records import a_case, a_count, a_person, a_rap_sheet
from tests.reconciliation.stating import a_seen_count, a_statement, seen

CASE = a_case("C1", a_count("1", event="case"))
SHEET = a_rap_sheet()
APPLIED = Standing("applied")


def the_history(records: list[SourceRecord], *statements: FactStated) -> HistoryChanged:
    (history,) = build_histories(records, statements=statements)
    return history


def standing(
    records: list[SourceRecord], *statements: FactStated
) -> tuple[dict[str, Standing], list[Discrepancy]]:
    """Of each statement by its id, and the stale ones' entries of the ledger."""
    subjects, found = with_statements(reconcile(records), statements)
    stale = [one for subject in subjects for one in subject.discrepancies if one.kind == "statement_stale"]
    return {key.rsplit("/", 1)[-1]: what for key, what in found.items()}, stale


def test_a_statement_becomes_a_fact_of_the_conviction_whose_counts_it_names() -> None:
    (fact,) = the_history([CASE], a_statement("S1", seen(CASE))).stated_facts
    assert (fact.count, fact.fact, fact.value) == ("court/los-angeles/C1/1", "plants", "at_most_six")
    assert (fact.statement_id, fact.stated_by.account) == ("S1", "da-1")


def test_it_waits_while_no_count_that_it_names_has_come() -> None:
    found, stale = standing([CASE], a_statement("S1", (a_seen_count("court/los-angeles/C9/1"),)))
    assert found["S1"].status == "waiting"
    assert stale == []


def test_it_applies_where_one_of_its_counts_has_come_and_when_another_source_joins() -> None:
    both = a_statement("S1", seen(CASE, SHEET))
    assert standing([CASE], both)[0]["S1"] == APPLIED
    assert standing([CASE, SHEET], both)[0]["S1"] == APPLIED
    assert standing([CASE, SHEET], a_statement("S1", seen(CASE)))[0]["S1"] == APPLIED


def test_a_corrected_section_date_or_case_number_asks_the_author_again() -> None:
    statement = a_statement("S1", seen(CASE))
    corrections = {
        "section": a_count("1", event="case", section="11357"),
        "disposed_on": a_count("1", event="case", conviction_date=date(1999, 6, 4)),
        "case_number": a_count("1", event="case", case_number="BA099999"),
    }
    for field, count in corrections.items():
        found, stale = standing([a_case("C1", count, sequence=2)], statement)
        assert found["S1"] == Standing("stale", f"court/los-angeles/C1/1 has another {field} now")
        assert [(one.owner, dict(one.values)["statement"]) for one in stale] == [("district_attorney", "S1")]
        assert the_history([a_case("C1", count, sequence=2)], statement).stated_facts == ()


def test_the_same_number_section_and_day_written_otherwise_are_no_change() -> None:
    (own,) = seen(CASE)
    written = own.replace(section="hs  11359", case_number="ba-012345")
    assert standing([CASE], a_statement("S1", (written,)))[0]["S1"] == APPLIED


def test_a_conviction_that_was_split_asks_the_author_again_once() -> None:
    statement = a_statement("S1", seen(CASE, SHEET))
    other = a_case("C1", a_count("1", event="case"), person=a_person("DARKLIGHTER", date(1970, 1, 1), ()))
    found, stale = standing([other, SHEET], statement)
    assert found["S1"] == Standing("stale", "the counts that it names are of several convictions")
    assert len(stale) == 1
    assert all(not one.stated_facts for one in build_histories([other, SHEET], statements=[statement]))


def test_a_withdrawn_statement_says_nothing_and_a_revision_replaces_it() -> None:
    first = a_statement("S1", seen(CASE))
    second = a_statement("S1", seen(CASE), "more_than_six", revision=2)
    gone = a_statement("S1", seen(CASE), revision=3, withdrawn=True)
    (fact,) = the_history([CASE], second, first).stated_facts
    assert fact.value == "more_than_six"
    assert the_history([CASE], gone, first, second).stated_facts == ()


def test_statements_that_contradict_each_other_are_all_kept_and_say_so() -> None:
    clerk = StatedBy(role="clerk", account="cl-1")
    one = a_statement("S1", seen(CASE))
    other = a_statement("S2", seen(CASE), "more_than_six", stated_by=clerk)
    assert [fact.value for fact in the_history([CASE], one, other).stated_facts] == [
        "at_most_six",
        "more_than_six",
    ]
    found, _ = standing([CASE], one, other)
    assert found["S1"] == Standing("applied", "plants: S2 contradicts it")
    assert found["S2"] == Standing("applied", "plants: S1 contradicts it")


def test_a_withdrawn_record_lets_its_statement_wait_again() -> None:
    found, _ = standing([a_case("C1", a_count("1"), withdrawn=True)], a_statement("S1", seen(CASE)))
    assert found["S1"].status == "waiting"
