"""What a text must be so that a database and a JSON answer take it."""

import re

_NOT_STORED = re.compile("[\x00\ud800-\udfff]")


def is_plain(given: object) -> bool:
    """Whether it is a text without NUL and without half of a surrogate pair, as JSON's escapes can spell one."""
    return isinstance(given, str) and not _NOT_STORED.search(given)
