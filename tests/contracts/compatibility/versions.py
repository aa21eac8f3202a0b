"""Versions in the names of contracts: ``records-v1``, ``reliefstream.receipt.issued.v1``, ``/v1/records``."""

import re
from collections.abc import Iterable

_VERSION = re.compile(r"(?<=[-./]v)\d+")


def raised(name: str, among: Iterable[str]) -> bool:
    """Whether ``among`` has this name with a higher version."""
    found = _VERSION.search(name)
    if not found:
        return False
    return any(
        _VERSION.sub("", other, count=1) == _VERSION.sub("", name, count=1) and int(number[0]) > int(found[0])
        for other in among
        if (number := _VERSION.search(other))
    )
