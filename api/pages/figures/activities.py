"""Every activity, its stock against its standard; and one of them day by day."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api import activities as api
from api.activity_views import ActivityView, RaisedView, raised_view, told
from api.house import House, TheHouse
from api.pages.figures.chart import Chart, Series, chart
from api.pages.figures.doors import AlertNoter, FiguresReader
from api.pages.show import go_to, page
from api.pages.typed import SentForm
from api.pages.visit import Visit, safe_address
from db.queries import figures as queries
from db.queries.watch import Watched, raised, watched
from domain.permissions import Action

router = APIRouter()
MOST_CHANGES = 12


@router.get("/activities")
def activities(request: Request, visit: FiguresReader, house: TheHouse) -> Response:
    """Stock, standard and alerts of each; what the watch has raised and nobody has noted."""
    listed = api.activities(house, visit.actor, closed=True).activities
    names = {one.id: one.called(visit.words.language) for one in listed}
    with house.sessions() as session:
        notices = [raised_view(one) for one in raised(session, unseen=True)]
    running = sorted((one for one in listed if one.active), key=_pressing)
    closed = [one for one in listed if not one.active]
    return page(request, visit, "figures/activities.html", running=running, closed=closed, names=names, notices=notices)


@router.get("/activities/{activity_id}")
def activity(activity_id: str, request: Request, visit: FiguresReader, house: TheHouse) -> Response:
    """One activity: its chart with its table, what is alarming, what was corrected."""
    today = house.today()
    with house.reading() as session:
        row = api.found(session, activity_id)
        seen = watched(session, row, today, house.book)
        shown, allowed = told(row, seen), _standard(seen)
        days = api.figures_of(session, row, today - api.SHOWN, today, house)
        changes = api.changes_of(session, row, MOST_CHANGES)
        notices = [raised_view(one) for one in raised(session, row.id)]
    return page(
        request,
        visit,
        "figures/activity.html",
        activity=shown,
        days=days,
        drawing=_drawing(days, allowed),
        standard=allowed,
        changes=changes,
        notices={one.kind: one for one in notices},
    )


@router.post("/alerts/{alert_id}/seen")
def seen(alert_id: UUID, visit: AlertNoter, typed: SentForm, house: TheHouse) -> Response:
    """Take note of an alert, and stay where one was."""
    api.seen(alert_id, house, visit.actor)
    return go_to(safe_address(typed.text("on"), "/activities"), "alert_seen")


def notices_for(house: House, visit: Visit) -> tuple[list[RaisedView], dict[str, str]]:
    """What the watch has raised and nobody has noted, for whoever may take note; and how activities are called."""
    if not visit.may(Action.TAKE_NOTE_OF_ALERT):
        return [], {}
    with house.sessions() as session:
        notices = [raised_view(one) for one in raised(session, unseen=True)]
        rows = queries.activities(session, active_only=False) if notices else []
        return notices, {row.id: row.name_en if visit.words.language == "en" else row.name_fr for row in rows}


def _pressing(one: ActivityView) -> tuple[bool, float]:
    """Those with alerts first, then those nearest to their standard."""
    backlog = one.last.backlog_days if one.last else 0
    return not one.alerts, -(backlog or 0) / one.standard


def _standard(seen: Watched) -> float | None:
    """The stock that the standard allows, with the people of the last working days, as projections and cockpit say."""
    here = seen.situation
    return round(here.standard_stock) or None if here else None


def _drawing(days: api.FiguresOfDays, allowed: float | None) -> Chart | None:
    points = [(one.day, float(one.stock)) for one in days.figures]
    return chart([Series("stock", points, days.missing)], allowed, days.missing)
