"""Where in what was sent something stands, as data that a problem takes over. Pure."""

from typing import NamedTuple

from reliefstream_contracts.receipts import Problem


class SourceLocation(NamedTuple):
    """The fields are those of ``Problem``."""

    part: str = ""
    row: int | None = None
    line: int | None = None
    record: int | None = None
    column: str = ""
    path: str = ""
    position: str = ""
    other_rows: tuple[int, ...] = ()

    def at(self, path: str) -> "SourceLocation":
        """A field of JSON within it."""
        return self._replace(path=path)

    def in_column(self, name: str) -> "SourceLocation":
        """A column of it."""
        return self._replace(column=name)

    def position_of(self, text: str) -> "SourceLocation":
        """A place within its text: ``byte 5``."""
        return self._replace(position=text)

    def problem(self, code: str, what: str, remedy: str) -> Problem:
        """What is wrong there."""
        return Problem(code=code, what=what, remedy=remedy, **self._asdict())


MESSAGE, FILE, BODY = SourceLocation("message"), SourceLocation("file"), SourceLocation("body")


def row_location(number: int | None) -> SourceLocation:
    """A row of the file; ``row`` alone where its number is not known."""
    return SourceLocation(row=number) if number else SourceLocation("row")


def line_location(number: int | None) -> SourceLocation:
    """A line of the file; the message where its number is not known."""
    return SourceLocation(line=number) if number else MESSAGE


def header_location(name: str) -> SourceLocation:
    """A header of the message: ``header extract``."""
    return SourceLocation(path=f"header {name}")


def private_number(where: SourceLocation) -> Problem:
    """A social security or licence number in the place of an identifier, which may not be stored."""
    return where.problem(
        "private_number",
        "this has the form of a social security or licence number, which is never stored",
        "send the source's own number in its place",
    )
