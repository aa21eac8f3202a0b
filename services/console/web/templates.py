"""Pages from templates; every value is escaped."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from services.console.words import dates, names
from services.console.words.account_names import AccountNames

HOME: Final = Path(__file__).parents[1]
STYLE: Final = (HOME / "assets" / "console.css").read_bytes()
STYLE_PATH: Final = f"/assets/console-{hashlib.sha256(STYLE).hexdigest()[:16]}.css"


class Templates:
    """The templates of the console."""

    def __init__(self, accounts: AccountNames) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(HOME / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals |= {"style": STYLE_PATH}
        self._environment.filters |= {
            "day": dates.day,
            "fact": dates.fact,
            "moment": dates.moment,
            "office": names.office,
            "county": names.county,
            "court": names.court,
            "words": names.words,
            "sentence": names.sentence,
            "code": names.code,
            "account": accounts.said,
            "act": names.act,
        }

    def page(self, template: str, status: int, context: Mapping[str, Any]) -> Response:
        """The page as an answer."""
        return HTMLResponse(self._environment.get_template(template).render(context), status)


async def style(_: object) -> Response:
    """The style sheet; its address changes with its content, so that it is kept for a year."""
    return Response(
        STYLE, media_type="text/css", headers={"Cache-Control": "public, max-age=31536000, immutable"}
    )
