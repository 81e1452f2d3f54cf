"""The application: routes, errors, and the doors that every request passes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig

from api import (
    activities,
    administration,
    audit_pieces,
    audit_reports,
    audits,
    backlog,
    backlog_attendance,
    backlog_dispatch,
    backlog_messages,
    backlog_mine,
    backlog_pay,
    backlog_report,
    backlog_sessions,
    case_lists,
    cases,
    claim_documents,
    claim_previews,
    claims,
    claims_file,
    commands,
    complaints,
    delegate,
    delegates,
    docs_page,
    errors,
    figures,
    findings,
    health,
    imports,
    members,
    metrics,
    payables,
    payment_commands,
    payments,
    people,
    previews,
    projections,
    reassignment,
    search,
    session_notices,
    sign_in,
    sizing,
    tasks,
    volunteers,
    wrong_values,
)
from api.behalf import OneRequest
from api.board import claims as claim_board
from api.board import routes as board
from api.errors import Mistakes, Problem
from api.gate import Gate
from api.headers import SafeHeaders
from api.house import House, open_house
from api.logs import write_plain_lines
from api.pages import install as install_pages
from api.pages.problems import ProblemPages
from api.pages.show import warm_up
from tracing.switch import traces_of
from tracing.web import Traced

_PROBLEMS = {
    code: {"model": Problem, "description": text}
    for code, text in {
        400: "Not to be read as JSON",
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

_SILENT: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
"""FastAPI's own telemetry would send the texts of failures, which may quote a complaint, wherever OTEL_* says.

What this house tells of requests, `tracing.web` tells.
"""


_ROUTES = (
    *(sign_in, complaints, claims, claim_documents, search, tasks, cases, previews, claim_previews),
    *(commands, people, administration, board, claim_board, reassignment, claims_file, figures, volunteers, imports),
    *(members, payables, payment_commands, payments, case_lists, findings, delegate, audits, audit_pieces),
    *(audit_reports, delegates, backlog, backlog_dispatch, backlog_messages, backlog_sessions, backlog_mine),
    *(session_notices, backlog_pay, backlog_report, backlog_attendance),
    *(activities, sizing, projections),
)
"""What is served below /api/v1, in the order in which addresses are tried."""


def create_app(house: House | None = None) -> FastAPI:
    """The application; on a house that is given, or on the one that the environment describes."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with traces_of("api"):
            app.state.house = house or await open_house()
            warming = asyncio.create_task(asyncio.to_thread(warm_up)) if house is None else None
            yield
            if warming is not None:
                await warming

    app = FastAPI(
        title="Échéance",
        version="0.1.0",
        description="Complaints, claims, audit findings and backlog operations, carried to proof, on time.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        telemetry=_SILENT,
        redirect_slashes=False,  # a redirection would repeat the host that the request names
    )
    for module in _ROUTES:  # each by itself: a router of routers looks at all their addresses twice
        app.include_router(module.router, prefix="/api/v1", responses=_PROBLEMS)  # type: ignore[arg-type]
    app.include_router(health.router)
    docs_page.install(app)
    errors.install(app)
    wrong_values.install(app)
    errors.document(app)
    install_pages(app)
    for door in (Gate, Mistakes, ProblemPages, SafeHeaders):  # the last one is passed first
        app.add_middleware(door)
    metrics.install(app)
    app.add_middleware(OneRequest)
    app.add_middleware(Traced)
    write_plain_lines()
    return app
