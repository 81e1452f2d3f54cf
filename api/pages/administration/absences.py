"""Absences: who is away in a month, day by day, and in a list; record one, cancel it or end it early."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import ValidationError
from starlette.responses import Response

from api.house import House, TheHouse
from api.pages.administration.doors import AbsenceReader, Planner
from api.pages.administration.strip import month_of, strip
from api.pages.fields import said_in
from api.pages.form import FormView, mistaken
from api.pages.show import go_to, page
from api.pages.typed import KEY, SentForm, Typed
from api.pages.visit import Visit, safe_address
from api.people import absences as api
from api.people.absences import AbsenceAsked
from db.queries.administration import calendar_days
from db.queries.people import colleagues, everyone
from db.queries.people_lists import deputies
from domain.refusals import Invalid, Refusal

router = APIRouter()
_ADDRESS = "/administration/absences"
Month = Annotated[str, Query(max_length=7)]


@router.get(_ADDRESS)
def absences(
    request: Request,
    visit: AbsenceReader,
    house: TheHouse,
    month: Month = "",
    who: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """Who is away, today and later; `who` is for whom the form is meant."""
    form = FormView(_ADDRESS, Typed({"login": [who]} if who else {}))
    return _page(request, visit, house, form, month)


@router.post(_ADDRESS)
def record(request: Request, visit: Planner, typed: SentForm, house: TheHouse) -> Response:
    """Record an absence; with what is wrong, the same page again."""
    try:
        if typed.text("login") is None:
            raise Invalid("Somebody is away: nobody was chosen.", "Choose who.", field="login")
        asked = AbsenceAsked.model_validate(said_in(AbsenceAsked, typed))
        api.absence(typed["login"][:60], asked, house, visit.actor, typed[KEY][:100] or None)
    except (Refusal, ValidationError) as error:
        form = mistaken(_ADDRESS, typed, error, visit.words)
        return _page(request, visit, house, form, "", error.status if isinstance(error, Refusal) else 422)
    return go_to(_back(typed, f"{_ADDRESS}?month={asked.from_on:%Y-%m}"), "absence_recorded")


@router.post(_ADDRESS + "/{absence_id}/end")
def end(absence_id: UUID, visit: Planner, typed: SentForm, house: TheHouse) -> Response:
    """Cancel an absence that has not begun, or end it today."""
    told = api.end(absence_id, house, visit.actor, typed[KEY][:100] or None)
    return go_to(_back(typed, _ADDRESS), "absence_cancelled" if told.cancelled else "absence_ended")


def _back(typed: Typed, otherwise: str) -> str:
    """To the page that the form stood on."""
    return safe_address(typed.text("on"), otherwise)


def _page(request: Request, visit: Visit, house: House, form: FormView, month: str = "", status: int = 200) -> Response:
    today = house.today()
    first = month_of(month, today)
    with house.sessions() as session:
        closed = {row.day for row in calendar_days(session)}
        people, others, names = colleagues(session), deputies(session), everyone(session)
    told = api.absences(house, visit.actor).absences
    return page(
        request,
        visit,
        "administration/absences.html",
        status,
        form=form,
        absences=told,
        strip=strip(told, first, today, closed),
        first=first,
        before=_month(first, -1),
        after=_month(first, 1),
        people=people,
        names=names,
        deputies=others,
    )


def _month(first: date, step: int) -> date:
    months = first.year * 12 + first.month - 1 + step
    return date(months // 12, months % 12 + 1, 1)
