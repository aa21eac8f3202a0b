"""The offices of the demo's county work what waits for them, as ``practice`` of the sample has it.

The clerk answers questions from the court's paper file, which is the sample's truth. The district attorney and the city
attorneys prepare in bulk, a second account signs; the clerk records the court's rulings and its order, which a second
clerk confirms.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.sample.population.practice import OBJECTING_CITY
from services.cli.client.addresses import Addresses
from services.cli.client.services import ask
from services.cli.offices import reviews, statements

Review = Mapping[str, Any]
BASIS = "the court's paper file, docket (fabricated)"
ORDER = {"judge": "Presiding judge (fabricated)", "on": "2021-10-18", "except": []}
PAGE = 1000


@dataclass(frozen=True)
class Answered:
    """What the clerk answered. ``trace_id``: of the last of the statements; None: nothing was asked."""

    counts: frozenset[str]
    trace_id: str | None


def answer(found: Addresses, county: str, truth: Path) -> Answered:
    """Answers each question that the court's paper file answers, as the clerk. Raises Refused."""
    clerk, file = found.acting_as("trial-clerk"), dict(_paper_file(truth))
    counts, trace_id = set[str](), None
    for review in waiting(found, county):
        fact, value = file.get(_comparable(review["case_number"]), ("", ""))
        if fact not in review["questions"]:
            continue
        shown = ask("relief", "GET", reviews.path_of(county, f"/{review['review_id']}"), found=clerk)
        (asked,) = (one for one in shown["open_questions"] if one["code"] == fact)
        taken = statements.answer(county, asked, value, BASIS, traceparent=review["traceparent"], found=clerk)
        trace_id = taken.trace_id
        counts |= set(review["counts"])
    return Answered(frozenset(counts), trace_id)


def decide(found: Addresses, county: str) -> int:
    """Prepares and signs a decision on all that waits; returns how many were left to a petition. Raises Refused."""
    every = waiting(found, county)
    of_cities = [one for one in every if one["office"] == "city_attorney"]
    pleas = [one for one in every if one not in of_cities and not one["questions"]]
    city = (found.acting_as("trial-city-preparer"), found.acting_as("trial-city-signer"))
    district = (found.acting_as("trial-preparer"), found.acting_as("trial-signer"))
    objected = [one for one in of_cities if one["city"] == OBJECTING_CITY]
    moved = [one for one in of_cities if one not in objected]
    prepare_and_sign(county, city, "decide", moved, decision="dismissal", reason_code="file_reviewed")
    prepare_and_sign(county, city, "challenge", objected, reason_code="ineligible")
    prepare_and_sign(county, district, "decide", pleas, decision="petition", reason_code="court_to_decide")
    return len(pleas)


def rule(found: Addresses, county: str, outcome: str) -> None:
    """The court rules on each challenge in the county, and the clerk records it. Raises Refused."""
    clerk = found.acting_as("trial-clerk")
    query = {"county": county, "state": "challenged", "limit": PAGE}
    for one in ask("relief", "GET", "/v1/reliefs", query=query, found=clerk)["reliefs"]:
        path = f"/v1/reliefs/{one['relief_id']}/challenge/resolve"
        ask("relief", "POST", path, body={"outcome": outcome}, found=clerk)


def order(found: Addresses, county: str, number: str) -> int:
    """The court's order on all that waits for one; returns how many lines it has. Raises Refused."""
    clerk = found.acting_as("trial-clerk")
    made = ask("relief", "POST", f"/v1/counties/{county}/proposed-orders", found=clerk)
    if made["proposed_order"] is None:
        return 0
    enter_order(found, made["proposed_order"]["proposed_order_id"], {"order_number": number, **ORDER})
    return len(made["lines"])


def enter_order(found: Addresses, proposed_order: str, order: Mapping[str, Any]) -> None:
    """One clerk enters the court's order on the list, another confirms it. Raises Refused."""
    clerk, second = found.acting_as("trial-clerk"), found.acting_as("trial-second-clerk")
    path = f"/v1/proposed-orders/{proposed_order}"
    entered = ask("relief", "POST", f"{path}/enter", body=order, found=clerk)["proposed_order"]
    shown = {"number": order["order_number"], "digest": entered["digest"]}
    ask("relief", "POST", f"{path}/confirm", body=shown, found=second)


def waiting(found: Addresses, county: str) -> list[Review]:
    """All that waits in the county, for whichever office."""
    every: list[Review] = []
    after: str | None = None
    while True:
        query = {"limit": PAGE, "after": after}
        page = ask(
            "relief", "GET", reviews.path_of(county), query=query, found=found.acting_as("trial-clerk")
        )
        every += page["reviews"]
        after = page["next"]
        if after is None:
            return every


def prepare_and_sign(
    county: str, office: tuple[Addresses, Addresses | None], verb: str, chosen: Sequence[Review], **body: Any
) -> None:
    """One of the office prepares all of them; another, if one is given, signs what is prepared. Raises Refused."""
    if not chosen:
        return
    preparer, signer = office
    reviews.act(verb, _lines(county, chosen), found=preparer, **body)
    if signer:
        meant = {one["review_id"] for one in chosen}
        prepared = (one for one in waiting(signer, county) if one["review_id"] in meant)
        reviews.act("sign", _lines(county, prepared), found=signer)


def _lines(county: str, chosen: Iterable[Review]) -> reviews.Lines:
    return {county: [{name: one[name] for name in ("review_id", "digest")} for one in chosen]}


def _paper_file(truth: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    """By each case number: the fact that no record has, and its value."""
    for line in truth.read_text(encoding="utf-8").splitlines():
        known = json.loads(line)
        if known["kind"] == "conviction" and known["answer"]:
            for number in known["case_number"].values():
                yield _comparable(number), (known["answer"]["fact"], known["answer"]["value"])


def _comparable(number: str | None) -> str:
    """A case number without what each source writes in its own way: blanks, dashes, zeros before a number."""
    alone = "".join(filter(str.isalnum, number or "")).upper()
    return re.sub(r"(?<!\d)0+(?=\d)", "", alone)
