"""Checks that a command's county exists: a misspelt filter would silently find nothing."""

from typing import Annotated, Any

from cyclopts import Parameter

from services import counties


def _known(_: Any, given: str | None) -> None:
    known = counties()
    if given is not None and given not in known:
        raise ValueError(f"No county of this name here; known: {', '.join(known)}")


OneCounty = Annotated[str, Parameter(validator=_known, help="a county with a folder here: los-angeles")]
"""An option of a command that has to be given: a county with a folder. Anything else is wrong usage."""
KnownCounty = Annotated[str | None, Parameter(validator=_known, help="only this county's")]
"""The same as a filter: None, every county."""
