"""Who gets what of activities and their figures, over the API and on the pages."""

from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any
from uuid import uuid4

from db.models import ActivityRow
from domain.roles import Role
from tests.api.matrix import MANAGERS, NO_OBJECT, Outcome, Row, of_no_use
from tests.api.matrix_pages import sent, shown
from tests.api.matrix_things import NOTHING, Parts, Planting
from tests.factories.figures import an_activity, an_alert

ENTERING = {Role.POLE_MANAGER, Role.OPERATIONS_DIRECTOR, Role.PROCESS_PILOT}
KEEPING = {Role.OPERATIONS_DIRECTOR, Role.PROCESS_PILOT}
NOTING = {Role.OPERATIONS_DIRECTOR, Role.GENERAL_DIRECTOR}
ACTIVITY: dict[str, Outcome] = {"an activity": 200, "no activity": 404}
ALERT: dict[str, Outcome] = {"an alert": 200, "no alert": 404}
DAY: dict[str, Outcome] = {"a day": 200, "a day to come": 422}
_numbers = count(1)


def facts(_today: date) -> dict[str, Any]:
    """What may change of an activity, under a name that nobody has had."""
    number = uuid4()
    name = {"name_fr": f"Activité {number}", "name_en": f"Activity {number}"}
    return {**name, "standard": 5, "hours": 7, "minutes": 12, "staff": 6}


def a_new_activity(today: date) -> dict[str, Any]:
    """One that nobody has."""
    return {**facts(today), "id": f"activity-{next(_numbers)}"}


def planted(planting: Planting) -> str:
    """The id of an activity that is there; figures may be given of it under this one name."""
    return an_activity(planting.session, f"planted-{next(_numbers)}").id


def some_figures(_today: date) -> dict[str, Any]:
    """The figures of an activity that no one knows: the day is judged first."""
    return {"figures": [{"activity": "planted", "stock": 4, "inflow": 1, "handled": 1}]}


def files_of_a_day(_today: date) -> dict[str, Any]:
    """300 files."""
    return {"volume": 300, "minutes": 12, "hours": 7, "absence": 0.4}


def calls_of_an_hour(_today: date) -> dict[str, Any]:
    """60 calls."""
    return {"per_hour": 60, "seconds": 300, "target_seconds": 20, "service": 0.8}


def a_projection(today: date) -> dict[str, Any]:
    """Nothing is done about it."""
    known = {"stock": 100, "inflow": 10, "minutes": 12, "staff": 1, "hours": 7, "absence": 0, "standard": 5}
    return {**known, "as_of": f"{today}", "until": f"{today.replace(day=28)}", "plans": [{"name": "Rien"}]}


FIGURE_ROWS: dict[str, Row] = {
    "GET /api/v1/activities": Row(MANAGERS, {NO_OBJECT: 200}),
    "POST /api/v1/activities": Row(KEEPING, {NO_OBJECT: 201}, a_new_activity),
    "GET /api/v1/activities/{activity_id}": Row(MANAGERS, ACTIVITY),
    "PUT /api/v1/activities/{activity_id}": Row(KEEPING, ACTIVITY, facts),
    "GET /api/v1/activities/{activity_id}/figures": Row(MANAGERS, ACTIVITY),
    "GET /api/v1/activities/{activity_id}/watch": Row(MANAGERS, ACTIVITY),
    "GET /api/v1/activities/{activity_id}/changes": Row(MANAGERS, ACTIVITY),
    "GET /api/v1/activity-alerts": Row(MANAGERS, {NO_OBJECT: 200}),
    "POST /api/v1/activity-alerts/{alert_id}/seen": Row(NOTING, ALERT),
    "GET /api/v1/figures/{day}": Row(MANAGERS, DAY),
    "PUT /api/v1/figures/{day}": Row(ENTERING, DAY, some_figures),
    "POST /api/v1/imports/figures": Row(ENTERING, {NO_OBJECT: 201}, of_no_use),
    "POST /api/v1/sizing/files": Row(MANAGERS, {NO_OBJECT: 200}, files_of_a_day),
    "POST /api/v1/sizing/calls": Row(MANAGERS, {NO_OBJECT: 200}, calls_of_an_hour),
    "POST /api/v1/projections": Row(MANAGERS, {NO_OBJECT: 200}, a_projection),
}


def a_day(planting: Planting, day: str) -> Parts:
    """A day, with the activity that the figures are of."""
    known = planting.session.get(ActivityRow, "planted")
    if known is None:
        an_activity(planting.session, "planted")
    return {"day": day}


FIGURE_THINGS: dict[str, Callable[[Planting], Parts]] = {
    "an activity": lambda p: {"activity_id": planted(p)},
    "no activity": lambda _: {"activity_id": "nothing"},
    "an alert": lambda p: {"alert_id": str(an_alert(p.session, planted(p), p.at).id)},
    "no alert": lambda _: {"alert_id": NOTHING},
    "a day": lambda p: a_day(p, p.at.date().isoformat()),
    "a day to come": lambda p: a_day(p, "2199-12-31"),
}

FIGURE_PAGES: dict[str, Row] = {
    "GET /activities": shown(MANAGERS, {NO_OBJECT: 200}),
    "GET /activities/new": shown(KEEPING, {NO_OBJECT: 200}),
    "POST /activities/new": sent(KEEPING, {NO_OBJECT: 303}, a_new_activity),
    "GET /activities/{activity_id}": shown(MANAGERS, ACTIVITY),
    "GET /activities/{activity_id}/change": shown(KEEPING, ACTIVITY),
    "POST /activities/{activity_id}/change": sent(KEEPING, {"an activity": 303, "no activity": 404}, facts),
    "POST /alerts/{alert_id}/seen": sent(NOTING, {"an alert": 303, "no alert": 404}),
    "GET /figures": shown(ENTERING, {NO_OBJECT: 200}),
    "POST /figures": sent(ENTERING, {NO_OBJECT: 422}),
    "POST /figures/file": sent(ENTERING, {NO_OBJECT: 422}),
    "GET /sizing": shown(MANAGERS, {NO_OBJECT: 200}),
    "GET /projections": shown(MANAGERS, {NO_OBJECT: 200}),
}
