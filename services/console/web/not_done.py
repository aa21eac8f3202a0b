"""Why an act was not done, for the page that its form is of."""


class NotDone(Exception):
    """``told``: what is wrong and what to do; empty: no form answers it. ``status``: of the page that says so."""

    def __init__(self, told: str, status: int = 422) -> None:
        super().__init__(told)
        self.told, self.status = told, status
