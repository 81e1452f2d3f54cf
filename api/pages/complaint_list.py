"""Complaints in a list: filters stand in the address, so that a view can be sent; words never do.

One form asks for both. Without words it leads to an address with the filters; with words the search is kept, and its
address holds an id only.
"""

from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import ValidationError
from starlette.responses import Response

from api.house import House, TheHouse
from api.narrowing import TheNarrowed
from api.pages.choices import choices, options
from api.pages.form import FormView, mistaken
from api.pages.places import place_of
from api.pages.show import go_to, page
from api.pages.typed import SentForm, Typed
from api.pages.visit import Admitted, Visit
from api.search import Asked, FoundPage, find, kept_search
from api.tokens import wall_now
from db.commands.search import keep_search
from db.queries.people import colleagues
from domain.complaint.states import ComplaintState
from domain.permissions import Action
from domain.search import read_typed

router = APIRouter(include_in_schema=False)
Reader = Annotated[Visit, Depends(Admitted(Action.READ_CASES))]
Cursor = Annotated[str | None, Query()]
_ADDRESS = "/search"
_FILTERS = [name for name in Asked.model_fields if name not in {"words", "name"}]


@router.get("/complaints")
def complaints(
    request: Request, visit: Reader, house: TheHouse, narrowed: TheNarrowed, cursor: Cursor = None
) -> Response:
    """The complaints that I may see, the newest first, with the filters of the address: the form's, and the board's."""
    typed = Typed({name: [value] for name, value in request.query_params.items() if name in _FILTERS and value})
    try:
        asked = Asked.model_validate(_said(typed))
    except ValidationError as error:
        return _page(request, visit, house, mistaken(_ADDRESS, typed, error, visit.words), None, status=422)
    found = find(house, visit.actor, asked, cursor, narrowed=narrowed)
    following = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    more = f"/complaints?{urlencode([*following, ('cursor', found.next)])}" if found.next else None
    return _page(
        request,
        visit,
        house,
        FormView(_ADDRESS, typed),
        found,
        more,
        narrowed=any(name not in _FILTERS for name, _ in following),
    )


@router.post(_ADDRESS)
def search(request: Request, visit: Reader, typed: SentForm, house: TheHouse) -> Response:
    """Look for complaints: on to the case that the reference names, to the kept search, or to the filtered list."""
    try:
        asked = Asked.model_validate(_said(typed))
    except ValidationError as error:
        return _page(request, visit, house, mistaken(_ADDRESS, typed, error, visit.words), None, status=422)
    if not asked.words or not asked.words.strip():
        return go_to(_address(typed))
    if read_typed(asked.words).reference is not None:
        found = find(house, visit.actor, asked)
        meant = [one.reference for one in found.complaints]
        meant += [*(one.reference for one in found.claims), *(one.reference for one in found.batches)]
        meant += [one.reference for one in found.operations]
        if len(meant) == 1:
            return go_to(place_of(meant[0]))
    kept = asked.by(visit.actor).model_dump(mode="json", exclude_none=True)
    with house.sessions.begin() as session:
        return go_to(f"/searches/{keep_search(session, kept, visit.actor, wall_now())}")


@router.get("/searches/{search_id}")
def searched(request: Request, search_id: UUID, visit: Reader, house: TheHouse, cursor: Cursor = None) -> Response:
    """What a kept search finds for me."""
    found = kept_search(search_id, house, visit.actor, cursor)
    asked = found.asked.model_dump(mode="json", exclude_none=True)
    typed = Typed({name: [str(value)] for name, value in asked.items()})
    more = f"/searches/{search_id}?{urlencode({'cursor': found.next})}" if found.next else None
    return _page(request, visit, house, FormView(_ADDRESS, typed), found, more, kept_by=found.kept_by)


def _said(typed: Typed) -> dict[str, Any]:
    return {name: typed.text(name) for name in Asked.model_fields if typed.text(name) is not None}


def _address(typed: Typed) -> str:
    filters = {name: typed[name] for name in _FILTERS if typed.text(name)}
    return f"/complaints?{urlencode(filters)}" if filters else "/complaints"


def _page(
    request: Request,
    visit: Visit,
    house: House,
    form: FormView,
    found: FoundPage | None,
    more: str | None = None,
    status: int = 200,
    kept_by: str | None = None,
    narrowed: bool = False,
) -> Response:
    with house.sessions() as session:
        people = colleagues(session)
    return page(
        request,
        visit,
        "complaint/list.html",
        status,
        form=form,
        found=found,
        more=more,
        kept_by=kept_by,
        filtered=any(form.typed.text(name) for name in Asked.model_fields),
        narrowed=narrowed,
        choices=choices(visit.words, house.book),
        states=options(visit.words, ComplaintState),
        colleagues=[("me", visit.words.say("me")), *people],
    )
