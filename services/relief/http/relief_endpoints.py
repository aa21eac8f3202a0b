"""Endpoints of one relief: what the prosecution, the court and DOJ say to it."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from reliefstream_contracts.identifiers import ReliefId
from services.chassis.runtime.service import Service
from services.chassis.runtime.work import Work
from services.relief import store
from services.relief.counties import Counties
from services.relief.handlers import apply_review
from services.relief.http.requests import (
    AcknowledgeBody,
    ChallengeBody,
    Refusal,
    ResolveBody,
    body,
    identifier,
)
from services.relief.lifecycle.transitions import Relief, acknowledged, challenged, resolved


class ReliefEndpoints:
    """Each locks what it changes; of two at the same time the second sees what the first did."""

    def __init__(self, service: Service, counties: Counties) -> None:
        self._service, self._counties = service, counties

    async def show(self, request: Request) -> Response:
        """One relief as it stands."""
        async with self._service.transaction() as work:
            return _shown(await _locked(work, _id(request)))

    async def challenge(self, request: Request) -> Response:
        """The prosecution objects (HS 11361.9); an unreasonable risk only while a sentence runs."""
        relief_id, asked = _id(request), await body(request, ChallengeBody)
        async with self._service.transaction() as work:
            relief = await _locked(work, relief_id)
            if asked.reason_code == "unreasonable_risk":
                _serving(relief, asked.still_serving)
            relief, event = challenged(relief, asked.reason_code, asked.by, work.now)
            await store.save(work.db, [relief])
            work.emit(event, store.carried(relief))
        return _shown(relief)

    async def resolve(self, request: Request) -> Response:
        """The court's ruling, or the prosecution's withdrawal; then whatever the determination gives goes on."""
        relief_id, asked = _id(request), await body(request, ResolveBody)
        async with self._service.transaction() as work:
            locked = await store.lock_around(work.db, await store.counts_held(work.db, relief_id))
            known = await store.known_around(work.db, locked)
            if relief_id not in known.reliefs:
                raise _none()
            relief, event = resolved(known.reliefs[relief_id], asked.outcome, work.now)
            await store.save(work.db, [relief])
            work.emit(event, store.carried(relief))
            known.reliefs[relief_id] = relief
            await apply_review(known, self._counties, work)
            relief = await _locked(work, relief_id)
        return _shown(relief)

    async def acknowledge(self, request: Request) -> Response:
        """The court or DOJ says that its record shows the relief; saying it again changes nothing."""
        relief_id, asked = _id(request), await body(request, AcknowledgeBody)
        async with self._service.transaction() as work:
            relief, event = acknowledged(await _locked(work, relief_id), asked.by, work.now)
            if event:
                await store.save(work.db, [relief])
                work.emit(event, store.carried(relief))
        return _shown(relief)


def _id(request: Request) -> ReliefId:
    return ReliefId(identifier(request, "id", "relief"))


def _none() -> Refusal:
    return Refusal(404, "not_found", "Not found", "There is no relief of this id.")


async def _locked(work: Work, relief_id: ReliefId) -> Relief:
    found = await store.lock_reliefs(work.db, [relief_id])
    if relief_id not in found:
        raise _none()
    return found[relief_id]


def _serving(relief: Relief, stated: bool) -> None:
    if relief.still_serving is False:
        raise Refusal(
            422,
            "sentence_completed",
            "The sentence is completed",
            "An unreasonable risk can be raised only while a sentence runs (HS 11361.8(b)); this one is completed.",
        )
    if relief.still_serving is None and not stated:
        raise Refusal(
            422,
            "serving_not_on_record",
            "Not known to be serving",
            "An unreasonable risk can be raised only while a sentence runs (HS 11361.8(b)), and our record does "
            "not say that it does: state it with still_serving true, or give another reason.",
        )


def _shown(relief: Relief) -> Response:
    return JSONResponse(relief.model_dump(mode="json"))
