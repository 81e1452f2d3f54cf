"""The tasks of the directors on an operation as pages: the situation, the plan, its cost and effect beside each."""

from collections.abc import Mapping

from fastapi import HTTPException
from sqlalchemy.orm import Session

from api.house import House
from api.pages.backlog.commands import later_end
from api.pages.backlog.effect import effect_of
from api.pages.backlog.known import known_of
from api.pages.backlog.plan_form import counts, rows_filled, session_row
from api.pages.desk import Desk, Known
from api.pages.typed import Typed
from api.pages.visit import Visit
from db.models import Case, TaskRow
from db.queries.backlog_outlook import cost_so_far
from domain.backlog.commands import PlanAsked
from domain.backlog.states import BacklogState
from domain.backlog.words import BacklogTask

_WITH_PAGES = {
    BacklogTask.APPROVE_OPERATION,
    BacklogTask.DECIDE_OFF_TRACK,
    BacklogTask.APPROVE_EXTENSION,
    BacklogTask.CLOSE_OPERATION,
    BacklogTask.UNBLOCK,
}
_SAID = {
    "approve": "operation_approved",
    "go_on": "went_on",
    "strengthen": "sessions_added",
    "extend": "extension_requested",
    "grant": "operation_extended",
    "close": "operation_ended",
}


def _known(session: Session, row: TaskRow, case: Case, visit: Visit, house: House) -> Known:
    if row.closed_at is None and row.kind not in _WITH_PAGES:
        raise HTTPException(404, "This task has no page: it is done by programs.")
    known = known_of(session, case.reference, visit, house)
    values = {**known, "was_said": _said(row.outcome or "", case.state), "house_today": house.today()}
    if row.kind == BacklogTask.APPROVE_OPERATION:
        asked = PlanAsked.model_validate(known["operation"].plan)
        values["effect"] = effect_of(session, asked, known["policy"], known["operation"].ends_on)
    if row.kind in (BacklogTask.CLOSE_OPERATION, BacklogTask.APPROVE_EXTENSION, BacklogTask.DECIDE_OFF_TRACK):
        values |= {"cost_cents": cost_so_far(session, known["row"], known["policy"]), **_proposed(known, house)}
    return values


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


DESK = Desk("backlog/tasks", _known, _filled, _said)
