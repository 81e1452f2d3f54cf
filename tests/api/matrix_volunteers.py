"""Who gets what of the pages of volunteers, attendance and pay."""

from datetime import date
from typing import Any

from domain.roles import Role
from tests.api.matrix import ACCOUNTANTS, ADMINISTRATORS, NO_OBJECT, Outcome, Row
from tests.api.matrix_backlog import NOTICES, OF_THE_INSURER, OPERATION_ROWS, OPERATIONS, READING, READING_PAY
from tests.api.matrix_pages import sent, shown, then_shown

CORRECTING = {Role.POLE_MANAGER, Role.TECHNICAL_REFERENT, Role.OPERATIONS_DIRECTOR}
MANAGING = ADMINISTRATORS | ACCOUNTANTS
NOBODY_THERE: dict[str, Outcome] = {"an operation": 404, "no operation": 404}
"""The address names nobody: of nobody nothing was entered."""
_DESK = "POST /api/v1/backlog/{reference}/sessions/{session_id}"
_PAY_FILE: dict[str, Outcome] = {"a pay file": 200, "no pay file": 404}


def work(_today: date) -> dict[str, Any]:
    """35 hours, on one day's hours that are told."""
    return {"contract_hours": "35", "hourly_euros": "16,50", "monday": "09:00-12:30 13:30-17:00"}


VOLUNTEER_PAGES: dict[str, Row] = {
    "GET /sessions": shown(OF_THE_INSURER, {NO_OBJECT: 200}),
    "GET /sessions/mine.ics": shown(OF_THE_INSURER, {NO_OBJECT: 200}),
    "POST /sessions/notices/{notice_id}/noted": sent(OF_THE_INSURER, then_shown(NOTICES)),
    "POST /sessions/{reference}/{session_id}/sign-up": sent(
        OF_THE_INSURER, then_shown(OPERATION_ROWS[f"{_DESK}/sign-up"].outcomes)
    ),
    "POST /sessions/{reference}/{session_id}/sign-off": sent(
        OF_THE_INSURER, then_shown(OPERATION_ROWS[f"{_DESK}/sign-off"].outcomes)
    ),
    "GET /operations/{reference}/attendance": shown(READING, OPERATIONS),
    "GET /operations/{reference}/correct-attendance": shown(CORRECTING, NOBODY_THERE),
    "POST /operations/{reference}/correct-attendance": sent(CORRECTING, NOBODY_THERE),
    "GET /operations/{reference}/pay": shown(READING_PAY, OPERATIONS),
    "GET /operations/{reference}/pay/{version}": shown(READING_PAY, _PAY_FILE),
    "GET /operations/{reference}/pay/{version}/file.csv": shown(READING_PAY, _PAY_FILE | {"a pay file": 409}),
    "GET /operations/{reference}/prepare-pay": shown(ACCOUNTANTS, OPERATIONS),
    "POST /operations/{reference}/prepare-pay": sent(ACCOUNTANTS, {"an operation": 409, "no operation": 404}),
    "GET /volunteers": shown(MANAGING, {NO_OBJECT: 200}),
    "POST /volunteers/file": sent(MANAGING, {NO_OBJECT: 422}),
    "GET /volunteers/{login}": shown(MANAGING, {"a volunteer": 200, "a colleague": 200, "nobody": 404}),
    "POST /volunteers/{login}": sent(
        MANAGING, {"a colleague": 303, "myself": 403, "somebody who has left": 404, "nobody": 404}, work
    ),
}
