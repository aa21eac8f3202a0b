"""How a name sounds, to an ear used to Spanish and English: what blocking finds misspelt names by."""

from functools import lru_cache

_SPELLINGS = (
    ("ph", "f"),
    ("ck", "k"),
    ("qu", "k"),
    ("gh", "g"),
    ("kn", "n"),
    ("wr", "r"),
    ("ll", "l"),
    ("ce", "se"),
    ("ci", "si"),
    ("ge", "je"),
    ("gi", "ji"),
    ("sch", "s"),
    ("sh", "s"),
    ("ch", "s"),
    ("th", "t"),
)
_LETTERS = str.maketrans({"z": "s", "x": "s", "c": "k", "q": "k", "v": "b", "j": "h", "y": "i", "w": "u"})
_VOWELS = frozenset("aeiouh")
LONGEST = 6


@lru_cache(maxsize=16384)
def sound(name: str) -> str:
    """The consonants of one part of a name, of at most ``LONGEST`` sounds; GONZALEZ and GONSALES are the same.

    A first vowel counts as a vowel, whichever it is: ELENA and ALINA are the same.
    """
    spelt = name
    for letters, plain in _SPELLINGS:
        spelt = spelt.replace(letters, plain)
    spelt = spelt.translate(_LETTERS)
    found = "a" if spelt[:1] in _VOWELS else spelt[:1]
    for letter in spelt[1:]:
        if letter not in _VOWELS and letter != found[-1]:
            found += letter
    return found[:LONGEST]
