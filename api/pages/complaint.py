"""Complaints: enter one; read one, where the page alone says what happened, what is due when and why, who must act."""

import json
from asyncio import to_thread
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import ValidationError
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.board.told import path_view
from api.cases import journal_page, kept_letter, letter_views, state_view, visible_complaint
from api.complaints import complaint_view, take_in
from api.house import House, TheHouse
from api.pages.acts import acts
from api.pages.choices import choices
from api.pages.drawing import draw
from api.pages.form import FormView, begun, mistaken, status_of
from api.pages.people import offered_to
from api.pages.show import go_to, page
from api.pages.typed import KEY, SentForm, Typed
from api.pages.visit import Admitted, Visit
from db.commands.draft import forget_draft
from db.models import Case
from db.queries.complaint_possible import possible_on
from db.queries.people import colleagues
from domain.complaint.intake import Intake
from domain.permissions import Action
from domain.refusals import Refusal

router = APIRouter(include_in_schema=False)
Reader = Annotated[Visit, Depends(Admitted(Action.READ_FILE))]
Enterer = Annotated[Visit, Depends(Admitted(Action.ENTER_COMPLAINT))]
_NEW = "/complaints/new"
_LINES = 300
"""So many lines of the journal are shown on one page."""


@router.get(_NEW)
def new_complaint(request: Request, visit: Enterer, house: TheHouse) -> Response:
    """The form of a complaint that has arrived."""
    with house.sessions() as session:
        known = {"received_on": house.today().isoformat(), "channel": "letter", "complainant.kind": "member"}
        form = begun(session, visit.actor.id, _NEW, known)
    return _new_page(request, visit, house, form)


@router.post(_NEW)
async def enter(request: Request, visit: Enterer, typed: SentForm, house: TheHouse) -> Response:
    """Keep the complaint; with what is wrong, the same page again."""
    try:
        intake = Intake.model_validate_json(json.dumps(intake_body(typed)))
        told = await take_in(house, intake, visit.actor, typed[KEY][:100] or None)
    except (Refusal, ValidationError) as error:
        form = mistaken(_NEW, typed, error, visit.words)
        return await to_thread(_new_page, request, visit, house, form, status_of(error))
    await house.transact(lambda session: forget_draft(session, visit.actor.id, _NEW))
    return go_to(f"/complaints/{told.reference}", "registered")


def intake_body(typed: Typed) -> dict[str, Any]:
    """The body of the API that the form stands for."""
    who = {
        "kind": typed.text("complainant.kind"),
        "member_number": typed["complainant.member_number"].replace(" ", "").upper() or None,
        "name": typed.text("complainant.name"),
        "email": typed.text("complainant.email"),
        "address": typed.lines("complainant.address"),
    }
    said = {
        name: typed.text(name)
        for name in ("channel", "received_on", "sent_on", "subject", "text", "pole", "language", "about")
    }
    given = {name: value for name, value in said.items() if value is not None}
    return given | {
        "skills": typed.all("skills"),
        "complainant": {name: value for name, value in who.items() if value},
    }


def _new_page(request: Request, visit: Visit, house: House, form: FormView, status: int = 200) -> Response:
    with house.sessions() as session:
        staff = colleagues(session)
    return page(
        request,
        visit,
        "complaint/new.html",
        status,
        form=form,
        choices=choices(visit.words, house.book),
        colleagues=staff,
    )


@router.get("/complaints/{reference}")
def complaint_page(
    request: Request,
    reference: str,
    visit: Reader,
    house: TheHouse,
    until: Annotated[int | None, Query(ge=1, le=10**9)] = None,
) -> Response:
    """All that is known of one complaint; of its journal the last lines, or those up to one."""
    with house.reading() as session:
        case = visible_complaint(session, reference, visit.actor)
        values = shown(session, case, visit, house, min(until or case.lines, case.lines))
    return page(request, visit, "complaint/show.html", **values)


def shown(session: Session, case: Case, visit: Visit, house: House, until: int) -> dict[str, Any]:
    """What the page of a complaint shows, as of one instant; of its journal what comes before and at line `until`."""
    earlier = max(0, until - _LINES)
    language = visit.words.language
    state = state_view(session, case, visit.actor, language)
    path = path_view(session, case.reference, visit.actor, house)
    refusals = possible_on(session, case, visit.actor, house.book, house.now(), house.today())
    return {
        "case": complaint_view(session, case, house, language),
        "state": state,
        "open_tasks": [task for task in state.tasks if task.closed_at is None],
        "holders": {task.id: offered_to(session, task.offered_to, visit.words, house.book) for task in state.tasks},
        "timers": path.timers,
        "drawing": draw(passed=[one.state for one in path.passed]),
        "letters": letter_views(session, case),
        "acts": acts(journal_page(session, case, earlier, _LINES).lines) if visit.may("read_journal") else [],
        "earlier": earlier,
        "possible": {action: refusal and _told(refusal, visit) for action, refusal in refusals.items()},
        "poles": {pole.id: visit.words.name_of("Pole", pole.id, pole.label) for pole in house.book.insurer.poles},
        "policy": house.book.version(case.policy),
        "opened_at": case.opened_at,
        "ended_at": case.ended_at,
    }


def _told(refusal: Refusal, visit: Visit) -> str:
    return visit.words.told(refusal.rule)


@router.get("/letters/{letter_id}.pdf")
def letter(letter_id: UUID, visit: Reader, house: TheHouse) -> Response:
    """A letter as it left."""
    return kept_letter(house, letter_id, visit.actor)
