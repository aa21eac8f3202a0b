"""Suffixes of a person's name, in each way of writing them: digits, letters and words."""

_WRITINGS = {
    "JR": ("JR", "JNR", "JUNIOR"),
    "SR": ("SR", "SNR", "SENIOR"),
    "II": ("II", "2ND", "2D", "SECOND"),
    "III": ("III", "3RD", "3D", "THIRD"),
    "IV": ("IV", "4TH", "FOURTH"),
    "V": ("V", "5TH", "FIFTH"),
}
_SUFFIX = {writing: suffix for suffix, writings in _WRITINGS.items() for writing in writings}


def name_suffix(word: str) -> str | None:
    """The suffix that a word means: ``JUNIOR``, ``Jr.`` and ``JNR`` are ``JR``. None: it is not a suffix.

    ``V`` may be an initial, and ``JUNIOR`` a given name: the caller decides by the place of the word.
    """
    return _SUFFIX.get(word.upper().strip(".,"))
