"""A sealed count is recognised by its hashes as it was by its dismissal, and by nothing else."""

from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliefstream_contracts.dismissals import ConvictionDismissed
from reliefstream_contracts.identifiers import CaseNumber, CountyName
from services.chassis.runtime.keyed_hash import KeyedHash
from services.notification.dismissal import dismissal
from services.notification.suppression.counts import Count, Section, case_numbers_of, suppressed
from services.notification.suppression.sealed_counts import asked_hashes, hashes_of
from tests.notification.builders import HASHING, START, ordered

COUNTIES = (CountyName("los-angeles"), CountyName("kern"))
DAYS = (date(1999, 3, 4), date(1999, 3, 5))
SECTIONS = ("HS 11357", "HS 11357(a)", "HS 11357(b)(1)", "11357", "11357(b)", "PC 11357", "HS 11358, PC 32")


def dismissals() -> Iterator[ConvictionDismissed]:
    for section, days in product(SECTIONS, ((None, None), (DAYS[0], None), (DAYS[0], DAYS[1]))):
        yield dismissal(ordered(1), START).replace(
            code_section=section,
            conviction_date=days[0],
            disposition_date=days[1],
            source_case_numbers={"doj": CaseNumber("1-BA 000001")},
        )


COUNTS = st.builds(
    Count,
    county=st.sampled_from(COUNTIES),
    case_number=st.sampled_from(("BA1", "1BA1", "BA2")),
    section=st.builds(
        Section,
        code=st.sampled_from(("", "HS", "PC")),
        number=st.sampled_from(("11357", "11358", "32")),
        below=st.sampled_from(((), ("A",), ("B",), ("B", "1"), ("B", "2"), ("B", "1", "C"))),
    ),
    on=st.sampled_from((*DAYS, date(2001, 1, 1))),
)


@pytest.mark.parametrize(
    "dismissed", list(dismissals()), ids=lambda one: f"{one.code_section} {one.disposition_date}"
)
@given(count=COUNTS)
def test_a_count_is_suppressed_by_hashes_where_it_was_by_the_dismissal(
    dismissed: ConvictionDismissed, count: Count
) -> None:
    of_its_case = count.county == dismissed.county and count.case_number in case_numbers_of(dismissed)
    kept = hashes_of(dismissed, HASHING)
    assert (not set(kept).isdisjoint(asked_hashes(count, HASHING))) == (
        of_its_case and suppressed(count, [dismissed])
    )


def test_a_hash_by_an_earlier_key_is_recognised_after_the_key_was_changed() -> None:
    dismissed = dismissal(ordered(1), START)
    count = Count(COUNTIES[0], "BA1", Section("HS", "11359", ()), DAYS[0])
    rotated = KeyedHash([b"another key of no installation, 32", *HASHING.keys])
    assert not set(hashes_of(dismissed, HASHING)).isdisjoint(asked_hashes(count, rotated))
    assert set(hashes_of(dismissed, HASHING)).isdisjoint(asked_hashes(count, KeyedHash(rotated.keys[:1])))


def test_what_is_kept_is_told_by_no_word_of_the_dismissal() -> None:
    text = " ".join(hashes_of(dismissal(ordered(1), START), HASHING))
    assert not any(word in text for word in ("BA1", "11359", "1999", "los-angeles"))
