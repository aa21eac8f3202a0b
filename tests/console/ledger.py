"""Reconciliation's ledger and referrals, and relief's balance, as far as the console's pages ask them."""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.chassis.http.problems import problem

NAMESPACE = UUID(int=8)
TOP = "/v1/counties/{county}"
NOT_FOUND = "There is no such discrepancy in this county."


def an_id(name: str) -> str:
    return str(uuid5(NAMESPACE, name))


def a_discrepancy(name: str, **facts: Any) -> dict[str, Any]:
    """An entry of the ledger as reconciliation shows one: the sources give the level differently."""
    entry = {
        "discrepancy_id": an_id(name), "version": 1, "kind": "differing_fact", "status": "open",
        "owner": "district_attorney", "county": "los-angeles", "subject_id": None, "conviction_id": None,
        "counts": [f"doj/los-angeles/{name}/1", f"court/los-angeles/{name}/1"], "field": "level_convicted",
        "values": [["doj", "felony"], ["court", "misdemeanor"]], "due_by": None, "resolved_by": [],
    }  # fmt: skip
    said = {
        "section": "HS 11359", "as_written": "11359 HS", "level": "felony", "case_number": "BA1",
        "offense_date": None, "arrest_date": None, "conviction_date": "1999-04-02", "disposition_date": None,
        "prosecuting_agency": None, "sentence": [],
    }  # fmt: skip
    return {
        "discrepancy": {**entry, **facts},
        "first_seen": "2026-11-01T10:00:00+00:00",
        "put_off_until": None,
        "name": f"DOE, {name}",
        "about": {**said, "key": entry["counts"][1], "source": "court"},
        "counts": [
            {**said, "key": entry["counts"][1], "source": "court", "level": "misdemeanor"},
            {**said, "key": entry["counts"][0], "source": "doj"},
        ],
        "sides": [],
        "closable": facts.get("kind", "differing_fact") == "differing_fact",
        "acts": [],
    }  # fmt: skip


def a_side(name: str, *, first: bool = False, **person: Any) -> dict[str, Any]:
    """A person of an identity in doubt, with one record."""
    record = {
        "record": f"court/los-angeles/{name}", "source": "court", "county": "los-angeles", "surname": "OCAMPO",
        "given_name": "ESTEBAN", "middle_name": None, "suffix": None, "birth_date": "1960-03-04", "sex": "M",
        "race": None, "cii_numbers": [], "source_subject_id": None,
        "cases": [{"case_number": "BA77", "court": None, "charges": ["HS 11358"], "conviction_date": "1999-04-02"}],
        **person,
    }  # fmt: skip
    evidence = [
        {"field": "surname", "level": "equal", "bits": 9.2},
        {"field": "birth_date", "level": "one slip", "bits": 3.1},
        {"field": "case_number", "level": "none shared", "bits": -2.4},
    ]
    weighed = {"bits": 1.5, "prior": -15.0, "probability": 0.74, "evidence": evidence}
    return {
        "subject_id": an_id(f"person {name}"),
        "records": [record],
        "likeness": None if first else weighed,
    }


def a_doubt(name: str, *sides: dict[str, Any]) -> dict[str, Any]:
    """An identity in doubt of these sides."""
    found = a_discrepancy(name, kind="identity_in_doubt", field="resemblance", values=[], counts=[])
    return {**found, "counts": [], "sides": list(sides or (a_side("1", first=True), a_side("2")))}


def an_open_line(number: int, **facts: Any) -> dict[str, Any]:
    """A line of a referral that waits for the county."""
    person = {
        "surname": "REYES", "given_name": "ALMA", "middle_name": None, "suffix": None, "birth_date": "1985-03-04",
        "case_number": "BA012345", "authorisation": None,
    }  # fmt: skip
    return {
        "referral_id": an_id("referral"), "line": number, "due_on": "2026-12-01", "overdue": False,
        "standing": "missing", "person": person, "candidates": [], **facts,
    }  # fmt: skip


@dataclass
class FakeLedger:
    """``refuse``: answers instead, by the last part of the path."""

    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    lines: list[dict[str, Any]] = field(default_factory=list)
    referrals: dict[str, dict[str, Any]] = field(default_factory=dict)
    refuse: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    said: list[tuple[str, Any]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    balance: dict[str, dict[str, int]] = field(default_factory=dict)
    exported: list[dict[str, Any]] = field(default_factory=list)

    def add(self, *entries: dict[str, Any]) -> None:
        self.entries |= {one["discrepancy"]["discrepancy_id"]: one for one in entries}

    def reconciliation(self) -> list[Route]:
        return [
            Route(f"{TOP}/discrepancies", self.listed),
            Route(f"{TOP}/discrepancies/counts", self.counted),
            Route(f"{TOP}/discrepancies/{{entry}}", self.shown),
            Route(f"{TOP}/discrepancies/{{entry}}/{{verb}}", self.act, methods=["POST"]),
            Route("/v1/link-decisions", self.decide, methods=["POST"]),
            Route(f"{TOP}/referral-lines", self.open_lines),
            Route(f"{TOP}/referrals", self.handed_in),
            Route(f"{TOP}/referrals", self.hand_in, methods=["POST"]),
            Route(f"{TOP}/referrals/{{referral}}", self.referral),
            Route(f"{TOP}/referrals/{{referral}}/answer", self.answer, methods=["POST"]),
        ]

    def relief(self) -> list[Route]:
        return [
            Route(f"{TOP}/balance", self.balanced),
            Route("/v1/export/balance", self.exports),
            Route(f"{TOP}/reviews/workload", self.workload),
        ]

    async def workload(self, _: Request) -> Response:
        share = {"office": "city_attorney", "city": "Torrance", "account": None, "number": 3, "overdue": 1, "held": 0,
                 "prepared": 0, "first_due": "2026-01-02"}  # fmt: skip
        return JSONResponse({"workload": [share, {**share, "account": "person-1"}]})

    def waiting(self, request: Request) -> list[dict[str, Any]]:
        asked = request.query_params
        found = [one for one in self.entries.values() if one["discrepancy"]["status"] == "open"]
        if asked.get("put_off"):
            found = [one for one in found if bool(one["put_off_until"]) == (asked["put_off"] == "yes")]
        return [
            one
            for one in found
            if all(one["discrepancy"][name] == asked[name] for name in ("kind", "owner") if name in asked)
        ]

    async def listed(self, request: Request) -> Response:
        return JSONResponse({"discrepancies": self.waiting(request), "next": None})

    async def counted(self, request: Request) -> Response:
        waiting = self.waiting(request)
        counts = {
            name: {one["discrepancy"][name]: 1 for one in self.entries.values()} for name in ("kind", "owner")
        }
        return JSONResponse({"counts": {**counts, "total": {"number": len(waiting)}}})

    async def shown(self, request: Request) -> Response:
        found = self.entries.get(request.path_params["entry"])
        if found is None or found["discrepancy"]["county"] != request.path_params["county"]:
            return problem(404, "not_found", "Not found", NOT_FOUND)
        return JSONResponse(found)

    async def act(self, request: Request) -> Response:
        verb, body = request.path_params["verb"], json.loads(await request.body())
        if verb in self.refuse:
            status, code, detail = self.refuse[verb]
            return problem(status, code, code, detail)
        entry = self.entries[request.path_params["entry"]]
        self.said.append((verb, body))
        if entry["discrepancy"]["status"] != "open":
            return JSONResponse({"done": False})
        if verb == "close":
            entry["discrepancy"]["status"] = "resolved"
        else:
            entry["put_off_until"] = body["until"]
        return JSONResponse({"done": True})

    async def decide(self, request: Request) -> Response:
        if "link-decisions" in self.refuse:
            status, code, detail = self.refuse["link-decisions"]
            return problem(status, code, code, detail)
        self.said.append(("decide", json.loads(await request.body())))
        for entry in self.entries.values():
            entry["discrepancy"]["status"] = "resolved"
        return JSONResponse({"subjects": []})

    async def open_lines(self, request: Request) -> Response:
        late = request.query_params.get("overdue")
        found = [one for one in self.lines if one["overdue"] or not late]
        return JSONResponse({"lines": found, "next": None})

    async def handed_in(self, _: Request) -> Response:
        return JSONResponse({"referrals": list(self.referrals.values()), "next": None})

    async def hand_in(self, request: Request) -> Response:
        if "referrals" in self.refuse:
            status, code, detail = self.refuse["referrals"]
            return problem(status, code, code, detail)
        body, kind = await request.body(), request.headers["content-type"]
        self.said.append((kind, body.decode()))
        key = request.headers["idempotency-key"]
        if key not in self.keys:
            self.keys.add(key)
            name = an_id(f"referral {len(self.referrals)}")
            self.referrals[name] = {
                "referral_id": name, "received_at": "2026-11-02T10:00:00+00:00", "due_on": "2026-12-02",
                "account": "a", "lines": 1, "open": None,
            }  # fmt: skip
        name = next(reversed(self.referrals))
        wrong = {"code": "birth_date", "row": 2, "column": "birth_date", "where": "row 2",
                 "what": "is missing", "remedy": "add it"}  # fmt: skip
        refused = body.decode().count("\n") > 1
        lines = [{"line": 1, "status": "taken", "authorisation": "none", "problems": []}]
        if refused:
            lines.append({"line": 2, "status": "refused", "authorisation": None, "problems": [wrong]})
        return JSONResponse(
            {
                "referral_id": name, "county": "los-angeles", "due_on": "2026-12-02", "received": len(lines),
                "taken": 1, "refused": len(lines) - 1, "unread_columns": 0, "lines": lines,
            },
            201,
        )  # fmt: skip

    async def referral(self, request: Request) -> Response:
        if request.path_params["referral"] not in self.referrals:
            return problem(404, "not_found", "Not found", "There is no such list.")
        conviction = {
            "case_number": "BA1",
            "section": "HS 11358",
            "stage": "proposed",
            "text": "Relief is proposed.",
        }
        line = {
            "line": 1, "answer": "found", "text": "The person is on record in this county.", "due_on": "2026-12-02",
            "convictions": [conviction],
        }  # fmt: skip
        return JSONResponse(
            {"referral_id": "r", "county": "los-angeles", "due_on": "2026-12-02", "lines": [line]}
        )

    async def answer(self, request: Request) -> Response:
        if "answer" in self.refuse:
            status, code, detail = self.refuse["answer"]
            return problem(status, code, code, detail)
        body = json.loads(await request.body())
        self.said.append(("answer", body))
        self.lines = [one for one in self.lines if one["line"] not in body["lines"]]
        return JSONResponse({"referral_id": request.path_params["referral"], "lines": body["lines"]})

    async def balanced(self, request: Request) -> Response:
        listed = sum(sum(each.values()) for each in self.balance.values())
        return JSONResponse(
            {
                "county": request.path_params["county"],
                "as_of": "2026-11-02",
                "listed": listed,
                "parts": self.balance,
            }
        )

    async def exports(self, _: Request) -> Response:
        return Response("".join(json.dumps(one) + "\n" for one in self.exported))
