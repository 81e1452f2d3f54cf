"""The file of one claim: who asks what, why it is controlled, what the checks found, who has to act and by when."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.cases import journal_page, letter_views, state_view
from api.claims import seen_claim
from api.house import House, TheHouse
from api.pages.acts import acts
from api.pages.claim.known import known_of
from api.pages.people import offered_to
from api.pages.show import page
from api.pages.visit import Admitted, Visit
from db.models import Case, TaskRow
from db.queries import cases as case_queries
from db.queries.claim_payment import paid_lines
from db.queries.claim_possible import possible_on
from db.queries.standing import as_task
from domain.permissions import Action
from domain.refusals import Refusal
from domain.tasks import check_may_do

router = APIRouter(include_in_schema=False)
Reader = Annotated[Visit, Depends(Admitted(Action.READ_CASES))]
_LINES = 300
"""So many lines of the journal are shown on one page."""


@router.get("/claims/{reference}")
def claim_page(
    request: Request,
    reference: str,
    visit: Reader,
    house: TheHouse,
    until: Annotated[int | None, Query(ge=1, le=10**9)] = None,
) -> Response:
    """All that is known of one claim; one that is cleared has no more than its checks."""
    with house.reading() as session:
        row = seen_claim(session, reference, visit.actor)
        values = known_of(session, row, visit, house)
        if row.case_id is not None:
            values |= _carried(session, session.get_one(Case, row.case_id), visit, house, until)
    return page(request, visit, "claim/show.html" if row.case_id else "claim/cleared.html", **values)


def _carried(session: Session, case: Case, visit: Visit, house: House, until: int | None) -> dict[str, Any]:
    """What only a claim under control has: tasks, letters, journal, payment, and what I may do."""
    last = min(until or case.lines, case.lines)
    earlier = max(0, last - _LINES)
    state = state_view(session, case, visit.actor, visit.words.language)
    rows = [one for one in case_queries.tasks(session, case.id) if one.closed_at is None]
    refusals = possible_on(session, case, visit.actor, house.book, house.now(), house.today())
    return {
        "state": state,
        "open_tasks": [task for task in state.tasks if task.closed_at is None],
        "holders": {one.id: offered_to(session, one.offered_to, visit.words, house.book) for one in rows},
        "why_not": {one.id: _why_not(one, visit) for one in rows},
        "letters": letter_views(session, case),
        "payments": paid_lines(session, case.id),
        "acts": acts(journal_page(session, case, earlier, _LINES).lines) if visit.may("read_journal") else [],
        "earlier": earlier,
        "possible": {action: refusal and visit.words.told(refusal.rule) for action, refusal in refusals.items()},
        "ended_at": case.ended_at,
    }


def _why_not(row: TaskRow, visit: Visit) -> str | None:
    """Why I may not do a task that is open; None where I may."""
    try:
        check_may_do(as_task(row), visit.actor)
    except Refusal as refusal:
        return visit.words.told(refusal.rule)
    return None
