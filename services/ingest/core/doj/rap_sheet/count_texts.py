"""What the texts of one count's rows say, whoever's they are and whenever: kept, as sheets repeat few texts."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Literal, NamedTuple

from reliefstream_contracts.vocabulary.offense import Doubt, Level, Offense, ReliefKind, SentencePart
from services.ingest.core.doj.file.columns import DojRow
from services.ingest.core.doj.rap_sheet.agreement import agreed
from services.ingest.core.doj.rap_sheet.disposition import (
    convicted,
    is_unreadable,
    leaves_open,
    may_be_convicted,
    sustained,
)
from services.ingest.core.doj.rap_sheet.later.relief import is_relief_step, relief_of
from services.ingest.core.doj.rap_sheet.later.sentence import (
    changed,
    is_later_sentence,
    is_later_sentence_alone,
)
from services.ingest.core.doj.rap_sheet.later.undone import (
    affirms,
    doubts_of_comments,
    is_undoing_step,
    undoing,
)
from services.ingest.core.doj.rap_sheet.offense import read_charge
from services.ingest.core.doj.rap_sheet.sentence import read_sentence
from services.ingest.core.doj.rap_sheet.step_type import COURT_ACTION, step_type

_OTHER_COLUMNS = frozenset(
    {
        *("subject_id", "cii_number", "pri_name", "gender", "pri_dob", "race_descr", "cyc_date"),
        *("stp_event_date", "stp_ori_descr", "stp_ori_cnty_name", "disp_date", "ofn"),
    }
)
"""Who, when and where: not what a charge's texts say."""
_PLACES = [len(DojRow._fields) if name in _OTHER_COLUMNS else at for at, name in enumerate(DojRow._fields)]
_PLACES[DojRow._fields.index("cnt_order")] = len(DojRow._fields) + 1
_texts = itemgetter(*_PLACES)

Texts = tuple[DojRow, ...]
"""Rows without who, when and where, and without the number of cycle, step and count."""

_VIOLATION = re.compile(r"(?<![\d.])(?:1203\.[23]|3000\.08|3056|3455)(?!\d)")
"""Sections of the Penal Code by which a court hears of a violated probation or parole: no charges."""

_LEVELS: dict[str, Level] = {
    "F": "felony",
    "M": "misdemeanor",
    "I": "infraction",
    "FELONY": "felony",
    "MISDEMEANOR": "misdemeanor",
    "INFRACTION": "infraction",
}


def texts_of(rows: Iterable[DojRow]) -> Texts:
    """The texts of a count's rows."""
    return tuple([DojRow._make(_texts((*row, "", f"_________{row.cnt_order[9:]}"))) for row in rows])


Kind = Literal["relief", "later_sentence", "affirming", "open", "undoing", "repeating", "charge"]


@lru_cache(maxsize=5_000)
def kind_of(rows: Texts) -> Kind:
    """Whether rows are a charge, or only speak of a conviction that was entered before."""
    if all(map(is_relief_step, rows)):
        return "relief"
    if is_later_sentence_alone(rows):
        return "later_sentence"
    if affirms(rows):
        return "affirming"
    if _is_left_open(rows):
        return "open"
    if is_undoing_step(rows):
        return "undoing"
    return "repeating" if _may_repeat(rows) else "charge"


class Said(NamedTuple):
    """``deciding``: places of the rows that decide what the count is; ``in_court``: those of them that are a court's.

    ``later``: relief on it, each with the place of the row whose day is its, None: without a day.
    """

    deciding: tuple[int, ...]
    in_court: tuple[int, ...]
    is_conviction: bool
    adjudged: bool
    offense: Offense
    level_charged: Level | None
    level_convicted: Level | None
    of_charge: tuple[Doubt, ...]
    """Doubts about disposition, charge and level."""
    sentence: tuple[SentencePart, ...]
    of_sentence: tuple[Doubt, ...]
    """Doubts about the sentence, and about what undid the conviction."""
    later: tuple[tuple[ReliefKind, int | None], ...]
    of_later: tuple[Doubt, ...]
    disposition: str


@lru_cache(maxsize=5_000)
def said_by(rows: Texts, conviction_elsewhere: bool) -> Said:
    """What ``read_count`` says of its rows as far as their texts tell."""
    certain = [at for at, row in enumerate(rows) if convicted(row.disp_descr)]
    adjudged = [] if certain else [at for at, row in enumerate(rows) if sustained(row.disp_descr)]
    found = certain or adjudged or _maybe_convicted(rows, conviction_elsewhere)
    is_conviction = bool(found)
    places = found or list(range(len(rows)))
    deciding = [rows[at] for at in places]
    stating = [] if conviction_elsewhere else deciding
    in_court = [] if conviction_elsewhere else [at for at in places if step_type(rows[at]) == COURT_ACTION]
    doubts: list[Doubt] = []
    if is_conviction and not ((certain or adjudged) and in_court):
        doubts.append(Doubt(field="disposition", kind="unparsed", as_written=_dispositions(rows)))
    offense, offense_doubts = read_charge(deciding, is_conviction)
    doubts += offense_doubts
    charged = _level("level_charged", [row.offense_toc for row in deciding], False, doubts)
    stated = [row.conv_stat_descr for row in stating]
    level = None
    if is_conviction:
        level = _level(
            "level_convicted",
            stated if any(stated) else [row.offense_toc for row in stating],
            not adjudged,
            doubts,
        )
    sentence_rows = [row for row in rows if row in stating or not row.disp_descr]
    sentence, sentence_doubts = read_sentence(sentence_rows) if is_conviction else ((), ())
    if is_conviction:
        sentence_doubts = (*sentence_doubts, *changed(rows), *doubts_of_comments(stating, offense.sections))
    of_later: list[Doubt] = []
    later = tuple(_later(rows, deciding, of_later)) if is_conviction else ()
    disposition = agreed({row.disp_descr for row in deciding})
    return Said(
        tuple(places),
        tuple(in_court),
        is_conviction,
        bool(adjudged),
        offense,
        charged,
        level,
        tuple(doubts),
        sentence,
        sentence_doubts,
        later,
        tuple(of_later),
        disposition.value or " / ".join(disposition.differing),
    )


def _level(field: str, texts: Iterable[str], required: bool, doubts: list[Doubt]) -> Level | None:
    text, differing = agreed(map(str.upper, texts))
    if differing:
        doubts.append(Doubt(field=field, kind="contradictory", as_written=differing))
    elif not text and required:
        doubts.append(Doubt(field=field, kind="missing"))
    elif text and text not in _LEVELS:
        doubts.append(Doubt(field=field, kind="unparsed", as_written=(text,)))
    return _LEVELS.get(text)


def _later(
    rows: Texts, deciding: Sequence[DojRow], doubts: list[Doubt]
) -> Iterator[tuple[ReliefKind, int | None]]:
    for at, row in enumerate(rows):
        relief = relief_of(row)
        own = row in deciding and not is_relief_step(row)
        # A conviction's own row names relief without its date.
        yield from ((kind, None if own else at) for kind in relief.kinds)
        if relief.unclear:
            doubts.append(Doubt(field="later_relief", kind="unparsed", as_written=relief.unclear))
        elif (
            not (relief.kinds or own or is_later_sentence(row) or leaves_open(row.disp_descr))
            and row.disp_descr
        ):
            doubts.append(Doubt(field="disposition", kind="contradictory", as_written=(row.disp_descr,)))


def _maybe_convicted(rows: Texts, conviction_elsewhere: bool) -> list[int]:
    """The rows that may be a conviction's; none where a row says that the charge ended otherwise."""
    if conviction_elsewhere or not any(row.disp_descr for row in rows):
        return list(range(len(rows)))
    if _is_left_open(rows):
        return [at for at, row in enumerate(rows) if row.disp_descr]
    return [at for at, row in enumerate(rows) if may_be_convicted(row.disp_descr) and not is_relief_step(row)]


def _is_left_open(rows: Texts) -> bool:
    """Whether what a court reports of a count leaves open what became of it: a sentence alone, or nobody
    knows, or words that cannot be read."""
    said = [row for row in rows if row.disp_descr]
    return bool(said) and all(
        step_type(row) == COURT_ACTION
        and (leaves_open(row.disp_descr) or (is_unreadable(row.disp_descr) and not undoing(row.disp_descr)))
        and not is_relief_step(row)
        and not _VIOLATION.search(row.offense_descr)
        for row in said
    )


def _may_repeat(rows: Texts) -> bool:
    """Whether rows only may mean a conviction (``JUDGMENT OF CONVICTION``, ``FOUND GUILTY``) and have no sentence."""
    said = [row.disp_descr for row in rows if row.disp_descr]
    no_sentence = not any(row.sent_loc_descr or row.sent_length for row in rows)
    return bool(said) and no_sentence and all(map(may_be_convicted, said))


def _dispositions(rows: Sequence[DojRow]) -> tuple[str, ...]:
    """What the rows say became of the charge, with the heading where it is not a court's."""
    said = ((step_type(row), row.disp_descr) for row in rows if row.disp_descr)
    return tuple(sorted({text if kind == COURT_ACTION else f"{kind}: {text}" for kind, text in said}))
