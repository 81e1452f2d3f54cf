"""The tasks on an audit as pages: all that each needs beside it, and what is known already filled in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from api.house import House
from api.pages.audit.analysis import grids_of
from api.pages.audit.known import known_of
from api.pages.audit.report import averages, is_fresh, newest, since_sent_back
from api.pages.audit.schedule import lines_of
from api.pages.audit.writing import choices_of, forms_of
from api.pages.choices import Options, options
from api.pages.desk import Desk, Known
from api.pages.visit import Visit
from db.models import AuditRow, Case, TaskRow
from db.queries import audit as audit_queries
from domain.audit.states import AuditState
from domain.audit.words import AuditTask, Meeting, Reply, Ruling
from domain.risk import RiskLevel


@dataclass(frozen=True)
class _Asked:
    """What a page needs more of: on which case, by whom, with what is known already."""

    session: Session
    case: Case
    visit: Visit
    house: House
    known: Known


def _known(session: Session, row: TaskRow, case: Case, visit: Visit, house: House) -> Known:
    known = known_of(session, case.reference, visit, house) | {"house_today": house.today()}
    if row.closed_at is not None or row.kind not in _BESIDE:
        return known
    return known | _BESIDE[row.kind](_Asked(session, case, visit, house, known))


def _to_analyse(asked: _Asked) -> dict[str, Any]:
    """The grid, filled in place."""
    return {"grids": grids_of(asked.visit, asked.house, asked.case.reference, asked.known["asked"])}


def _to_write(asked: _Asked) -> dict[str, Any]:
    """What the report says, and its newest files."""
    audit = asked.known["audit"]
    since = since_sent_back(asked.session, asked.case)
    return {
        "written": forms_of(asked.session, asked.visit, audit),
        "report": newest(audit),
        "fresh": is_fresh(asked.session, asked.case, asked.house),
        "since": since,
        **choices_of(asked.visit, audit),
    }


def _to_validate(asked: _Asked) -> dict[str, Any]:
    """The figures, what changed since it was sent back, and the hash that is stood for."""
    audit = asked.known["audit"]
    return {
        "report": next((one for one in audit.reports if one.version == audit.submitted_version), None),
        "averages": averages(asked.session, asked.case, asked.house),
        "since": since_sent_back(asked.session, asked.case),
    }


def _to_answer(asked: _Asked) -> dict[str, Any]:
    """What is recommended, one by one."""
    return {"replies": options(asked.visit.words, Reply), "standing": _standing(asked.known)}


def _to_arbitrate(asked: _Asked) -> dict[str, Any]:
    """What is disputed, each with the argument beside it."""
    disputed = [one for one in _standing(asked.known) if one.reply == Reply.DISPUTE]
    lower = {one.number: _below(RiskLevel(one.risk), asked.visit) for one in disputed}
    return {"disputed": disputed, "rulings": options(asked.visit.words, Ruling), "lower": lower}


def _below(risk: RiskLevel, visit: Visit) -> Options:
    """The risks that are less than this one, the gravest first: what it can be lowered to."""
    return options(visit.words, RiskLevel)[: risk.height][::-1]


def _to_schedule(asked: _Asked) -> dict[str, Any]:
    """A day for everything, and why this day is proposed."""
    return {"schedule": lines_of(asked.session, asked.case, asked.house)}


def _to_carry_over(asked: _Asked) -> dict[str, Any]:
    """What is still open, and the audit that would follow it."""
    next_id = audit_queries.audit(asked.session, asked.case, asked.house.book).next_audit
    following = asked.session.get_one(Case, next_id) if next_id else None
    year = asked.session.get_one(AuditRow, next_id).year if next_id else None
    return {"following": following, "following_year": year}


def _standing(known: Known) -> list[Any]:
    return [one for one in known["audit"].recommendations if one.ruling != Ruling.DROP]


_BESIDE: Mapping[str, Callable[[_Asked], dict[str, Any]]] = {
    AuditTask.ANALYSE: _to_analyse,
    AuditTask.WRITE_REPORT: _to_write,
    AuditTask.VALIDATE_REPORT: _to_validate,
    AuditTask.ANSWER_FINDINGS: _to_answer,
    AuditTask.ARBITRATE: _to_arbitrate,
    AuditTask.AGREE_SCHEDULE: _to_schedule,
    AuditTask.APPROVE_SCHEDULE: _to_schedule,
    AuditTask.CARRY_OVER: _to_carry_over,
}


def _filled(outcome: str, known: Known, visit: Visit) -> Mapping[str, str]:
    """The day of the meeting; the numbers that are answered, ruled on, agreed on, with the days that are proposed."""
    if outcome in _MEETINGS:
        held = _held_on(known, _MEETINGS[outcome], visit)
        return {"held_on": held} | (_dates(known) if outcome == "agree" else {})
    if outcome == "answer" and "standing" in known:
        return {f"answers.{place}.number": str(one.number) for place, one in enumerate(known["standing"])}
    if outcome == "arbitrate" and "disputed" in known:
        return {f"rulings.{place}.number": str(one.number) for place, one in enumerate(known["disputed"])}
    return {}


_MEETINGS = {"hold_launch": Meeting.LAUNCH, "agree": Meeting.RESTITUTION, "hold_follow_up": Meeting.FOLLOW_UP}


def _held_on(known: Known, meeting: Meeting, visit: Visit) -> str:
    """The day that was fixed, if it has come; else today."""
    today: date = known["house_today"]
    fixed = next((one.at for one in known["audit"].meetings if one.meeting == meeting), None)
    on = visit.words.local_day(fixed) if fixed else today
    return min(on, today).isoformat()


def _dates(known: Known) -> dict[str, str]:
    told: dict[str, str] = {}
    for place, line in enumerate(known.get("schedule", [])):
        told |= {
            f"schedule.{place}.number": str(line.entry.number),
            f"schedule.{place}.due_on": line.entry.due_on.isoformat(),
        }
    return told


def _said(outcome: str, state: str) -> str:
    """A schedule with a day later than its risk allows is agreed on, and waits for somebody to approve it."""
    return "agreed_to_approve" if outcome == "agree" and state == AuditState.RESTITUTING else outcome


DESK = Desk("audit/tasks", _known, _filled, _said)
