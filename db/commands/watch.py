"""The watch's daily pass: what is alarming in an activity's figures is raised once, told, and ends by itself."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.figures import lock_figures
from db.models import ActivityAlert, ActivityRow
from db.queries.figures import activities
from db.queries.people import staff_on
from db.queries.watch import watched
from domain.backlog.watch import Alert
from domain.backlog.words import AlertKind
from domain.people import role_hat
from domain.policy import PolicyBook
from domain.roles import Role


@dataclass(frozen=True)
class Pass:
    """One morning's look at all activities: of which day, at which instant, and who is told of what is new."""

    day: date
    at: datetime
    told_to: tuple[UUID, ...]


def watch_activities(session: Session, day: date, at: datetime, book: PolicyBook) -> list[UUID]:
    """Look at every activity's figures; whom to tell of alerts that are new. Twice on a morning is once, and a morning
    that lies before the last one that raised anything changes nothing.

    No operation is begun by it: whether there is one is for the operations director to say.
    Source: procedures, section 4 step 1
    """
    lock_figures(session)
    if (last := session.scalar(select(func.max(ActivityAlert.raised_at)))) is not None and at < last:
        return []
    look = Pass(day, at, tuple(directors_on(session, day)))
    open_now: defaultdict[str, dict[str, ActivityAlert]] = defaultdict(dict)
    for alert in session.scalars(select(ActivityAlert).where(ActivityAlert.ended_at.is_(None))):
        open_now[alert.activity_id][alert.kind] = alert
    raised = 0
    for row in activities(session, active_only=False):
        found = watched(session, row, day, book).alerts if row.active else []
        raised += _settle(session, row, found, open_now[row.id], look)
    session.flush()
    return list(look.told_to) if raised else []


def directors_on(session: Session, day: date) -> list[UUID]:
    """Who answers for operations on a day, or stands in: the directors, absent or not, and their deputies."""
    staff, hat = staff_on(session, day), role_hat(Role.OPERATIONS_DIRECTOR)
    return [person.id for person in staff if hat in staff.hats_of(person)]


def take_note(session: Session, alert: ActivityAlert, person_id: UUID, at: datetime) -> None:
    """Somebody of the direction has seen it; whoever was first stays the one who was."""
    if alert.seen_at is None:
        alert.seen_at, alert.seen_by = at, person_id
    session.flush()


def _settle(
    session: Session, row: ActivityRow, found: Iterable[Alert], known: Mapping[str, ActivityAlert], look: Pass
) -> int:
    """Raise what is new, renew what lasts, end what is over; how many are new."""
    told = _by_kind(found)
    for kind, alert in known.items():
        if kind not in told:
            alert.ended_at = look.at
    for kind, alerts in told.items():
        days, facts = _days(alerts), _facts(alerts)
        if kind in known:
            known[kind].days, known[kind].told = days, facts
        else:
            session.add(_raised(row.id, kind, days, facts, look))
    return len(told.keys() - known.keys())


def _raised(activity_id: str, kind: AlertKind, days: list[str], facts: dict[str, Any], look: Pass) -> ActivityAlert:
    return ActivityAlert(
        id=uuid7(),
        activity_id=activity_id,
        kind=str(kind),
        days=days,
        told=facts,
        raised_on=look.day,
        raised_at=look.at,
        told_to=list(look.told_to),
    )


def _by_kind(found: Iterable[Alert]) -> dict[AlertKind, list[Alert]]:
    """Figures of several days that disagree are one alert."""
    by_kind: defaultdict[AlertKind, list[Alert]] = defaultdict(list)
    for alert in found:
        by_kind[alert.kind].append(alert)
    return dict(by_kind)


def _days(alerts: list[Alert]) -> list[str]:
    return [day.isoformat() for alert in alerts for day in alert.on]


def _facts(alerts: list[Alert]) -> dict[str, Any]:
    return alerts[-1].as_json() if alerts else {}
