"""An operation as it is told: the plan, who approved it, its sessions, what each day showed, what is paid."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Row
from sqlalchemy.orm import Session

from api.cases import DeadlineView, deadline_views
from db.models import AttendanceRow, OperationRow, PayFileRow, SessionRow, SignUpRow
from db.queries import backlog_lists
from db.queries.backlog_beside import operations_beside
from db.queries.backlog_terms import prices
from db.queries.people import names_of
from domain.backlog.cost import estimate
from domain.backlog.plan import sessions_in
from domain.backlog.states import BacklogState
from domain.backlog.words import EndReason, SignUpStatus
from domain.people import Actor
from domain.permissions import Action, is_allowed
from domain.policy import PolicyVersion

Names = Mapping[UUID, str]


class OperationLine(BaseModel):
    """An operation in a list."""

    reference: str = Field(examples=["OPE-2026-000001"])
    state: str = Field(examples=["running"])
    label: str
    activity: str
    pole: str
    objective: str
    starts_on: date
    ends_on: date
    budget_cents: int


class OperationPage(BaseModel):
    """Some operations, the newest first; `next` is the cursor of the following ones."""

    operations: list[OperationLine]
    next: str | None


class ApprovalView(BaseModel):
    """One of the two directors has approved a plan."""

    plan_version: int
    link: int
    by: str
    at: datetime


class SpanView(BaseModel):
    """Work without a break."""

    starts_at: str = Field(examples=["08:30"])
    ends_at: str = Field(examples=["12:30"])


class SignUpView(BaseModel):
    """Somebody who has a place, or waits for one, and how long they worked."""

    login: str
    name: str
    status: str = Field(examples=["seated"])
    status_label: str
    seat: int | None
    asked_at: datetime
    minutes: int | None = Field(description="that were worked; null while nobody has said")
    corrected: bool


class SessionView(BaseModel):
    """A session, with who has a place in it."""

    id: UUID
    number: int
    day: date
    hours: list[SpanView]
    minutes: int
    places: int
    free: int
    waiting: int
    skill: str | None
    entered_at: datetime | None
    people: list[SignUpView]


class DayView(BaseModel):
    """What the point of a day showed."""

    day: date
    judged_on: date = Field(description="the evening whose stock it is: of what our register counts, the one before")
    stock: int | None = Field(description="null where that evening has no figures")
    planned: float
    back_under_on: date | None
    off_track: bool
    under_standard: bool


class ExtensionView(BaseModel):
    """A later end that was asked for."""

    id: UUID
    from_on: date
    until: date
    reason: str
    asked_by: str
    asked_at: datetime
    status: str = Field(examples=["granted"])
    decided_by: str | None
    refusal: str | None


class PayVersionView(BaseModel):
    """A version of the pay file, without what anybody earns."""

    version: int
    sha256: str
    people: int
    cents: int | None = Field(description="of all; null for who may not read pay: two sums tell one person's")
    days_off: int
    made_by: str
    made_at: datetime
    validated_by: list[str]
    void_because: str | None = Field(examples=["corrected"])


class EstimateView(BaseModel):
    """What the plan would cost, by the dearest and the usual hour of all volunteers, each up to a whole euro."""

    at_most_cents: int = Field(description="every place taken, as dear as can be")
    likely_cents: int = Field(description="as many places as the plan counts on, at the usual hour")


class BesideView(BaseModel):
    """Another operation on the same activity, some of whose days are this one's too."""

    reference: str = Field(examples=["OPE-2026-000002"])
    state: str
    starts_on: date
    ends_on: date


class OperationView(OperationLine):
    """Everything on the file of one operation."""

    put_aside: list[str]
    standard: float = Field(description="days of work that may wait")
    plan: dict[str, Any] = Field(description="as it was asked for")
    plan_version: int
    plan_hash: str
    planned_back_under_on: date | None
    proposed_by: str
    proposed_at: datetime
    ended_on: date | None
    end_reason: str | None
    end_label: str | None
    lessons: str | None
    approvals: list[ApprovalView]
    sessions: list[SessionView]
    days: list[DayView]
    extensions: list[ExtensionView]
    beside: list[BesideView] = Field(description="others on the same activity: their sessions take from one stock")
    estimate: EstimateView | None = Field(
        None, description="of the plan; null for who neither plans operations nor reads pay, or where too few are known"
    )
    pay: list[PayVersionView]
    deadlines: list[DeadlineView]


def operation_line(row: Row[*tuple[Any, ...]]) -> OperationLine:
    """An operation in a list."""
    return OperationLine(**_line(row))


def _line(row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    known: OperationRow = row.OperationRow
    return {
        "reference": row.Case.reference,
        "state": known.state,
        "label": BacklogState(known.state).label,
        "activity": known.activity,
        "pole": row.Case.pole,
        "objective": known.objective,
        "starts_on": known.starts_on,
        "ends_on": known.ends_on,
        "budget_cents": known.budget_cents,
    }


def operation_view(session: Session, row: Row[*tuple[Any, ...]], language: str = "fr") -> OperationView:
    """Everything on the file of one operation."""
    known: OperationRow = row.OperationRow
    told = backlog_lists.told(session, known.case_id)
    names, logins = names_of(session, _people(known, told)), backlog_lists.logins(session, _signed_up(told))
    return OperationView(
        **_line(row),
        put_aside=known.put_aside,
        standard=float(known.standard),
        plan=known.plan,
        plan_version=known.plan_version,
        plan_hash=known.plan_hash,
        planned_back_under_on=known.back_under_on,
        proposed_by=names[known.proposed_by],
        proposed_at=known.proposed_at,
        ended_on=known.ended_on,
        end_reason=known.end_reason,
        end_label=EndReason(known.end_reason).label if known.end_reason else None,
        lessons=known.lessons,
        approvals=[
            ApprovalView(plan_version=one.plan_version, link=one.link, by=names[one.person_id], at=one.at)
            for one in told.approvals
        ],
        sessions=[
            session_view(one, told.sign_ups.get(one.id, []), told.attended.get(one.id, {}), names, logins)
            for one in told.sessions
        ],
        days=[_day(one) for one in told.points],
        extensions=[_extension(one, names) for one in told.extensions],
        beside=[] if known.ended_on else _beside(session, known),
        pay=[_pay(one, told, names) for one in told.pay],
        deadlines=deadline_views(session, known.case_id, language),
    )


def _beside(session: Session, known: OperationRow) -> list[BesideView]:
    others = operations_beside(session, known.activity, known.starts_on, known.ends_on, known.case_id)
    return [
        BesideView(reference=one.reference, state=one.state, starts_on=one.starts_on, ends_on=one.ends_on)
        for one in others
    ]


def with_estimate(session: Session, view: OperationView, version: PolicyVersion, actor: Actor) -> OperationView:
    """The same with what its plan would cost, for who plans operations or reads pay."""
    hour = prices(session, view.starts_on, version.backlog.pay)
    if hour is None or not any(is_allowed(actor, one) for one in (Action.PROPOSE_OPERATION, Action.READ_PAY)):
        return view
    told = estimate(sessions_in(view.plan, version.office.zone), hour)
    known = EstimateView(at_most_cents=told.at_most_cents, likely_cents=told.likely_cents)
    return view.model_copy(update={"estimate": known})


def as_read_by(view: OperationView, actor: Actor) -> OperationView:
    """The same without what is paid, for who may not read pay."""
    if is_allowed(actor, Action.READ_PAY):
        return view
    return view.model_copy(update={"pay": [one.model_copy(update={"cents": None}) for one in view.pay]})


def _signed_up(told: backlog_lists.Told) -> set[UUID]:
    return {one.person_id for rows in told.sign_ups.values() for one in rows}


def _people(known: OperationRow, told: backlog_lists.Told) -> set[UUID]:
    people = {known.proposed_by, *_signed_up(told), *(one.person_id for one in told.approvals)}
    people |= {one.made_by for one in told.pay} | {one.person_id for one in told.validations}
    people |= {person for one in told.extensions for person in (one.asked_by, one.decided_by) if person}
    return people


def session_view(
    row: SessionRow,
    sign_ups: list[SignUpRow],
    attended: Mapping[UUID, AttendanceRow],
    names: Names,
    logins: Mapping[UUID, str],
) -> SessionView:
    """A session, with who has a place in it, or waits for one."""
    seated = sum(one.status == SignUpStatus.SEATED for one in sign_ups)
    return SessionView(
        id=row.id,
        number=row.number,
        day=row.day,
        hours=[SpanView(**one) for one in row.spans],
        minutes=row.minutes,
        places=row.places,
        free=row.places - seated,
        waiting=len(sign_ups) - seated,
        skill=row.skill,
        entered_at=row.entered_at,
        people=[_person(one, attended.get(one.person_id), names, logins) for one in sign_ups],
    )


def _person(one: SignUpRow, attended: AttendanceRow | None, names: Names, logins: Mapping[UUID, str]) -> SignUpView:
    status = SignUpStatus(one.status)
    return SignUpView(
        login=logins[one.person_id],
        name=names[one.person_id],
        status=status,
        status_label=status.label,
        seat=one.seat,
        asked_at=one.asked_at,
        minutes=attended.minutes if attended else None,
        corrected=attended is not None and attended.version > 1,
    )


def _day(one: Any) -> DayView:
    return DayView(
        day=one.day,
        judged_on=one.judged_on,
        stock=one.stock,
        planned=float(one.planned),
        back_under_on=one.back_under_on,
        off_track=one.off_track,
        under_standard=one.under_standard,
    )


def _extension(one: Any, names: Names) -> ExtensionView:
    return ExtensionView(
        id=one.id,
        from_on=one.from_on,
        until=one.until,
        reason=one.reason,
        asked_by=names[one.asked_by],
        asked_at=one.asked_at,
        status=one.status,
        decided_by=names[one.decided_by] if one.decided_by else None,
        refusal=one.refusal,
    )


def _pay(one: PayFileRow, told: backlog_lists.Told, names: Names) -> PayVersionView:
    return PayVersionView(
        version=one.version,
        sha256=one.sha256,
        people=len(one.paid),
        cents=one.cents,
        days_off=one.days,
        made_by=names[one.made_by],
        made_at=one.made_at,
        validated_by=[names[by.person_id] for by in told.validations if by.version == one.version],
        void_because=one.void_because,
    )
