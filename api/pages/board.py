"""The managers' board: where the cases are, what will be late and why, who is blocked, who carries what. It is live."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response, StreamingResponse

from api.board.told import blocked_view, counts_view, late_view, load_view, opened, procedure_view
from api.board.views import BlockedPage, CountsView, LatePageView, LateView
from api.changes import Changes, TheChanges
from api.house import House, TheHouse
from api.pages.drawing import draw
from api.pages.people import names_of_hats
from api.pages.show import page
from api.pages.visit import Admitted, Visit
from db.queries.board.deadlines import Deadline
from db.queries.board.late import WantedDue
from domain.board import AgeBand, DueWindow
from domain.complaint.states import ComplaintState
from domain.permissions import Action

router = APIRouter(include_in_schema=False)
Manager = Annotated[Visit, Depends(Admitted(Action.READ_BOARD))]
Pole = Annotated[str | None, Query(max_length=60)]
STREAM_SECONDS = 300.0
"""A stream ends after this and is asked for again: so it ends with the session, too."""
_BEAT_SECONDS = 15.0


@router.get("/board")
def board(request: Request, visit: Manager, house: TheHouse, pole: Pole = None) -> Response:
    """All of it at a glance; every number opens its cases."""
    with opened(house, visit.actor, pole) as (session, scope):
        counts, late = counts_view(session, scope), late_view(session, scope, WantedDue(None, None, None, 24))
        blocked, load = blocked_view(session, scope), load_view(session, scope)
        values: dict[str, Any] = {
            "counts": counts,
            "ages": _by_step_and_age(counts),
            "late": late,
            "late_cases": _by_case(late),
            "due_numbers": _by_deadline_and_window(late),
            "blocked": blocked,
            "load": [one for one in load.people if one.open_cases.count or one.tasks.count or one.absent],
            "untaken": load.untaken,
            "drawing": draw({node.state: node.open for node in procedure_view(session, scope).nodes if node.open}),
            "hats": _hats(session, late, blocked, visit, house),
        }
    return page(request, visit, "board/board.html", pole=pole, poles=poles_of(visit, house), **values)


@router.get("/board/late")
def late_page(
    request: Request,
    visit: Manager,
    house: TheHouse,
    pole: Pole = None,
    window: DueWindow | None = None,
    deadline: Deadline | None = None,
    cursor: str | None = None,
) -> Response:
    """What is late and what will be, one by one, each with why."""
    with opened(house, visit.actor, pole) as (session, scope):
        late = late_view(session, scope, WantedDue(window, deadline, cursor, 50))
        hats = _hats(session, late, None, visit, house)
    return page(
        request,
        visit,
        "board/late.html",
        late=late,
        late_cases=_by_case(late),
        hats=hats,
        pole=pole,
        window=window,
        deadline=deadline,
        poles=poles_of(visit, house),
    )


@router.get("/board/moves")
async def moves(request: Request, _visit: Manager, changes: TheChanges) -> Response:
    """Tells a page each time that something has moved; the page asks for what, with its own rights."""
    seen = request.headers.get("last-event-id", "")
    return StreamingResponse(_told(changes, seen), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _told(changes: Changes, seen: str) -> AsyncIterator[str]:
    """Versions as server-sent events, but the one that was seen; between them a beat, so that a cut line is noticed."""
    end = asyncio.get_running_loop().time() + STREAM_SECONDS
    async with aclosing(changes.subscribe()) as versions:
        heard = asyncio.ensure_future(anext(versions))
        try:
            while asyncio.get_running_loop().time() < end:
                done, _ = await asyncio.wait({heard}, timeout=_BEAT_SECONDS)
                if done and str(heard.result()) == seen:
                    heard = asyncio.ensure_future(anext(versions))
                elif done:
                    yield f"event: moved\nid: {heard.result()}\ndata: {heard.result()}\n\n"
                    heard = asyncio.ensure_future(anext(versions))
                else:
                    yield ": still here\n\n"
        finally:
            heard.cancel()
            await asyncio.gather(heard, return_exceptions=True)


def _by_step_and_age(counts: CountsView) -> list[tuple[ComplaintState, dict[AgeBand, Any]]]:
    found = {(one.state, one.age): one for one in counts.open if one.count}
    steps = [state for state in ComplaintState if any((state, age) in found for age in AgeBand)]
    return [(state, {age: found.get((state, age)) for age in AgeBand}) for state in steps]


def _by_deadline_and_window(late: LatePageView) -> list[tuple[str, Deadline, dict[DueWindow, Any]]]:
    """Each deadline that is due soon, with its procedure, and how many in each window."""
    found = {(one.deadline, one.window): one for one in late.due if one.count}
    names = dict.fromkeys((one.procedure, one.deadline) for one in late.due if one.count)
    return [(procedure, name, {window: found.get((name, window)) for window in DueWindow}) for procedure, name in names]


def _by_case(late: LatePageView) -> list[list[LateView]]:
    """The lines of one case together: its deadlines wait for the same."""
    cases: dict[str, list[LateView]] = {}
    for line in late.lines:
        cases.setdefault(line.case, []).append(line)
    return list(cases.values())


def _hats(
    session: Session, late: LatePageView, blocked: BlockedPage | None, visit: Visit, house: House
) -> Mapping[str, str]:
    """The names of all whom these lines speak of."""
    hats = {hat for line in late.lines for hat in line.held.offered_to}
    if blocked is not None:
        items = [item for one in blocked.standstills for item in one.oldest]
        hats |= {hat for item in items for hat in (*item.offered_to, *item.meant_for)}
    return names_of_hats(session, hats, visit.words, house.book)


def poles_of(visit: Visit, house: House) -> list[tuple[str, str]]:
    """The poles that a board can be of, each with its name."""
    return [(pole.id, visit.words.name_of("Pole", pole.id, pole.label)) for pole in house.book.insurer.poles]
