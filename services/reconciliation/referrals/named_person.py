"""A person whom somebody names; on a line of a referral with the person's authorisation, if the group has one."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from reliefstream_contracts.identifiers import CaseNumber
from reliefstream_contracts.records import PersonName
from services.chassis.http.text import Body, Day, Line

Part = Annotated[Line, Field(max_length=100)]


class Authorisation(Body):
    """What the person signed, so that the group may hear what is on record."""

    reference: Annotated[Line, Field(max_length=100)] = Field(examples=["AUTH-17"])
    """The group's own number of the paper; it names no person."""
    signed_on: Day
    until: Day
    """The last day on which it holds."""

    def holds_on(self, day: date) -> bool:
        """Whether it holds on that day."""
        return self.signed_on <= day <= self.until


class Person(Body):
    """A person as somebody outside the county's records knows them."""

    surname: Part = Field(examples=["Reyes"])
    given_name: Part = Field(examples=["Alma"])
    middle_name: Part | None = None
    suffix: Annotated[Line, Field(max_length=10)] | None = None
    birth_date: Day
    case_number: Annotated[Line, Field(max_length=60)] | None = None

    @property
    def name(self) -> PersonName:
        """The name as records have it."""
        return PersonName(
            surname=self.surname, given=self.given_name, middle=self.middle_name, suffix=self.suffix
        )

    @property
    def case(self) -> CaseNumber | None:
        """The case number as an identifier."""
        return CaseNumber(self.case_number) if self.case_number else None


class Named(Person):
    """A person as a community group hands them in."""

    authorisation: Authorisation | None = None


Standing = Literal["waiting", "found", "missing", "case_missing", "in_doubt"]
"""What the county's records say of a line. ``waiting``: not looked at yet; ``case_missing``: the person is on
record, and the case that was named is not."""
CountyAnswer = Literal["found", "record_sent", "no_record", "destroyed", "elsewhere"]
"""What the county's records unit answers. ``found``: it says which subject; ``record_sent``: its record comes;
``destroyed``: lawfully (HS 11361.5); ``elsewhere``: another county's."""
