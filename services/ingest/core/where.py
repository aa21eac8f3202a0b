"""Where in what was sent something stands, as data that a problem takes over. Pure."""

from typing import NamedTuple

from reliefstream_contracts.receipts import Problem


class Where(NamedTuple):
    """The fields are those of ``Problem``."""

    part: str = ""
    row: int | None = None
    line: int | None = None
    record: int | None = None
    column: str = ""
    path: str = ""
    position: str = ""
    other_rows: tuple[int, ...] = ()

    def at(self, path: str) -> "Where":
        """A field of JSON within it."""
        return self._replace(path=path)

    def in_column(self, name: str) -> "Where":
        """A column of it."""
        return self._replace(column=name)

    def position_of(self, text: str) -> "Where":
        """A place within its text: ``byte 5``."""
        return self._replace(position=text)

    def problem(self, code: str, what: str, remedy: str) -> Problem:
        """What is wrong there."""
        return Problem(code=code, what=what, remedy=remedy, **self._asdict())


MESSAGE, FILE, BODY = Where("message"), Where("file"), Where("body")


def row_where(number: int | None) -> Where:
    """A row of the file; ``row`` alone where its number is not known."""
    return Where(row=number) if number else Where("row")


def line_where(number: int | None) -> Where:
    """A line of the file; the message where its number is not known."""
    return Where(line=number) if number else MESSAGE


def header_where(name: str) -> Where:
    """A header of the message: ``header extract``."""
    return Where(path=f"header {name}")


def private_number(where: Where) -> Problem:
    """A social security or licence number in the place of an identifier, which may not be stored."""
    return where.problem(
        "private_number",
        "this has the form of a social security or licence number, which is never stored",
        "send the source's own number in its place",
    )
