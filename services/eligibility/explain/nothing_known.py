"""A conviction of which only the section is known: each test on it still gives its citation."""

from datetime import date

from reliefstream_contracts.histories import Conviction, CountRef, HistoryChanged
from reliefstream_contracts.identifiers import (
    ConvictionId,
    CountId,
    CountyName,
    RecordId,
    SubjectId,
    count_key,
    derived,
)
from reliefstream_contracts.vocabulary.offense import CodeSection, Offense
from services.eligibility.files.statute_files import load_statute
from services.eligibility.law.input.judged_conviction import Case, County


def nothing_known(section: CodeSection) -> Case:
    """The case of a conviction of that section, in a county without city prosecutors."""
    county = CountyName("los-angeles")
    key = count_key("doj", county, RecordId("nobody"), CountId("1"))
    conviction = Conviction(
        conviction_id=ConvictionId(derived("conviction", "nobody")),
        counts=(CountRef(key=key, source="doj", sent_by=county),),
        county=county,
        event="1",
        offense=Offense(as_written=str(section), sections=(section,)),
    )
    subject = SubjectId(derived("subject", "nobody"))
    history = HistoryChanged(subject_id=subject, version=1, convictions=(conviction,))
    return Case(history, conviction, County(county), load_statute(), date(2026, 1, 1))
