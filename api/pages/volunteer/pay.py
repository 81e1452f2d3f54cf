"""What an operation pays: its pay files, one of them line by line, and how one is made while it is running."""

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from api import backlog_pay as api
from api.backlog import case_of, seen_operation
from api.backlog_views import operation_view
from api.house import House, TheHouse
from api.pages.backlog.known import not_now
from api.pages.fields import said_in
from api.pages.form import FormView, begun
from api.pages.giving import Sent, Shown, give
from api.pages.places import STATES
from api.pages.show import page
from api.pages.typed import SentForm
from api.pages.visit import Visit
from api.pages.volunteer.doors import PayPreparer, PayReader
from db.models import TaskRow
from db.queries.standing import as_task
from domain.backlog.commands import PreparePay
from domain.backlog.words import BacklogTask
from domain.people import Actor
from domain.permissions import Action
from domain.tasks import may_do

router = APIRouter()
Version = Annotated[int, Path(ge=1, le=10**9)]


@router.get("/operations/{reference}/pay")
def versions(request: Request, reference: str, visit: PayReader, house: TheHouse) -> Response:
    """Every version of the pay file, the newest first."""
    with house.reading() as session:
        row = seen_operation(session, reference)
        known = operation_view(session, row, visit.words.language)
        tasks = tasks_for(session, row.Case.id, visit.actor, (BacklogTask.PREPARE_PAY, BacklogTask.VALIDATE_PAY))
        refused = not_now(session, row.OperationRow, Action.PREPARE_PAY, visit, house)
    return page(request, visit, "volunteer/pay_versions.html", operation=known, mine=tasks, not_now=refused)


@router.get("/operations/{reference}/pay/{version}")
def pay(request: Request, reference: str, version: Version, visit: PayReader, house: TheHouse) -> Response:
    """A pay file: everybody's lines and how they came to be, the total, what differs, the hash."""
    with house.reading() as session:
        row = seen_operation(session, reference)
        known = operation_view(session, row, visit.words.language)
        told = api.pay_view(session, house, reference, version)
        tasks = tasks_for(session, row.Case.id, visit.actor, (BacklogTask.VALIDATE_PAY,))
    return page(request, visit, "volunteer/pay.html", operation=known, pay=told, mine=tasks)


@router.get("/operations/{reference}/pay/{version}/file.csv")
def pay_file(reference: str, version: Version, visit: PayReader, house: TheHouse) -> Response:
    """The file as payroll gets it."""
    return api.pay_file(reference, version, house, visit.actor)


@router.get("/operations/{reference}/prepare-pay")
def prepare_page(request: Request, reference: str, visit: PayPreparer, house: TheHouse) -> Response:
    """What was worked up to now, and the absences of which some may have been paid leave."""
    return _showing(request, reference, visit, house)(None, 200)


@router.post("/operations/{reference}/prepare-pay")
async def prepare(request: Request, reference: str, visit: PayPreparer, typed: SentForm, house: TheHouse) -> Response:
    """Make the pay file for the payroll of the month."""
    address, then = _address(reference), f"/operations/{reference}/pay"
    case_id = await house.transact(lambda session: case_of(session, reference))
    shown = _showing(request, reference, visit, house)
    sent = Sent(visit, house, case_id, address, typed, shown, then, STATES["backlog"])
    return await give(sent, "prepare_pay", PreparePay, said_in(PreparePay, typed), "pay_prepared")


def _address(reference: str) -> str:
    return f"/operations/{reference}/prepare-pay"


def _showing(request: Request, reference: str, visit: Visit, house: House) -> Shown:
    def shown(sent: FormView | None, status: int) -> Response:
        with house.reading() as session:
            leaves = api.leaves_of(session, house, reference).leaves
            known = operation_view(session, seen_operation(session, reference), visit.words.language)
            form = sent or begun(session, visit.actor.id, _address(reference), leave_named(leaves))
            row = seen_operation(session, reference).OperationRow
            refused = None if sent else not_now(session, row, Action.PREPARE_PAY, visit, house)
        template = "volunteer/prepare_pay.html"
        return page(request, visit, template, status, operation=known, leaves=leaves, form=form, not_now=refused)

    return shown


def leave_named(leaves: Iterable[api.LeaveView]) -> dict[str, list[str]]:
    """The days that are ticked already, as the form's fields."""
    return {f"paid_leave.{one.login}": [day.isoformat() for day in one.named] for one in leaves if one.named}


def tasks_for(session: Session, case_id: UUID, actor: Actor, kinds: Iterable[str]) -> list[TaskRow]:
    """The open tasks of these kinds that this person may do."""
    wanted = select(TaskRow).where(
        TaskRow.case_id == case_id, TaskRow.kind.in_(list(kinds)), TaskRow.closed_at.is_(None)
    )
    return [row for row in session.scalars(wanted) if _may_do(row, actor)]


def _may_do(row: TaskRow, actor: Actor) -> Any:
    known = as_task(row)
    return may_do(known.offered_to, known.excluded, actor)
