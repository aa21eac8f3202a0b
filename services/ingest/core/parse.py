"""Parses a message into a person's rows or a court's case, or says why it is neither. Pure."""

from collections.abc import Mapping
from datetime import date

from reliefstream_contracts.court_case import CourtCase
from services.ingest.core.counties import CountyIntake
from services.ingest.core.court.cases import problems_of
from services.ingest.core.court.strict_json import SIZE_LIMIT, read_case
from services.ingest.core.doj.parse_rows import parse_rap_sheet, withholding_rap_sheets
from services.ingest.core.message import SourceMessage
from services.ingest.core.parsed import Parsed, ParsedCase, Unparseable, place_in_file, unparseable
from services.ingest.core.profile.profile import Profile
from services.ingest.core.profile.sent_case import SentCase, SentUnit, read_sent_case, where_is
from services.ingest.core.source_location import header_location, line_location

Profiles = Mapping[str, Profile]
FORMATS = ("court", "doj")
NO_PROFILES: Profiles = {}


def parse(
    message: SourceMessage, intake: CountyIntake, received_on: date, profiles: Profiles = NO_PROFILES
) -> Parsed:
    """Parses a message. Never raises. ``profiles``: the county's own feeds by name."""
    form = message.metadata.format
    if message.granted is not None and form not in message.granted and form in FORMATS:
        return unparseable(
            "format_not_granted",
            header_location("format"),
            f"this county's topic takes {', '.join(sorted(message.granted))} only",
            "send it with a token that is granted this format, over HTTP, or have topic_formats of county.yaml changed",
        )
    if form == "doj":
        return parse_rap_sheet(message, received_on)
    if form == "court":
        name = message.metadata.profile
        if name and name not in profiles:
            return unparseable(
                "unknown_profile",
                header_location("profile"),
                "the county has no profile of this name",
                f"send one of {', '.join(sorted(profiles)) or 'none (the strict JSON)'}, or add its file",
            )
        return _case(message, intake, received_on, profiles.get(name))
    unknown = unparseable(
        "missing_format_header" if not form else "unknown_format",
        header_location("format"),
        "the message does not say what it is" if not form else "no such format",
        "send the header format: doj (rows of one person) or court (one case in JSON)",
    )
    if message.granted is not None and "doj" not in message.granted:
        return unknown
    return withholding_rap_sheets(unknown, message, received_on)


def _too_long(message: SourceMessage) -> bool:
    return "row_too_long" in message.metadata.row_faults.values()


def _case(message: SourceMessage, intake: CountyIntake, received_on: date, profile: Profile | None) -> Parsed:
    if profile is not None:
        return _profiled(message, intake, received_on, profile)
    number = message.metadata.rows[0] if message.metadata.rows else None
    place = place_in_file(message.metadata, number)
    if isinstance(place, Unparseable):
        return place
    where = line_location(number)
    if _too_long(message):
        return unparseable(
            "case_too_large",
            where,
            f"the case is longer than {SIZE_LIMIT:,} bytes",
            "send one case in each JSON object",
        )
    case = read_case(message.value, where)
    if not isinstance(case, CourtCase):
        return Unparseable(case)
    problems = problems_of(case, intake, received_on, where)
    return Unparseable(problems) if problems else ParsedCase(case.record_id, case, place)


def _profiled(message: SourceMessage, intake: CountyIntake, received_on: date, profile: Profile) -> Parsed:
    """A case as the county's own feed writes it."""
    numbers = message.metadata.rows
    place = place_in_file(message.metadata, numbers[0] if numbers else None)
    if isinstance(place, Unparseable):
        return place
    where = where_is(profile, numbers)
    if _too_long(message) or len(message.value) > SIZE_LIMIT:
        return unparseable(
            "case_too_large",
            where,
            f"the case, or a row of it, is longer than {SIZE_LIMIT:,} bytes",
            "look for a missing line end, and for what the profile takes as one case (case_by)",
        )
    found = read_sent_case(profile, SentUnit(message.value, numbers), received_on)
    if not isinstance(found, SentCase):
        return Unparseable(found)
    problems = problems_of(found.case, intake, received_on, where)
    return (
        Unparseable(problems)
        if problems
        else ParsedCase(found.case.record_id, found.case, place, found.unread, profile.fingerprint)
    )
