"""The pages of the built-in provider: plain HTML, no script. Pure."""

from collections.abc import Mapping
from html import escape

from deploy.local.sign_in.accounts import PEOPLE

STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem}"
    "button{font:inherit;width:100%;text-align:left;padding:.4rem .8rem;margin:.2rem 0}"
    "code{color:#555}.note{border-left:4px solid #b50;padding-left:1rem}"
)
TRIAL = (
    "This sign-in is for a trial on this machine. The people are fabricated, nobody is asked for a password, and "
    "whoever uses this machine can be any of them. With real records, use your agency's own provider."
)


def accounts(action: str, hidden: Mapping[str, str], heading: str) -> str:
    """One button for each person; ``hidden`` goes along with the choice."""
    kept = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in hidden.items()
    )
    buttons = "".join(
        f'<button name="account" value="{escape(one.subject)}">{escape(one.name)} '
        f"<code>{escape(one.grant)}</code></button>"
        for one in PEOPLE
    )
    return page(heading, f'<form method="post" action="{escape(action)}">{kept}{buttons}</form>')


def device_code() -> str:
    """Asks for the code that the command shows."""
    field = '<label>Code <input name="user_code" required autofocus autocomplete="off"></label>'
    return page(
        "Sign in a command", f'<form method="get" action="/device">{field} <button>Go on</button></form>'
    )


def page(heading: str, body: str) -> str:
    """A page with the note that this is a trial's."""
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(heading)}</title><style>{STYLE}</style>"
        f'<h1>{escape(heading)}</h1><p class="note">{escape(TRIAL)}</p>{body}</html>'
    )


def said(heading: str, text: str) -> str:
    """A page that only says something."""
    return page(heading, f"<p>{escape(text)}</p>")
