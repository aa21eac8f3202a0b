"""Who gets the daily digest of which office: a YAML file of the installation."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Office = Literal["district_attorney", "city_attorney", "clerk", "records_unit", "public_defender"]
Address = Annotated[str, Field(pattern=r"^[^@\s<>,;:\"]+@[^@\s<>,;:\"]+$", max_length=254)]


class Recipient(BaseModel):
    """``city``: of a city attorney, and only of one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    county: Annotated[str, Field(min_length=1)]
    office: Office
    city: str | None = None
    to: Annotated[tuple[Address, ...], Field(min_length=1)]


class Recipients(BaseModel):
    """The file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    offices: Annotated[tuple[Recipient, ...], Field(min_length=1)]
