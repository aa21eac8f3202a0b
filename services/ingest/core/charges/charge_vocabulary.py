"""What one must know to read a charge's text: how codes number, which words speak of cannabis or of amounts."""

import re

DECIMAL_NUMBERED = frozenset({"HS", "VC"})
"""Codes that number inserted sections with decimals (11357.5), never with letters.

So a letter run on to their number is a subdivision: ``HS11357C`` is 11357(c). The Penal Code has lettered
sections of its own (273a, 273ab, 288a, 647a), where the letter belongs to the number.
"""

OLD_RAPE = frozenset({"261.1", "261.2", "261.3", "261.4"})
"""PC 261(1) to (4), before its subdivisions had letters, as old records write them; no sections of their own."""

SPEAKS_OF_CANNABIS = re.compile(r"MARI[JH]|CANNAB|HASHISH|\bTHC\b")

SPEAKS_OF_ANOTHER_CRIME = re.compile(
    r"PSILO[CS]|MUSHROOM|COCAINE|HEROIN|\bMETH|\bPCP\b|PHENCYCL|\bLSD\b|OPI(?:UM|ATE|OID)|PEYOTE|\bMDMA\b|ECSTASY|FENTANYL|CODONE"
    r"|MURDER|MANSLAUGHTER|\bRAP(?:E|ING)\b|ROBB(?:ERY|ED)|BURGL|KIDNAP|ARSON|ASSAULT|BATTERY|MAYHEM|MOLEST|SODOMY|THEFT|CARJACK"
)
"""Substances other than cannabis, and crimes of violence, sex or property."""

ALSO_ABOUT_CANNABIS = frozenset({
    ("HS", "11357.5"), ("HS", "11361"), ("HS", "11361.1"), ("HS", "11362.77"), ("HS", "11364"), ("HS", "11364.5"),
    ("HS", "11364.7"), ("HS", "11365"), ("HS", "11366"), ("HS", "11366.5"), ("HS", "11366.7"), ("HS", "11366.8"),
    ("HS", "11370.1"), ("HS", "11370.6"), ("HS", "11379.6"), ("HS", "11532"), ("HS", "11550"), ("BP", "26038"),
})  # fmt: skip
"""Sections whose text may speak of cannabis without being one of PROPOSITION_64.

Of the other codes (PC 4573.6, VC 23222, …) any section may. An HS section outside of both lists beside the
word marijuana is taken for a mistyped one and left unread.
"""

MEASURES = frozenset({
    "G", "GM", "GMS", "GRAM", "GRAMS", "OZ", "OUNCE", "OUNCES", "LB", "LBS", "POUND", "POUNDS", "KG", "KILO", "KILOS",
    "DAY", "DAYS", "MONTH", "MONTHS", "MOS", "YEAR", "YEARS", "YRS", "YR", "PLANT", "PLANTS", "CT", "CTS", "COUNT",
    "COUNTS", "PERCENT",
})  # fmt: skip
"""Words that make the number before them an amount, not a section."""
