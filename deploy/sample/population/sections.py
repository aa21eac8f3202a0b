"""Code sections as they stood in their years, and how sources write them."""

from dataclasses import dataclass

from deploy.sample.chance.dice import Dice


@dataclass(frozen=True, slots=True)
class Section:
    """``number`` as DOJ writes it (``11360(A)``), ``code`` (``HS``) and DOJ's words for it."""

    code: str
    number: str
    words: str

    @property
    def canonical(self) -> str:
        """As the truth names it: ``HS 11360(a)``."""
        return f"{self.code} {self.number.lower()}"


def _hs(number: str, words: str) -> Section:
    return Section("HS", number, words)


POSSESSION_1961 = _hs("11530", "POSSESS MARIJUANA")
CULTIVATION_1961 = _hs("11530.1", "PLANT/CULTIVATE MARIJUANA")
FOR_SALE_1961 = _hs("11530.5", "POSSESS MARIJUANA FOR SALE")
SALE_1961 = _hs("11531", "TRANSPORT/SELL MARIJUANA")
POSSESSION_1972 = _hs("11357", "POSSESS MARIJUANA")
CONCENTRATE = _hs("11357(A)", "POSSESS CONCENTRATED CANNABIS")
SMALL_POSSESSION = _hs("11357(B)", "POSSESS MARIJUANA 28.5 GRAMS OR LESS")
POSSESSION = _hs("11357(C)", "POSSESS MARIJUANA OVER 28.5 GRAMS")
CULTIVATION = _hs("11358", "CULTIVATE MARIJUANA")
FOR_SALE = _hs("11359", "POSSESS MARIJUANA FOR SALE")
SALE = _hs("11360(A)", "SELL/FURNISH/ETC MARIJUANA/HASH")
SMALL_GIFT = _hs("11360(B)", "GIVE/TRANSPORT MARIJUANA 28.5 GRAMS OR LESS")
SYNTHETIC = _hs("11357.5", "SELL/ETC SYNTHETIC CANNABINOID")

# Last year of the era, then the sections in proportion. Article 2 was renumbered by Stats. 1972; simple
# possession could be a felony until 1976; 11357(b) became an infraction in 2011.
_FELONIES = (
    (1971, (POSSESSION_1961,) * 5 + (FOR_SALE_1961,) * 3 + (SALE_1961,) * 2 + (CULTIVATION_1961,)),
    (1975, (POSSESSION_1972,) * 4 + (CULTIVATION,) + (FOR_SALE,) * 3 + (SALE,) * 2),
    (2014, (CONCENTRATE,) + (CULTIVATION,) * 3 + (FOR_SALE,) * 10 + (SALE,) * 6),
    (9999, (CULTIVATION,) * 3 + (FOR_SALE,) * 10 + (SALE,) * 6),
)
_MISDEMEANORS = (
    (1971, (POSSESSION_1961,)),
    (1975, (POSSESSION_1972,)),
    (2010, (SMALL_POSSESSION,) * 5 + (POSSESSION,) * 3 + (SMALL_GIFT,) * 2 + (CONCENTRATE,)),
    (9999, (POSSESSION,) * 4 + (SMALL_GIFT,) * 2 + (CONCENTRATE,)),
)


def cannabis_section(level: str, year: int, dice: Dice) -> Section:
    """A cannabis section under which a ``felony`` or a ``misdemeanor`` of that year was possible."""
    for last_year, sections in _FELONIES if level == "felony" else _MISDEMEANORS:
        if year <= last_year:
            return dice.one_of(sections)
    raise AssertionError("the last era has no end")


def doj_description(section: Section, dice: Dice, attempt: bool = False) -> str:
    """As rap sheets write it: ``11357(C) HS-POSSESS MARIJUANA OVER 28.5 GRAMS``."""
    if attempt:
        mark = dice.one_of(("/", "-"))
        return f"664{mark}{section.number} {section.code}-ATT {section.words}"
    space = "" if dice.chance(3) else " "
    return f"{section.number}{space}{section.code}-{section.words}"


def court_section(section: Section, dice: Dice, attempt: bool = False) -> str:
    """As courts write it: ``11357(c) HS``, ``HS 11357(C)``."""
    number = section.number if dice.chance(40) else section.number.lower()
    if attempt:
        number = f"664/{number}"
    return f"{section.code} {number}" if dice.chance(25) and not attempt else f"{number} {section.code}"


UNREADABLE = ("1135 9 HS", "11 357 HS", "1I359 HS", "1135B HS", "11E58 HS", "MARIJUANA")
"""What was typed where a section belongs; no reader may guess what was meant."""
