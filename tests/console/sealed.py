"""Sealing as far as the console's pages ask relief and ingest for it; what it was asked is kept."""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.chassis.http.problems import problem

NAMESPACE = UUID(int=8)
AT = "2026-11-04T10:00:00+00:00"


def a_dismissal(name: str, stage: str = "person", **facts: Any) -> dict[str, Any]:
    """A dismissal that is not sealed yet, as relief shows it."""
    return {
        "relief_id": str(uuid5(NAMESPACE, name)), "stage": stage, "section": "HS 11359", "court": None,
        "case_number": f"BA-{name}", "conviction_date": "1999-04-02", "subject_id": str(uuid5(NAMESPACE, f"of {name}")),
        "order_number": "SO-1", "ordered_on": "2026-10-01", "shown_by": ["court"], "told_on": None,
        "legal_hold": None, "discrepancies": [], **facts,
    }  # fmt: skip


@dataclass
class FakeSealing:
    """``refuse``: answers instead, by verb. ``code``: of the one certificate that is genuine.
    ``seals``: the reliefs whose seals are on the case BA-7."""

    dismissals: dict[str, dict[str, Any]] = field(default_factory=dict)
    said: list[tuple[str, Any]] = field(default_factory=list)
    refuse: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    code: str = "ABCD-EFGH-IJKL-MNOP"
    seals: list[str] = field(default_factory=list)
    missing: list[dict[str, Any]] = field(default_factory=list)

    def add(self, *dismissals: dict[str, Any]) -> None:
        self.dismissals |= {one["relief_id"]: one for one in dismissals}

    def relief(self) -> list[Route]:
        top, one = "/v1/counties/{county}/seals", "/v1/reliefs/{relief}"
        return [
            Route(top, self.numbers, methods=["GET", "POST"]),
            Route(f"{top}/dismissals", self.listed),
            Route("/v1/counties/{county}/certificates/verify", self.verify, methods=["POST"]),
            Route(f"{one}/certificate", self.certificate, methods=["POST"]),
            *(
                Route(f"{one}/{verb}", self.act, methods=["POST"])
                for verb in ("told", "legal-hold", "legal-hold/end", "seal")
            ),
        ]

    def ingest(self) -> list[Route]:
        return [
            Route("/v1/counties/{county}/seals/find", self.find, methods=["POST"]),
            Route("/v1/seals/{relief}/remove", self.remove, methods=["POST"]),
        ]

    async def find(self, request: Request) -> Response:
        body = json.loads(await request.body())
        return JSONResponse({"reliefs": self.seals if body["case_number"] == "BA-7" else []})

    async def remove(self, request: Request) -> Response:
        relief = request.path_params["relief"]
        if "remove" in self.refuse:
            status, code, detail = self.refuse["remove"]
            return problem(status, code, code, detail)
        self.seals.remove(relief)
        self.said.append(("remove", {"relief": relief, **json.loads(await request.body())}))
        return JSONResponse({"relief_id": relief})

    async def numbers(self, request: Request) -> Response:
        if request.method == "POST":
            self.said.append(("seal-due", None))
            for one in self.dismissals.values():
                one["stage"] = "being_sealed" if one["stage"] == "due" else one["stage"]
        stages = Counter(one["stage"] for one in self.dismissals.values())
        due, being_sealed = stages.pop("due", 0), stages.pop("being_sealed", 0)
        found = {
            "due": due,
            "being_sealed": being_sealed,
            "sealed": 7,
            "missing": self.missing,
            "waiting": stages,
        }
        return JSONResponse({"county": "los-angeles", "seal_after_days": 60, **found})

    async def listed(self, request: Request) -> Response:
        asked = request.query_params
        names = [name for name in ("relief_id", "stage", "case_number") if name in asked]
        found = [one for one in self.dismissals.values() if all(one[name] == asked[name] for name in names)]
        return JSONResponse({"dismissals": found, "next": None})

    async def certificate(self, request: Request) -> Response:
        if "certificate" in self.refuse:
            status, code, detail = self.refuse["certificate"]
            return problem(status, code, code, detail)
        one = self.dismissals[request.path_params["relief"]]
        kept = (
            "relief_id",
            "court",
            "case_number",
            "section",
            "conviction_date",
            "order_number",
            "ordered_on",
        )
        return JSONResponse(
            {
                **{name: one[name] for name in kept},
                "code": self.code,
                "county": "los-angeles",
                "kind": "dismissal",
                "redesignated_to": None,
                "judge": "A. Reyes",
                "issued_on": "2026-11-04",
            }
        )

    async def verify(self, request: Request) -> Response:
        body = json.loads(await request.body())
        self.said.append(("verify", body))
        if body["code"] != self.code:
            return problem(404, "not_genuine", "Not genuine", "No certificate has this code and says this.")
        found = {"order_number": "SO-1", "ordered_on": "2026-10-01", "issued_on": "2026-11-04"}
        return JSONResponse({**found, "sealed_on": "2026-11-20"})

    async def act(self, request: Request) -> Response:
        verb = request.url.path.partition(request.path_params["relief"])[2].strip("/")
        if verb in self.refuse:
            status, code, detail = self.refuse[verb]
            return problem(status, code, code, detail)
        one, body = self.dismissals[request.path_params["relief"]], json.loads(await request.body() or "null")
        self.said.append((verb, body))
        if verb == "told":
            one["told_on"] = body["on"] or "2026-11-04"
        elif verb == "legal-hold":
            one |= {"stage": "legal_hold", "legal_hold": {"by": "p", "at": AT, "reason": body["reason"]}}
        elif verb == "legal-hold/end":
            one |= {"stage": "person", "legal_hold": None}
        else:
            one["stage"] = "being_sealed"
        return JSONResponse(one)
