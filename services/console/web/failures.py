"""What a page says when it cannot do what was asked: what is wrong, whether anything was changed, what to do. Pure."""

from typing import Final, NamedTuple

from services.console.called.call_faults import Down, Refused


class Failure(NamedTuple):
    """``again``: the same page may work in a minute."""

    status: int
    title: str
    said: str
    again: bool = False


FORGED: Final = Failure(
    403,
    "This form was not sent from its own page",
    "Nothing was changed. Open the page again and send the form from there.",
)
TOO_LARGE: Final = Failure(
    413, "This form is too large or too slow", "Nothing was changed. Send less at a time, or try again."
)
NO_PAGE: Final = Failure(404, "This page is not here", "The address has no page. Begin from the first page.")
DEFECT: Final = Failure(
    500,
    "Something went wrong here",
    "A defect of the console. Whether your change was made is not known: open the page again to see.",
    again=True,
)
REFUSALS: Final = {
    403: (
        "You may not open this",
        "Your sign-in does not allow it: what you may see and do depends on your office, county and city. "
        "If you should be able to, ask whoever gives out access.",
    ),
    404: (
        "This page is not here",
        "There is nothing under this address among what you may see. It may have been decided meanwhile, or be "
        "another office's.",
    ),
    429: ("Too many requests", "Wait a minute, then try again."),
}
"""Title and text by status; of another status the service's own words."""
NOT_KNOWN: Final = (
    "Whether your change was made is not known. Open the page again to see; sending the form again does nothing "
    "twice."
)


def refused(fault: Refused) -> Failure:
    """Of a service's refusal that no form of the page answers."""
    title, said = REFUSALS.get(fault.status, ("This was not done", fault.detail))
    return Failure(fault.status, title, said)


def down(fault: Down, *, sent: bool, kept: bool) -> Failure:
    """Of a service that does not answer. ``sent``: a form was; ``kept``: what was typed is."""
    done = NOT_KNOWN if sent else "Nothing was changed."
    typed = " What you typed is kept for an hour, and the page shows it." if kept else ""
    said = (
        f"{fault.who} does not answer at present. {done}{typed} If it stays so, tell whoever runs the system."
    )
    return Failure(503, "Part of the system does not answer", said, again=True)
