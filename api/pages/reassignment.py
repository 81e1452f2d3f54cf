"""Somebody's complaints are given to others: first what would happen, then each as it was decided."""

from asyncio import to_thread
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError
from starlette.responses import Response

from api.house import House, TheHouse
from api.pages.form import FormView, mistaken
from api.pages.show import page
from api.pages.typed import KEY, SentForm, Typed
from api.pages.visit import Admitted, Visit
from api.reassignment import MovedView, Moves, PlanView, preview, reassign_many
from db.queries.people import colleagues, handlers_on, names_by_login
from domain.permissions import Action

router = APIRouter(include_in_schema=False)
Reassigner = Annotated[Visit, Depends(Admitted(Action.REASSIGN_MANY))]
_TO = "to."
"""Before the reference: the field that says to whom a complaint goes."""


@router.get("/board/reassign/{login}")
def plan(request: Request, login: str, visit: Reassigner, house: TheHouse) -> Response:
    """Who would get this person's open, unanswered complaints, and everybody's load before and after."""
    return _page(request, login, visit, house, FormView(_address(login), Typed()))


@router.post("/board/reassign/{login}")
async def give(request: Request, login: str, visit: Reassigner, typed: SentForm, house: TheHouse) -> Response:
    """Give each of those that were chosen to whoever was chosen."""
    wanted = [name.removeprefix(_TO) for name in typed if name.startswith(_TO) and typed[name]]
    chosen = [reference for reference in wanted if typed.has("take", reference)]
    body = {"reason": typed.text("reason"), "cases": [{"reference": r, "to": typed[_TO + r]} for r in chosen]}
    try:
        asked = Moves.model_validate(body)
    except ValidationError as error:
        shown = mistaken(_address(login), typed, error, visit.words)
        return await to_thread(_page, request, login, visit, house, shown, None, 422)
    moved = await reassign_many(login, asked, house, visit.actor, typed[KEY][:100] or None)
    return await to_thread(_page, request, login, visit, house, FormView(_address(login), Typed()), moved)


def _page(
    request: Request,
    login: str,
    visit: Visit,
    house: House,
    form: FormView,
    moved: MovedView | None = None,
    status: int = 200,
) -> Response:
    told = preview(login, house, visit.actor)
    with house.sessions() as session:
        names = dict(colleagues(session)) | names_by_login(session, {login})
        handlers = [(person.login, name) for person, name in handlers_on(session, house.today())]
    return page(
        request,
        visit,
        "board/reassign.html",
        status,
        plan=told,
        form=form if form.typed.words else replace(form, typed=_proposed(told)),
        moved=moved,
        handlers=[(one, name) for one, name in handlers if one != login],
        names=names,
        login=login,
        skills={skill.id: visit.words.name_of("Skill", skill.id, skill.label) for skill in house.book.insurer.skills},
    )


def _proposed(plan: PlanView) -> Typed:
    """The plan, as if somebody had typed it; an absence is known, a conflict of interest is for them to say."""
    to = {f"{_TO}{one.reference}": [one.to] for one in plan.proposals if one.to}
    known = {"reason": [plan.reason]} if plan.reason == "absence" else {}
    return Typed({"take": [one.reference for one in plan.proposals if one.to], **to, **known})


def _address(login: str) -> str:
    return f"/board/reassign/{login}"
