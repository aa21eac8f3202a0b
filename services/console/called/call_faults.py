"""What a call of a service can come to, other than an answer."""


class Down(Exception):
    """The service does not answer, or not in time: whether an act was done is not known. ``who``: for people."""

    def __init__(self, who: str) -> None:
        super().__init__(who)
        self.who = who


class SessionEnded(Exception):
    """The service does not take the person's token any more."""


class Refused(Exception):
    """The service refuses, with its problem details. ``named``: the statement that it is about; empty: none."""

    def __init__(self, status: int, code: str, detail: str, named: str = "") -> None:
        super().__init__(code)
        self.status, self.code, self.detail, self.named = status, code, detail, named
