"""Claims in a list: those under control, the earliest due first, or those that are cleared. Filters are the address."""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.house import House, TheHouse
from api.pages.choices import choices, options
from api.pages.form import FormView
from api.pages.people import offered_to
from api.pages.show import page
from api.pages.typed import Typed
from api.pages.visit import Admitted, Visit
from db.queries import claim_lists
from db.queries.claim_lists import WantedClaims
from db.queries.claim_queue import Awaits, Line, WantedInQueue, awaited_by, next_in_queue, queued
from db.queries.people import names_of
from domain.claim.states import ClaimState
from domain.claim.words import CareCategory, ControlReason
from domain.permissions import Action

router = APIRouter(include_in_schema=False)
Reader = Annotated[Visit, Depends(Admitted(Action.READ_CASES))]
_FILTERS = ("state", "category", "reason", "pole", "mine", "cleared")
_PAGE = 50


@router.get("/claims")
def queue(
    request: Request,
    visit: Reader,
    house: TheHouse,
    state: Annotated[str | None, Query(max_length=40)] = None,
    category: Annotated[str | None, Query(max_length=40)] = None,
    reason: Annotated[str | None, Query(max_length=40)] = None,
    pole: Annotated[str | None, Query(max_length=60)] = None,
    mine: Annotated[str | None, Query(max_length=5)] = None,
    cleared: Annotated[str | None, Query(max_length=5)] = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """What is to be controlled, the earliest due first; `cleared`: what is paid without control, the newest first."""
    chosen = {
        "state": _word(ClaimState, state),
        "category": _word(CareCategory, category),
        "reason": _word(ControlReason, reason),
        "pole": pole or None,
    }
    with house.reading() as session:
        if cleared:
            of_pole = {"category": chosen["category"], "pole": chosen["pole"]}
            wanted = WantedClaims(**of_pole, controlled=False, cursor=cursor, limit=_PAGE)
            rows = claim_lists.listed(session, visit.actor, wanted)
            values: dict[str, Any] = {"lines": rows[:_PAGE], "next": claim_lists.next_page(rows, _PAGE)}
        else:
            found = WantedInQueue(**chosen, mine=bool(mine), cursor=cursor, limit=_PAGE)
            rows = queued(session, visit.actor, found)
            values = _queue_of(session, rows[:_PAGE], visit, house) | {"next": next_in_queue(rows, _PAGE)}
    filters = {name: value for name, value in request.query_params.items() if name in _FILTERS and value}
    more = f"/claims?{urlencode({**filters, 'cursor': values['next']})}" if values["next"] else None
    return page(
        request,
        visit,
        "claim/queue.html",
        form=FormView("/claims", Typed({name: [value] for name, value in filters.items()})),
        filtered=bool(filters),
        cleared=bool(cleared),
        more=more,
        choices=choices(visit.words, house.book),
        states=options(visit.words, ClaimState),
        poles={pole.id: visit.words.name_of("Pole", pole.id, pole.label) for pole in house.book.insurer.poles},
        **values,
    )


def _word(vocabulary: type[ClaimState | CareCategory | ControlReason], told: str | None) -> str | None:
    """A word of the vocabulary; what is none of them filters nothing."""
    return told if told in list(vocabulary) else None


def _queue_of(session: Session, rows: Sequence[Line], visit: Visit, house: House) -> dict[str, Any]:
    """The lines, what each waits for, and of whom."""
    awaits = awaited_by(session, [row.ClaimRow.case_id for row in rows])
    names = names_of(session, {one.task.claimed_by for one in awaits.values() if one.task and one.task.claimed_by})
    whom = {case_id: _whom(session, one, names, visit, house) for case_id, one in awaits.items()}
    return {"lines": rows, "awaits": awaits, "whom": whom}


def _whom(session: Session, one: Awaits, names: dict[UUID, str], visit: Visit, house: House) -> list[str]:
    if one.task is None:
        return []
    if one.task.claimed_by:
        return [names[one.task.claimed_by]]
    return offered_to(session, one.task.offered_to, visit.words, house.book)
