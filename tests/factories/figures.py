"""Activities and figures, put into the register as a test needs them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.models import ActivityAlert, ActivityRow, DailyFiguresRow
from tests.factories.complaints import NOON

USUAL: dict[str, Any] = {
    "kind": "files",
    "standard": Decimal(5),
    "hours": Decimal(7),
    "minutes": Decimal(12),
    "staff": Decimal(6),
    "skill": None,
    "secondary": False,
    "procedure": None,
    "active": True,
    "former_names": [],
    "since": date(2026, 1, 1),
}


def an_activity(session: Session, activity_id: str, **changes: Any) -> ActivityRow:
    """An activity of six people, 12 minutes a file, seven hours a day: 210 a day, of which five days may wait."""
    names = {"name_fr": f"Activité {activity_id}", "name_en": f"Activity {activity_id}"}
    row = ActivityRow(id=activity_id, **(USUAL | names | changes))
    session.add(row)
    session.flush()
    return row


def figures_row(session: Session, activity_id: str, day: date, stock: int | None, **changes: Any) -> DailyFiguresRow:
    """A day's figures: as many came in as were handled."""
    counts: dict[str, Any] = {"inflow": 210, "handled": 210} if stock is not None else {}
    usual = {"minutes": Decimal(12), "planned": Decimal(6), "present": Decimal(6), "source": "typed", "at": NOON}
    row = DailyFiguresRow(activity_id=activity_id, day=day, stock=stock, **(usual | counts | changes))
    session.add(row)
    session.flush()
    return row


def at(day: date, hour: int = 11) -> datetime:
    """An instant of a day, in UTC."""
    return datetime.combine(day, NOON.timetz()).replace(hour=hour)


def an_alert(session: Session, activity_id: str, raised_at: datetime, **changes: Any) -> ActivityAlert:
    """It has been over its standard since that day."""
    day = raised_at.date()
    usual: dict[str, Any] = {"kind": "over_standard", "days": [day.isoformat()], "told_to": []}
    told = {"backlog_days": 6.5, "difference": 0}
    row = ActivityAlert(
        id=uuid7(), activity_id=activity_id, told=told, raised_on=day, raised_at=raised_at, **(usual | changes)
    )
    session.add(row)
    session.flush()
    return row
