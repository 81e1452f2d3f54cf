"""An activity as it is told: what it is, its last figures against its standard, what the watch says."""

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from db.models import ActivityAlert, ActivityRow
from db.queries.figures import measured
from db.queries.watch import RaisedAlert, Watched, raised, watched
from domain.backlog.numbers import rounded
from domain.backlog.watch import Activity, DailyFigures, situation_of
from domain.backlog.words import ActivityKind, AlertKind
from domain.policy import PolicyBook


class FiguresView(BaseModel):
    """One day: what waited in the evening, what came in, what was handled, by whom; and the standard beside it."""

    day: date
    stock: int = Field(examples=[1180])
    inflow: int = Field(examples=[290])
    handled: int = Field(examples=[240])
    minutes: float
    present: float = Field(description="full-time people who were there")
    absence: float = Field(examples=[0.4], description="the share of those planned who were not")
    backlog_days: float | None = Field(description="stock ÷ what those present handle in a day; null: nobody was there")
    is_over: bool = Field(description="more than the standard allows")


class RaisedView(BaseModel):
    """An alert that the watch has raised: told once, until it is over."""

    id: UUID
    activity: str
    kind: AlertKind
    days: list[date]
    backlog_days: float | None
    difference: int
    raised_on: date
    raised_at: datetime
    seen_by: str | None = Field(description="the name of whoever has taken note of it")
    seen_at: datetime | None


class AlertView(BaseModel):
    """What is alarming in the figures as they stand now, and on which days."""

    kind: AlertKind
    days: list[date]
    backlog_days: float | None
    difference: int = Field(description="of figures that disagree: the stock less what it should be")


class ActivityView(BaseModel):
    """An activity: `last` is the last evening that is known, `alerts` what its figures say today."""

    id: str = Field(examples=["care-invoices"])
    name_fr: str
    name_en: str
    former_names: list[str]
    kind: ActivityKind
    procedure: str | None = Field(description="its figures are counted live from these cases of our own register")
    standard: float = Field(description="days of work that may wait")
    hours: float
    minutes: float
    staff: float
    skill: str | None
    secondary: bool
    active: bool
    since: date = Field(description="from this day on figures are wanted")
    last: FiguresView | None
    alerts: list[AlertView]

    def called(self, language: str) -> str:
        """Its name in a language."""
        return self.name_en if language == "en" else self.name_fr


class WatchView(BaseModel):
    """What the watch sees of an activity today: live, and what it has raised and told."""

    activity: str
    as_of: date | None = Field(description="the last evening that is known")
    backlog_days: float | None
    standard: float
    alerts: list[AlertView]
    raised: list[RaisedView]


class ChangeView(BaseModel):
    """What was there before, and after: of a day's figures, or of the activity itself where `day` is null."""

    day: date | None
    at: datetime
    by: str | None = Field(description="the name; null: whoever runs the programs")
    import_id: UUID | None
    before: dict[str, Any] | None
    after: dict[str, Any]


def activity_view(session: Session, row: ActivityRow, today: date, book: PolicyBook) -> ActivityView:
    """An activity as of today."""
    return told(row, watched(session, row, today, book))


def told(row: ActivityRow, seen: Watched) -> ActivityView:
    """An activity, with what the watch sees of it."""
    same = ("id", "name_fr", "name_en", "former_names", "procedure", "skill", "secondary", "active", "since")
    numbers = {name: float(getattr(row, name)) for name in ("standard", "hours", "minutes", "staff")}
    return ActivityView(
        **{name: getattr(row, name) for name in same},
        **numbers,
        kind=ActivityKind(row.kind),
        last=figures_view(measured(row), seen.last) if seen.last else None,
        alerts=alert_views(seen),
    )


def alert_views(seen: Watched) -> list[AlertView]:
    """What is alarming, as it is told."""
    return [AlertView.model_validate(one.as_json()) for one in seen.alerts]


def figures_view(activity: Activity, one: DailyFigures) -> FiguresView:
    """One day, against the standard."""
    here = situation_of(activity, [one], one.on)
    backlog = here.backlog_days(Fraction(one.stock))
    return FiguresView(
        day=one.on,
        stock=one.stock,
        inflow=one.inflow,
        handled=one.handled,
        minutes=float(one.minutes),
        present=float(one.present),
        absence=float(one.absence),
        backlog_days=None if backlog is None else float(rounded(backlog)),
        is_over=here.is_over(Fraction(one.stock)),
    )


def watch_view(session: Session, row: ActivityRow, today: date, book: PolicyBook) -> WatchView:
    """What the watch sees of an activity, and what it has told."""
    seen = watched(session, row, today, book)
    last = figures_view(measured(row), seen.last) if seen.last else None
    return WatchView(
        activity=row.id,
        as_of=last.day if last else None,
        backlog_days=last.backlog_days if last else None,
        standard=float(row.standard),
        alerts=alert_views(seen),
        raised=[raised_view(one) for one in raised(session, row.id)],
    )


def raised_view(known: RaisedAlert) -> RaisedView:
    """An alert as it was raised and told."""
    alert, name = known
    return RaisedView(
        id=alert.id,
        activity=alert.activity_id,
        kind=AlertKind(alert.kind),
        days=[date.fromisoformat(day) for day in alert.days],
        raised_on=alert.raised_on,
        raised_at=alert.raised_at,
        seen_by=name,
        seen_at=alert.seen_at,
        **_numbers(alert),
    )


def _numbers(alert: ActivityAlert) -> Mapping[str, Any]:
    return {name: alert.told[name] for name in ("backlog_days", "difference")}
