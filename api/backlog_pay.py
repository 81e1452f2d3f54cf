"""The pay of an operation: what each version pays to whom, how it differs from the last, and the file for payroll."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.auth import Allowed
from api.backlog import seen_operation
from api.errors import Problem
from api.house import House, TheHouse
from db.models import PayFileRow
from db.queries import backlog_lists
from domain.backlog.pay import PayLine
from domain.backlog.payroll import Owed, Payroll
from domain.backlog.slips import Changed, changed
from domain.people import Actor
from domain.permissions import Action

router = APIRouter(tags=["backlog operations"])
Reader = Annotated[Actor, Depends(Allowed(Action.READ_PAY))]
_CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "The file for payroll"},
    410: {"model": Problem, "description": "The key of the operation has been erased, and with it the file."},
}


class PayLineView(BaseModel):
    """One line of somebody's pay."""

    kind: str = Field(examples=["overtime"])
    label: str
    on: date
    minutes: int
    percent: int
    cents: int
    days_off: int
    first: date | None
    last: date | None


class SlipView(BaseModel):
    """What one person is owed."""

    login: str
    name: str
    cents: int
    days_off: int
    lines: list[PayLineView]


class ChangeView(BaseModel):
    """A line that is another than it was: null where there was none, or is none any more."""

    before: PayLineView | None
    after: PayLineView | None
    cents: int = Field(description="owed more; below zero, owed too much before")


class ChangedView(BaseModel):
    """What one person is owed more or less than in the last validated version."""

    login: str
    name: str
    cents: int
    days_off: int
    changes: list[ChangeView]


class PayView(BaseModel):
    """A version of the pay file: everybody's lines, and what differs from the last one that was validated."""

    version: int
    sha256: str = Field(description="what the validators name")
    cents: int
    days_off: int
    slips: list[SlipView]
    compared_with: int | None = Field(description="the last validated version before this one, else the one before it")
    differences: list[ChangedView]


@router.get("/backlog/{reference}/pay/{version}")
def pay(reference: str, version: int, house: TheHouse, _actor: Reader) -> PayView:
    """What a version of the pay file pays to whom, and how it differs from the last validated, or the one before."""
    with house.reading() as session:
        row = _pay_file(session, reference, version)
        links = len(house.book.version(_policy(session, reference)).backlog.pay.validated_by)
        before = backlog_lists.compared_with(session, row.operation_id, version, links)
        now = backlog_lists.slips_of(session, row)
        earlier = backlog_lists.slips_of(session, before) if before else Payroll()
    return PayView(
        version=row.version,
        sha256=row.sha256,
        cents=row.cents,
        days_off=row.days,
        slips=[_slip(one) for one in now.owed],
        compared_with=before.version if before else None,
        differences=[_changed(one) for one in changed(earlier, now)] if before else [],
    )


def _policy(session: Session, reference: str) -> str:
    policy: str = seen_operation(session, reference).Case.policy
    return policy


@router.get("/backlog/{reference}/pay/{version}/file", response_class=Response, responses=_CSV)
def pay_file(reference: str, version: int, house: TheHouse, _actor: Reader) -> Response:
    """The file as payroll gets it: CSV parted by semicolons, no cell of which is a formula."""
    content, name = _content(house, reference, version)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="text/csv", headers=headers)


def _content(house: House, reference: str, version: int) -> tuple[bytes, str]:
    with house.sessions() as session:
        row = _pay_file(session, reference, version)
        return backlog_lists.file_content(session, row), f"{reference}-paie-{version}.csv"


def _pay_file(session: Session, reference: str, version: int) -> PayFileRow:
    case_id = seen_operation(session, reference).OperationRow.case_id
    row = backlog_lists.pay_file(session, case_id, version) if 0 < version < 10**9 else None
    if row is None:
        raise HTTPException(404, "The operation has no such pay file.")
    return row


def _slip(one: Owed) -> SlipView:
    lines = [_line(line) for line in one.slip.lines]
    return SlipView(login=one.login, name=one.name, cents=one.slip.cents, days_off=one.slip.days, lines=lines)


def _line(line: PayLine) -> PayLineView:
    return PayLineView(
        kind=line.kind,
        label=line.kind.label,
        on=line.on,
        minutes=line.minutes,
        percent=line.percent,
        cents=line.cents,
        days_off=line.days,
        first=line.first,
        last=line.last,
    )


def _changed(one: Changed) -> ChangedView:
    changes = [
        ChangeView(
            before=_line(change.before) if change.before else None,
            after=_line(change.after) if change.after else None,
            cents=change.cents,
        )
        for change in one.difference.changes
    ]
    told = one.difference
    return ChangedView(login=one.login, name=one.name, cents=told.cents, days_off=told.days, changes=changes)
