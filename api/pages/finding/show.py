"""One finding: what is to be put right, by when and why that day, the plan, the evidence, who has to act."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.cases import journal_page
from api.findings import seen_finding
from api.house import House, TheHouse
from api.pages.acts import acts
from api.pages.finding.known import known_of
from api.pages.show import page
from api.pages.standing import standing_of
from api.pages.visit import Admitted, Visit
from db.models import Case
from db.queries.finding_possible import possible_on
from domain.permissions import Action

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
    refusals = possible_on(session, case, visit.actor, house.book, house.now(), house.today())
    return {
        **standing_of(session, case, visit, house),
        "possible": {action: refusal and visit.words.told(refusal.rule) for action, refusal in refusals.items()},
        "acts": acts(journal_page(session, case, earlier, _LINES).lines) if visit.may("read_journal") else [],
        "earlier": earlier,
        "ended_at": case.ended_at,
    }
