"""Tasks: my inbox, and how a task is taken in hand, given back, completed."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache, partial
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Body, Depends, HTTPException, Query
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from api.auth import Allowed
from api.commands import LATER, CommandView, Key, give, key_or_new
from api.house import TheHouse
from db.commands import task as task_commands
from db.commands.command import Ask
from db.models import Case, StaffMember, TaskRow
from db.procedures import PROCEDURES
from db.queries import tasks as task_queries
from db.queries.lending import lenders
from db.queries.standing import as_task
from domain.civil import Instant
from domain.forms import Form
from domain.people import Actor
from domain.permissions import Action
from domain.refusals import Invalid, NotYourTask
from domain.tasks import Task, check_may_do, may_do

router = APIRouter(tags=["tasks"])
Doer = Annotated[Actor, Depends(Allowed(Action.DO_TASKS))]


class TaskView(BaseModel):
    """A task: what to do on which case, by when, and the allowed outcomes with their schemas."""

    id: UUID
    kind: str = Field(examples=["validate"])
    what: str = Field(examples=["Valider la réponse"])
    case: str = Field(examples=["REC-2026-000001"])
    subject: str | None
    lent_by: str | None = Field(None, description="the operation that lends me the case", examples=["OPE-2026-000001"])
    pole: str
    due_at: datetime | None
    overdue: bool
    mine: bool = Field(description="whether I may do it")
    claimed_by: UUID | None
    opened_at: datetime
    detail: dict[str, Any] = Field(description="what the task knows of itself: link, version and its hash, letter")
    outcomes: dict[str, dict[str, Any]] = Field(description="outcome → JSON schema of the body that completes it")


class TaskPage(BaseModel):
    """Some tasks, the earliest due first; `next` is the cursor of the following ones."""

    tasks: list[TaskView]
    next: str | None


@router.get("/tasks")
def tasks(
    house: TheHouse,
    actor: Doer,
    whose: Annotated[Literal["mine", "pole"], Query(description="mine: those I may do; pole: my pole's")] = "mine",
    overdue: bool = False,
    due_before: Instant | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> TaskPage:
    """My inbox, or the open tasks of my pole."""
    now = house.now()
    with house.sessions() as session:
        wanted = task_queries.Wanted(
            pole=_my_pole(session, actor) if whose == "pole" else None,
            due_before=now if overdue else due_before,
            cursor=cursor,
            limit=limit,
        )
        rows = task_queries.inbox(session, actor, wanted)
        lent = lent_to(session, actor, [case.id for _, case, _ in rows[:limit]], house.today())
        views = [view(task, case, subject, actor, now, lent.get(case.id)) for task, case, subject in rows[:limit]]
        following = task_queries.next_cursor(rows[limit - 1][0]) if len(rows) > limit else None
    return TaskPage(tasks=views, next=following)


@router.get("/tasks/{task_id}")
def task(task_id: UUID, house: TheHouse, actor: Doer) -> TaskView:
    """One task that is offered to me."""
    with house.sessions() as session:
        row, case, subject = mine(session, task_id, actor)
        lent = lent_to(session, actor, [case.id], house.today())
        return view(row, case, subject, actor, house.now(), lent.get(case.id))


def lent_to(session: Session, actor: Actor, case_ids: list[UUID], day: date) -> dict[UUID, str]:
    """Of these cases, those that are lent to somebody, and the operation that lends each."""
    return lenders(session, case_ids, actor.id, day) if actor.is_borrower else {}


@router.post("/tasks/{task_id}/claim")
def claim(task_id: UUID, house: TheHouse, actor: Doer) -> TaskView:
    """Take the task in hand, so that nobody else does it meanwhile."""
    return _decided_here(partial(task_commands.claim, today=house.today()), task_id, house, actor)


@router.post("/tasks/{task_id}/release")
def release(task_id: UUID, house: TheHouse, actor: Doer) -> TaskView:
    """Give the task back to everyone it is offered to."""
    return _decided_here(task_commands.release, task_id, house, actor)


@router.post("/tasks/{task_id}/complete", response_model=CommandView, responses=LATER)
async def complete(
    task_id: UUID,
    house: TheHouse,
    actor: Doer,
    body: Annotated[
        dict[str, Any],
        Body(description="one of the task's outcomes", examples=[{"outcome": "acknowledge", "dispatch": "email"}]),
    ],
    key: Key = None,
) -> Any:
    """Complete the task with one of its outcomes. The body's schema is served with the task."""
    row, case = await house.transact(lambda session: mine(session, task_id, actor)[:2])
    form = read_form(case.procedure, row.kind, body)
    ask = Ask(body["outcome"], form.model_dump(mode="json"), key_or_new(key), task_id)
    return await give(house, row.case_id, ask, actor)


def read_form(procedure: str, kind: str, body: dict[str, Any]) -> Form:
    """The body as the outcome that it names. Raises Invalid, or RequestValidationError naming each wrong value."""
    forms = PROCEDURES[procedure].forms_of(kind)
    form = forms.get(str(body.get("outcome", "")))
    if form is None:
        raise Invalid(
            f"A task to {kind} has no such outcome.", f"Give outcome as one of: {', '.join(forms)}.", field="outcome"
        )
    try:
        return form.model_validate_json(TypeAdapter(dict[str, Any]).dump_json(body))
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_context=False, include_url=False)) from error
    except ValueError as error:
        raise Invalid(
            "The body holds what no text can: half a character, or endless nesting.", "Leave it out."
        ) from error


def view(
    row: TaskRow, case: Case, subject: str | None, actor: Actor, now: datetime, lent_by: str | None = None
) -> TaskView:
    """A task as it is told to this person."""
    known = as_task(row)
    mine = may_do(known.offered_to, known.excluded, actor)
    return TaskView(
        id=row.id,
        kind=row.kind,
        what=PROCEDURES[case.procedure].what(row.kind),
        case=case.reference,
        subject=subject,
        lent_by=lent_by,
        pole=row.pole,
        due_at=row.due_at,
        overdue=row.due_at is not None and row.due_at < now,
        mine=mine,
        claimed_by=row.claimed_by,
        opened_at=row.opened_at,
        detail=row.detail,
        outcomes=schemas(case.procedure, row.kind) if mine else {},
    )


@cache
def schemas(procedure: str, kind: str) -> dict[str, dict[str, Any]]:
    """Outcome → JSON schema: they change with the program only."""
    return {outcome: form.model_json_schema() for outcome, form in PROCEDURES[procedure].forms_of(kind).items()}


def mine(session: Session, task_id: UUID, actor: Actor) -> tuple[TaskRow, Case, str | None]:
    """A task that is offered to the actor. Whether it is still open or taken, the handler decides and records."""
    row = task_queries.one(session, task_id)
    if row is None:
        raise HTTPException(404, "There is no such task.")
    known = as_task(row[0])
    if not may_do(known.offered_to, known.excluded, actor):
        check_may_do(_as_if_open(known), actor)
        raise NotYourTask(
            "This task is offered to somebody else.", "Look at GET /api/v1/tasks for those that are yours."
        )
    return row[0], row[1], row[2]


def _as_if_open(known: Task) -> Task:
    return Task(known.id, known.kind, known.offered_to, known.excluded)


def _my_pole(session: Session, actor: Actor) -> str:
    pole = session.get_one(StaffMember, actor.id).pole
    if pole is None:
        raise Invalid("You belong to no pole.", "Ask for whose=mine.", field="whose")
    return pole


def _decided_here(
    decide: Callable[[Session, UUID, Actor, datetime], TaskRow | None], task_id: UUID, house: TheHouse, actor: Actor
) -> TaskView:
    with house.sessions.begin() as session:
        if decide(session, task_id, actor, house.now()) is None:
            raise HTTPException(404, "There is no such task.")
        session.flush()
        row, case, subject = mine(session, task_id, actor)
        lent = lent_to(session, actor, [case.id], house.today())
        return view(row, case, subject, actor, house.now(), lent.get(case.id))
