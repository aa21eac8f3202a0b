"""How a command ends when it cannot do its work; the text is for the user."""

from collections.abc import Iterator
from contextlib import contextmanager


class Ending(Exception):
    """Ends the command with ``status`` and this text."""

    status = 1


class Refused(Ending):
    """Some input was refused; the text says where the reasons are."""

    status = 1


class WrongUsage(Ending):
    """The command was called wrongly; the text says how to call it."""

    status = 2


class ServerMissing(Ending):
    """A server does not answer; the text says how to start it."""

    status = 3


class Broken(Ending):
    """The work could not be finished, for no fault of the input; the text says what happened."""

    status = 4


@contextmanager
def ends_as(ending: type[Ending], *errors: type[Exception]) -> Iterator[None]:
    """Turns errors whose text is for the user into this ending, with the same text."""
    try:
        yield
    except errors as error:
        raise ending(str(error)) from error
