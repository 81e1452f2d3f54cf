"""One person: facts, absences, what was done to their account; and the form that changes it."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import ValidationError
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.administration.ledger import last_lines
from api.house import House, TheHouse
from api.pages.administration.doors import Manager, StaffReader
from api.pages.choices import choices, options
from api.pages.form import FormView, mistaken
from api.pages.show import go_to, page
from api.pages.typed import KEY, SentForm, Typed
from api.pages.visit import Visit
from api.people.absences import absences_of
from api.people.staff import PersonAltered, alter
from api.people.views import PersonView, one
from db.models import StaffMember
from db.queries.people import everyone, names_by_login, person_by_login
from db.queries.people_lists import delegates, deputies, owned_by
from domain.accounts import AccountEvent
from domain.refusals import Refusal
from domain.roles import Role

router = APIRouter()
_LINES = 20
_SIMPLE = ("title", "email", "phone")
_LISTS = ("roles", "skills")
_MAYBE = ("pole", "deputy")


@router.get("/administration/people/{login}")
def person(request: Request, login: str, visit: StaffReader, house: TheHouse) -> Response:
    """All that is known of one person, gone or not."""
    return _page(request, login, visit, house)


@router.post("/administration/people/{login}")
def change(request: Request, login: str, visit: Manager, typed: SentForm, house: TheHouse) -> Response:
    """Change what was typed; with what is wrong, the same page again."""
    try:
        asked = PersonAltered.model_validate(changed_in(typed))
        alter(login, asked, house, visit.actor, typed[KEY][:100] or None)
    except (Refusal, ValidationError) as error:
        form = mistaken(_address(login), typed, error, visit.words)
        return _page(request, login, visit, house, form, error.status if isinstance(error, Refusal) else 422)
    return go_to(_address(login), "person_changed")


def changed_in(typed: Typed) -> dict[str, Any]:
    """What the form asks to change. A whole form, known by its title, has lists and choices even where they are empty;
    the form of one's own account has e-mail and telephone only.
    """
    body: dict[str, Any] = {name: typed[name].strip() for name in _SIMPLE if name in typed}
    whole = "title" in typed
    lists = {name: typed.all(name) for name in _LISTS if whole or name in typed}
    return body | lists | {name: typed.text(name) for name in _MAYBE if whole or name in typed}


def _address(login: str) -> str:
    return f"/administration/people/{login}"


def _page(
    request: Request, login: str, visit: Visit, house: House, sent: FormView | None = None, status: int = 200
) -> Response:
    with house.reading() as session:
        told = one(session, login, house.today())
        row = person_by_login(session, login)
        assert row is not None
        values = _values(session, row, told, house, visit.actor.id)
    values |= {
        "form": sent or _form(told),
        "changing": sent is not None,
        "roles": options(visit.words, Role),
        "choices": choices(visit.words, house.book),
    }
    return page(request, visit, "administration/person.html", status, person=told, **values)


def _values(session: Session, row: StaffMember, told: PersonView, house: House, reader: UUID) -> dict[str, Any]:
    lines = last_lines(session, row.login, _LINES, reader)
    return {
        "absences": absences_of(session, row.login, house.today()),
        "owned": owned_by(session, row.id, reader),
        "lines": lines,
        "left": next((line for line in lines if line.event is AccountEvent.LEFT), None) if not row.active else None,
        "names": everyone(session) | names_by_login(session, {line.actor for line in lines if line.actor}),
        "delegates": delegates(session),
        "deputies": [one for one in deputies(session, row.delegate) if one[0] != told.login],
    }


def _form(told: PersonView) -> FormView:
    """The form as the person is now."""
    known = told.model_dump()
    fields = {name: [known[name] or ""] for name in (*_SIMPLE, *_MAYBE)} | {name: known[name] for name in _LISTS}
    return FormView(_address(told.login), Typed(fields))
