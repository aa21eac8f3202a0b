"""The county's file, ``county.yaml``: all settings of one county. An unknown key is refused."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from reliefstream_contracts.identifiers import CountyName

CALIFORNIA_TIME = "America/Los_Angeles"
"""The time of every court in California."""


def _of_one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("text of one line is expected")
    return text


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise ValueError(
            f"there is no time zone {name!r}; a name of the IANA database like {CALIFORNIA_TIME} is expected"
        ) from None
    return name


Line = Annotated[
    str, StringConstraints(strict=True, strip_whitespace=True, min_length=1), AfterValidator(_of_one_line)
]
"""Text of one line, not blank."""
TimeZone = Annotated[Line, AfterValidator(_known_zone)]
"""A name of the IANA time zone database."""


class PolicySince(BaseModel):
    """The county's policy from a day on, until the next one begins."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: date = Field(alias="from", strict=True)
    policy: Line
    """The name of a policy of the product, or a file: beside the county's file (``own.yaml``) or by its path."""
    options: Any = None
    """What the county sets in the policy: a mapping of its options, or the name of a file beside this one that holds
    it. None: the policy's defaults."""

    @field_validator("options", mode="before")
    @classmethod
    def _mapping_or_file(cls, value: object) -> object:
        if isinstance(value, Mapping) or (isinstance(value, str) and value.strip() and value.isprintable()):
            return value
        raise ValueError("a mapping of options, or the name of a file that holds it, is expected")


class CountyFile(BaseModel):
    """One county. With the validation context ``{"folder": NAME}`` its name must be that of its folder."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    county: CountyName
    names: tuple[Line, ...] = ()
    """Other names of the county in records; compared trimmed and case-insensitive."""
    timezone: TimeZone = CALIFORNIA_TIME
    """The time zone that its days are counted in."""
    order_mode: Literal["batch", "standing"] = "batch"
    """``standing``: ordered as it arrives, under a standing court order on file; ``batch``: waits for an order that a
    person enters."""
    policies: tuple[PolicySince, ...] = Field(min_length=1)
    """In any order. Before the first day the first policy applies."""
    review_days: Annotated[int, Field(strict=True, ge=1, le=3650)] = 30
    """Days in which its offices decide a review, from the day on which it was opened."""
    claim_days: Annotated[int, Field(strict=True, ge=1, le=365)] = 7
    """Days for which a review stays claimed; then it is free for anybody of the office again."""
    referral_days: Annotated[int, Field(strict=True, ge=1, le=365)] = 30
    """Days in which it answers what a community group hands in."""
    seal_after_days: Annotated[int, Field(strict=True, ge=0, le=3650)] | None = 60
    """Days after every source shows a dismissal until it is sealed here though nobody said that the person was told.
    None: it waits until somebody does, or until the clerk has it sealed."""
    city_prosecutors: tuple[Line, ...] = ()
    """Cities that prosecute their own misdemeanors."""
    court_profile: Line | None = None
    """The profile of its court's files if a sender names no other; None: JSON lines of ``court-case.json``."""
    topic_formats: tuple[Literal["court", "doj"], ...] = Field(default=("court", "doj"), min_length=1)
    """What its Kafka user may send on its topic. Over HTTP the grant of each token says it."""
    sign_in_strength: Line | None = None
    """The ``acr`` or ``amr`` of the sign-in provider, such as ``mfa``, without which its grants count for no person.
    None: what the installation asks for."""
    remarks: Any = None
    """A note for people who read the file; no service uses it."""

    @field_validator("county", mode="before")
    @classmethod
    def _named_as_its_folder(cls, value: object, info: ValidationInfo) -> object:
        folder = (info.context or {}).get("folder", value)
        if value != folder:
            raise ValueError(f"should be named as its folder: {folder}")
        return value

    @field_validator("policies")
    @classmethod
    def _one_a_day(cls, policies: tuple[PolicySince, ...]) -> tuple[PolicySince, ...]:
        if len({each.since for each in policies}) < len(policies):
            raise ValueError("two policies are in force from the same day")
        return policies
