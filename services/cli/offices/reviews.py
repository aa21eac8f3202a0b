"""Reviews at relief, and what this command has shown of each: an act carries the digest of what its author saw."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from services.cli.client.addresses import Addresses
from services.cli.client.services import ask
from services.cli.offices import shown
from services.cli.terminal.exit import Refused, WrongUsage
from services.csv_lines import as_written

AT_A_TIME = 5000
MOST_TOLD = 20
Lines = dict[str, list[dict[str, str]]]
"""By county: ``review_id`` and ``digest`` of each."""


def path_of(county: str, rest: str = "") -> str:
    """A path of relief's for the county's reviews."""
    return f"/v1/counties/{county}/reviews{rest}"


def remember(county: str, reviews: Iterable[Mapping[str, Any]]) -> None:
    """Keeps which county each review is of, and the digest of what was shown."""
    shown.remember("reviews", {each["review_id"]: [county, each["digest"]] for each in reviews})


def county_of(review_id: UUID, county: str | None) -> str:
    """The county given, else the one under which the review was shown. Raises WrongUsage."""
    known = shown.known("reviews").get(str(review_id))
    if county is None and known is None:
        raise WrongUsage(
            f"Give --county, or list the reviews first: {review_id} was not shown on this machine."
        )
    return county or str(known[0]) if known else str(county)


def as_shown(review_ids: Sequence[UUID]) -> Lines:
    """Each review with the digest of what was shown of it. Raises WrongUsage for one that was not shown."""
    known = shown.known("reviews")
    missing = [str(each) for each in review_ids if str(each) not in known]
    if missing:
        raise WrongUsage(
            f"Not shown on this machine yet: {', '.join(missing[:5])}. Look first: reliefstream review show ID"
        )
    lines: Lines = {}
    for each in dict.fromkeys(map(str, review_ids)):
        county, digest = known[each]
        lines.setdefault(county, []).append({"review_id": each, "digest": digest})
    return lines


def from_file(path: Path, county: str) -> Lines:
    """The reviews of a CSV file with the columns ``review_id`` and ``digest``, as the queue's export has them.

    Raises WrongUsage for a file of another form, Refused with each line that names no review.
    """
    try:
        rows = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
    except OSError as error:
        raise WrongUsage(f"--file {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise WrongUsage(f"--file {path}: it is not UTF-8 text") from None
    if not {"review_id", "digest"} <= {*(rows.fieldnames or ())}:
        raise WrongUsage(f"--file {path}: CSV with the columns review_id and digest is expected")
    lines, wrong = [], []
    for row in rows:
        line = {name: as_written(row[name] or "") for name in ("review_id", "digest")}
        if problem := _problem(line):
            wrong.append(f"  line {rows.line_num}: {problem}")
        lines.append(line)
    if wrong:
        more = f"\n  and {len(wrong) - MOST_TOLD} more" if len(wrong) > MOST_TOLD else ""
        raise Refused(f"--file {path}: nothing was done.\n" + "\n".join(wrong[:MOST_TOLD]) + more)
    if not lines:
        raise WrongUsage(f"--file {path}: no review stands in it")
    return {county: lines}


def _problem(line: Mapping[str, str]) -> str:
    """Why a line names no review as it was shown; empty: it does."""
    try:
        UUID(line["review_id"])
    except ValueError:
        return "review_id is the id of no review"
    return "" if re.fullmatch("[0-9a-f]+", line["digest"]) else "digest is not as review export writes it"


def act(verb: str, lines: Lines, *, found: Addresses | None = None, **body: Any) -> list[dict[str, Any]]:
    """Does it to all, and returns what was not done. Raises Refused where nothing could be, ServerMissing."""
    not_done: list[dict[str, Any]] = []
    done = 0
    for county, of_county in lines.items():
        for at in range(0, len(of_county), AT_A_TIME):
            sent = {"lines": of_county[at : at + AT_A_TIME], **body}
            headers = {"Idempotency-Key": str(uuid4())}
            answer = ask(
                "relief", "POST", path_of(county, f"/{verb}"), body=sent, headers=headers, found=found
            )
            not_done += answer["not_done"]
            done += sum(answer["results"].values()) - len(answer["not_done"])
    if not done and not_done:
        raise Refused("\n".join(f"{each['review_id']}: {each['why']}" for each in not_done[:20]))
    return not_done
