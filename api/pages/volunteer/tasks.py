"""Tasks of sessions and pay as pages: who came, which leave was paid, the pay file that two people stand for."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from api import backlog_pay as api
from api.backlog import seen_operation
from api.backlog_views import operation_view
from api.house import House
from api.pages.desk import Desk, Known
from api.pages.visit import Visit
from api.pages.volunteer.pay import leave_named
from db.models import Case, TaskRow
from domain.backlog.words import BacklogTask, SignUpStatus


def _known(session: Session, row: TaskRow, case: Case, visit: Visit, house: House) -> Known:
    operation = operation_view(session, seen_operation(session, case.reference), visit.words.language)
    known: dict[str, Any] = {"operation": operation, "case": operation, "said_of_outcomes": SAID}
    if row.closed_at is not None:
        return known
    if row.kind == BacklogTask.ENTER_ATTENDANCE:
        held = next(one for one in operation.sessions if one.number == row.detail["session"])
        return known | {"held": held, "seated": [one for one in held.people if one.status == SignUpStatus.SEATED]}
    if row.kind == BacklogTask.PREPARE_PAY:
        return known | {"leaves": api.leaves_of(session, house, case.reference).leaves}
    return known | {"pay": api.pay_view(session, house, case.reference, row.detail["version"])}


def _filled(outcome: str, known: Known, _visit: Visit) -> Mapping[str, str | Iterable[str]]:
    """Everybody who had a place, with the minutes of the session: only who came otherwise is typed. The days that an
    earlier file counts as paid leave, ticked."""
    if outcome == "prepare":
        return leave_named(known.get("leaves", ()))
    if outcome != "enter" or "held" not in known:
        return {}
    told: dict[str, str] = {}
    for place, one in enumerate(known["seated"]):
        told |= {f"attended.{place}.login": one.login, f"attended.{place}.minutes": str(known["held"].minutes)}
    return told


def _attendance_of(reference: str) -> str:
    return f"/operations/{reference}/attendance"


def _pay_of(reference: str) -> str:
    return f"/operations/{reference}/pay"


SAID: Mapping[str, str] = {
    "enter": "attendance_entered",
    "prepare": "pay_prepared",
    "validate": "pay_validated",
    "send_back": "pay_sent_back",
}


def _said(outcome: str, _state: str) -> str:
    return SAID[outcome]


_FOLDER = "volunteer/tasks"
_OF_ATTENDANCE = Desk(_FOLDER, _known, _filled, _said, place=_attendance_of)
_OF_PAY = Desk(_FOLDER, _known, _filled, _said, frozenset({"validate"}), _pay_of)
DESKS: Mapping[str, Desk] = {
    BacklogTask.ENTER_ATTENDANCE: _OF_ATTENDANCE,
    BacklogTask.PREPARE_PAY: _OF_PAY,
    BacklogTask.VALIDATE_PAY: _OF_PAY,
}
"""By the kind of the task: an operation's other tasks are shown by its own pages."""
