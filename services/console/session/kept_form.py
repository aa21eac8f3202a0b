"""A form that could not be sent, as its session had ended: kept for an hour, for the person who typed it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.responses import Response

from services.console.session.cookies import Cookies
from services.console.session.sealing import Seal

COOKIE: Final = "reliefstream-form"
KEPT: Final = timedelta(hours=1)


class KeptForm(BaseModel):
    """``page``: the path of the page that has the form; ``form``: which of its forms. ``fields``: names and values.
    ``until``: seconds since 1970."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account: str
    page: str
    form: str
    fields: tuple[tuple[str, str], ...]
    until: int


class KeptForms:
    """Kept forms in the cookies of requests and answers."""

    def __init__(self, seal: Seal, cookies: Cookies) -> None:
        self._seal, self._cookies = seal, cookies

    def keep(self, answer: Response, form: KeptForm) -> bool:
        """False: it is too long to be kept."""
        sealed = self._seal.seal(form.model_dump_json().encode(), COOKIE)
        return self._cookies.write(answer, COOKIE, sealed, int(KEPT.total_seconds()))

    def read(self, cookies: Mapping[str, str], account: str, page: str, now: datetime) -> KeptForm | None:
        """What this person typed on that page; None: nothing is kept."""
        opened = self._seal.open(self._cookies.read(cookies, COOKIE), COOKIE)
        if not opened:
            return None
        try:
            form = KeptForm.model_validate_json(opened)
        except ValidationError:
            return None
        theirs = form.account == account and form.page == page and now.timestamp() < form.until
        return form if theirs else None

    def forget(self, answer: Response) -> None:
        """Ends what was kept."""
        self._cookies.clear(answer, COOKIE)
