"""What a call of a service can come to, other than an answer."""

from typing import Final

from services.console.web.not_done import NotDone

TOLD_ON_THE_PAGE: Final = {
    403: "Your sign-in does not allow this, so nothing was done. ",
    404: "",
    409: "",
    412: "It changed since you opened the page, so nothing was done. ",
    422: "",
}
"""Refusals that the page of the form tells, with what stands before the service's own words."""


class Down(Exception):
    """The service does not answer, or not in time: whether an act was done is not known. ``who``: for people."""

    def __init__(self, who: str) -> None:
        super().__init__(who)
        self.who = who


class SessionEnded(Exception):
    """The service does not take the person's token any more."""


class Refused(NotDone):
    """The service refuses, with its problem details. ``named``: the statement that it is about; empty: none."""

    def __init__(self, status: int, code: str, detail: str, named: str = "") -> None:
        told = TOLD_ON_THE_PAGE[status] + detail if detail and status in TOLD_ON_THE_PAGE else ""
        super().__init__(told, status)
        self.code, self.detail, self.named = code, detail, named
