"""Who gets what of backlog operations, their sessions, volunteers and pay: rows of the matrix, and their objects."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import delete, text
from uuid_utils.compat import uuid7

from api.backlog import CORRECTION, REASON
from api.backlog_messages import MESSAGE
from api.volunteers import EXAMPLE
from db.models import AttendanceRow, SignUpRow, TermsRow, VolunteerNotice, VolunteerRow
from domain.backlog.commands import PlanAsked
from domain.roles import OF_A_DELEGATE, Role
from tests.api.matrix import ACCOUNTANTS, ADMINISTRATORS, MANAGERS, NO_OBJECT, Outcome, Row, of_no_use
from tests.api.matrix_pages import sent, shown
from tests.api.matrix_things import COLLEAGUE, NOTHING, Parts, Planting, hire
from tests.factories.backlog_rows import (
    SESSION_OF_TODAY,
    a_pay_file,
    a_place,
    a_proposal,
    a_running_operation,
    a_volunteer,
    an_approved_operation,
    an_operation,
    sessions_of,
)

PLANNING = {Role.POLE_MANAGER, Role.PROCESS_PILOT, Role.OPERATIONS_DIRECTOR}
DIRECTORS = {Role.OPERATIONS_DIRECTOR, Role.GENERAL_DIRECTOR}
READING = MANAGERS | ACCOUNTANTS
READING_PAY = ACCOUNTANTS | DIRECTORS | {Role.INTERNAL_CONTROL}
RUNNING_SESSIONS = {Role.POLE_MANAGER, Role.TECHNICAL_REFERENT, Role.OPERATIONS_DIRECTOR}
OF_THE_INSURER = {*Role} - OF_A_DELEGATE
OPERATIONS: dict[str, Outcome] = {"an operation": 200, "no operation": 404}
NOTICES: dict[str, Outcome] = {"what I was told": 200, "what somebody else was told": 404, "what nobody was told": 404}
NOT_NOW: dict[str, Outcome] = {"an operation": 409, "no operation": 404}
"""It is before the directors: nothing of it runs."""


def proposed(today: date) -> dict[str, Any]:
    """An operation that begins next Monday."""
    return a_proposal(today).model_dump(mode="json")


def replanned(today: date) -> dict[str, Any]:
    """The same plan for two places."""
    return a_proposal(today, places=3).model_dump(mode="json", include=set(PlanAsked.model_fields))


def more(today: date) -> dict[str, Any]:
    """One more session."""
    return {"sessions": a_proposal(today).model_dump(mode="json")["sessions"][:1]}


OPERATION_ROWS: dict[str, Row] = {
    "POST /api/v1/backlog": Row(PLANNING, {"an operation": 201}, proposed),
    "GET /api/v1/backlog": Row(READING, {NO_OBJECT: 200}),
    "GET /api/v1/backlog/{reference}": Row(READING, OPERATIONS),
    "GET /api/v1/backlog/{reference}/report": Row(READING, OPERATIONS),
    "GET /api/v1/backlog/{reference}/report.pdf": Row(READING, OPERATIONS),
    "POST /api/v1/backlog/{reference}/replan": Row(PLANNING, OPERATIONS, replanned),
    "POST /api/v1/backlog/{reference}/cancel": Row(DIRECTORS, OPERATIONS, lambda _: REASON),
    "POST /api/v1/backlog/{reference}/stop": Row(DIRECTORS, NOT_NOW, lambda _: REASON),
    "POST /api/v1/backlog/{reference}/sessions": Row({Role.OPERATIONS_DIRECTOR}, NOT_NOW, more),
    "POST /api/v1/backlog/{reference}/correct-attendance": Row(
        {Role.POLE_MANAGER, Role.TECHNICAL_REFERENT, Role.OPERATIONS_DIRECTOR}, NOT_NOW, lambda _: CORRECTION
    ),
    "POST /api/v1/backlog/{reference}/request-extension": Row(
        {Role.OPERATIONS_DIRECTOR}, NOT_NOW, lambda _: {"until": "2031-12-31", "reason": "Il manque des volontaires."}
    ),
    "POST /api/v1/backlog/{reference}/prepare-pay": Row(ACCOUNTANTS, NOT_NOW, lambda _: {"paid_leave": []}),
    "GET /api/v1/backlog/{reference}/messages": Row(READING, OPERATIONS),
    "POST /api/v1/backlog/{reference}/messages": Row(PLANNING, NOT_NOW, lambda _: MESSAGE),
    "POST /api/v1/backlog/{reference}/messages/preview": Row(PLANNING, NOT_NOW, lambda _: MESSAGE),
    "GET /api/v1/sessions": Row(OF_THE_INSURER, {NO_OBJECT: 200}),
    "POST /api/v1/backlog/{reference}/sessions/{session_id}/sign-up": Row(
        OF_THE_INSURER,
        {
            "an open session": 200,
            "a session in which I have a place": 200,
            "an open session, while nobody knows my hours": 409,
            "no session": 404,
        },
    ),
    "POST /api/v1/backlog/{reference}/sessions/{session_id}/sign-off": Row(
        OF_THE_INSURER, {"a session in which I have a place": 200, "an open session": 409, "no session": 404}
    ),
    "POST /api/v1/backlog/{reference}/sessions/{session_id}/dispatch": Row(
        RUNNING_SESSIONS,
        {
            "a session whose cases may be given out": 200,
            "a session of which nothing is in our register": 409,
            "no session": 404,
        },
    ),
    "GET /api/v1/backlog/{reference}/dispatch": Row(READING, OPERATIONS),
    "PUT /api/v1/backlog/{reference}/sessions/{session_id}/places": Row(
        {Role.OPERATIONS_DIRECTOR}, {"an open session": 200, "no session": 404}, lambda _: {"places": 5}
    ),
    "GET /api/v1/backlog/{reference}/pay/{version}": Row(READING_PAY, {"a pay file": 200, "no pay file": 404}),
    "GET /api/v1/backlog/{reference}/pay/{version}/file": Row(READING_PAY, {"a pay file": 409, "no pay file": 404}),
    "GET /api/v1/sessions/mine": Row(OF_THE_INSURER, {NO_OBJECT: 200}),
    "GET /api/v1/sessions/mine.ics": Row(OF_THE_INSURER, {NO_OBJECT: 200}),
    "GET /api/v1/sessions/notices": Row(OF_THE_INSURER, {NO_OBJECT: 200}),
    "POST /api/v1/sessions/notices/{notice_id}/noted": Row(OF_THE_INSURER, NOTICES),
    "GET /api/v1/backlog/{reference}/absences": Row(ACCOUNTANTS, OPERATIONS),
    "GET /api/v1/backlog/{reference}/sessions/{number}/attendance/{login}": Row(
        READING, {"somebody's attendance": 200, "nobody's attendance": 404}
    ),
    "GET /api/v1/volunteers/{login}/changes": Row(ADMINISTRATORS | ACCOUNTANTS, {"a volunteer": 200, "nobody": 404}),
    "POST /api/v1/imports/volunteers": Row(ADMINISTRATORS | ACCOUNTANTS, {NO_OBJECT: 201}, of_no_use),
    "GET /api/v1/volunteers": Row(ADMINISTRATORS | ACCOUNTANTS, {NO_OBJECT: 200}),
    "PUT /api/v1/volunteers/{login}": Row(
        ADMINISTRATORS | ACCOUNTANTS,
        {"a colleague": 200, "myself": 403, "somebody who has left": 404, "nobody": 404},
        lambda _: EXAMPLE,
    ),
}


def _operation(p: Planting) -> Parts:
    return {"reference": an_operation(p.session, p.at).reference}


def _session(p: Planting, *, known: bool = True, seated: bool = False) -> Parts:
    """An open session, of which the asker is a volunteer or is not, or has a place; they have no other."""
    case = an_approved_operation(p.session, p.at)
    session_id = sessions_of(p.session, case.id)[0]
    _forget(p)
    if known:
        a_volunteer(p.session, p.asker.id, p.at)
    if seated:
        a_place(p.session, session_id, p.asker.id, p.at)
    return {"reference": case.reference, "session_id": str(session_id)}


def _forget(p: Planting) -> None:
    """The asker has never signed up for anything; nobody knows when they work. The register itself forgets nothing."""
    p.session.execute(text("SET LOCAL session_replication_role = replica"))
    p.session.execute(delete(SignUpRow).where(SignUpRow.person_id == p.asker.id))
    p.session.execute(delete(TermsRow).where(TermsRow.person_id == p.asker.id))
    p.session.execute(delete(VolunteerRow).where(VolunteerRow.person_id == p.asker.id))
    p.session.execute(text("SET LOCAL session_replication_role = origin"))


def _dispatch(p: Planting) -> Parts:
    """A session that is today, of an operation that is running on complaints."""
    case, session_id = a_running_operation(p.session, p.at)
    return {"reference": case.reference, "session_id": str(session_id)}


def _pay(p: Planting) -> Parts:
    case = an_approved_operation(p.session, p.at)
    a_pay_file(p.session, case.id, p.at)
    return {"reference": case.reference, "version": "1"}


DISPATCH_PAGES: dict[str, Row] = {
    "GET /operations/{reference}/dispatch": shown(READING, OPERATIONS),
    "POST /operations/{reference}/dispatch": sent(
        RUNNING_SESSIONS,
        {"a session whose cases may be given out": 303, "an operation": 409, "no operation": 404},
        lambda _: {"session": str(SESSION_OF_TODAY)},
    ),
}


def _attendance(p: Planting) -> Parts:
    """Somebody was entered in the first session."""
    case = an_approved_operation(p.session, p.at)
    who = hire(p.session, Role.HANDLER)
    a_place(p.session, sessions_of(p.session, case.id)[0], who.id, p.at)
    case.state = "running"
    p.session.flush()
    p.session.add(
        AttendanceRow(
            session_id=sessions_of(p.session, case.id)[0],
            person_id=who.id,
            version=1,
            minutes=420,
            entered_by=COLLEAGUE,
            entered_at=p.at,
        )
    )
    p.session.flush()
    return {"reference": case.reference, "number": "1", "login": who.login}


def _a_volunteer(p: Planting) -> Parts:
    who = hire(p.session, Role.HANDLER)
    a_volunteer(p.session, who.id, p.at)
    return {"login": who.login}


def _told(p: Planting, *, to_me: bool = True) -> Parts:
    """Somebody was told that they have a place."""
    case = an_approved_operation(p.session, p.at)
    who = p.asker.id if to_me else hire(p.session, Role.HANDLER).id
    a_volunteer(p.session, who, p.at)
    session_id = sessions_of(p.session, case.id)[0]
    told = {"person_id": who, "session_id": session_id, "told_at": p.at, "leaves_at": p.at}
    row = VolunteerNotice(id=uuid7(), kind="place_given", **told)
    p.session.add(row)
    p.session.flush()
    return {"notice_id": str(row.id)}


OF_A_VOLUNTEER = frozenset(
    {
        "an open session",
        "a session in which I have a place",
        "an open session, while nobody knows my hours",
        "a session of which nothing is in our register",
    }
)
"""Of these an asker has one at a time: the next one forgets what they had signed up for, and when they work."""
OPERATION_THINGS: dict[str, Callable[[Planting], Parts]] = {
    "an operation": _operation,
    "no operation": lambda _: {"reference": "OPE-2031-999999"},
    "an open session": _session,
    "a session in which I have a place": lambda p: _session(p, seated=True),
    "an open session, while nobody knows my hours": lambda p: _session(p, known=False),
    "a session whose cases may be given out": _dispatch,
    "a session of which nothing is in our register": _session,
    "what I was told": _told,
    "what somebody else was told": lambda p: _told(p, to_me=False),
    "what nobody was told": lambda _: {"notice_id": NOTHING},
    "no session": lambda p: _operation(p) | {"session_id": NOTHING},
    "a pay file": _pay,
    "a volunteer": _a_volunteer,
    "somebody's attendance": _attendance,
    "nobody's attendance": lambda p: _operation(p) | {"number": "1", "login": "tangi.riou"},
    "no pay file": lambda p: _operation(p) | {"version": "7"},
}
