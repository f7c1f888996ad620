"""The endpoints that say how everything stands: for people, probes and Prometheus."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from pipelines.store import Store
from service import standing
from service.api import metrics, models
from service.api.desk import DeskOf
from service.api.documented import responses
from service.api.problems import ProblemError
from service.standing import Standing
from service.telling import iso

router = APIRouter(tags=["standing"])


@router.get("/v1/status", operation_id="getStatus", responses=responses())
async def status(desk: DeskOf) -> models.Status:
    """The process, every outlet, the queue, open alerts."""
    found = await desk.read(lambda store: standing.gather(store, desk.now()))
    return models.Status.model_validate(standing.as_json(found))


@router.get("/v1/alerts", operation_id="listAlerts", responses=responses())
async def alerts(
    desk: DeskOf,
    everything: Annotated[
        bool, Query(alias="all", description="Closed ones as well.")
    ] = False,
) -> models.Alerts:
    """What wants attention: since when, the evidence, the command to look closer."""
    found = await desk.read(lambda store: store.alerts.list(open_only=not everything))
    told = {"alerts": [standing.alert_json(alert) for alert in found]}
    return models.Alerts.model_validate(told)


@router.get("/healthz", operation_id="getHealth", responses=responses("hangs"))
async def healthz(desk: DeskOf) -> models.Health:
    """Whether the service lives: that it answers, and that its heart beats.

    For a supervisor that restarts it. An outlet that fails, a consumer that is stuck
    are no reason to: see `status`.
    """
    pulse = await desk.read(lambda store: standing.pulse(store, desk.now()))
    if pulse.hangs:
        raise ProblemError("hangs", f"the last heartbeat was at {pulse.heartbeat}")
    return models.Health(status="ok", heartbeat=iso(pulse.heartbeat))


@router.get("/readyz", operation_id="getReadiness", responses=responses())
async def readyz(desk: DeskOf) -> models.Health:
    """Whether the database can be read and written: that the queue can be used."""

    def action(store: Store) -> str | None:
        return store.meta.get("heartbeat")

    await desk.read(action)
    return models.Health(status="ok", heartbeat=await desk.write(action))


@router.get(
    "/metrics",
    operation_id="getMetrics",
    response_class=Response,
    responses={
        **responses(),
        200: {
            "description": "The text format of Prometheus",
            "content": {metrics.MEDIA_TYPE: {"schema": {"type": "string"}}},
        },
    },
)
async def prometheus(request: Request, desk: DeskOf) -> Response:
    """Counts and ages of everything, for Prometheus."""

    def question(store: Store) -> Standing:
        return standing.gather(store, desk.now())

    told = metrics.text(await desk.read(question), request.app.state.answers)
    return Response(told, media_type=metrics.MEDIA_TYPE)
