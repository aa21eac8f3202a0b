"""Pages of what is numbered."""

from typing import Annotated

from fastapi import Path
from pydantic import Field

LARGEST_NUMBER = 10**18 - 1
Number = Annotated[int, Path(ge=0, le=LARGEST_NUMBER)]
"""The number of an entry, in a path."""
After = Annotated[int, Field(ge=0, le=LARGEST_NUMBER)]
"""What a page begins after: the number of the last entry of the page before; 0: the first page."""
