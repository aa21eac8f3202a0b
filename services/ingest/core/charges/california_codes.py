"""What one must know of California's codes to read a charge's text: their abbreviations and numbering."""

import re

CODES: dict[str, str] = {
    "HS": "HS", "H&S": "HS", "H/S": "HS", "HSC": "HS", "H&SC": "HS",
    "PC": "PC", "CPC": "PC",
    "VC": "VC", "CVC": "VC",
    "BP": "BP", "B&P": "BP", "B/P": "BP", "BPC": "BP", "B&PC": "BP",
    "WI": "WI", "W&I": "WI", "WIC": "WI", "W&IC": "WI",
    "HN": "HN", "H&N": "HN",
    "FG": "FG", "F&G": "FG", "GC": "GC", "IC": "IC", "LC": "LC", "MV": "MV", "PR": "PR", "PU": "PU",
    "RT": "RT", "R&T": "RT", "UI": "UI", "EC": "EC", "ED": "ED", "EL": "EL", "FA": "FA", "FC": "FC",
    "MC": "MC", "LM": "LM", "LAMC": "LAMC", "CC": "CC", "CP": "CP", "SH": "SH",
    "US": "US", "USC": "US", "USCA": "US", "UCMJ": "US",
}  # fmt: skip
"""Abbreviations as courts and DOJ write them, to the code they mean; federal and military law is US."""

DECIMAL_NUMBERED = frozenset({"HS", "VC"})
"""Codes that number inserted sections with decimals (11357.5), never with letters.

So a letter run on to their number is a subdivision: ``HS11357C`` is 11357(c). The Penal Code has lettered
sections of its own (273a, 273ab, 288a, 647a), where the letter belongs to the number.
"""

CANNABIS = frozenset({"11357", "11358", "11359", "11360", "11530", "11530.1", "11530.5", "11531"})
"""HS 11357 to 11360, and their numbers before Stats. 1972 (domain: The law, as data)."""

ARTICLE_DECIMALS = frozenset({
    "11357.5", "11361.1", "11361.5", "11361.7", "11361.8", "11361.9", "11530.1", "11530.5",
})  # fmt: skip
"""The sections with decimals that HS 11357 to 11361 and their predecessors have; 11362.x are many."""

OLD_RAPE = frozenset({"261.1", "261.2", "261.3", "261.4"})
"""PC 261(1) to (4), before its subdivisions had letters, as old records write them; no sections of their own."""

SPEAKS_OF_CANNABIS = re.compile(r"MARI[JH]|CANNAB|HASHISH|\bTHC\b")

ALSO_ABOUT_CANNABIS = frozenset({
    ("HS", "11357.5"), ("HS", "11361"), ("HS", "11361.1"), ("HS", "11362.3"), ("HS", "11362.4"),
    ("HS", "11362.77"), ("HS", "11364"), ("HS", "11364.5"), ("HS", "11364.7"), ("HS", "11365"), ("HS", "11366"),
    ("HS", "11366.5"), ("HS", "11366.7"), ("HS", "11366.8"), ("HS", "11370.1"), ("HS", "11370.6"),
    ("HS", "11379.6"), ("HS", "11532"), ("HS", "11550"), ("BP", "26038"),
})  # fmt: skip
"""Sections whose text may speak of cannabis without being one of CANNABIS.

Of the other codes (PC 4573.6, VC 23222, …) any section may. An HS section outside of both lists beside the
word marijuana is taken for a mistyped one and left unread.
"""

MEASURES = frozenset(
    [
        "G",
        "GM",
        "GMS",
        "GRAM",
        "GRAMS",
        "OZ",
        "OUNCE",
        "OUNCES",
        "LB",
        "LBS",
        "POUND",
        "POUNDS",
        "KG",
        "KILO",
        "KILOS",
        "DAY",
        "DAYS",
        "MONTH",
        "MONTHS",
        "MOS",
        "YEAR",
        "YEARS",
        "YRS",
        "YR",
        "PLANT",
        "PLANTS",
        "CT",
        "CTS",
        "COUNT",
        "COUNTS",
        "PERCENT",
    ]
)
"""Words that make the number before them an amount, not a section."""
