"""The pay of an operation: what each version pays to whom, how it differs from the last, and the file for payroll."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.auth import Allowed
from api.backlog import case_of, seen_operation
from api.errors import Problem
from api.house import House, TheHouse
from db.models import PayFileRow
from db.queries import backlog_lists
from db.queries.people import names_of
from db.queries.volunteers import leave_to_name
from domain.backlog.pay import PayLine, unrounded_cents
from domain.backlog.payfile import check_may_be_paid
from domain.backlog.payroll import Owed, Payroll
from domain.backlog.slips import Changed, changed
from domain.people import Actor
from domain.permissions import Action

router = APIRouter(tags=["backlog operations"])
Reader = Annotated[Actor, Depends(Allowed(Action.READ_PAY))]
Preparer = Annotated[Actor, Depends(Allowed(Action.PREPARE_PAY))]
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
    unrounded_cents: float | None = Field(
        description="before it was rounded, cut behind its second decimal; null for what is no pay of hours",
        examples=[14437.5],
    )
    days_off: int
    first: date | None
    last: date | None


class SlipView(BaseModel):
    """What one person is owed."""

    login: str
    name: str
    hourly_cents: int | None = Field(description="gross pay of an hour; null in a file of before it was kept")
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


class SumView(BaseModel):
    """Money, gross, and days off."""

    cents: int
    days_off: int


class PayView(BaseModel):
    """A version of the pay file: everybody's lines, and what differs from the last one that was validated."""

    version: int
    made_by: str
    made_at: datetime
    validated_by: list[str]
    void_because: str | None
    may_be_paid: bool = Field(description="both have validated it: the file may be fetched")
    sha256: str = Field(description="what the validators name")
    cents: int = Field(description="all that is owed since the operation's first day")
    days_off: int
    since_version: int | None = Field(description="the last version that both had validated; null where none had been")
    validated: SumView = Field(description="what payroll was told by that version, in all")
    to_pay: SumView = Field(description="what the file tells payroll to pay now; below zero, what it was told too much")
    slips: list[SlipView]
    compared_with: int | None = Field(description="the last validated version before this one, else the one before it")
    differences: list[ChangedView]


@router.get("/backlog/{reference}/pay/{version}")
def pay(reference: str, version: int, house: TheHouse, _actor: Reader) -> PayView:
    """What a version of the pay file pays to whom, and how it differs from the last validated, or the one before."""
    with house.reading() as session:
        return pay_view(session, house, reference, version)


def pay_view(session: Session, house: House, reference: str, version: int) -> PayView:
    """A version of the pay file. Raises HTTPException 404."""
    row = _pay_file(session, reference, version)
    links = _links(session, house, reference)
    before = backlog_lists.compared_with(session, row.operation_id, version, links)
    now, told = backlog_lists.slips_of(session, row), _validated(session, row)
    earlier = backlog_lists.slips_of(session, before) if before else Payroll()
    validators = backlog_lists.validators_of(session, row)
    names = names_of(session, {row.made_by, *validators})
    return PayView(
        version=row.version,
        made_by=names[row.made_by],
        made_at=row.made_at,
        validated_by=[names[one] for one in validators],
        void_because=row.void_because,
        may_be_paid=row.void_at is None and len(validators) >= links,
        sha256=row.sha256,
        cents=row.cents,
        days_off=row.days,
        since_version=row.since_version,
        validated=SumView(cents=told.cents, days_off=told.days),
        to_pay=SumView(cents=row.cents - told.cents, days_off=row.days - told.days),
        slips=[_slip(one) for one in now.owed],
        compared_with=before.version if before else None,
        differences=[changed_view(one) for one in changed(earlier, now)] if before else [],
    )


def _validated(session: Session, row: PayFileRow) -> Payroll:
    """What payroll had been told before this file."""
    since = row.since_version and backlog_lists.pay_file(session, row.operation_id, row.since_version)
    return backlog_lists.slips_of(session, since) if since else Payroll()


def _links(session: Session, house: House, reference: str) -> int:
    """How many people validate pay."""
    return len(house.book.version(seen_operation(session, reference).Case.policy).backlog.pay.validated_by)


class LeaveView(BaseModel):
    """Days on which somebody who worked in the operation was away, and would have worked as a rule."""

    login: str
    name: str
    days: list[date]


class Leaves(BaseModel):
    """The absences of which accounting may say that they were paid leave."""

    leaves: list[LeaveView]


@router.get("/backlog/{reference}/absences")
def absences_to_name(reference: str, house: TheHouse, _actor: Preparer) -> Leaves:
    """The days of absence that may be named as paid leave when pay is prepared."""
    with house.reading() as session:
        return leaves_of(session, reference)


def leaves_of(session: Session, reference: str) -> Leaves:
    """The days that may be named. Raises HTTPException 404."""
    case_id = case_of(session, reference)
    found = leave_to_name(session, case_id)
    return Leaves(leaves=[LeaveView(login=login, name=name, days=days) for login, name, days in found])


@router.get("/backlog/{reference}/pay/{version}/file", response_class=Response, responses=_CSV)
def pay_file(reference: str, version: int, house: TheHouse, _actor: Reader) -> Response:
    """What is to be paid beyond the last validated version: CSV parted by semicolons, no cell of which is a formula.

    Refused until both have validated it, and when it is void.
    """
    content, name = _content(house, reference, version)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="text/csv", headers=headers)


def _content(house: House, reference: str, version: int) -> tuple[bytes, str]:
    with house.sessions() as session:
        row = _pay_file(session, reference, version)
        validators = len(backlog_lists.validators_of(session, row))
        check_may_be_paid(validators, _links(session, house, reference), void=row.void_at is not None)
        return backlog_lists.file_content(session, row), f"{reference}-paie-{version}.csv"


def _pay_file(session: Session, reference: str, version: int) -> PayFileRow:
    case_id = case_of(session, reference)
    row = backlog_lists.pay_file(session, case_id, version) if 0 < version < 10**9 else None
    if row is None:
        raise HTTPException(404, "The operation has no such pay file.")
    return row


def _slip(one: Owed) -> SlipView:
    return SlipView(
        login=one.login,
        name=one.name,
        hourly_cents=one.hourly_cents,
        cents=one.slip.cents,
        days_off=one.slip.days,
        lines=[line_view(line, one.hourly_cents) for line in one.slip.lines],
    )


def line_view(line: PayLine, hourly_cents: int | None = None) -> PayLineView:
    """One line, and how its amount came to be where the pay of an hour is known."""
    exact = unrounded_cents(line.minutes, hourly_cents, line.percent) if hourly_cents and line.percent else None
    return PayLineView(
        kind=line.kind,
        label=line.kind.label,
        on=line.on,
        minutes=line.minutes,
        percent=line.percent,
        cents=line.cents,
        unrounded_cents=None if exact is None else float(exact),
        days_off=line.days,
        first=line.first,
        last=line.last,
    )


def changed_view(one: Changed) -> ChangedView:
    """What one person is owed more or less."""
    changes = [
        ChangeView(
            before=line_view(change.before) if change.before else None,
            after=line_view(change.after) if change.after else None,
            cents=change.cents,
        )
        for change in one.difference.changes
    ]
    told = one.difference
    return ChangedView(login=one.login, name=one.name, cents=told.cents, days_off=told.days, changes=changes)
