"""California's codes as records abbreviate them, and the sections of the Health and Safety Code (HS) on cannabis."""

ABBREVIATIONS: dict[str, str] = {
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

CODES = frozenset(ABBREVIATIONS.values())
"""Every ``code`` that a section of an event may have, besides the empty one."""

AMENDED_BY_PROPOSITION_64 = ("11357", "11358", "11359", "11360")
"""HS sections that made cannabis a crime before 2016."""
ADDED_BY_PROPOSITION_64 = ("11362.1", "11362.2", "11362.3", "11362.4")
"""HS sections that Proposition 64 added, and that HS 11361.8(a) names beside those that it amended."""
PREDECESSORS = {"11530": "11357", "11530.1": "11358", "11530.5": "11359", "11531": "11360"}
"""HS sections before Stats. 1972, ch. 1407, to what they became."""
PROPOSITION_64 = frozenset((*AMENDED_BY_PROPOSITION_64, *ADDED_BY_PROPOSITION_64, *PREDECESSORS))
"""HS sections of which a conviction is one that HS 11361.8 reaches; each number is of no other code."""
REST_OF_THE_ARTICLE = ("11357.5", "11361", "11361.1", "11361.5", "11361.7", "11361.8", "11361.9")
"""The other HS sections of the article up to 11361, which HS 11361.8 does not reach; 11362 and 11362.x are many."""
