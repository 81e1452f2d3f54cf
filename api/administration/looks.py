"""Policy, calendar, what leaves the house, and its pulse: read only, and without anybody's name or address."""

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from api.auth import Allowed
from api.house import TheHouse
from db.queries import administration as queries
from db.queries.metrics import Waiting, pulse
from domain.doctor import ends_soon
from domain.people import Actor
from domain.permissions import Action
from domain.policy import PolicyVersion
from domain.policy.told import told

router = APIRouter(tags=["administration"])
Reader = Annotated[Actor, Depends(Allowed(Action.READ_ADMINISTRATION))]


class PolicyLine(BaseModel):
    """One number, name or time of the policy, and the document that says so."""

    path: str = Field(examples=["complaint.deadlines.answer"])
    label: str = Field(examples=["échéances – réponse"])
    value: str = Field(examples=["10"])
    unit: str | None = Field(examples=["working_days"])
    source: str | None = Field(description="the source's citation, where the policy file names one")


class PolicyView(BaseModel):
    """One version of the policy. A case keeps for life the one of the day on which it was received."""

    name: str
    label: str
    in_force_from: date
    in_force_until: date | None = Field(description="the first day of the next version")
    in_force_today: bool
    reason: str = Field(description="why this version was made")
    lines: list[PolicyLine]


class Policy(BaseModel):
    """All versions of the policy, the oldest first."""

    versions: list[PolicyView]


@router.get("/policy")
def policy(house: TheHouse, _actor: Reader) -> Policy:
    """Every version of the policy, with every number and its source."""
    book = house.book
    today = book.in_force_on(house.today()).name
    following = [*(version.in_force_from for version in book.versions[1:]), None]
    pairs = zip(book.versions, following, strict=True)
    return Policy(versions=[_version(version, until, version.name == today) for version, until in pairs])


def _version(version: PolicyVersion, until: date | None, in_force: bool) -> PolicyView:
    lines = [
        PolicyLine(
            path=one.path,
            label=one.label,
            value=one.value,
            unit=one.unit,
            source=one.source.citation if one.source else None,
        )
        for one in told(version)
    ]
    return PolicyView(
        name=version.name,
        label=version.label,
        in_force_from=version.in_force_from,
        in_force_until=until,
        in_force_today=in_force,
        reason=version.note,
        lines=lines,
    )


class DayView(BaseModel):
    """A day on which nobody works."""

    day: date
    kind: Literal["public_holiday", "closing_day"]
    name: str


class YearView(BaseModel):
    """The days of one year."""

    year: int
    days: list[DayView]


class CalendarView(BaseModel):
    """Public holidays and closing days. Deadlines are counted up to the day that the calendar ends."""

    ends_on: date | None = Field(description="null: the calendar is empty, and no deadline can be counted")
    ends_soon: bool = Field(description="`echeance calendar fill` is due")
    years: list[YearView]


@router.get("/calendar")
def calendar(house: TheHouse, _actor: Reader) -> CalendarView:
    """Public holidays and closing days year by year, and until when deadlines can be counted."""
    with house.sessions() as session:
        rows = queries.calendar_days(session)
    days = [DayView.model_validate(row, from_attributes=True) for row in rows]
    holidays = [one.day for one in days if one.kind == "public_holiday"]
    ends_on = date(max(holidays).year, 12, 31) if holidays else None
    return CalendarView(
        ends_on=ends_on,
        ends_soon=ends_on is None or ends_soon(ends_on, house.today()),
        years=[YearView(year=year, days=list(of_year)) for year, of_year in groupby(days, lambda one: one.day.year)],
    )


class LeavingView(BaseModel):
    """A letter, or a message to staff. To whom it goes stands on the case."""

    id: UUID
    what: Literal["letter", "message"]
    kind: str = Field(examples=["acknowledgement", "digest"])
    case: str | None = Field(examples=["REC-2026-000001"])
    standing: Literal["waiting", "failing", "possible_double"]
    since: datetime
    attempts: int
    possible_doubles: int
    error: str | None = Field(description="the last error as a code", examples=["smtp_451"])


class Outgoing(BaseModel):
    """Some of what waits, fails or may be double, the oldest first; `next` is the cursor of the following ones."""

    outgoing: list[LeavingView]
    next: str | None


@router.get("/outgoing")
def outgoing(
    house: TheHouse, actor: Reader, cursor: str | None = None, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> Outgoing:
    """Letters and messages to staff that wait, fail, or may have left twice."""
    with house.sessions() as session:
        rows = queries.outgoing(session, actor.id, house.now(), cursor, limit)
    more = queries.outgoing_cursor(rows[limit - 1]) if len(rows) > limit else None
    return Outgoing(outgoing=[LeavingView.model_validate(row, from_attributes=True) for row in rows[:limit]], next=more)


class OpenCases(BaseModel):
    """How many cases stand there."""

    procedure: str
    state: str
    count: int


class WaitingView(BaseModel):
    """How many wait, and for how many seconds the oldest has."""

    count: int
    oldest_seconds: float


class PulseView(BaseModel):
    """The register at this instant: what `/metrics` tells an alarm."""

    at: datetime
    open_cases: list[OpenCases]
    overdue: dict[str, int] = Field(description="open deadlines that are past, by name")
    due_within_a_day: dict[str, int]
    commands: WaitingView = Field(description="not decided yet; the age of the oldest is the relay's lag")
    letters: WaitingView
    messages: WaitingView
    possible_doubles: int
    canary_seconds: float | None = Field(description="since a timer last fired; null before the first time")


@router.get("/pulse")
def pulse_now(house: TheHouse, _actor: Reader) -> PulseView:
    """Is the house well: what waits and since when, what is overdue, whether timers fire."""
    now = house.now()
    with house.sessions() as session:
        seen = pulse(session, now)
    return PulseView(
        at=now,
        open_cases=[
            OpenCases(procedure=procedure, state=state, count=count)
            for (procedure, state), count in sorted(seen.open_cases.items())
        ],
        overdue=dict(seen.overdue),
        due_within_a_day=dict(seen.due_within_a_day),
        commands=_waiting(seen.commands),
        letters=_waiting(seen.letters),
        messages=_waiting(seen.messages),
        possible_doubles=seen.possible_doubles,
        canary_seconds=_seconds(seen.canary),
    )


def _waiting(waiting: Waiting) -> WaitingView:
    return WaitingView(count=waiting.count, oldest_seconds=waiting.oldest.total_seconds())


def _seconds(age: timedelta | None) -> float | None:
    return age.total_seconds() if age is not None else None
