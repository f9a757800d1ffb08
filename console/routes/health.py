"""Health and metrics: for machines, without a token."""

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from prometheus_client.process_collector import ProcessCollector

from console.disk_metrics import DiskMetrics
from console.live_metrics import LiveMetrics
from console.routes.parts import View
from console.view import ConsoleView

router = APIRouter(include_in_schema=False)


@router.get("/health/live", operation_id="live")
async def live() -> dict[str, str]:
    """The process runs and its loop turns."""
    return {"status": "live"}


@router.get("/health/ready", operation_id="ready")
async def ready(view: View) -> JSONResponse:
    """Whether calls are taken; 503 and what is wrong when they are not."""
    faults = {name: fault for name, check in view.checks.items() if (fault := check())}
    if faults:
        return JSONResponse({"status": "not ready", "faults": faults}, 503)
    return JSONResponse({"status": "ready"})


@router.get("/metrics", operation_id="metrics")
async def metrics(request: Request) -> Response:
    """The metrics in the format that Prometheus asked for."""
    await request.app.state.disk.look()
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(request.app.state.registry), media_type=content_type)


def add_registry(app: FastAPI, view: ConsoleView) -> None:
    """Give the app a registry of its own; many apps may live in one process."""
    registry = CollectorRegistry()
    registry.register(view.metrics)
    registry.register(LiveMetrics(view))
    app.state.disk = DiskMetrics(view.recordings)
    registry.register(app.state.disk)
    ProcessCollector(namespace="hotline", registry=registry)
    app.state.registry = registry
