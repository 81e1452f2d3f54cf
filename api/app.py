"""The application: routes, errors, and the doors that every request passes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from starlette.middleware.base import RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import Response

from api import auth, cases, commands, complaints, errors, health, people, tasks
from api.errors import Problem, problem
from api.house import House, open_house

LARGEST_BODY = 400_000
_PROBLEMS = {
    code: {"model": Problem, "description": text}
    for code, text in {
        401: "Not signed in",
        403: "Not allowed",
        404: "Nothing there for you",
        409: "The case is elsewhere by now",
        413: "Too large",
        415: "Not JSON",
        422: "Values that cannot be right",
        503: "The register is away",
    }.items()
}


def create_app(house: House | None = None) -> FastAPI:
    """The application; on a house that is given, or on the one that the environment describes."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.house = house or await open_house()
        yield

    app = FastAPI(
        title="Échéance",
        version="0.1.0",
        description="Complaints, claims, audit findings and backlog operations, carried to proof, on time.",
        lifespan=lifespan,
        redoc_url=None,
    )
    v1 = APIRouter(prefix="/api/v1", responses=_PROBLEMS)  # type: ignore[arg-type]
    for module in (auth, complaints, tasks, cases, commands, people):
        v1.include_router(module.router)
    app.include_router(v1)
    app.include_router(health.router)
    errors.install(app)
    app.middleware("http")(_check_body)
    return app


async def _check_body(request: Request, call_next: RequestResponseEndpoint) -> Response:
    """Only JSON, and not too much of it, comes in."""
    if request.method == "POST" and request.url.path.startswith("/api/"):
        length = request.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            return problem(413, "too_large", f"A body of over {LARGEST_BODY} bytes is refused.", "Send less text.")
        kind = request.headers.get("content-type", "").partition(";")[0].strip()
        if length != "0" and kind != "application/json":
            return problem(415, "not_json", "Bodies are JSON.", "Send Content-Type: application/json.")
    return await call_next(request)
