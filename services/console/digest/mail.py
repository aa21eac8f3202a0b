"""The daily mail of one office: how much is new and due, and where to look. It names no person and no case. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from services.console.digest.recipients import Recipient
from services.console.words import names

Summary = Mapping[str, Any]
DUE_DAYS = 7
"""Days from today within which something counts as due soon."""


class Line(NamedTuple):
    """``number`` of ``what``, and the page that shows it."""

    number: int
    what: str
    page: str


class Mail(NamedTuple):
    """Subject and text."""

    subject: str
    text: str


def mail_of(whom: Recipient, reviews: Summary, ledger: Summary, url: str) -> Mail | None:
    """The mail; None: nothing waits for this office. The summaries are relief's and reconciliation's."""
    lines = [one for one in _lines(whom, reviews, ledger) if one.number]
    if not lines:
        return None
    office = f"{names.office(whom.office, whom.city)}, {names.county(whom.county)}"
    body = "\n\n".join(f"{one.number} {one.what}\n  {url}{one.page}" for one in lines)
    text = (
        f"For the {office}: what waits.\n\n{body}\n\n"
        "Sign in to see more: this mail names nobody. Whoever runs the installation changes who gets it.\n"
    )
    return Mail(f"What waits for the {office}", text)


def _lines(whom: Recipient, reviews: Summary, ledger: Summary) -> Sequence[Line]:
    top = f"/counties/{whom.county}"
    if whom.office == "public_defender":
        return [_challenges(whom, reviews, top)]
    found = [*_reviews(whom, reviews, top), _differing(whom, reviews, top)]
    if whom.office == "clerk":
        waiting = reviews["lists"].get(whom.county, 0)
        found += [
            Line(waiting, "lists wait for the court's order", f"{top}/orders"),
            _challenges(whom, reviews, top),
        ]
    if whom.office in ("records_unit", "district_attorney"):
        found += _ledger(whom, ledger, top)
    return found


def _reviews(whom: Recipient, reviews: Summary, top: str) -> Sequence[Line]:
    wanted = (whom.county, whom.office, whom.city)
    own = next(
        (one for one in reviews["offices"] if (one["county"], one["office"], one["city"]) == wanted), None
    )
    if own is None:
        return []
    query = {"office": whom.office, **({"city": whom.city} if whom.city else {})}
    queue = f"{top}/queue?{urlencode(query)}"
    return [
        Line(own["new"], "came new since yesterday", queue),
        Line(own["overdue"], "are past their day", queue),
        Line(own["due"], f"are due within {DUE_DAYS} days", queue),
        Line(own["prepared"], "wait for a signature", f"{queue}&state=prepared"),
        Line(own["waiting"], "wait in all", queue),
    ]


def _challenges(whom: Recipient, reviews: Summary, top: str) -> Line:
    return Line(
        reviews["challenges"].get(whom.county, 0), "objections wait for the court", f"{top}/challenges"
    )


def _differing(whom: Recipient, reviews: Summary, top: str) -> Line:
    wanted = (whom.county, whom.office, whom.city)
    number = sum(
        one["number"] for one in reviews["differing"] if (one["county"], one["office"], one["city"]) == wanted
    )
    return Line(number, "orders are to be looked at again", f"{top}/differing-orders")


def _ledger(whom: Recipient, ledger: Summary, top: str) -> Sequence[Line]:
    own = next((one for one in ledger["counties"] if one["county"] == whom.county), None)
    if own is None:
        return []
    overdue = Line(own["referrals_overdue"], "persons whom community groups named are past their day",
                   f"{top}/referral-lines?overdue=yes")  # fmt: skip
    if whom.office == "district_attorney":
        return [overdue]
    return [
        Line(own["new"], "differences between sources came new since yesterday", f"{top}/discrepancies"),
        Line(own["open"], "differences between sources wait in all", f"{top}/discrepancies"),
        overdue,
        Line(
            own["referrals"],
            "persons whom community groups named wait for an answer",
            f"{top}/referral-lines",
        ),
    ]
