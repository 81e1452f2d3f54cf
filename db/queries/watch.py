"""What the watch sees of an activity: its last figures, what is alarming in them, what they leave to be expected."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import date, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ActivityAlert, ActivityRow, StaffMember
from db.queries.calendar import calendar
from db.queries.figures import days_of, measured
from domain.backlog.projection import Situation
from domain.backlog.watch import Alert, DailyFigures, as_it_goes_on, over_since, watch
from domain.backlog.words import AlertKind
from domain.calendar import Calendar
from domain.policy import PolicyBook

_LOOKS_FURTHER = timedelta(weeks=8)
"""So far back is looked first for the day on which the stock rose above its standard."""

RaisedAlert = tuple[ActivityAlert, str | None]
"""An alert that was raised, and the name of whoever has taken note of it."""


@dataclass(frozen=True)
class Watched:
    """An activity as of a day: the figures that the watch looks at, the earliest first, and what it says of them."""

    figures: list[DailyFigures]
    alerts: list[Alert]
    situation: Situation | None
    """As it goes on, on the mean of the working days among these; None where there are no figures."""

    @property
    def last(self) -> DailyFigures | None:
        """The figures of the last evening that are known."""
        return self.figures[-1] if self.figures else None

    @property
    def missing(self) -> tuple[date, ...]:
        """The working days of which nothing is known."""
        return next((one.on for one in self.alerts if one.kind is AlertKind.MISSING_FIGURES), ())


def watched(session: Session, activity: ActivityRow, today: date, book: PolicyBook) -> Watched:
    """Look at the last days, as many as the rules need: of the register's own activity up to yesterday, since its day
    is not over. Where the stock is above its standard, as far back as it has been.

    Source: procedures, section 4 step 1
    """
    version, known = book.in_force_on(today), calendar(session)
    rules = version.backlog.watch
    looked_back = max(rules.forecast_from.working_days, rules.over_standard.working_days)
    first = known.add_working_days(today, -looked_back)
    last = today if activity.procedure is None else today - timedelta(days=1)
    figures = days_of(session, activity, first, last, version.office.zone)
    said = watch(measured(activity), figures, today, rules, known)
    back = partial(days_of, session, activity, last=last, zone=version.office.zone)
    alerts = _since([_dated(one, back, activity, first, known) for one in said], activity.since)
    if activity.procedure is not None:
        alerts = [one for one in alerts if one.kind is not AlertKind.MISSING_FIGURES]
    if not figures:
        return Watched([], alerts, None)
    return Watched(figures, alerts, as_it_goes_on(measured(activity), figures, rules, known))


def _dated(
    alert: Alert, back: Callable[[date], list[DailyFigures]], activity: ActivityRow, first: date, known: Calendar
) -> Alert:
    """Above its standard since the day on which it rose above it, however long ago: the figures are read from farther
    and farther back until they hold an evening before that day, or there are none before."""
    if alert.kind is not AlertKind.OVER_STANDARD:
        return alert
    looked, since = _LOOKS_FURTHER, alert.on[0]
    while first > known.first_day:
        first, looked = max(first - looked, known.first_day), looked * 2
        figures = [one for one in back(first) if known.is_working_day(one.on)]
        since = over_since(measured(activity), figures, known) or since
        if since != figures[0].on:
            break
    return changed(alert, on=(since,))


def _since(alerts: list[Alert], since: date) -> list[Alert]:
    """No figures are missing of days before figures were wanted."""
    kept = []
    for one in alerts:
        on = tuple(day for day in one.on if day >= since or one.kind is not AlertKind.MISSING_FIGURES)
        kept += [changed(one, on=on)] if on else []
    return kept


def raised(session: Session, activity_id: str | None = None, *, unseen: bool = False) -> Sequence[RaisedAlert]:
    """The alerts that are not over, the newest first: of one activity or of all, those that nobody has noted or all."""
    wanted = (
        select(ActivityAlert, StaffMember.name)
        .outerjoin(StaffMember, StaffMember.id == ActivityAlert.seen_by)
        .where(ActivityAlert.ended_at.is_(None))
        .order_by(ActivityAlert.raised_at.desc(), ActivityAlert.id.desc())
    )
    if activity_id is not None:
        wanted = wanted.where(ActivityAlert.activity_id == activity_id)
    if unseen:
        wanted = wanted.where(ActivityAlert.seen_at.is_(None))
    return [(alert, name) for alert, name in session.execute(wanted)]
