"""The days of HS 11361.9 that the events' package holds, for relief and the ledger, are those of the statute's file."""

from reliefstream_contracts.vocabulary import doj_list
from services.eligibility.files.statute_files import load_statute


def test_the_days_of_doj_s_list_are_those_of_the_statute_s_file() -> None:
    clock = load_statute().clock
    assert (clock.citation, clock.challenge_until) == (doj_list.CITATION, doj_list.CHALLENGE_UNTIL)
    assert (clock.orders_due, clock.records_due) == (doj_list.ORDERS_DUE, doj_list.RECORDS_DUE)
