"""The services behind the console, as far as its pages ask them; what they were asked is kept."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from joserfc import jwt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Host, Route, Router

from services.chassis.http.problems import problem
from services.chassis.identity.access_token import SignedIn
from services.chassis.identity.provider import account_of
from services.relief.orders.outcome_table import WrongOutcomes, read_outcomes
from services.table_files import UnreadableTable, table_rows
from tests.chassis.identity.signing import RSA
from tests.console import counted
from tests.console.defence import FakeDefence
from tests.console.differing import FakeDifferingOrders
from tests.console.ledger import FakeLedger
from tests.console.sealed import FakeSealing

NAMES = ("ingest", "reconciliation", "eligibility", "relief")
NAMESPACE = UUID(int=7)
TOP = "/v1/counties/{county}/reviews"


def a_review(name: str, **facts: Any) -> dict[str, Any]:
    """A review as relief shows it."""
    return {
        "review_id": str(uuid5(NAMESPACE, name)),
        "anchor": f"court/los-angeles/{name}/1",
        "counts": [f"court/los-angeles/{name}/1", f"doj/los-angeles/{name}/001001001"],
        "county": "los-angeles",
        "subject_id": str(uuid5(NAMESPACE, f"person {name}")),
        "section": "HS 11358",
        "level": "felony",
        "case_number": f"BA-{name}",
        "court": "Los Angeles Superior Court",
        "conviction_date": "1999-04-02",
        "reason": "needs_a_fact",
        "questions": ["plants"],
        "digest": "a" * 64,
        "at_stake": "dismissal",
        "routed_to": "district_attorney",
        "in_county": "los-angeles",
        "office": "district_attorney",
        "city": None,
        "state": "open",
        "why": None,
        "changed": [],
        "sequence": 0,
        "opened_at": "2026-11-01T10:00:00+00:00",
        "due_on": "2026-12-22",
        "claimed_by": None,
        "claimed_at": None,
        "held_until": None,
        "note": None,
        "referral": None,
        "prepared": None,
        "age_days": 3,
        "determination_label": "Hand review",
        "reason_label": "Plants not known",
        "legal_minimum": None,
        "grounds": [
            {"rule": "earlier_super_strike", "citation": "PC 667(e)(2)(C)(iv)", "finding": "not_met", "facts": {}},
            {"rule": "amounts_and_ages", "citation": "HS 11358", "finding": "unknown", "facts": {}},
        ],
        "open_questions": [
            {
                "code": "plants",
                "count": f"court/los-angeles/{name}/1",
                "counts": [
                    {"count": f"court/los-angeles/{name}/1", "section": "HS 11358", "disposed_on": "1999-04-02",
                     "case_number": f"BA-{name}"},
                ],
                "section": "HS 11358",
                "case_number": f"BA-{name}",
                "question": "How many living plants were there?",
                "answers": [
                    {"value": "at_most_six", "words": "six or fewer", "outcome": "dismissal",
                     "reason": "no_offense_today"},
                    {"value": "more_than_six", "words": "more than six", "outcome": "redesignation",
                     "reason": "lesser_offense_today"},
                ],
                "asked_of": ["district_attorney", "city_attorney"],
                "contradicting": [],
            }
        ],
        **facts,
    }  # fmt: skip


def a_person(review: dict[str, Any]) -> dict[str, Any]:
    """A person as reconciliation shows one, with this conviction and another."""
    court, doj = review["counts"]
    conviction = {
        "counts": [
            {"key": court, "source": "court", "section": "HS 11358", "case_number": review["case_number"],
             "disposed_on": "1999-04-02", "file_row": None, "file_sha256": None},
            {"key": doj, "source": "doj", "section": "HS 11358", "case_number": "BA999",
             "disposed_on": "1999-04-12", "file_row": 17, "file_sha256": "f" * 64},
        ],
        "arrest_date": "1999-01-05",
        "prosecuting_agency": None,
        "conviction_date": "1999-04-02",
        "level_convicted": "felony",
        "county": "los-angeles",
        "offense": {"as_written": "11358 HS"},
        "event": "BA-1",
        "doubts": [{"field": "offense_date", "kind": "missing", "as_written": []}],
    }  # fmt: skip
    said = {"section": "HS 11358", "level": "felony", "offense_date": None, "conviction_date": "1999-04-02",
            "arrest_date": None, "prosecuting_agency": None, "as_written": "11358 HS", "sentence": []}  # fmt: skip
    counts = [
        {**said, "key": court, "source": "court", "case_number": review["case_number"],
         "disposition_date": "1999-04-02"},
        {**said, "key": doj, "source": "doj", "case_number": "BA999", "disposition_date": "1999-04-12"},
    ]  # fmt: skip
    other = {
        **conviction,
        "counts": [{**conviction["counts"][1], "key": f"{doj}9"}],
        "conviction_date": "2003-05-06",
        "offense": {"as_written": "459 PC-BURGLARY"},
    }
    return {
        "subject_id": review["subject_id"],
        "names": ["DOE, JANE", "ROE, JANE"],
        "counts": counts,
        "history": {"convictions": [conviction, other]},
        "discrepancies": [],
    }


def a_line(number: int, **facts: Any) -> dict[str, Any]:
    """A line of a proposed order as relief shows it."""
    return {
        "line": number, "case_number": f"BA-{number:06}", "county": "los-angeles", "court": None,
        "code_section": "HS 11358", "level": "felony", "conviction_date": "1999-04-02", "relief": "dismissal",
        "redesignated_to": None, "counts": [f"doj/los-angeles/{number}/1"],
        "relief_id": str(uuid5(NAMESPACE, str(number))),
        "result": None, "outcome": None, "still_serving": False, "subject_id": str(uuid5(NAMESPACE, f"of {number}")),
        **facts,
    }  # fmt: skip


def a_challenge(number: int) -> dict[str, Any]:
    """A relief that is objected to, as relief shows it."""
    challenge = {
        "reason_code": "ineligible",
        "by": "person-1",
        "at": "2026-11-03T10:00:00+00:00",
        "after_window": True,
    }
    conviction = {
        "section": "HS 11359",
        "case_number": f"BA-{number}",
        "conviction_date": None,
        "court": None,
    }
    return {
        "relief_id": str(uuid5(NAMESPACE, f"relief {number}")), "kind": "dismissal", "redesignated_to": None,
        "state": "challenged", "conviction": conviction, "challenge": challenge,
    }  # fmt: skip


def an_entry(name: str, **facts: Any) -> dict[str, Any]:
    """An entry of quarantine as ingest shows it."""
    wrong = {
        "where": "field disposition",
        "what": "the disposition is not known",
        "remedy": "name it in the profile",
    }
    return {
        "quarantine_id": str(uuid5(NAMESPACE, f"entry {name}")), "county": "los-angeles", "format": "court",
        "profile": "", "quarantined_at": "2026-11-01T10:00:00+00:00", "sent": 1, "state": "open",
        "problems": [wrong], "codes": ["unknown_disposition"],
        "ended_why": "", "raw": '{"disposition": "<b>?</b>"}', "history": [], **facts,
    }  # fmt: skip


@dataclass
class FakeServices:
    """``reviews`` by id. ``down``: names of those that do not answer. ``refuse``: answers instead, by verb."""

    reviews: dict[str, dict[str, Any]] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)
    refuse: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    said: list[tuple[str, str, Any, str]] = field(default_factory=list)
    """Of each act: the account's groups, the path, the body, the idempotency key."""
    keys: set[str] = field(default_factory=set)
    statements: list[Any] = field(default_factory=list)
    answered_before: bool = False
    lines: list[dict[str, Any]] = field(default_factory=list)
    order: dict[str, Any] | None = None
    challenges: dict[str, dict[str, Any]] = field(default_factory=dict)
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    defence: FakeDefence = field(default_factory=FakeDefence)
    differing: FakeDifferingOrders = field(default_factory=FakeDifferingOrders)
    sealing: FakeSealing = field(default_factory=FakeSealing)

    def add(self, *reviews: dict[str, Any]) -> None:
        self.reviews |= {one["review_id"]: one for one in reviews}

    def application(self) -> Starlette:
        """All of them, by host."""
        relief = [
            *self.ledger.relief(),
            Route("/v1/caller", self.caller),
            Route("/v1/statistics", counted.relief),
            Route("/v1/counties/{county}/proposed-orders", self.orders, methods=["GET", "POST"]),
            Route("/v1/proposed-orders/{order}", self.shown_order),
            Route("/v1/proposed-orders/{order}/outcomes/table", self.table_of_outcomes, methods=["POST"]),
            Route("/v1/proposed-orders/{order}/{verb}", self.act_on_order, methods=["POST"]),
            *self.defence.relief(),
            *self.differing.relief(),
            *self.sealing.relief(),
            Route("/v1/counties/{county}/challenges", self.challenged),
            Route("/v1/reliefs/{relief}/challenge/resolve", self.resolve, methods=["POST"]),
            Route(TOP, self.listed),
            Route(f"{TOP}/counts", self.counted),
            Route(f"{TOP}/{{review}}", self.shown),
            Route(f"{TOP}/{{review}}/history", self.history),
            Route(f"{TOP}/{{verb}}", self.act, methods=["POST"]),
        ]
        ingest = [
            Route("/v1/counties/{county}/statements", self.state, methods=["POST"]),
            Route("/v1/counties/{county}/statements/{statement}", self.revisions),
            Route("/v1/quarantine", self.quarantined),
            Route("/v1/quarantine/summary", self.summarised),
            Route("/v1/quarantine/discard", self.discard, methods=["POST"]),
            Route("/v1/quarantine/{entry}", self.shown_entry),
            Route("/v1/quarantine/{entry}/resubmit", self.resubmit, methods=["POST"]),
            Route("/v1/quarantine/{entry}/tell-apart", self.tell_apart, methods=["POST"]),
            *self.sealing.ingest(),
        ]
        eligibility = [
            Route("/v1/grounds-in-words", self.words, methods=["POST"]),
            Route("/v1/statistics", counted.judged),
            Route("/v1/counties/{county}/what-if", counted.compared),
        ]
        reconciliation = [
            Route("/v1/counties/{county}/persons", self.named, methods=["POST"]),
            Route("/v1/subjects/{subject}", self.subject),
            *self.ledger.reconciliation(),
            *self.defence.reconciliation(),
        ]
        routes = {
            "relief": relief,
            "ingest": ingest,
            "eligibility": eligibility,
            "reconciliation": reconciliation,
        }
        return Starlette(routes=[Host(f"{name}.test", Router(own)) for name, own in routes.items()])

    async def caller(self, request: Request) -> Response:
        claims = _claims(request)
        groups = [one.removeprefix("reliefstream:") for one in claims["groups"]]
        if not groups:
            return problem(403, "not_granted", "Not granted", "This takes a grant.")
        account = account_of(SignedIn(claims["iss"], claims["sub"], (), frozenset()))
        return JSONResponse({"account": account, "kind": "person", "grants": groups})

    async def listed(self, request: Request) -> Response:
        if refused := self._refused(request, "list"):
            return refused
        asked = request.query_params
        found = [one for one in self.reviews.values() if one["state"] in ("open", "prepared")]
        for name in ("office", "section", "state", "reason"):
            if name in asked:
                found = [one for one in found if one[name] == asked[name]]
        return JSONResponse({"reviews": found[: int(asked["limit"])], "next": None})

    async def counted(self, request: Request) -> Response:
        if refused := self._refused(request, "list"):
            return refused
        waiting = [one for one in self.reviews.values() if one["state"] in ("open", "prepared")]
        facets = {}
        for name in ("office", "section", "state", "reason"):
            facets[name] = {
                value: sum(one[name] == value for one in waiting) for value in {o[name] for o in waiting}
            }
        claimed = sum(one["claimed_by"] is not None for one in waiting)
        facets["total"] = {"number": len(waiting), "held": 0, "claimed": claimed, "overdue": 0}
        return JSONResponse({"counts": facets})

    async def shown(self, request: Request) -> Response:
        if refused := self._refused(request, "show"):
            return refused
        found = self.reviews.get(request.path_params["review"])
        if found is None:
            return problem(
                404, "not_found", "Not found", "There is no such review among those that you may see."
            )
        return JSONResponse(found)

    async def history(self, request: Request) -> Response:
        opened = self.reviews[request.path_params["review"]]["opened_at"]
        return JSONResponse(
            {
                "review_id": request.path_params["review"],
                "opened_at": opened,
                "acts": [],
                "looks": [
                    {
                        "account": "person-1",
                        "role": "clerk",
                        "times": 2,
                        "last_at": "2026-11-02T10:00:00+00:00",
                    }
                ],
            }
        )

    async def act(self, request: Request) -> Response:
        verb, key = request.path_params["verb"], request.headers.get("idempotency-key", "")
        if refused := self._refused(request, verb):
            return refused
        body = json.loads(await request.body() or "null")
        claims = _claims(request)
        account = account_of(SignedIn(claims["iss"], claims["sub"], (), frozenset()))
        if verb == "next":
            free = next((one for one in self.reviews.values() if one["claimed_by"] is None), None)
            if free:
                free["claimed_by"] = account
            return JSONResponse({"review": free})
        self.said.append((claims["sub"], verb, body, key))
        if key in self.keys:
            return JSONResponse({"results": {"done_before": len(body["lines"])}, "not_done": []})
        for line in body["lines"]:
            if line["digest"] != self.reviews[line["review_id"]]["digest"]:
                said = "What was prepared changed since it was shown: look at what is prepared now."
                return problem(412, "prepared_anew", "Changed", said)
        self.keys.add(key)
        for line in body["lines"]:
            _change(self.reviews[line["review_id"]], verb, body, account)
        return JSONResponse({"results": {"done": len(body["lines"])}, "not_done": []})

    async def orders(self, request: Request) -> Response:
        if refused := self._refused(request, "orders"):
            return refused
        if request.method == "GET":
            return JSONResponse({"proposed_orders": [self.order] if self.order else []})
        if self.lines and self.order is None:
            self.order = {
                "proposed_order_id": "los-angeles-1", "county": "los-angeles", "number": 1, "state": "open",
                "made_at": "2026-11-03T10:00:00+00:00", "court_order": None, "entered_by": None,
                "reported_on": None, "copied_on": None,
                "entered_at": None, "excepted": [], "digest": None,
            }  # fmt: skip
        return JSONResponse({"proposed_order": self.order, "results": {}, "lines": self.lines})

    async def shown_order(self, request: Request) -> Response:
        if self.order is None or request.path_params["order"] != self.order["proposed_order_id"]:
            return problem(404, "not_found", "Not found", "There is no proposed order of this id.")
        return JSONResponse({"proposed_order": self.order, "results": {}, "lines": self.lines})

    async def act_on_order(self, request: Request) -> Response:
        verb = request.path_params["verb"]
        if refused := self._refused(request, verb):
            return refused
        body, claims = json.loads(await request.body() or "null"), _claims(request)
        self.said.append((claims["sub"], verb, body, ""))
        assert self.order is not None
        if verb == "outcomes":
            return self._told({one["line"]: one["outcome"] for one in body["outcomes"]})
        if verb == "told":
            self.order["reported_on" if body["to"] == "doj" else "copied_on"] = body["on"]
        elif verb == "enter":
            made = {"number": body["order_number"], "judge": body["judge"], "on": body["on"]}
            account = account_of(SignedIn(claims["iss"], claims["sub"], (), frozenset()))
            entered = {"entered_by": account, "entered_at": "2026-11-20T10:00:00+00:00", "digest": "d" * 64}
            self.order |= {"state": "waiting", "court_order": made, "excepted": [1], **entered}
        elif verb == "confirm":
            self.order["state"] = "entered"
            for line in self.lines:
                line["result"] = "ordered"
        elif verb == "discard-entry":
            self.order |= {"state": "open", "court_order": None, "entered_by": None}
        else:
            self.order["state"] = "discarded"
        return JSONResponse({"proposed_order": self.order, "results": {}, "lines": []})

    async def table_of_outcomes(self, request: Request) -> Response:
        try:
            return self._told(read_outcomes(table_rows(await request.body())))
        except (UnreadableTable, WrongOutcomes) as wrong:
            return problem(422, "wrong_rows", "Not kept", str(wrong))

    def _told(self, told: Mapping[int, str]) -> Response:
        known = {line["line"]: line for line in self.lines}
        for number in told.keys() & known.keys():
            known[number]["outcome"] = told[number]
        not_taken = sorted(told.keys() - known.keys())
        return JSONResponse({"told": len(told), "not_taken": not_taken, "outcomes": {}})

    async def named(self, request: Request) -> Response:
        if refused := self._refused(request, "named"):
            return refused
        asked = json.loads(await request.body())["subject_ids"]
        names = {one["subject_id"]: (f"DOE, JANE {one['line']}", "ROE, JANE") for one in self.lines}
        found = [
            {"subject_id": one, "names": names[one], "cii_numbers": ["01234567"]}
            for one in asked
            if one in names
        ]
        return JSONResponse({"persons": found})

    async def challenged(self, request: Request) -> Response:
        if refused := self._refused(request, "challenged"):
            return refused
        times = {"answered_at": None, "handed_over_at": None}
        return JSONResponse({"reliefs": [{**one, **times} for one in self.challenges.values()], "next": None})

    async def resolve(self, request: Request) -> Response:
        if refused := self._refused(request, "resolve"):
            return refused
        found = self.challenges.pop(request.path_params["relief"])
        self.said.append((_claims(request)["sub"], "resolve", json.loads(await request.body()), ""))
        return JSONResponse(found)

    async def state(self, request: Request) -> Response:
        if refused := self._refused(request, "state"):
            return refused
        (said,) = json.loads(await request.body())
        self.statements.append(said)
        told = {"status": "recorded", "statement_id": "s1", "revision": 1, "trace_id": None, "problems": []}
        if self.answered_before and "statement_id" not in said:
            answer = problem(409, "revision_taken", "Nothing was taken in", "It was stated before.")
            body = {**json.loads(bytes(answer.body)), "statements": [{**told, "status": "refused"}]}
            return JSONResponse(body, 409)
        return JSONResponse({"received": 1, "recorded": 1, "repeats": 0, "refused": 0, "statements": [told]})

    async def revisions(self, _: Request) -> Response:
        return JSONResponse({"revisions": [{"revision": 1}, {"revision": 2}]})

    async def quarantined(self, request: Request) -> Response:
        found = [one for one in self.entries.values() if one["state"] == request.query_params["state"]]
        return JSONResponse({"quarantine": found, "next": None})

    async def summarised(self, _: Request) -> Response:
        waiting = [one for one in self.entries.values() if one["state"] == "open"]
        reason = {
            "reason": "unknown_disposition", "field": "disposition", "format": "court", "entries": len(waiting),
            "first": "2026-11-01", "last": "2026-11-02", "what": "the disposition is not known",
            "remedy": "name it in the county's profile",
        }  # fmt: skip
        return JSONResponse(
            {"states": [{"entries": len(waiting)}], "reasons": [reason] if waiting else [], "days": []}
        )

    async def shown_entry(self, request: Request) -> Response:
        found = self.entries.get(request.path_params["entry"])
        return (
            JSONResponse(found)
            if found
            else problem(404, "not_found", "Not found", "The caller sees no such entry.")
        )

    async def resubmit(self, request: Request) -> Response:
        self.entries[request.path_params["entry"]]["state"] = "resubmitted"
        return JSONResponse({"outcome": "recorded", "state": "resubmitted"})

    async def tell_apart(self, request: Request) -> Response:
        found = self.entries[request.path_params["entry"]]
        body = json.loads(await request.body())
        attempt = {
            "at": "2026-11-03T10:00:00+00:00",
            "outcome": "recorded",
            "what": body["what"],
            "why": body["basis"],
        }
        found["state"] = "resubmitted"
        found["history"].append(attempt)
        return JSONResponse({"outcome": "recorded", "state": "resubmitted"})

    async def discard(self, request: Request) -> Response:
        body = json.loads(await request.body())
        for one in body["ids"]:
            self.entries[one] |= {"state": "discarded", "ended_why": body["why"]}
        return JSONResponse({"discarded": len(body["ids"]), "unknown": []})

    async def words(self, request: Request) -> Response:
        grounds = json.loads(await request.body())["grounds"]
        return JSONResponse(
            {"clauses": [f"{one['rule']} is {one['finding']}".replace("_", " ") for one in grounds]}
        )

    async def subject(self, request: Request) -> Response:
        if refused := self._refused(request, "subject"):
            return refused
        found = next(
            one for one in self.reviews.values() if one["subject_id"] == request.path_params["subject"]
        )
        return JSONResponse(a_person(found))

    def _refused(self, request: Request, verb: str) -> Response | None:
        service = request.headers["host"].partition(".")[0]
        if service in self.down:
            return Response(status_code=502)
        if verb in self.refuse:
            status, code, detail = self.refuse[verb]
            return problem(status, code, code, detail)
        county = request.path_params.get("county")
        groups = _claims(request)["groups"]
        if county and not any(f":{county}" in one for one in groups):
            return problem(403, "not_granted", "Not granted", "This takes a grant.")
        return None


def _claims(request: Request) -> dict[str, Any]:
    found: dict[str, Any] = jwt.decode(request.headers["authorization"].removeprefix("Bearer "), RSA).claims
    return found


def _change(review: dict[str, Any], verb: str, body: dict[str, Any], account: str) -> None:
    if verb in ("decide", "challenge"):
        by = {"role": "district_attorney", "account": account}
        decision = body.get("decision", "challenge")
        review["state"] = "prepared"
        review["prepared"] = {
            "decision": decision, "redesignated_to": body.get("redesignated_to"), "reason_code": body["reason_code"],
            "still_serving": body.get("still_serving", False),
            "prepared_by": by, "prepared_at": "2026-11-03T10:00:00+00:00", "signed_by": None,
        }  # fmt: skip
        review["digest"] = "a" * 64 + sha256(json.dumps(review["prepared"]).encode()).hexdigest()
    elif verb == "sign":
        review["state"] = "decided"
    elif verb == "send-back":
        review |= {"state": "open", "prepared": None, "why": "sent_back", "note": body["note"]}
        review["digest"] = "a" * 64
    elif verb == "claim":
        review["claimed_by"] = account
    elif verb == "release":
        review["claimed_by"] = None
    elif verb == "hold":
        review["held_until"] = body["until"]
    elif verb == "refer":
        review["office"] = body["office"]
