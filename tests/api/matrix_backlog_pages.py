"""The pages of operations: by the same roles and objects as the API's."""

from datetime import date
from typing import Any

from domain.roles import Role
from tests.api.matrix import NO_OBJECT, Outcome, Row
from tests.api.matrix_backlog import DIRECTORS, OPERATIONS, PLANNING, READING
from tests.api.matrix_pages import sent, shown

DIRECTOR = {Role.OPERATIONS_DIRECTOR}
TOO_LITTLE: dict[str, Outcome] = {"an operation": 422, "no operation": 404}
NOT_NOW: dict[str, Outcome] = {"an operation": 409, "no operation": 404}


def _reason(_today: date) -> dict[str, Any]:
    return {"reason": "Le stock est redescendu de lui-même."}


def _later(_today: date) -> dict[str, Any]:
    return {"until": "2031-12-31", "reason": "Il manque des volontaires."}


OPERATION_PAGES: dict[str, Row] = {
    "GET /operations": shown(READING, {NO_OBJECT: 200}),
    "GET /operations/new": shown(PLANNING, {NO_OBJECT: 200}),
    "POST /operations/new": sent(PLANNING, {NO_OBJECT: 422}),
    "GET /operations/{reference}": shown(READING, OPERATIONS),
    "GET /operations/{reference}/report.pdf": shown(READING, OPERATIONS),
    "GET /operations/{reference}/planning": shown(READING, OPERATIONS),
    "POST /operations/{reference}/sessions": sent(DIRECTOR, TOO_LITTLE),
    "POST /operations/{reference}/sessions/{session_id}/places": sent(
        DIRECTOR, {"an open session": 303, "no session": 404}, lambda _: {"places": "5"}
    ),
    "GET /operations/{reference}/replan": shown(PLANNING, OPERATIONS),
    "POST /operations/{reference}/replan": sent(PLANNING, TOO_LITTLE),
    "GET /operations/{reference}/request-extension": shown(DIRECTOR, OPERATIONS),
    "POST /operations/{reference}/request-extension": sent(DIRECTOR, NOT_NOW, _later),
    **{f"GET /operations/{{reference}}/{part}": shown(DIRECTORS, OPERATIONS) for part in ("cancel", "stop")},
    "POST /operations/{reference}/cancel": sent(DIRECTORS, {"an operation": 303, "no operation": 404}, _reason),
    "POST /operations/{reference}/stop": sent(DIRECTORS, NOT_NOW, _reason),
}
