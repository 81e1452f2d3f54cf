"""The delegate's desk: my tasks, my dates, my account; how a task is completed, and what became of a command."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, HTTPException
from pydantic import BaseModel, Field
from sqlalchemy import Row
from sqlalchemy.orm import Session

from api.commands import LATER, CommandView, Key, give, key_or_new, told
from api.delegate.doors import DelegateTask, Giver, Reader, task_view, task_views
from api.house import House, TheHouse
from api.people.absences import AbsenceView, absences_of
from api.tasks import read_form
from db.commands.command import Ask
from db.queries.delegate import desk
from db.queries.people import names_of
from domain.people import Actor
from domain.refusals import NotYourTask
from domain.tasks import Task, check_may_do, may_do

router = APIRouter()


class DelegateAccount(BaseModel):
    """Who I am, for which delegate, and what I may do today."""

    login: str
    name: str
    title: str
    email: str
    phone: str
    roles: list[str]
    hats: list[str]
    deputy: str | None = Field(description="who stands in when I am away")
    absences: list[AbsenceView]
    delegate: str = Field(examples=["ARMOR"])
    delegate_name: str = Field(examples=["Armor Gestion"])
    contracts: list[str]


class DelegateTasks(BaseModel):
    """My open tasks, the earliest due first."""

    tasks: list[DelegateTask]


class ComingDate(BaseModel):
    """A date that is still to come, or is past and was not met."""

    name: str = Field(examples=["remediation"])
    procedure: str
    case: str
    due_on: date
    due_at: datetime
    overdue: bool


class ComingDates(BaseModel):
    """What is due on all our audits and findings, the earliest first."""

    dates: list[ComingDate]


@router.get("/me")
def me(house: TheHouse, actor: Reader) -> DelegateAccount:
    """My account. My password I change with PUT /api/v1/me/password."""
    with house.sessions() as session:
        return account_view(session, house, actor)


def account_view(session: Session, house: House, actor: Actor) -> DelegateAccount:
    """Somebody's own account, as it is told."""
    row = desk.account(session, actor.id)
    delegate = desk.delegate_s(session, actor.delegate or "")
    deputy = names_of(session, {row.deputy_id}) if row.deputy_id else {}
    return DelegateAccount(
        login=row.login,
        name=row.name,
        title=row.title,
        email=row.email,
        phone=row.phone,
        roles=sorted(actor.roles),
        hats=sorted(actor.hats),
        deputy=deputy.get(row.deputy_id),
        absences=absences_of(session, row.login, house.today()),
        delegate=delegate.code,
        delegate_name=delegate.name,
        contracts=delegate.contracts,
    )


@router.get("/tasks")
def tasks(house: TheHouse, actor: Reader) -> DelegateTasks:
    """What I am asked to do."""
    with house.sessions() as session:
        return DelegateTasks(tasks=task_views(desk.inbox(session, actor), actor, house.now()))


@router.get("/tasks/{task_id}")
def task(task_id: UUID, house: TheHouse, actor: Reader) -> DelegateTask:
    """One task of ours."""
    with house.sessions() as session:
        return task_view(own_task(session, task_id), actor, house.now())


@router.get("/dates")
def dates(house: TheHouse, _actor: Reader) -> ComingDates:
    """What is due on all our audits and findings."""
    with house.sessions() as session:
        return ComingDates(dates=date_lines(session, house.now()))


def date_lines(session: Session, now: datetime) -> list[ComingDate]:
    """The dates that are still to come, or are past and were not met."""
    return [
        ComingDate(
            name=row.name,
            procedure=row.procedure,
            case=row.reference,
            due_on=row.due_on,
            due_at=row.due_at,
            overdue=row.due_at < now,
        )
        for row in desk.next_dates(session)
    ]


@router.post("/tasks/{task_id}/complete", response_model=CommandView, responses=LATER)
async def complete(
    task_id: UUID,
    house: TheHouse,
    actor: Giver,
    body: Annotated[
        dict[str, Any],
        Body(
            description="one of the task's outcomes",
            examples=[{"outcome": "propose", "plan": "Un rapprochement mensuel dès janvier."}],
        ),
    ],
    key: Key = None,
) -> Any:
    """Complete a task with one of its outcomes: propose a plan, deliver the evidence, answer a report's findings, say
    that all pieces are there. The body's schema is served with the task.
    """
    row = await house.transact(lambda session: offered_task(session, task_id, actor))
    form = read_form(row.procedure, row.kind, body)
    ask = Ask(body["outcome"], form.model_dump(mode="json"), key_or_new(key), task_id)
    return await give(house, row.case_id, ask, actor)


@router.get("/commands/{command_id}")
def command(command_id: UUID, house: TheHouse, actor: Reader) -> CommandView:
    """What became of a command that I gave: applied, still waiting, or refused, and why."""
    with house.sessions() as session:
        return told(session, command_id, actor)


def own_task(session: Session, task_id: UUID) -> Row[*tuple[Any, ...]]:
    """A task of the delegate's. Raises HTTPException 404."""
    row = desk.task(session, task_id)
    if row is None:
        raise HTTPException(404, "You have no such task.")
    return row


def offered_task(session: Session, task_id: UUID, actor: Actor) -> Row[*tuple[Any, ...]]:
    """A task that is offered to this person; whether it is still open, the handler decides and records. Raises
    HTTPException 404, FourEyes, NotYourTask.
    """
    row = own_task(session, task_id)
    offered_to, excluded = frozenset(row.offered_to), frozenset(row.excluded)
    if not may_do(offered_to, excluded, actor):
        check_may_do(Task(row.id, row.kind, offered_to, excluded), actor)
        raise NotYourTask(
            "This task is offered to somebody else.", "Look at GET /api/v1/delegate/tasks for those that are yours."
        )
    return row
