"""A history with what people stated of its fields, for the law to read like a record."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from reliefstream_contracts.histories import Conviction, HistoryChanged
from reliefstream_contracts.vocabulary.offense import Doubt
from reliefstream_contracts.vocabulary.stated_facts import ANOTHER_SECTION, SECTIONS, FactCode, StatedFact
from services.birth_dates import plausible
from services.eligibility.law.input.facts import Asked, by_conviction
from services.eligibility.law.input.judged_conviction import is_charge_clear
from services.eligibility.law.input.section_list import read_section

FIELDS: dict[FactCode, tuple[str, tuple[str, ...]]] = {
    "conviction_date": ("conviction_date", ("conviction_date",)),
    "level": ("level_convicted", ("level_convicted",)),
    "offense_date": ("offense_date", ("offense_date",)),
    "sentence_end": ("sentence_end_date", ("sentence_end_date", "sentence")),
}
"""Facts that are fields of a conviction: its name, and the doubts that a statement settles."""


def with_stated_fields(history: HistoryChanged) -> HistoryChanged:
    """The history with what people stated of fields that the record lacks or doubts (``FIELDS``, birth date).

    A field that a statement contradicts becomes unknown, and so does one that was stated and cannot be. Statements stay
    with the history: nothing is hidden.
    """
    stated = by_conviction(history)
    if not stated:
        return history
    births = {one.value for (_, fact), of in stated.items() if fact == "birth_date" for one in of}
    about = {conviction for conviction, _ in stated}
    convictions = tuple(
        _with_fields(history, one, stated) if one.conviction_id in about else one
        for one in history.convictions
    )
    changes: dict[str, Any] = {"convictions": convictions}
    died = {one.value for (_, fact), of in stated.items() if fact == "deceased" for one in of}
    if died:
        history = _with_death(history, died)
    if births:
        filled = _filled(history.birth_date, history.doubts, "birth_date", ("birth_date",), births)
        dated = history.replace(convictions=convictions)
        changes |= _possible(dated, convictions[0], "birth_date", "birth_date", filled)
    return history.replace(**changes)


def can_be(history: HistoryChanged, conviction: Conviction, fact: FactCode, value: str) -> bool:
    """Whether a value can be stated of a conviction: not an impossible age at a conviction (I-35), nor days in an
    impossible order."""
    born, on = history.birth_date, conviction.conviction_date
    if fact == "birth_date":
        convicted_on = (one.conviction_date for one in history.convictions if not one.juvenile)
        return plausible(date.fromisoformat(value), filter(None, convicted_on))
    if fact == "conviction_date":
        return born is None or plausible(born, [date.fromisoformat(value)])
    if fact in {"sentence_end", "parole_end"}:
        return on is None or date.fromisoformat(value) >= on
    return fact != "charge_date" or on is None or date.fromisoformat(value) <= on


def _with_death(history: HistoryChanged, said: set[str]) -> HistoryChanged:
    """The history with what was stated of a death; in doubt where the record, or another statement, says otherwise."""
    clear = history.deceased and not any(doubt.field == "deceased_on" for doubt in history.doubts)
    kept = tuple(doubt for doubt in history.doubts if doubt.field != "deceased_on")
    if len(said | ({"yes"} if clear else set())) > 1:
        doubt = Doubt(field="deceased_on", kind="contradictory")
        return history.replace(doubts=(*kept, doubt))
    if clear:
        return history
    return history.replace(deceased=said == {"yes"}, deceased_on=None, doubts=kept)


def _with_fields(
    history: HistoryChanged, conviction: Conviction, stated: dict[Asked, list[StatedFact]]
) -> Conviction:
    for fact, (field, settles) in FIELDS.items():
        if values := _values(conviction, fact, stated):
            filled = _filled(getattr(conviction, field), conviction.doubts, field, settles, values)
            conviction = conviction.replace(**_possible(history, conviction, fact, field, filled))
    stands = _values(conviction, "convicted", stated)
    if stands == {"yes"}:
        conviction = _without_doubts(conviction, "disposition", "later_relief")
    elif len(stands) > 1:
        conviction = _with_doubt(conviction, "disposition")
    if _values(conviction, "relief_granted", stated) == {"none"}:
        conviction = _without_doubts(conviction, "later_relief")
    if _values(conviction, "county", stated) == {"this_county"}:
        sender = conviction.counts[0].sent_by
        conviction = _without_doubts(conviction, "county").replace(county=sender)
    return _with_section(conviction, _values(conviction, "section", stated))


def _possible(
    history: HistoryChanged, conviction: Conviction, fact: FactCode, field: str, filled: dict[str, Any]
) -> dict[str, Any]:
    """The changes with that field; unknown, with a doubt, where what was stated cannot be."""
    value = filled[field]
    if value is None or can_be(history, conviction, fact, str(value)):
        return filled
    return {field: None, "doubts": (*filled["doubts"], Doubt(field=field, kind="impossible"))}


def _with_doubt(conviction: Conviction, field: str) -> Conviction:
    doubt = Doubt(field=field, kind="contradictory")
    return conviction.replace(doubts=(*conviction.doubts, doubt))


def _with_section(conviction: Conviction, said: set[str]) -> Conviction:
    """The conviction under the section that was stated; in doubt where the record names another one of the article,
    and not only fewer subdivisions of the same."""
    offense, known = conviction.offense, set()
    recorded = str(offense)
    exact = all(one.startswith(f"{recorded}(") for one in said)
    if is_charge_clear(conviction) and recorded in SECTIONS and not exact:
        known = {recorded}
    if not said or said <= known:
        return conviction
    if len(said | known) > 1:
        doubt = Doubt(field="offense", kind="contradictory", as_written=tuple(sorted(said | known)))
        return conviction.replace(doubts=(*conviction.doubts, doubt))
    (section,) = said
    if section == ANOTHER_SECTION:
        return conviction
    clear = _without_doubts(conviction, "offense", "section")
    return clear.replace(offense=offense.replace(sections=(read_section(section),)))


def _without_doubts(conviction: Conviction, *fields: str) -> Conviction:
    kept = tuple(doubt for doubt in conviction.doubts if doubt.field not in fields)
    return conviction.replace(doubts=kept)


def _values(conviction: Conviction, fact: FactCode, stated: dict[Asked, list[StatedFact]]) -> set[str]:
    return {one.value for one in stated.get((conviction.conviction_id, fact), ())}


def _filled(
    recorded: object, doubts: Iterable[Doubt], field: str, settles: tuple[str, ...], values: set[str]
) -> dict[str, Any]:
    said = {str(recorded)} if recorded is not None else set()
    kept = tuple(doubt for doubt in doubts if doubt.field not in settles)
    if len(said | values) > 1:
        doubt = Doubt(field=field, kind="contradictory", as_written=tuple(sorted(said | values)))
        return {field: None, "doubts": (*kept, doubt)}
    value = next(iter(values))
    return {field: value if field == "level_convicted" else date.fromisoformat(value), "doubts": kept}
