"""One finding: what is to be put right, by when and why that day, the plan, the evidence, who has to act."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.cases import journal_page, state_view
from api.findings import seen_finding
from api.house import House, TheHouse
from api.pages.acts import acts
from api.pages.finding.known import known_of
from api.pages.people import offered_to
from api.pages.show import page
from api.pages.visit import Admitted, Visit
from db.models import Case, TaskRow
from db.queries import cases as case_queries
from db.queries.finding_possible import possible_on
from db.queries.standing import as_task
from domain.permissions import Action
from domain.refusals import Refusal
from domain.tasks import check_may_do

router = APIRouter(include_in_schema=False)
Reader = Annotated[Visit, Depends(Admitted(Action.READ_FINDINGS))]
_LINES = 300
"""So many lines of the journal are shown on one page."""


@router.get("/findings/{reference}")
def finding_page(
    request: Request,
    reference: str,
    visit: Reader,
    house: TheHouse,
    until: Annotated[int | None, Query(ge=1, le=10**9)] = None,
) -> Response:
    """All that is known of one finding."""
    with house.reading() as session:
        row = seen_finding(session, house, reference, visit.actor)
        values = known_of(session, row, visit, house)
        values |= _carried(session, session.get_one(Case, row.FindingRow.case_id), visit, house, until)
    return page(request, visit, "finding/show.html", **values)


def _carried(session: Session, case: Case, visit: Visit, house: House, until: int | None) -> dict[str, Any]:
    """Where it stands, who has to act, what I may do, what happened."""
    last = min(until or case.lines, case.lines)
    earlier = max(0, last - _LINES)
    rows = [one for one in case_queries.tasks(session, case.id) if one.closed_at is None]
    refusals = possible_on(session, case, visit.actor, house.book, house.now(), house.today())
    return {
        "state": state_view(session, case, visit.actor, visit.words.language),
        "open_tasks": rows,
        "holders": {one.id: offered_to(session, one.offered_to, visit.words, house.book) for one in rows},
        "why_not": {one.id: _why_not(one, visit) for one in rows},
        "possible": {action: refusal and visit.words.told(refusal.rule) for action, refusal in refusals.items()},
        "acts": acts(journal_page(session, case, earlier, _LINES).lines) if visit.may("read_journal") else [],
        "earlier": earlier,
        "ended_at": case.ended_at,
    }


def _why_not(row: TaskRow, visit: Visit) -> str | None:
    """Why I may not do a task that is open; None where I may."""
    try:
        check_may_do(as_task(row), visit.actor)
    except Refusal as refusal:
        return visit.words.told(refusal.rule)
    return None
