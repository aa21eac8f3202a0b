"""Whether a statement of fact names what is sealed, though its count may have another key, or none on file. Pure."""

from reliefstream_contracts.identifiers import CountyName, RecordId, Source, record_key_of
from reliefstream_contracts.statements import SeenCount
from services.ingest.core.charges.code_sections import read_offense
from services.ingest.core.sealing.facts import CountFacts, RecordKey, case_places, without_subdivisions
from services.ingest.core.sealing.named import differing
from services.ingest.core.sealing.seal import Hashed, Seal


def record_of(seen: SeenCount) -> RecordKey:
    """The record that the count is of; a record's own id may hold a slash."""
    source, county, record_id = record_key_of(seen.count).split("/", 2)
    known: Source = "court" if source == "court" else "doj"
    return RecordKey(CountyName(county), known, RecordId(record_id))


def seen_facts(seen: SeenCount) -> CountFacts:
    """The facts of a count as the author of a statement saw it; a court that is not known is one of its county."""
    record = record_of(seen)
    section = without_subdivisions(read_offense(seen.section).shown)
    return CountFacts(
        key=seen.count,
        record=record.place(),
        cases=case_places(record.county, seen.case_number),
        section=section,
        base=section,
        days=(seen.disposed_on.isoformat(),) if seen.disposed_on else (),
    )


def places_of_seen(seen: SeenCount) -> tuple[str, ...]:
    """Where it may stand: its record first, then its case; the id of its record may be a case number, too."""
    record = record_of(seen)
    return record.place(), *seen_facts(seen).cases, *case_places(record.county, record.record_id)


def names_sealed(
    seal: Seal, seen: SeenCount, on_file: CountFacts | None, *, record_on_file: bool, hashed: Hashed
) -> bool:
    """Whether it goes with the sealed conviction, as what has the sealed count's key does.

    What is on file as it was seen stays. Of what is not on file, all that names the sealed case goes, or a record
    that went with it: nothing tells what else it is about. Else what names the section, or none, in the sealed case or
    record, as of a count that has another number by now.
    ``on_file``: the count under this key; None: its record has none, or is not there.
    """
    facts, salt = seen_facts(seen), str(seal.relief_id)
    if not seal.sealed.isdisjoint(hashed(salt, "count", facts.key)):
        return True
    if on_file and not any(differing(facts._replace(base=facts.base or on_file.base), on_file)):
        return False
    in_record, *in_case = (not seal.places.isdisjoint(hashed(place)) for place in places_of_seen(seen))
    if not (in_record or any(in_case)):
        return False
    if not on_file and (any(in_case) or not record_on_file):
        return True
    return not facts.base or not seal.sealed.isdisjoint(hashed(salt, "section", facts.base))
