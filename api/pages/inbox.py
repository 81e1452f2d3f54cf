"""My inbox: the tasks that I may do, the earliest due first; and my pole's, to see what is on others' desks."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from api.house import TheHouse
from api.pages.figures.activities import notices_for
from api.pages.show import page
from api.pages.visit import Admitted, TheVisit, Visit
from api.pages.volunteer.told import places_told
from api.tasks import TaskView, lent_to, view
from db.models import StaffMember
from db.queries import tasks as queries
from db.queries.backlog_overview import called
from db.queries.claim_queue import asked_for
from db.queries.payment_lists import totals_of
from domain.permissions import Action

router = APIRouter(include_in_schema=False)
Doer = Annotated[Visit, Depends(Admitted(Action.DO_TASKS))]
_PAGE = 50
_FIRST_PAGES = (
    ("read_delegate_space", "/delegate"),
    ("do_tasks", "/inbox"),
    ("manage_people", "/administration"),
    ("read_cases", "/complaints"),
)


@router.get("/")
def home(visit: TheVisit) -> Response:
    """Where this person's work is."""
    return RedirectResponse(next((page for action, page in _FIRST_PAGES if visit.may(action)), "/account"), 303)


@router.get("/inbox")
def inbox(
    request: Request,
    visit: Doer,
    house: TheHouse,
    whose: Annotated[Literal["mine", "pole"], Query()] = "mine",
    cursor: str | None = None,
) -> Response:
    """My tasks, or my pole's."""
    now = house.now()
    with house.sessions() as session:
        pole = session.get_one(StaffMember, visit.actor.id).pole
        wanted = queries.Wanted(pole=pole if whose == "pole" else None, cursor=cursor, limit=_PAGE)
        rows = queries.inbox(session, visit.actor, wanted)
        lent = lent_to(session, visit.actor, [case.id for _, case, _ in rows[:_PAGE]], house.today())
        tasks = [view(task, case, said, visit.actor, now, lent.get(case.id)) for task, case, said in rows[:_PAGE]]
        claims = asked_for(session, [task.case for task in tasks])
        batches = totals_of(session, [task.case for task in tasks])
        operations = called(session, [task.case for task in tasks], visit.words.language)
        following = queries.next_cursor(rows[_PAGE - 1][0]) if len(rows) > _PAGE else None
    subjects = {reference: _called(*asked, visit) for reference, asked in claims.items()}
    subjects |= {reference: _counted(*totals, visit) for reference, totals in batches.items()}
    subjects |= operations
    groups = _grouped(tasks, now, visit)
    notices, names = notices_for(house, visit) if whose == "mine" else ([], {})
    told, called_so = places_told(house, visit) if whose == "mine" else ([], {})
    return page(
        request,
        visit,
        "house/inbox.html",
        groups=groups,
        subjects=subjects,
        whose=whose,
        pole=pole,
        following=following,
        notices=notices,
        names=names | called_so,
        told=told,
    )


def _called(category: str, amount_cents: int, visit: Visit) -> str:
    """What a claim is called, in the language of whoever looks."""
    return f"{visit.words.name_in('CareCategory', category)} · {visit.words.euros(amount_cents)}"


def _counted(count: int, total_cents: int, visit: Visit) -> str:
    """What a batch is called."""
    return f"{visit.words.say_many('one transfer', '{count} transfers', count)} · {visit.words.euros(total_cents)}"


def _grouped(tasks: list[TaskView], now: datetime, visit: Visit) -> list[tuple[str, list[TaskView]]]:
    """By what is pressing: late, today, this week, later, without a date."""
    groups: dict[str, list[TaskView]] = {}
    for task in tasks:
        groups.setdefault(_pressing(task.due_at, now, visit), []).append(task)
    return list(groups.items())


def _pressing(due_at: datetime | None, now: datetime, visit: Visit) -> str:
    if due_at is None:
        return "without_date"
    if due_at < now:
        return "late"
    days = visit.words.local_day(due_at) - visit.words.local_day(now)
    return "today" if not days else "within_a_week" if days <= timedelta(days=7) else "later"
