"""Where a case of any procedure stands, as its page shows it: what is open, of whom it is asked, and why not of me."""

from typing import Any

from sqlalchemy.orm import Session

from api.cases import state_view
from api.house import House
from api.pages.people import offered_to
from api.pages.visit import Visit
from db.models import Case, TaskRow
from db.queries import cases as case_queries
from db.queries.standing import as_task
from domain.refusals import Refusal
from domain.tasks import check_may_do


def standing_of(session: Session, case: Case, visit: Visit, house: House) -> dict[str, Any]:
    """The state, the open tasks, who can do each, and why I may not."""
    state = state_view(session, case, visit.actor, visit.words.language)
    rows = [one for one in case_queries.tasks(session, case.id) if one.closed_at is None]
    return {
        "state": state,
        "open_tasks": [task for task in state.tasks if task.closed_at is None],
        "holders": {one.id: offered_to(session, one.offered_to, visit.words, house.book) for one in rows},
        "why_not": {one.id: why_not(one, visit) for one in rows},
    }


def why_not(row: TaskRow, visit: Visit) -> str | None:
    """Why I may not do a task that is open; None where I may."""
    try:
        check_may_do(as_task(row), visit.actor)
    except Refusal as refusal:
        return visit.words.told(refusal.rule)
    return None
