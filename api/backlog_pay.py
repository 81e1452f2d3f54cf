"""The pay of an operation: what each version pays to whom, how it differs from the last, and the file for payroll."""

from collections.abc import Iterable
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
from db.queries.backlog_leave import leave_of_file, leave_so_far
from db.queries.people import names_of
from db.queries.volunteers import Nameable, leave_to_name
from domain.backlog.leave import NamedLeave
from domain.backlog.pay import PayLine, unrounded_cents
from domain.backlog.payfile import check_may_be_paid
from domain.backlog.payroll import Owed, Payroll
from domain.backlog.slips import Changed, changed
from domain.backlog.terms import Terms
from domain.backlog.volunteer import ALWAYS, FirstDay
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
    """One line of somebody's pay. Where the pay of an hour changes within a week, there is a line of each."""

    kind: str = Field(examples=["overtime"])
    label: str
    on: date
    minutes: int
    percent: int
    hourly_cents: int | None = Field(
        description="gross pay of an hour, as it held on the days of the line; null for what is no pay of hours"
    )
    cents: int
    unrounded_cents: float | None = Field(
        description="before it was rounded, cut behind its second decimal; null for what is no pay of hours",
        examples=[14437.5],
    )
    days_off: int
    first: date | None
    last: date | None


class PaidTermsView(BaseModel):
    """The terms by which sessions are paid: those that held on their days."""

    from_on: FirstDay = Field(description="the first day on which they hold; `always`: they have always held")
    contract_minutes: int = Field(description="of a week")
    hourly_cents: int = Field(description="gross")


class SlipView(BaseModel):
    """What one person is owed."""

    login: str
    name: str
    terms: list[PaidTermsView] = Field(description="by which it is paid; none in a file of before that was kept")
    paid_leave: list[date] = Field(description="days of absence that count towards overtime as work does")
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


class TakenAwayView(BaseModel):
    """Days that an earlier file counted as paid leave, and this one does not."""

    login: str
    days: list[date]


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
    by_payroll_minutes: int = Field(description="hours that payroll computes: what they cost is in no sum of this file")
    since_version: int | None = Field(description="the last version that both had validated; null where none had been")
    validated: SumView = Field(description="what payroll was told by that version, in all")
    to_pay: SumView = Field(description="what the file tells payroll to pay now; below zero, what it was told too much")
    slips: list[SlipView]
    compared_with: int | None = Field(description="the last validated version before this one, else the one before it")
    differences: list[ChangedView]
    leave_taken_away: list[TakenAwayView]
    leave_reason: str | None = Field(description="why those days are no paid leave")


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
    leave = leave_of_file(session, row.operation_id, version) or NamedLeave()
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
        by_payroll_minutes=now.by_payroll_minutes,
        since_version=row.since_version,
        validated=SumView(cents=told.cents, days_off=told.days),
        to_pay=SumView(cents=row.cents - told.cents, days_off=row.days - told.days),
        slips=[_slip(one, leave) for one in now.owed],
        compared_with=before.version if before else None,
        differences=[changed_view(one) for one in changed(earlier, now)] if before else [],
        leave_taken_away=[TakenAwayView(login=who, days=sorted(days)) for who, days in leave.taken_away.items()],
        leave_reason=leave.reason,
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
    named: list[date] = Field(description="those that an earlier pay file counts as paid leave: they stay named")


class Leaves(BaseModel):
    """The absences of which accounting may say that they were paid leave."""

    leaves: list[LeaveView]


@router.get("/backlog/{reference}/absences")
def absences_to_name(reference: str, house: TheHouse, _actor: Preparer) -> Leaves:
    """The days of absence that may be named as paid leave when pay is prepared, and those that are named already."""
    with house.reading() as session:
        return leaves_of(session, house, reference)


def leaves_of(session: Session, house: House, reference: str) -> Leaves:
    """The days that may be named, and those that are. Raises HTTPException 404."""
    case_id = case_of(session, reference)
    named = leave_so_far(session, case_id, _links(session, house, reference))
    found = {one.login: one for one in leave_to_name(session, case_id, sorted(named))}
    return Leaves(leaves=[_leave(one, named.get(login, frozenset())) for login, one in found.items()])


def _leave(one: Nameable, named: frozenset[date]) -> LeaveView:
    return LeaveView(login=one.login, name=one.name, days=sorted({*one.days, *named}), named=sorted(named))


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


def _slip(one: Owed, leave: NamedLeave) -> SlipView:
    return SlipView(
        login=one.login,
        name=one.name,
        terms=terms_views(one.terms),
        paid_leave=sorted(leave.days.get(one.login, ())),
        cents=one.slip.cents,
        days_off=one.slip.days,
        lines=[line_view(line) for line in one.slip.lines],
    )


def terms_views(terms: Iterable[Terms]) -> list[PaidTermsView]:
    """Terms, and since when they hold."""
    return [
        PaidTermsView(
            from_on=one.from_on or ALWAYS, contract_minutes=one.contract_minutes, hourly_cents=one.hourly_cents
        )
        for one in terms
    ]


def line_view(line: PayLine) -> PayLineView:
    """One line, and how its amount came to be where the pay of an hour is known."""
    hourly_cents = line.hourly_cents or None
    exact = unrounded_cents(line.minutes, hourly_cents, line.percent) if hourly_cents and line.percent else None
    return PayLineView(
        kind=line.kind,
        label=line.kind.label,
        on=line.on,
        minutes=line.minutes,
        percent=line.percent,
        hourly_cents=hourly_cents,
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
