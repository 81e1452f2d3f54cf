"""Audits in a list: those that go on, the late ones first; those that have ended. The filters are the address."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.house import TheHouse
from api.pages.audit.doors import Reader
from api.pages.choices import options
from api.pages.form import FormView
from api.pages.show import page
from api.pages.typed import Typed
from db.queries import audit_lists, audit_overview
from db.queries.audit_overview import Wanted
from domain.audit.states import AuditState

router = APIRouter(include_in_schema=False)
_PAGE = 50
_FILTERS = ("delegate", "year", "state")
_DIGITS = 4


@router.get("/audits")
def audits(
    request: Request,
    visit: Reader,
    house: TheHouse,
    delegate: Annotated[str | None, Query(max_length=20)] = None,
    year: Annotated[str, Query(max_length=100)] = "",
    state: Annotated[str | None, Query(max_length=40)] = None,
    after: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Response:
    """What is due next on each, how much has come, what is open; the late ones first."""
    wanted = Wanted(delegate or None, _year(year), state if state in list(AuditState) else None)
    with house.reading() as session:
        going_on = audit_overview.going_on(session, wanted)
        ended = audit_overview.ended(session, wanted, _PAGE, after)
        delegates = [(row.code, row.name) for row, *_ in audit_lists.delegates(session)]
        years = audit_overview.years(session)
    filters = {name: value for name, value in request.query_params.items() if name in _FILTERS and value}
    more = f"/audits?{urlencode({**filters, 'after': after + _PAGE})}" if len(ended) > _PAGE else None
    return page(
        request,
        visit,
        "audit/list.html",
        form=FormView("/audits", Typed({name: [value] for name, value in filters.items()})),
        filtered=bool(filters),
        going_on=going_on,
        ended=ended[:_PAGE],
        more=more,
        delegates=delegates,
        years=[(str(one), str(one)) for one in years],
        states=options(visit.words, AuditState),
    )


def _year(asked: str) -> int | None:
    """The year of the filter; what is none filters nothing."""
    return int(asked) if asked.isdecimal() and len(asked) == _DIGITS else None
