"""Relief that a rap sheet shows in its texts."""

import re
from functools import lru_cache
from typing import NamedTuple

from reliefstream_contracts.vocabulary.offense import ReliefKind
from services.ingest.core.doj.file.columns import DojRow
from services.ingest.core.doj.rap_sheet.disposition import begins_convicted, may_be_convicted
from services.ingest.core.doj.rap_sheet.later.prop_64 import IN_A_COMMENT, PROP_64, prop_64_in

_PC_1203_4 = re.compile(r"\b1203\.4(?:A|1|2|25|9)?\b")
"""And what does the same for other sentences or by DOJ's own review: PC 1203.4a, 1203.41, .42, .425, .49."""
_PC_17 = re.compile(r"\b17\s*(?:\(\s*B\s*\)|B)?\s*(?:\(\s*\d\s*\)\s*)?P\.?C\b|\bPC\s*17\b")
_TO_MISDEMEANOR = re.compile(r"\bREDUCED\s+TO\s+(?:A\s+)?MISD")
_PC_1170_18 = re.compile(r"\b1170\.18\b|\bPROP(?:OSITION)?\.?\s*47\b")
_PC_1385 = re.compile(
    r"\b1385\b|\bFURTHERANCE\b|\bF\.?[IO]\.?J\b|\bINT(?:EREST)?S?\.?\s+OF\s+JUST|\bFURTH\w*\s+(?:OF\s+)?JUST"
)
_MODIFIED = re.compile(r"\bSENT(?:ENCE)?\.?\s+MODIF")
_NOT_GRANTED = re.compile(r"\bDENIED\b|\bDENY\b|\bWITHDRAWN\b|\bPENDING\b|\bNOT\s+GRANTED\b|\bINELIGIBLE\b")

PROP_64_KINDS: frozenset[ReliefKind] = frozenset({"hs_11361_8_dismissal", "hs_11361_8_redesignation"})
RESENTENCING_KINDS: frozenset[ReliefKind] = PROP_64_KINDS | {"pc_1170_18"}
"""Relief that texts may call a resentencing."""


class ReadRelief(NamedTuple):
    """``kinds``: granted for certain. ``unclear``: texts that name Proposition 64 and may not be a grant."""

    kinds: tuple[ReliefKind, ...] = ()
    unclear: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.kinds or self.unclear)

    @property
    def prop_64(self) -> bool:
        """Whether Proposition 64 is named at all."""
        return bool(self.unclear) or any(kind in PROP_64_KINDS for kind in self.kinds)


def read_relief(*texts: str) -> ReadRelief:
    """Every relief that the disposition, sentence and comment texts of one row grant."""
    kinds: list[ReliefKind] = []
    naming = [text for text in texts if PROP_64.search(text.upper())]
    named = [prop_64_in(text.upper()) for text in naming]
    unclear = tuple(text for text, kind in zip(naming, named, strict=True) if kind is None)
    together = {kind for kind in named if kind}
    if len(together) > 1:
        unclear = tuple(naming)
    if not unclear:
        kinds += together
    upper = " ; ".join(texts).upper()
    if _NOT_GRANTED.search(upper):
        return ReadRelief(tuple(kinds), unclear)
    if not naming:
        if _PC_1170_18.search(upper):
            kinds.append("pc_1170_18")
        elif _PC_17.search(upper) or _TO_MISDEMEANOR.search(upper):
            kinds.append("pc_17b")
    if _PC_1203_4.search(upper):
        kinds.append("pc_1203_4")
    if _PC_1385.search(upper):
        kinds.append("pc_1385")
    if _MODIFIED.search(upper):
        kinds.append("sentence_modified")
    return ReadRelief(tuple(kinds), unclear)


def relief_of(row: DojRow) -> ReadRelief:
    """The relief of a row's texts. A comment on a conviction grants Proposition 64 in plain words only."""
    return _relief_of(row.disp_descr, row.sent_loc_descr, row.comment_text)


@lru_cache(maxsize=10_000)
def _relief_of(disposition: str, sentence: str, comment: str) -> ReadRelief:
    read = read_relief(disposition, sentence, comment)
    upper = comment.upper()
    if not begins_convicted(disposition) or not PROP_64.search(upper) or IN_A_COMMENT.search(upper):
        return read
    kinds = tuple(kind for kind in read.kinds if kind not in PROP_64_KINDS)
    return ReadRelief(kinds, tuple(dict.fromkeys((*read.unclear, comment))))


def is_relief_step(row: DojRow) -> bool:
    """Whether a row is about relief alone: its own disposition is no conviction, not even a doubtful one."""
    if begins_convicted(row.disp_descr) or not relief_of(row).any:
        return False
    return not may_be_convicted(row.disp_descr) or read_relief(row.disp_descr).any
