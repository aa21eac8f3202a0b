"""The offices that decide reviews in a fault run: one account prepares, another signs, a clerk records rulings.

What they do with a review follows from the digest of what they are shown alone: the same end is decided alike in every
run, whatever came before it. While records come, decisions rest on what may still change; challenges wait until then.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx

from deploy.local.trial_accounts import MACHINES
from services.chassis.http.trusted import trusted
from services.chassis.identity.grants.edit import granted, with_token, write_grants
from services.chassis.identity.grants.file import GrantsFile
from services.county_folders import counties as described
from services.relief.lifecycle.authority import has_authority

Review = Mapping[str, Any]
Body = dict[str, Any]
PAUSE_S = 0.3
LAST_DAY = date(2099, 12, 31)
"""Of the tokens, and of what is put off."""
MOST_ROUNDS = 30
"""Of which each brings every review at least one act further."""
DISMISSAL: Body = {"decision": "dismissal", "reason_code": "file_reviewed"}
LESS: Body = {"decision": "redesignation", "redesignated_to": "misdemeanor", "reason_code": "file_reviewed"}
PETITION: Body = {"decision": "petition", "reason_code": "court_to_decide"}
WAYS = ("dismissal", "dismissal", "less", "petition", "put off", "sent back", "challenge", "challenge")
OF_DETERMINATION = 64
"""Characters of a digest; those after them are of what is prepared."""
RULINGS = ("overruled", "sustained", "withdrawn")


def accounts(path: Path, descriptions: Path, counties: Sequence[str]) -> dict[str, str]:
    """Writes the file of grants; returns the token of each account, by its name."""
    cities = tuple(
        f"city_attorney:{county}:{city}:signer"
        for county, file in described(descriptions).items()
        for city in file.city_prosecutors
        if county in counties
    )
    district = tuple(f"district_attorney:{county}:signer" for county in counties)
    clerk = tuple(f"clerk:{county}" for county in counties)
    wanted = {
        "clerk": clerk,
        "second-clerk": clerk,
        "records-unit": tuple(f"records_unit:{county}" for county in counties),
    }
    wanted |= {"preparer": district, "signer": district, "city-preparer": cities, "city-signer": cities}
    wanted["import"] = MACHINES["trial-import"]
    grants, tokens = GrantsFile(), {name: secrets.token_hex(32) for name in wanted}
    for name, token in tokens.items():
        grants = with_token(granted(grants, name, wanted[name], ""), name, token, LAST_DAY)
    write_grants(path, grants)
    return tokens


@dataclass
class Offices:
    """The offices of some counties, at one replica of relief. ``decided``: reviews of which relief has answered that
    they are decided, put off or referred, each as often as it did. ``moved`` is called when relief has answered."""

    url: str
    tokens: Mapping[str, str]
    counties: Sequence[str]
    moved: Callable[[], None]
    decided: list[str] = field(default_factory=list)
    calls: int = 0
    refused: str = ""
    """What relief said last to an act that did not fit any more."""

    async def while_records_come(self, seconds: float) -> None:
        """Decides what waits, but challenges nothing: a challenge stands whatever comes after it."""
        until = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < until:
            await self.take_up(challenging=False)
            await asyncio.sleep(PAUSE_S)

    async def to_the_end(self) -> None:
        """Until nothing waits for an office, and no challenge for the court."""
        for _ in range(MOST_ROUNDS):
            if not await self.take_up(challenging=True):
                return
        raise AssertionError(f"something waits that no act brings to an end: {self.refused}")

    async def take_up(self, *, challenging: bool) -> bool:
        """Takes up each review that waits once; False: there was nothing to do."""
        async with self.connected():
            return await self._round(challenging)

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """A connection for what is asked in the block."""
        verify = trusted(self.url)
        async with httpx.AsyncClient(base_url=self.url, timeout=30, verify=verify) as self._http:
            yield

    async def _round(self, challenging: bool) -> bool:
        busy = False
        for county in self.counties:
            top = f"/v1/counties/{county}/reviews"
            waiting = (await self.ask("clerk", "GET", f"{top}?limit=1000"))["reviews"]
            for review in waiting:
                way = way_of(review)
                if way == "challenge" and not challenging:
                    continue
                busy = True
                who, verb, body = next_act(review, way)
                await self._act(top, who, verb, review, body)
            for relief in await self._challenged(county) if challenging else ():
                busy = True
                outcome = RULINGS[hashed(min(relief["conviction"]["counts"])) % len(RULINGS)]
                by = "signer" if outcome == "withdrawn" else "clerk"
                path = f"/v1/reliefs/{relief['relief_id']}/challenge/resolve"
                await self.ask(by, "POST", path, {"outcome": outcome})
        return busy

    async def _challenged(self, county: str) -> list[Body]:
        query = f"county={county}&state=challenged&limit=1000"
        found: list[Body] = (await self.ask("clerk", "GET", f"/v1/reliefs?{query}"))["reliefs"]
        return found

    async def _act(self, top: str, who: str, verb: str, review: Review, body: Body) -> None:
        who = f"city-{who}" if review["office"] == "city_attorney" else who
        lines = [{"review_id": review["review_id"], "digest": review["digest"]}]
        self.calls += 1
        key = str(self.calls)
        answer = await self.ask(who, "POST", f"{top}/{verb}", {"lines": lines, **body}, key)
        if answer is not None and self.calls % 3 == 0:  # as whoever did not hear the answer
            await self.ask(who, "POST", f"{top}/{verb}", {"lines": lines, **body}, key)
        if answer is not None and verb in ("sign", "hold", "refer"):
            self.decided.append(review["review_id"])

    async def ask(self, who: str, method: str, path: str, body: Body | None = None, key: str = "") -> Any:
        """The answer; None: it does not fit any more. Tried again until relief answers."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} | ({"Idempotency-Key": key} if key else {})
        while True:
            try:
                answer = await self._http.request(method, path, json=body, headers=headers)
            except httpx.TransportError:
                await asyncio.sleep(PAUSE_S)
                continue
            if answer.status_code < 500:
                self.moved()
            if answer.is_success:
                return answer.json()
            if answer.status_code in (404, 409, 412):
                self.refused = f"{method} {path}: {answer.text}"
                return None
            if answer.status_code < 500:
                raise AssertionError(f"an act of the workload is refused: {answer.text}")
            await asyncio.sleep(PAUSE_S)


def way_of(review: Review) -> str:
    """How the review is brought to its end."""
    if not has_authority(review["section"]):
        return "petition"
    return WAYS[hashed(review["digest"][:OF_DETERMINATION]) % len(WAYS)]


def next_act(review: Review, way: str) -> tuple[str, str, Body]:
    """Who does what with it now. Where only the clerk or the records unit can answer, it gives it to a prosecutor."""
    if review["office"] in ("clerk", "records_unit"):
        note = {"reason_code": "not_in_our_files", "note": "decide on what there is"}
        return review["office"].replace("_", "-"), "refer", {"office": "district_attorney", **note}
    if way == "put off" and review["held_until"] is None:
        return "preparer", "hold", {"until": LAST_DAY.isoformat(), "reason_code": "file_ordered"}
    if review["state"] == "prepared":
        if way == "sent back" and review["note"] is None:
            return "signer", "send-back", {"note": "say on which page"}
        return "signer", "sign", {}
    if way == "challenge":
        return "preparer", "challenge", {"reason_code": "ineligible"}
    return (
        "preparer",
        "decide",
        {"less": LESS, "petition": PETITION, "sent back": PETITION}.get(way, DISMISSAL),
    )


def hashed(text: str) -> int:
    """A number that is the same for a text in every run."""
    return int(sha256(text.encode()).hexdigest()[:8], 16)
