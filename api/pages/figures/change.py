"""A new activity, or one that is renamed or changed."""

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from api import activities as api
from api.activities import author_of
from api.activity_views import ActivityView, activity_view
from api.house import House, TheHouse
from api.pages.choices import options
from api.pages.figures.doors import ActivityKeeper
from api.pages.form import FormView, mistaken, status_of
from api.pages.show import go_to, page
from api.pages.typed import SentForm, Typed
from api.pages.visit import Visit
from db.commands.figures import add_activity, change_activity
from domain.backlog.figures import ActivityFacts, NewActivity
from domain.backlog.words import ActivityKind
from domain.refusals import Refusal

router = APIRouter()
_NEW = "/activities/new"
_FLAGS = ("secondary", "active")


@router.get(_NEW)
def new(request: Request, visit: ActivityKeeper) -> Response:
    """The form of a new activity."""
    usual = {"kind": "files", "hours": "7", "standard": "5", "active": "true"}
    return _page(request, visit, FormView(_NEW, Typed({name: [value] for name, value in usual.items()})))


@router.post(_NEW)
def add(request: Request, visit: ActivityKeeper, typed: SentForm, house: TheHouse) -> Response:
    """Keep it; or the same page with what is wrong."""
    try:
        asked = NewActivity.model_validate(_said(typed, tuple(NewActivity.model_fields)) | {"active": True})
        with house.sessions.begin() as session:
            add_activity(session, asked, author_of(house, visit.actor))
    except (Refusal, ValidationError) as error:
        return _page(request, visit, mistaken(_NEW, typed, error, visit.words), status_of(error))
    return go_to(f"/activities/{asked.id}", "activity_kept")


@router.get("/activities/{activity_id}/change")
def shown(activity_id: str, request: Request, visit: ActivityKeeper, house: TheHouse) -> Response:
    """The form, with what it is today."""
    told = _told(activity_id, house)
    fields = {name: [_written(getattr(told, name), visit)] for name in ActivityFacts.model_fields}
    return _page(request, visit, FormView(_address(activity_id), Typed(fields)))


@router.post("/activities/{activity_id}/change")
def change(activity_id: str, request: Request, visit: ActivityKeeper, typed: SentForm, house: TheHouse) -> Response:
    """Change it; or the same page with what is wrong."""
    address = _address(activity_id)
    _told(activity_id, house)
    try:
        facts = ActivityFacts.model_validate(_said(typed, tuple(ActivityFacts.model_fields)))
        with house.sessions.begin() as session:
            change_activity(session, api.found(session, activity_id), facts, author_of(house, visit.actor))
    except (Refusal, ValidationError) as error:
        return _page(request, visit, mistaken(address, typed, error, visit.words), status_of(error))
    return go_to(f"/activities/{activity_id}", "activity_kept")


def _told(activity_id: str, house: House) -> ActivityView:
    with house.reading() as session:
        return activity_view(session, api.found(session, activity_id), house.today(), house.book)


def _address(activity_id: str) -> str:
    return f"/activities/{activity_id}/change"


def _said(typed: Typed, names: tuple[str, ...]) -> dict[str, object]:
    """What was typed; a box that is not ticked says no."""
    texts = {name: typed.text(name) for name in names if name not in _FLAGS}
    return {name: value for name, value in texts.items() if value} | {name: bool(typed[name]) for name in _FLAGS}


def _written(value: object, visit: Visit) -> str:
    if isinstance(value, bool):
        return "true" if value else ""
    return visit.words.number(value) if isinstance(value, float) else str(value or "")


def _page(request: Request, visit: Visit, form: FormView, status: int = 200) -> Response:
    is_new = form.address == _NEW
    kinds = options(visit.words, ActivityKind)
    return page(request, visit, "figures/change.html", status, form=form, is_new=is_new, kinds=kinds)
