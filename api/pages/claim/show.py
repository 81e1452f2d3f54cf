"""The file of one claim: who asks what, why it is controlled, what the checks found, who has to act and by when."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.cases import journal_page, letter_views
from api.claims import seen_claim
from api.house import House, TheHouse
from api.pages.acts import acts
from api.pages.claim.known import known_of
from api.pages.show import page
from api.pages.standing import standing_of
from api.pages.visit import Admitted, Visit
from db.models import Case
from db.queries.claim_payment import paid_lines
from db.queries.claim_possible import possible_on
from domain.permissions import Action

router = APIRouter(include_in_schema=False)
Reader = Annotated[Visit, Depends(Admitted(Action.READ_FILE))]
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
    refusals = possible_on(session, case, visit.actor, house.book, house.now(), house.today())
    return {
        **standing_of(session, case, visit, house),
        "letters": letter_views(session, case),
        "payments": paid_lines(session, case.id),
        "acts": acts(journal_page(session, case, earlier, _LINES).lines) if visit.may("read_journal") else [],
        "earlier": earlier,
        "possible": {action: refusal and visit.words.told(refusal.rule) for action, refusal in refusals.items()},
        "ended_at": case.ended_at,
    }
