"""A county that a filter names has to be one: a misspelt name would find nothing, and say so as if all were well."""

from typing import Annotated, Any

from cyclopts import Parameter

from deploy.local.plan import counties


def _known(_: Any, given: str | None) -> None:
    known = counties()
    if given is not None and given not in known:
        raise ValueError(f"No county of this name here; known: {', '.join(known)}")


KnownCounty = Annotated[str | None, Parameter(validator=_known)]
"""An option of a command: a county with a folder, or None. Anything else is wrong usage."""
