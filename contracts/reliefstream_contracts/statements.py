"""What a person knows of a conviction and no record shows. Topic ``records-v1``, beside the records."""

from datetime import date
from typing import Annotated, ClassVar

from reliefstream_contracts.event import Event
from reliefstream_contracts.frozen import Frozen, at_least, limits
from reliefstream_contracts.identifiers import CaseNumber, CountKey, CountyName, StatementId
from reliefstream_contracts.vocabulary.stated_facts import FactValue, StatedBy


class SeenCount(Frozen):
    """A count as the author of a statement saw it: its key, and what tells whether it is still the same.

    ``section``, ``disposed_on`` and ``case_number`` are those of the count in its own record, or of its conviction.
    None: the author saw none.
    """

    count: CountKey
    section: str
    """The offense: its sections, or the charge as written where they could not be read."""
    disposed_on: date | None = None
    """The day of its disposition; where that is unknown, of its conviction."""
    case_number: CaseNumber | None = None


class FactStated(Event):
    """Facts of one conviction, as an office states them: a later revision replaces it, ``withdrawn`` withdraws it.

    It applies to the conviction whose counts it names, waits for a count that has not come, and is stale once a
    count was changed or its counts are of several convictions.
    """

    TYPE: ClassVar[str] = "reliefstream.statement.fact-stated.v1"
    TOPIC: ClassVar[str] = "records-v1"
    PRODUCERS: ClassVar[tuple[str, ...]] = ("ingest",)

    county: CountyName
    """The county whose office states it."""
    statement_id: StatementId
    revision: Annotated[int, *at_least(1)]
    """Grows by one with each change; the highest counts."""
    withdrawn: bool = False
    stated_by: StatedBy
    stated_on: date
    """The day in the county on which this revision was taken in."""
    basis: Annotated[str, *limits(min_length=1, max_length=500)]
    """The document and page that it rests on; it names no person."""
    counts: Annotated[tuple[SeenCount, ...], *limits(min_length=1)]
    """All counts of the conviction that the author saw."""
    facts: Annotated[tuple[FactValue, ...], *limits(min_length=1)]
    """Each fact once."""

    def key(self) -> str:
        return f"statement/{self.county}/{self.statement_id}"

    def identity(self) -> str:
        return f"{self.key()}/{self.revision}"
