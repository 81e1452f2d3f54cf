"""A task: what is asked, beside all that is needed to do it; its outcomes are the forms of this page."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.house import House, TheHouse
from api.pages import complaint_tasks
from api.pages.audit import tasks as audit_tasks
from api.pages.backlog import tasks as backlog_tasks
from api.pages.choices import choices
from api.pages.claim import tasks as claim_tasks
from api.pages.desk import Desk, Known
from api.pages.fields import said_in
from api.pages.finding import tasks as finding_tasks
from api.pages.form import FormView, begun
from api.pages.giving import Sent, Shown, carried_out, or_shown
from api.pages.payment import tasks as payment_tasks
from api.pages.people import offered_to
from api.pages.places import STATES
from api.pages.show import go_to, page
from api.pages.typed import SentForm, Typed
from api.pages.visit import Admitted, Visit
from api.pages.volunteer import tasks as volunteer_tasks
from api.tasks import mine, read_form
from db.commands import task as task_commands
from db.commands.command import Ask
from db.models import Case, TaskRow
from db.procedures import PROCEDURES
from db.queries.people import names_of
from domain.permissions import Action
from domain.refusals import Invalid

router = APIRouter(include_in_schema=False)
Doer = Annotated[Visit, Depends(Admitted(Action.DO_TASKS))]
DESKS: Mapping[str, Desk] = {
    "complaint": complaint_tasks.DESK,
    "claim": claim_tasks.DESK,
    "payment": payment_tasks.DESK,
    "finding": finding_tasks.DESK,
    "audit": audit_tasks.DESK,
    "backlog": backlog_tasks.DESK,
}
"""How each procedure shows its tasks."""
APART: Mapping[str, Desk] = {**volunteer_tasks.DESKS, **backlog_tasks.APART}
"""Kinds of tasks that are shown elsewhere than the others of their procedure."""


@router.get("/tasks/{task_id}")
def task_page(request: Request, task_id: UUID, visit: Doer, house: TheHouse) -> Response:
    """What is asked, and what is known."""
    return _page(request, task_id, visit, house, {})


@router.post("/tasks/{task_id}")
async def complete(request: Request, task_id: UUID, visit: Doer, typed: SentForm, house: TheHouse) -> Response:
    """Complete the task with the outcome that was chosen; with what is wrong, the same page again."""
    row, case = await house.transact(lambda session: mine(session, task_id, visit.actor)[:2])
    outcome = typed["outcome"]
    clicked_again = row.closed_by == visit.actor.id and row.outcome == outcome
    desk = _desk_of(case, row)
    if clicked_again and outcome in desk.clicked:
        return go_to(desk.place(case.reference), "done_already")
    shown = _with_outcome(request, task_id, visit, house, outcome)
    address, place = address_of_outcome(task_id, outcome), desk.place(case.reference)
    sent = Sent(visit, house, row.case_id, address, typed, shown, place, STATES[case.procedure])

    async def completing() -> Response:
        form = read_form(case.procedure, row.kind, body_of(case.procedure, row.kind, outcome, typed))
        ask = Ask(outcome, form.model_dump(mode="json"), sent.key, task_id)
        return await carried_out(sent, ask, lambda done: desk.said(outcome, done.state))

    return await or_shown(sent, completing)


@router.post("/tasks/{task_id}/claim")
def claim(task_id: UUID, visit: Doer, _form: SentForm, house: TheHouse) -> Response:
    """Take the task in hand."""
    with house.sessions.begin() as session:
        mine(session, task_id, visit.actor)
        task_commands.claim(session, task_id, visit.actor, house.now(), house.today())
    return go_to(f"/tasks/{task_id}")


@router.post("/tasks/{task_id}/release")
def release(task_id: UUID, visit: Doer, _form: SentForm, house: TheHouse) -> Response:
    """Give it back."""
    with house.sessions.begin() as session:
        mine(session, task_id, visit.actor)
        task_commands.release(session, task_id, visit.actor, house.now())
    return go_to(f"/tasks/{task_id}")


def address_of_outcome(task_id: UUID, outcome: str) -> str:
    """Where the form of an outcome goes; its draft has the same name."""
    return f"/tasks/{task_id}?do={outcome}"


def body_of(procedure: str, kind: str, outcome: str, typed: Typed) -> dict[str, Any]:
    """The body of the API that a form stands for: what was left empty is not said."""
    form = PROCEDURES[procedure].forms_of(kind).get(outcome)
    if form is None:
        raise Invalid("Nothing was chosen.", "Choose what to do with the task.", field="outcome")
    return said_in(form, typed) | {"outcome": outcome}


def _with_outcome(request: Request, task_id: UUID, visit: Visit, house: House, outcome: str) -> Shown:
    """The page of the task, with what is wrong in the form of this outcome."""
    return lambda form, status: _page(request, task_id, visit, house, {outcome: form} if form else {}, status)


def _desk_of(case: Case, row: TaskRow) -> Desk:
    """How this task is shown. Raises HTTPException 404."""
    desk = APART.get(row.kind) or DESKS.get(case.procedure)
    if desk is None:
        raise HTTPException(404, "This task has no page: it is done by programs.")
    return desk


def _page(
    request: Request, task_id: UUID, visit: Visit, house: House, sent: Mapping[str, FormView], status: int = 200
) -> Response:
    with house.reading() as session:
        row, case, _ = mine(session, task_id, visit.actor)
        desk = _desk_of(case, row)
        known = desk.known(session, row, case, visit, house)
        names = names_of(session, {one for one in (row.claimed_by, row.closed_by) if one})
        values = {
            "task": row,
            "kind": row.kind,
            "forms": {**_forms(session, row, case, desk, known, visit), **sent},
            "opened": next(iter(sent), request.query_params.get("do", "")),
            "offered_to": offered_to(session, row.offered_to, visit.words, house.book),
            "claimed_by": names.get(row.claimed_by) if row.claimed_by else None,
            "closed_by": names.get(row.closed_by) if row.closed_by else None,
            "choices": choices(visit.words, house.book),
            **known,
        }
    template = "done" if row.closed_at is not None else row.kind
    return page(request, visit, f"{desk.folder}/{template}.html", status, **values)


def _forms(session: Session, row: TaskRow, case: Case, desk: Desk, known: Known, visit: Visit) -> dict[str, FormView]:
    """The form of each outcome: with what somebody had typed before, or with what is known."""
    return {
        one: begun(session, visit.actor.id, address_of_outcome(row.id, one), desk.filled(one, known, visit))
        for one in PROCEDURES[case.procedure].forms_of(row.kind)
    }
