"""The tasks on an operation as pages: the situation, the plan, its cost and effect beside each; who would get which
cases; the message that members would have, and whom it would reach."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from api.backlog_messages import message_views
from api.backlog_views import SessionView
from api.house import House
from api.pages.backlog.commands import later_end
from api.pages.backlog.effect import Planned, effect_of
from api.pages.backlog.known import at_risk, known_of, why_not_now
from api.pages.backlog.plan_form import counts, rows_filled, session_row
from api.pages.delay_message import letters_of
from api.pages.desk import Desk, Known
from api.pages.dispatch import skills_or_roles
from api.pages.typed import Typed
from api.pages.visit import Visit
from db.models import Case, TaskRow
from db.queries.backlog_outlook import owed_so_far
from db.queries.backlog_possible import dispatch_foreseen, leaves_nobody_after, why_not_closed
from db.queries.people import names_of
from domain.backlog.commands import PlanAsked
from domain.backlog.states import BacklogState
from domain.backlog.words import BacklogTask
from domain.refusals import Refusal

_SAID = {
    "approve": "operation_approved",
    "go_on": "went_on",
    "strengthen": "sessions_added",
    "extend": "extension_requested",
    "grant": "operation_extended",
    "close": "operation_ended",
}
_DECIDED_ON_MESSAGE = {"approve_message": "message_approved", "refuse": "message_refused"}


def _known(session: Session, row: TaskRow, case: Case, visit: Visit, house: House) -> Known:
    known = known_of(session, case.reference, visit, house)
    values = {**known, "was_said": _said(row.outcome or "", case.state), "house_today": house.today()}
    if row.kind == BacklogTask.APPROVE_OPERATION:
        values |= _to_be_approved(session, row, case, known, visit, house)
    if row.kind == BacklogTask.CLOSE_OPERATION:
        refusal = why_not_closed(session, case, house.book, house.now(), house.today())
        values["not_now"] = why_not_now(refusal, visit) if refusal else None
    if row.kind in (BacklogTask.CLOSE_OPERATION, BacklogTask.APPROVE_EXTENSION, BacklogTask.DECIDE_OFF_TRACK):
        owed = owed_so_far(session, known["row"], known["policy"])
        cost = {"cost_cents": owed.cents, "by_payroll_minutes": owed.by_payroll_minutes}
        values |= {**cost, **_proposed(known, house)}
    return values


def _to_be_approved(
    session: Session, row: TaskRow, case: Case, known: Mapping[str, Any], visit: Visit, house: House
) -> dict[str, Any]:
    """What the plan would do and cost, the deadlines that it is about, and whether nobody would be left after me."""
    operation = known["operation"]
    plan = Planned(PlanAsked.model_validate(operation.plan), operation.activity, case.id, operation.ends_on)
    return {
        "effect": effect_of(session, plan, known["policy"]),
        "at_risk": at_risk(session, known["row"], visit, house, known["procedure"]),
        "leaves_nobody": leaves_nobody_after(
            session, case, row.id, visit.actor, house.book, house.now(), house.today()
        ),
    }


def _proposed(known: Mapping[str, object], house: House) -> dict[str, object]:
    """What need not be typed: one Saturday more, and an end by which the stock would be back."""
    outcomes = known["track"].outcomes  # type: ignore[attr-defined]
    added = next((one.added for one in outcomes if one.added), ())
    rows = [session_row(f"{one.on}", one.minutes, str(one.places)) for one in added]
    filled = rows_filled("sessions", rows)
    return {
        "later": later_end(known, house),
        "added": {name: values[0] for name, values in filled.items()},
        "rows": counts(Typed(filled)),
    }


def _filled(outcome: str, known: Known, _visit: Visit) -> Mapping[str, str]:
    """The end that would do, and the Saturday that would help; whoever decides gives the reasons."""
    given: Mapping[str, Mapping[str, str]] = {"extend": known.get("later", {}), "strengthen": known.get("added", {})}
    return given.get(outcome, {})


def _said(outcome: str, state: str) -> str:
    if outcome == "refuse":
        return "operation_refused" if state == BacklogState.REFUSED else "extension_refused"
    return _SAID.get(outcome, outcome)


def _known_of_cases(session: Session, row: TaskRow, case: Case, visit: Visit, house: House) -> Known:
    """Who would get how many cases of the session, and what would be left: or why nothing is given out now."""
    known = known_of(session, case.reference, visit, house)
    number = (row.detail or {}).get("session")
    held = next((one for one in known["operation"].sessions if one.number == number), None)
    values = {**known, "was_said": "dispatch", "held": held, "skills": skills_or_roles(visit, house)}
    return values if row.closed_at else values | _foreseen(session, case, held, visit, house)


def _foreseen(session: Session, case: Case, held: SessionView | None, visit: Visit, house: House) -> dict[str, Any]:
    try:
        number = held.number if held else 0
        told = dispatch_foreseen(session, case, number, house.book, house.now(), house.today())
    except Refusal as refusal:
        return {"foreseen": None, "not_now": visit.words.told(refusal.rule), "names": {}}
    return {"foreseen": told, "names": names_of(session, {one.person_id for one in told.shares})}


def _known_of_message(session: Session, row: TaskRow, case: Case, visit: Visit, house: House) -> Known:
    """The message that is before its approver, whom it would reach today, both letters."""
    known = known_of(session, case.reference, visit, house)
    waits = next((one for one in message_views(session, house, case.reference) if one.reach), None)
    was_said = _DECIDED_ON_MESSAGE.get(row.outcome or "", "")
    return {**known, "was_said": was_said, "message": waits, "letters": letters_of(waits.reach if waits else None)}


DESK = Desk("backlog/tasks", _known, _filled, _said)
APART: Mapping[str, Desk] = {
    BacklogTask.DISPATCH_CASES: Desk(
        "backlog/tasks",
        _known_of_cases,
        lambda *_: {},
        lambda *_: "dispatch",
        frozenset({"give_out"}),
        "/operations/{}/dispatch".format,
    ),
    BacklogTask.APPROVE_MESSAGE: Desk(
        "backlog/tasks",
        _known_of_message,
        lambda *_: {},
        lambda outcome, _state: _DECIDED_ON_MESSAGE[outcome],
        frozenset({"approve_message"}),
        "/operations/{}/message".format,
    ),
}
"""By the kind of the task: what was done is shown elsewhere than on the page of the operation."""
