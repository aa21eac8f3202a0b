"""Answers to questions, stated as facts at ingest."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid5

from reliefstream_contracts.identifiers import NAMESPACE
from services.console.called.call_faults import Refused
from services.console.called.services import AsPerson

TAKEN = "revision_taken"


async def answer(
    services: AsPerson, county: str, question: Mapping[str, Any], value: str, basis: str
) -> None:
    """States the value as the answer to an open question; answered before, it is revised. Raises Refused."""
    fact = {"fact": question["code"], "value": value}
    said = {"basis": basis, "counts": question["counts"], "facts": [fact]}
    top = f"/v1/counties/{county}/statements"
    counts = "|".join(one["count"] for one in question["counts"])
    key = str(uuid5(NAMESPACE, f"answer|{question['code']}|{counts}"))
    try:
        await services.post("ingest", top, [said], key)
    except Refused as refused:
        if refused.code != TAKEN or not refused.named:
            raise
        known = await services.get("ingest", f"{top}/{refused.named}")
        revision = known["revisions"][-1]["revision"] + 1
        await services.post("ingest", top, [{**said, "statement_id": refused.named, "revision": revision}])
