"""Operations in a list: those that go on, with their stock against their plan; those that have ended."""

from collections.abc import Iterable
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.house import House, TheHouse
from api.pages.backlog.doors import Reader
from api.pages.backlog.plan_form import named_activities
from api.pages.backlog.track import Track, track_of
from api.pages.choices import options
from api.pages.form import FormView
from api.pages.show import page
from api.pages.typed import Typed
from db.queries import backlog_overview
from db.queries.backlog_overview import Overview, Wanted
from domain.backlog.states import BacklogState

router = APIRouter()
_PAGE = 50
_BEGUN = (BacklogState.RUNNING, BacklogState.CLOSING)
_FILTERS = ("activity", "state")


@router.get("/operations")
def operations(
    request: Request,
    visit: Reader,
    house: TheHouse,
    activity: Annotated[str | None, Query(max_length=60)] = None,
    state: Annotated[str | None, Query(max_length=40)] = None,
    after: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Response:
    """How each stands against its plan, and what is next on it."""
    wanted, today = Wanted(activity or None, state if state in list(BacklogState) else None), house.today()

    with house.reading() as session:
        going_on = backlog_overview.going_on(session, wanted, today)
        ended = backlog_overview.ended(session, wanted, today, _PAGE, after)
        tracks = _tracks(session, going_on, house)
        activities = named_activities(session, visit)
    filters = {name: value for name, value in request.query_params.items() if name in _FILTERS and value}
    more = f"/operations?{urlencode({**filters, 'after': after + _PAGE})}" if len(ended) > _PAGE else None
    return page(
        request,
        visit,
        "backlog/list.html",
        form=FormView("/operations", Typed({name: [value] for name, value in filters.items()})),
        filtered=bool(filters),
        going_on=going_on,
        tracks=tracks,
        ended=ended[:_PAGE],
        more=more,
        activities=activities,
        states=options(visit.words, BacklogState),
    )


def _tracks(session: Session, going_on: Iterable[Overview], house: House) -> dict[str, Track]:
    """How each that has begun stands, by its reference: read as on its own page, so that both say the same."""
    begun = (one for one in going_on if one.operation.state in _BEGUN)
    return {one.reference: track_of(session, one.operation, house.book.version(one.policy), house) for one in begun}
