"""The closing report of an operation, as JSON and as PDF: provisional while it goes on, as it was kept once closed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.attachments import BINARY, as_attachment
from api.auth import Allowed
from api.backlog import seen_operation
from api.errors import Problem
from api.house import House, TheHouse
from db.queries.backlog_report import kept_report, operation_report
from domain.backlog.report import DeadlinesOf, Decision, OperationReport, ReportedEvening, ReportedSession
from domain.people import Actor
from domain.permissions import Action, is_allowed
from domain.uploads import PDF
from reports.operation import operation_document

router = APIRouter(tags=["backlog operations"])
Reader = Annotated[Actor, Depends(Allowed(Action.READ_OPERATIONS))]
_GONE = {"model": Problem, "description": "The key of the operation has been erased, and with it the report."}
_KEPT: dict[int | str, dict[str, Any]] = {410: _GONE}
_REPORT: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: BINARY}}, 410: _GONE}


class MeasuredView(BaseModel):
    """The activity on the evening of a day."""

    on: date
    stock: int
    backlog_days: float | None = Field(description="null where nobody is there to handle anything")
    is_over: bool = Field(description="over its standard")


class ReportedDayView(BaseModel):
    """A day against its plan; null where the plan, or the figures, say nothing of it."""

    on: date
    planned: int | None
    stock: int | None
    inflow: int | None
    handled: int | None
    allowed: int | None = Field(description="the stock that the standard allows with whoever was there")
    off_track: bool


class ReportedSessionView(BaseModel):
    """A session that was held."""

    number: int
    day: date
    places: int
    signed_up: int
    came: int
    minutes: int
    cases: int = Field(description="how many usual cases these minutes are")


class PeopleView(BaseModel):
    """People, each counted once; places that were given back, or whose owner stayed away."""

    seated: int
    came: int
    in_vain: int = Field(description="who waited for a place and had none")
    given_back: int
    stayed_away: int


class DeadlinesView(BaseModel):
    """The deadlines of the activity's cases that were due on these days; the overdue ones as the last of them ended."""

    first: date
    last: date
    met: int
    missed: int
    overdue: int = Field(description="past due and still open")


class EffectView(BaseModel):
    """As many days before the operation as it has lasted, the operation itself, its last day."""

    before: DeadlinesView
    during: DeadlinesView
    last_day: DeadlinesView


class DecisionView(BaseModel):
    """What was decided, by which roles, instead of whom where they stood in."""

    on: date
    kind: str = Field(examples=["plan_approved"])
    label: str
    by: list[str] = Field(examples=[["general_director"]])
    instead_of: str | None
    until: date | None = Field(description="of an extension")


class CostView(BaseModel):
    """What it cost, by the newest pay file that is not void, against what it was to cost."""

    pay_cents: int
    validated: bool = Field(description="by both validators")
    people_paid: int
    recovery_days: int
    by_payroll_minutes: int = Field(description="hours beyond part-time contracts: payroll adds what they cost")
    budget_cents: int
    within_budget: bool


class ReportView(BaseModel):
    """What an operation found, what it left, what it cost; up to today, and provisional, until it is closed."""

    reference: str = Field(examples=["OPE-2026-000001"])
    final: bool = Field(description="false: provisional, made of the register as it stands")
    content_hash: str = Field(
        description="SHA-256 of all that is told here; the journal has that of a final one without its cost"
    )
    until: date
    end_reason: str | None
    standard: float
    before: MeasuredView | None
    after: MeasuredView | None
    handled: int = Field(description="from its first day on")
    days_over: int
    days_within: int
    days_without_figures: int
    days_off_track: int
    days: list[ReportedDayView]
    sessions: int = Field(description="those that were held")
    places: int
    came: int
    minutes: int
    sessions_held: list[ReportedSessionView]
    people: PeopleView
    cost: CostView | None = Field(description="null for who reads no pay: the sum of a few people tells what one earns")
    deadlines: EffectView | None = Field(description="null: cases of this activity are not in our register")
    decisions: list[DecisionView]
    cases_lent: int | None = Field(description="cases of the register that were lent to volunteers")
    cases_handled: int | None = Field(description="those on which a volunteer has done something")
    members_told: int | None


@router.get("/backlog/{reference}/report", responses=_KEPT)
def report(reference: str, house: TheHouse, actor: Reader) -> ReportView:
    """The closing report: before and after, every day against its plan, sessions, cost, deadlines, decisions."""
    with house.reading() as session:
        return _view(the_report(session, house, reference, actor))


@router.get("/backlog/{reference}/report.pdf", response_class=Response, responses=_REPORT)
async def report_pdf(
    reference: str,
    house: TheHouse,
    actor: Reader,
    language: Annotated[Literal["fr", "en"], Query()] = "fr",
) -> Response:
    """The same as a document, archivable and accessible. The same report and language are the same bytes."""
    said = await house.transact(lambda session: the_report(session, house, reference, actor))
    content = await house.press.make(lambda: operation_document(said, language))
    return Response(content, media_type=PDF, headers=as_attachment(f"{reference}-{language}.pdf"))


def the_report(session: Session, house: House, reference: str, actor: Actor) -> OperationReport:
    """The report that was kept when the operation was closed; before, as the register stands. What it costs is told to
    those only who read pay, kept or not: of a few people, the sum is what one of them earns. Raises HTTPException 404,
    Erased."""
    case = seen_operation(session, reference).Case
    told = kept_report(session, case.id) or operation_report(session, case, house.book, house.now())
    return told if is_allowed(actor, Action.READ_PAY) else replace(told, cost=None)


def _view(told: OperationReport) -> ReportView:
    return ReportView(
        reference=told.reference,
        final=told.final,
        content_hash=told.content_hash,
        until=told.until,
        end_reason=told.end_reason,
        standard=float(told.standard),
        before=_measured(told.before),
        after=_measured(told.after),
        handled=told.handled,
        days_over=told.days_over,
        days_within=told.days_within,
        days_without_figures=told.days_without_figures,
        days_off_track=told.days_off_track,
        days=[ReportedDayView(**vars(one)) for one in told.days],
        sessions=len(told.sessions),
        places=sum(one.places for one in told.sessions),
        came=sum(one.came for one in told.sessions),
        minutes=sum(one.minutes for one in told.sessions),
        sessions_held=[_session(one) for one in told.sessions],
        people=PeopleView(**vars(told.people)),
        cost=CostView(within_budget=told.cost.within_budget, **vars(told.cost)) if told.cost else None,
        deadlines=_effect(told),
        decisions=[_decision(one) for one in told.decisions],
        cases_lent=told.cases_lent,
        cases_handled=told.cases_handled,
        members_told=told.members_told,
    )


def _measured(told: ReportedEvening | None) -> MeasuredView | None:
    if told is None:
        return None
    return MeasuredView(on=told.on, stock=told.stock, backlog_days=_number(told.backlog_days), is_over=told.is_over)


def _number(told: Decimal | None) -> float | None:
    return None if told is None else float(told)


def _session(one: ReportedSession) -> ReportedSessionView:
    return ReportedSessionView(**{name: value for name, value in vars(one).items() if name != "hours"})


def _effect(told: OperationReport) -> EffectView | None:
    if told.effect is None:
        return None
    return EffectView(**{name: _deadlines(of_days) for name, of_days in vars(told.effect).items()})


def _deadlines(of_days: DeadlinesOf) -> DeadlinesView:
    return DeadlinesView(**vars(of_days))


def _decision(one: Decision) -> DecisionView:
    return DecisionView(
        on=one.on,
        kind=one.kind,
        label=one.kind.label,
        by=[role.value for role in one.by],
        instead_of=one.instead_of,
        until=one.until,
    )
