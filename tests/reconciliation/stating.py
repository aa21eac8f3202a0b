"""Builders of fabricated statements of fact; a test names what it is about."""

from datetime import date
from typing import Any

from reliefstream_contracts.histories import CountRef
from reliefstream_contracts.identifiers import CountKey, StatementId
from reliefstream_contracts.records import SourceRecord
from reliefstream_contracts.statements import FactStated, SeenCount
from reliefstream_contracts.vocabulary.stated_facts import FactValue, StatedBy
from services.reconciliation.linkage.conviction.reported_count import convicted_counts
from tests.reconciliation.records import LOS_ANGELES


def seen(*records: SourceRecord) -> tuple[SeenCount, ...]:
    """Every convicted count of these records, as somebody saw it in them."""
    references: list[CountRef] = [one.reference() for one in convicted_counts(records)]
    return tuple(one.seen() for one in references)


def a_seen_count(key: str, section: str = "HS 11359", **given: Any) -> SeenCount:
    return SeenCount(count=CountKey(key), section=section, **given)


def a_statement(
    statement_id: str, counts: tuple[SeenCount, ...], value: str = "at_most_six", **given: Any
) -> FactStated:
    """How many plants there were, as a deputy of the district attorney says; ``fact`` and any field can be given."""
    fact = given.pop("fact", "plants")
    defaults: dict[str, Any] = {
        "county": LOS_ANGELES,
        "revision": 1,
        "stated_by": StatedBy(role="district_attorney", account="da-1"),
        "stated_on": date(2026, 11, 2),
        "basis": "police report, page 3",
        "facts": (FactValue(fact=fact, value=value),),
    }
    return FactStated(statement_id=StatementId(statement_id), counts=counts, **(defaults | given))
