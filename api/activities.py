"""Activities: what is counted together, its standard, its figures day by day, what the watch says of it."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Query, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from api.activity_views import (
    ActivityView,
    ChangeView,
    FiguresView,
    RaisedView,
    WatchView,
    activity_view,
    figures_view,
    raised_view,
    watch_view,
)
from api.auth import Allowed
from api.house import House, TheHouse
from db.commands.figures import Author, add_activity, change_activity
from db.commands.watch import take_note
from db.models import ActivityAlert, ActivityRow
from db.queries import figures as queries
from db.queries.people import names_of
from db.queries.watch import raised
from domain.backlog.figures import ActivityFacts, NewActivity
from domain.civil import SaneDay
from domain.people import Actor
from domain.permissions import Action
from domain.refusals import Invalid

router = APIRouter(tags=["backlog"])
Reader = Annotated[Actor, Depends(Allowed(Action.READ_FIGURES))]
Keeper = Annotated[Actor, Depends(Allowed(Action.KEEP_ACTIVITIES))]
Director = Annotated[Actor, Depends(Allowed(Action.TAKE_NOTE_OF_ALERT))]
SHOWN = timedelta(weeks=8)
MOST_DAYS = 400


class Activities(BaseModel):
    """By their French name."""

    activities: list[ActivityView]


class FiguresOfDays(BaseModel):
    """The days that are known, the earliest first; `missing` are the working days before today that are not."""

    activity: str
    figures: list[FiguresView]
    missing: list[date]


class Changes(BaseModel):
    """The newest first."""

    changes: list[ChangeView]


class Raised(BaseModel):
    """The alerts that are not over, the newest first."""

    alerts: list[RaisedView]


@router.get("/activities")
def activities(
    house: TheHouse, _actor: Reader, closed: Annotated[bool, Query(description="those that are closed as well")] = False
) -> Activities:
    """Every activity, with its last figures against its standard, and what is alarming in them."""
    with house.reading() as session:
        rows = queries.activities(session, active_only=not closed)
        return Activities(activities=[activity_view(session, row, house.today(), house.book) for row in rows])


@router.post("/activities", status_code=201, responses={200: {"model": ActivityView, "description": "It was there"}})
def add(asked: NewActivity, house: TheHouse, actor: Keeper, response: Response) -> ActivityView:
    """A new activity, under an id for life. The same again changes nothing."""
    with house.sessions.begin() as session:
        row, is_new = add_activity(session, asked, author_of(house, actor))
        response.status_code = 201 if is_new else 200
        return activity_view(session, row, house.today(), house.book)


@router.get("/activities/{activity_id}")
def shown(activity_id: str, house: TheHouse, _actor: Reader) -> ActivityView:
    """One activity."""
    with house.reading() as session:
        return activity_view(session, found(session, activity_id), house.today(), house.book)


@router.put("/activities/{activity_id}")
def change(activity_id: str, asked: ActivityFacts, house: TheHouse, actor: Keeper) -> ActivityView:
    """Rename it, change its standard or its usual people, close it. It keeps its figures, and is found by the names
    that it had."""
    with house.sessions.begin() as session:
        row = found(session, activity_id)
        change_activity(session, row, asked, author_of(house, actor))
        return activity_view(session, row, house.today(), house.book)


@router.get("/activities/{activity_id}/figures")
def figures(
    activity_id: str,
    house: TheHouse,
    _actor: Reader,
    first: Annotated[SaneDay | None, Query(description="eight weeks ago where nothing is said")] = None,
    last: Annotated[SaneDay | None, Query(description="today where nothing is said")] = None,
) -> FiguresOfDays:
    """Its figures day by day: those that were typed or imported, or what the register's own cases say."""
    until = last or house.today()
    since = first or until - SHOWN
    if not timedelta(0) <= until - since <= timedelta(days=MOST_DAYS):
        raise Invalid(
            f"Figures are shown of {MOST_DAYS} days at most, the first before the last.",
            "Bring the two days nearer, or exchange them.",
            field="first",
        )
    with house.reading() as session:
        return figures_of(session, found(session, activity_id), since, until, house)


@router.get("/activities/{activity_id}/watch")
def watch(activity_id: str, house: TheHouse, _actor: Reader) -> WatchView:
    """What the watch says of it today, and what it has raised."""
    with house.reading() as session:
        return watch_view(session, found(session, activity_id), house.today(), house.book)


@router.get("/activities/{activity_id}/changes")
def changes(
    activity_id: str, house: TheHouse, _actor: Reader, limit: Annotated[int, Query(ge=1, le=500)] = 200
) -> Changes:
    """Who changed which figures when, and what was there before."""
    with house.reading() as session:
        return Changes(changes=changes_of(session, found(session, activity_id), limit))


@router.get("/activity-alerts")
def alerts(house: TheHouse, _actor: Reader) -> Raised:
    """What the watch has raised and is not over."""
    with house.sessions() as session:
        return Raised(alerts=[raised_view(one) for one in raised(session)])


@router.post("/activity-alerts/{alert_id}/seen")
def seen(alert_id: UUID, house: TheHouse, actor: Director) -> RaisedView:
    """Somebody of the direction has taken note of it; whoever was first stays the one who was."""
    with house.sessions.begin() as session:
        row = session.get(ActivityAlert, alert_id, with_for_update=True)
        if row is None:
            raise HTTPException(404, "There is no such alert.")
        take_note(session, row, actor.id, house.now())
        known = next(
            (one for one in raised(session, row.activity_id) if one[0].id == alert_id),
            (row, names_of(session, {actor.id}).get(actor.id)),
        )
        return raised_view(known)


def author_of(house: House, actor: Actor) -> Author:
    """Who changes figures, now."""
    return Author(house.now(), house.today(), actor.id)


def found(session: Session, activity_id: str) -> ActivityRow:
    """The activity of this id. Raises HTTPException 404."""
    row = session.get(ActivityRow, activity_id)
    if row is None:
        raise HTTPException(404, "There is no such activity.")
    return row


def figures_of(session: Session, row: ActivityRow, first: date, last: date, house: House) -> FiguresOfDays:
    """Its figures, and the working days that have none."""
    known = queries.days_of(session, row, first, last, house.zone.key)
    yesterday = min(last, house.today() - timedelta(days=1))
    return FiguresOfDays(
        activity=row.id,
        figures=[figures_view(queries.measured(row), one) for one in known],
        missing=queries.working_days_without(session, row, first, yesterday),
    )


def changes_of(session: Session, row: ActivityRow, limit: int) -> list[ChangeView]:
    """What was changed of it, the newest first."""
    return [
        ChangeView(day=one.day, at=one.at, by=name, import_id=one.import_id, before=one.before, after=one.after)
        for one, name in queries.changes_of(session, row.id, limit)
    ]
