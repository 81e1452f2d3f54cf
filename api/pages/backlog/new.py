"""An operation is proposed: from an activity with its last figures, or from a plan that was just compared."""

from asyncio import to_thread
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.activities import found as found_activity
from api.backlog import propose_and_deliver
from api.commands import key_or_new
from api.house import House, TheHouse
from api.pages.backlog.doors import Proposer
from api.pages.backlog.effect import Effect, Planned
from api.pages.backlog.plan_checks import look_ahead, plan_wrong
from api.pages.backlog.plan_form import (
    REINFORCEMENTS,
    SESSIONS,
    SITUATION,
    Filled,
    counts,
    monday_after,
    named_activities,
    operation_said,
    rows_filled,
    secondary_activities,
    session_row,
    situation_filled,
    tidy,
    usual_saturdays,
    written,
)
from api.pages.choices import choices
from api.pages.figures.asked import asked_by
from api.pages.figures.projections import PLANS, asked_for, plan_of
from api.pages.form import FormView, begun, status_of
from api.pages.show import go_to, page
from api.pages.typed import KEY, SentForm, Typed
from api.pages.visit import Visit
from api.projections import projected
from db.commands.draft import forget_draft
from db.models import Case, StaffMember
from db.queries.watch import watched
from domain.backlog.commands import ProposeOperation
from domain.refusals import Refusal

router = APIRouter()
_NEW = "/operations/new"
MORE, LOOK = "more", "look"
"""Buttons that send nothing: more rows, and what the plan would do."""


@router.get(_NEW)
def new_operation(request: Request, visit: Proposer, house: TheHouse) -> Response:
    """The form, filled with what is known: of an activity, or of the plan that was compared."""
    asked = asked_by(request)
    with house.reading() as session:
        usual = _usual(session, visit, house)
        if asked["plan"] in PLANS:
            form = FormView(_NEW, Typed(usual | _compared(session, asked, visit, house)))
        else:
            usual |= usual_saturdays(house.today()) | _of_activity(session, asked["activity"], visit, house)
            form = begun(session, visit.actor.id, _NEW, usual)
    return _page(request, visit, house, form)


@router.post(_NEW)
async def propose(request: Request, visit: Proposer, typed: SentForm, house: TheHouse) -> Response:
    """Propose it, and show it; with what is wrong, the same page again; nothing is sent by a look ahead."""
    typed = tidy(typed)
    if typed[MORE]:
        return await to_thread(_page, request, visit, house, FormView(_NEW, typed), more=typed[MORE])
    said = operation_said(typed)
    try:
        asked = ProposeOperation.model_validate(said)
        if typed[LOOK]:
            effect = await house.transact(lambda session: look_ahead(session, Planned(asked, asked.activity), house))
            return await to_thread(_page, request, visit, house, FormView(_NEW, typed), effect=effect)
        case_id = await propose_and_deliver(house, asked, key_or_new(typed[KEY][:100]), visit.actor)
    except (Refusal, ValidationError, RequestValidationError) as error:
        form = await plan_wrong(_NEW, typed, said, error, visit, house)
        return await to_thread(_page, request, visit, house, form, status_of(error))

    def kept(session: Session) -> str:
        forget_draft(session, visit.actor.id, _NEW)
        return session.get_one(Case, case_id).reference

    return go_to(f"/operations/{await house.transact(kept)}", "operation_proposed")


def _usual(session: Session, visit: Visit, house: House) -> Filled:
    """From next Monday on; my own pole."""
    pole = session.get_one(StaffMember, visit.actor.id).pole
    return {"starts_on": [f"{monday_after(house.today())}"], "pole": [pole or ""]}


def _of_activity(session: Session, activity_id: str, visit: Visit, house: House) -> Filled:
    if not activity_id:
        return {}
    known = watched(session, found_activity(session, activity_id), house.today(), house.book).situation
    figures = {name: getattr(known, name) for name in SITUATION} if known else {}
    return {"activity": [activity_id]} | (situation_filled(figures, visit.words) if known else {})


def _compared(session: Session, asked: Typed, visit: Visit, house: House) -> Filled:
    """What was typed for the comparison: the figures that it started from, its sessions, its reinforcements.

    Raises Invalid, HTTPException 400 where the address does not hold a plan.
    """
    told = projected(session, asked_for(asked, visit, house), house).situation
    plan = plan_of(asked, asked["plan"], visit) or {"sessions": [], "reinforcements": []}
    sessions = [
        session_row(one["on"], int(one["minutes"]), str(one["places"]), _percent(one.get("no_show"), visit))
        for one in plan["sessions"]
    ]
    more = [{name: str(value) for name, value in one.items()} for one in plan["reinforcements"]]
    begins = min([one["day"] for one in sessions] + [one["first_day"] for one in more], default=None)
    starts_on = _first_day(date.fromisoformat(begins), house.today()) if begins else monday_after(house.today())
    rows = rows_filled(SESSIONS, sessions) | rows_filled(REINFORCEMENTS, more)
    figures = situation_filled({name: getattr(told, name) for name in SITUATION}, visit.words)
    objective = asked.text(f"{asked['plan']}.name")
    facts = {"starts_on": [f"{starts_on}"], "activity": [asked["activity"]]}
    return rows | figures | facts | ({"objective": [objective]} if objective else {})


def _percent(share: object, visit: Visit) -> str:
    return written(float(str(share)) * 100, visit.words) if share else ""


def _first_day(begins: date, today: date) -> date:
    """The Monday of the week in which the plan begins; tomorrow at the earliest."""
    return max(begins - timedelta(days=begins.weekday()), today + timedelta(days=1))


def _page(
    request: Request,
    visit: Visit,
    house: House,
    form: FormView,
    status: int = 200,
    more: str = "",
    effect: Effect | None = None,
) -> Response:
    with house.reading() as session:
        values: Mapping[str, Any] = {
            "activities": named_activities(session, visit),
            "secondary": secondary_activities(session, visit),
        }
    return page(
        request,
        visit,
        "backlog/new.html",
        status,
        form=form,
        rows=counts(form.typed, more),
        effect=effect,
        choices=choices(visit.words, house.book),
        weeks=house.book.in_force_on(house.today()).backlog.run.lasts.weeks,
        **values,
    )
