"""The staff in a list: filters stand in the address, a name that somebody looks for does not."""

from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from api.house import House, TheHouse
from api.pages.administration.doors import StaffReader
from api.pages.choices import choices, options
from api.pages.form import FormView
from api.pages.show import go_to, page
from api.pages.typed import SentForm, Typed
from api.pages.visit import Visit
from api.people.views import person_view
from db.queries import people_lists
from db.queries.people import everyone
from domain.roles import Role

router = APIRouter()
_ADDRESS = "/administration/people"
_PAGE = 50


class Filters(BaseModel):
    """Which people; what is unknown finds nobody."""

    model_config = ConfigDict(extra="ignore")

    role: str = ""
    pole: str = ""
    gone: str = ""


def _asked(
    role: Annotated[str, Query(max_length=60)] = "",
    pole: Annotated[str, Query(max_length=60)] = "",
    gone: Annotated[str, Query(max_length=5)] = "",
) -> Filters:
    return Filters(role=role, pole=pole, gone=gone)


@router.get(_ADDRESS)
def people(
    request: Request,
    visit: StaffReader,
    house: TheHouse,
    filters: Annotated[Filters, Depends(_asked)],
    cursor: UUID | None = None,
) -> Response:
    """Who works here, by name."""
    return _page(request, visit, house, filters, "", cursor)


@router.post(_ADDRESS)
def look_for(request: Request, visit: StaffReader, typed: SentForm, house: TheHouse) -> Response:
    """Look for a name, which stands in no address; without one, on to the filtered list."""
    filters = Filters(**{name: typed[name][:60] for name in Filters.model_fields})
    name = (typed.text("name") or "")[:100].replace("\x00", "")
    if not name:
        return go_to(_address(filters))
    return _page(request, visit, house, filters, name, None)


def _address(filters: Filters, **more: str) -> str:
    kept = {name: value for name, value in (filters.model_dump() | more).items() if value}
    return f"{_ADDRESS}?{urlencode(kept)}" if kept else _ADDRESS


def _page(request: Request, visit: Visit, house: House, filters: Filters, name: str, cursor: UUID | None) -> Response:
    """A name is looked for among all: no more than a page of them is shown, and the page says so."""
    wanted = people_lists.Wanted(
        role=filters.role or None,
        pole=filters.pole or None,
        gone=bool(filters.gone),
        after=cursor,
        limit=_PAGE,
        name=name or None,
    )
    with house.sessions() as session:
        entries = people_lists.listed(session, wanted, house.today())
        names = everyone(session)
    more = len(entries) > _PAGE
    fields: dict[str, Any] = {key: [value] for key, value in filters.model_dump().items() if value}
    return page(
        request,
        visit,
        "administration/people.html",
        form=FormView(_ADDRESS, Typed(fields | ({"name": [name]} if name else {}))),
        people=[person_view(entry) for entry in entries[:_PAGE]],
        names=names,
        following=_address(filters, cursor=str(entries[_PAGE - 1].person.id)) if more and not name else None,
        too_many=more and bool(name),
        filtered=bool(fields or name),
        roles=options(visit.words, Role),
        choices=choices(visit.words, house.book),
    )
