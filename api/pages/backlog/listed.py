"""Operations in a list: those that go on, with their stock against their plan; those that have ended."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.house import TheHouse
from api.pages.backlog.doors import Reader
from api.pages.backlog.plan_form import named_activities
from api.pages.choices import options
from api.pages.form import FormView
from api.pages.show import page
from api.pages.typed import Typed
from db.queries import backlog_overview
from db.queries.backlog_overview import Wanted
from domain.backlog.states import BacklogState

router = APIRouter()
_PAGE = 50
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

    def read(session: Session) -> tuple[list[backlog_overview.Overview], list[backlog_overview.Overview]]:
        going_on = backlog_overview.going_on(session, wanted, today)
        return going_on, backlog_overview.ended(session, wanted, today, _PAGE, after)

    with house.reading() as session:
        going_on, ended = read(session)
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
        ended=ended[:_PAGE],
        more=more,
        activities=activities,
        states=options(visit.words, BacklogState),
    )
