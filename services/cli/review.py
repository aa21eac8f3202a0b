"""``reliefstream review``: what waits for a person, and what offices do with it."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

from cyclopts import App, Parameter

from services.cli.client.known_county import KnownCounty, OneCounty
from services.cli.client.services import ask, ask_text
from services.cli.offices import reviews
from services.cli.terminal.exit import Refused, WrongUsage

review = App(
    name="review",
    help="What waits for a person: the queue of each office, answers, decisions, signatures, challenges.",
)
Office = Literal["district_attorney", "city_attorney", "clerk", "records_unit"]
JSON = Annotated[bool, Parameter("--json", negative="", help="the service's answer, as JSON")]
REASON = Annotated[str, Parameter(help="why, as a code of the office: file_reviewed")]
NOTE = Annotated[str, Parameter(help="what the next reader is to know")]
FILE = Annotated[
    Path | None,
    Parameter(help="instead of ids: a CSV file with review_id and digest, as review export writes"),
]
OF_FILE = Annotated[KnownCounty, Parameter(help="the county of --file")]
LEVELS = Literal["misdemeanor", "infraction"]


@review.command(name="list")
def list_(
    *,
    county: OneCounty,
    city: str | None = None,
    office: Office | None = None,
    reason: str | None = None,
    question: str | None = None,
    section: str | None = None,
    court: str | None = None,
    held: Literal["yes", "no"] | None = None,
    claimed: Literal["yes", "no", "mine"] | None = None,
    due: date | None = None,
    since: date | None = None,
    limit: int = 50,
    after: str | None = None,
    as_json: JSON = False,
) -> None:
    """Show what waits for a person, the first due first, and how many by each filter.

    Parameters
    ----------
    question
        A fact that would settle it, by its code: plants.
    held
        Put off until a later day, or not.
    due
        To be decided by this day.
    since
        Waiting since this day, or longer.
    after
        Goes on behind the page before; it ends with what to give here.
    """
    from services.cli.printed.reviews import print_queue

    query = {
        "city": city, "office": office, "reason": reason, "question": question, "section": section,
        "court": court, "held": held, "claimed": claimed, "due": due, "since": since,
    }  # fmt: skip
    page = ask("relief", "GET", reviews.path_of(county), query={**query, "limit": limit, "after": after})
    reviews.remember(county, page["reviews"])
    if as_json:
        print(json.dumps(page))
        return
    counts = ask("relief", "GET", reviews.path_of(county, "/counts"), query=query)["counts"]
    print_queue(page, counts)


@review.command
def show(review_id: UUID, *, county: KnownCounty = None, as_json: JSON = False) -> None:
    """Show one review: why it waits, the grounds, the questions that would settle it and what each answer leads to."""
    from services.cli.printed.reviews import review_lines

    found = _one(review_id, county)
    if as_json:
        print(json.dumps(found))
        return
    print("\n".join(review_lines(found)))


@review.command
def history(review_id: UUID, *, county: KnownCounty = None, as_json: JSON = False) -> None:
    """Show what was done with a review: by which role and account, when, and why it was opened again."""
    path = reviews.path_of(reviews.county_of(review_id, county), f"/{review_id}/history")
    told = ask("relief", "GET", path)
    if as_json:
        print(json.dumps(told))
        return
    print(f"{told['opened_at'][:16]}  opened")
    for each in told["acts"]:
        by = f"{each['role']} {each['account']}" if each["account"] else "the determination"
        said = {name: value for name, value in each["detail"].items() if value}
        detail = ", ".join(f"{name} {value}" for name, value in said.items())
        print(f"{each['at'][:16]}  {each['act']} by {by}{': ' + detail if detail else ''}")
        if each["note"]:
            print(f"                  note: {each['note']}")


@review.command
def answer(
    review_id: UUID,
    *,
    question: Annotated[str, Parameter(help="the question's code, as review show has it: plants")],
    value: Annotated[str, Parameter(help="the answer, as review show lists them: at_most_six")],
    basis: Annotated[str, Parameter(help="the document and page that it rests on")],
    county: KnownCounty = None,
) -> None:
    """Answer an open question by a statement of fact; then the law alone judges anew."""
    from services.cli.offices.statements import answer as state

    found = _one(review_id, county)
    asked = [each for each in found["open_questions"] if each["code"] == question]
    if not asked:
        codes = ", ".join(each["code"] for each in found["open_questions"]) or "none is open"
        raise WrongUsage(f"--question {question}: the review asks {codes}")
    taken = state(found["county"], asked[0], value, basis, traceparent=found["traceparent"])
    print(f"Stated {question}: {value} ({taken.status}, statement {taken.statement_id}).")
    print(f"Follow it: reliefstream trace {taken.trace_id}" if taken.trace_id else "It is judged anew now.")


@review.command
def decide(
    *review_ids: UUID,
    as_: Annotated[
        Literal["dismissal", "redesignation", "petition", "refer", "hold"],
        Parameter("--as", help="a motion for dismissal or redesignation; leave to a petition; refer; hold"),
    ],
    reason: REASON,
    level: Annotated[LEVELS | None, Parameter(help="of a redesignation: to which level")] = None,
    until: Annotated[date | None, Parameter(help="of a hold: until which day")] = None,
    to: Annotated[Office | None, Parameter(help="of a referral: which office")] = None,
    city: Annotated[str | None, Parameter(help="of a referral to a city attorney")] = None,
    to_county: KnownCounty = None,
    note: Annotated[str | None, Parameter(help="of a referral: what the office is to know")] = None,
    file: FILE = None,
    county: OF_FILE = None,
) -> None:
    """Decide reviews. A motion, or to leave it to a petition, is prepared: another signs it (review sign)."""
    lines = _lines(review_ids, file, county)
    if as_ == "hold":
        if until is None:
            raise WrongUsage("--as hold needs --until DAY")
        _told(reviews.act("hold", lines, until=until.isoformat(), reason_code=reason), lines, "on hold")
    elif as_ == "refer":
        if to is None or note is None:
            raise WrongUsage("--as refer needs --to OFFICE and --note TEXT")
        body: dict[str, Any] = {
            "office": to,
            "city": city,
            "county": to_county,
            "reason_code": reason,
            "note": note,
        }
        _told(reviews.act("refer", lines, **body), lines, "referred")
    else:
        if (level is None) == (as_ == "redesignation"):
            raise WrongUsage("--level is of a redesignation, and of no other decision")
        body = {"decision": as_, "redesignated_to": level, "reason_code": reason}
        _told(reviews.act("decide", lines, **body), lines, "prepared: another has to sign (review sign)")


@review.command
def challenge(
    *review_ids: UUID,
    reason: Literal["ineligible", "unreasonable_risk", "identity", "other"],
    still_serving: bool = False,
    file: FILE = None,
    county: OF_FILE = None,
) -> None:
    """Prepare a challenge: once another has signed it, the court and the defender are told (HS 11361.9).

    Parameters
    ----------
    still_serving
        For unreasonable_risk: states that the sentence still runs (HS 11361.8(b)).
    """
    lines = _lines(review_ids, file, county)
    body: dict[str, Any] = {"reason_code": reason, "still_serving": still_serving}
    _told(reviews.act("challenge", lines, **body), lines, "prepared: another has to sign (review sign)")


@review.command
def sign(*review_ids: UUID, file: FILE = None, county: OF_FILE = None) -> None:
    """Sign what somebody else prepared: a motion becomes a proposal, a challenge goes before the court."""
    lines = _lines(review_ids, file, county)
    _told(reviews.act("sign", lines), lines, "signed")


@review.command
def send_back(*review_ids: UUID, note: NOTE, file: FILE = None, county: OF_FILE = None) -> None:
    """Send back what was prepared, or a referral to the office that the determination routes to."""
    lines = _lines(review_ids, file, county)
    _told(reviews.act("send-back", lines, note=note), lines, "sent back")


@review.command
def claim(*review_ids: UUID, file: FILE = None, county: OF_FILE = None) -> None:
    """Claim reviews, so that nobody else begins on them."""
    lines = _lines(review_ids, file, county)
    _told(reviews.act("claim", lines), lines, "claimed")


@review.command
def release(*review_ids: UUID, file: FILE = None, county: OF_FILE = None) -> None:
    """Give claims back."""
    lines = _lines(review_ids, file, county)
    _told(reviews.act("release", lines), lines, "released")


@review.command
def hold(*review_ids: UUID, until: date, reason: REASON, file: FILE = None, county: OF_FILE = None) -> None:
    """Put reviews off until a day."""
    lines = _lines(review_ids, file, county)
    _told(reviews.act("hold", lines, until=until.isoformat(), reason_code=reason), lines, "on hold")


@review.command(name="next")
def next_(*, county: OneCounty) -> None:
    """Claim the first due review that nobody has claimed, holds or prepared, and show it."""
    found = ask("relief", "POST", reviews.path_of(county, "/next"))["review"]
    if found is None:
        print("Nothing waits that nobody has claimed.")
        return
    show(UUID(found["review_id"]), county=county)


@review.command
def export(*, county: OneCounty, out: Path, office: Office | None = None, city: str | None = None) -> None:
    """Write the queue as CSV, for an office with a case system of its own; --file of the other commands reads it."""
    from services.chassis.runtime.private_file import private_file

    found = ask_text("relief", reviews.path_of(county, "/export"), {"office": office, "city": city})
    with private_file(out) as file:
        file.write(found)
    print(f"{len(found.splitlines()) - 1} reviews in {out}")


@review.command
def halt(
    *, county: OneCounty, reason: Annotated[str, Parameter(help="why; it stands in the audit log")]
) -> None:
    """Halt all ordering in a county: under its standing order and of entered lists."""
    ask("relief", "POST", f"/v1/counties/{county}/ordering/halt", body={"reason": reason})
    print(f"Nothing is ordered in {county} until: reliefstream review resume --county {county}")


@review.command
def resume(*, county: OneCounty) -> None:
    """Let ordering in a county go on."""
    ask("relief", "POST", f"/v1/counties/{county}/ordering/resume")
    print(f"Ordering in {county} goes on.")


def _one(review_id: UUID, county: str | None) -> dict[str, Any]:
    where = reviews.county_of(review_id, county)
    found: dict[str, Any] = ask("relief", "GET", reviews.path_of(where, f"/{review_id}"))
    reviews.remember(where, [found])
    return found


def _lines(review_ids: tuple[UUID, ...], file: Path | None, county: str | None) -> reviews.Lines:
    if bool(review_ids) == bool(file):
        raise WrongUsage("Give the ids of reviews, or --file with --county")
    if file is None:
        return reviews.as_shown(review_ids)
    if county is None:
        raise WrongUsage("--file needs --county")
    return reviews.from_file(file, county)


def _told(not_done: list[dict[str, Any]], lines: reviews.Lines, what: str) -> None:
    done = sum(len(each) for each in lines.values()) - len(not_done)
    print(f"{done} {'review' if done == 1 else 'reviews'} {what}.")
    if not_done:
        raise Refused(
            f"{len(not_done)} not done:\n"
            + "\n".join(f"  {each['review_id']}: {each['why']}" for each in not_done[:50])
        )
