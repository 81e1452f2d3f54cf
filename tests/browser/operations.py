"""Operations for whoever visits their pages: one before the directors, one in its third week, one that lends cases."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.models import Case, DelayMessageRow, DispatchRow, TaskRow
from domain.people import Hat, role_hat
from domain.roles import Role
from local.demo_staff import person_id
from tests.factories import backlog_rows
from tests.factories.backlog_rows import SESSION_OF_TODAY, a_loan, a_place, a_proposal
from tests.factories.running_operations import a_running_operation
from tests.stories.acts import enters
from tests.stories.house import StoryHouse

BORROWER, FRONT_DESK = "gildas.madec", "malo.quere"
MANAGER, DIRECTOR, GENERAL = "anne.le.goff", "isabelle.kermarrec", "francois.le.bihan"
Scenery = dict[str, str]


async def set_up_operations(story: StoryHouse) -> Scenery:
    """The operations, and the tasks of the directors on them."""
    now = story.house.now()
    running = await story.house.transact(lambda session: a_running_operation(session, now))
    body = a_proposal(story.house.today(), places=20).model_dump(mode="json")
    answer = await story.as_(MANAGER, "POST", "/backlog", body)
    assert answer.status_code == 201, answer.text
    proposed = answer.json()["reference"]
    lent = await enters(story, FRONT_DESK)
    lending = await story.house.transact(lambda session: _that_lends(session, story, lent))
    return lending | {
        "operation.running": running.reference,
        "operation.off_track": str(running.off_track_task),
        "operation.closing": str(running.close_task),
        "operation.proposed": proposed,
        "operation.proposed.task": (await story.inbox(DIRECTOR, proposed))[0]["id"],
    }


def _that_lends(session: Session, story: StoryHouse, reference: str) -> Scenery:
    """It has a session today, has lent a case, left some, and a message of it is before the director."""
    now = story.house.now()
    case, session_id = lender = backlog_rows.a_running_operation(session, now)
    a_place(session, session_id, person_id(BORROWER), now)
    lent = session.scalars(select(Case.id).where(Case.reference == reference)).one()
    a_loan(session, lender, lent, person_id(BORROWER), now)
    left = [{"why": "no_skill", "skills": ["english"], "cases": 2}, {"why": "no_room", "skills": [], "cases": 11}]
    by = {"operation_id": case.id, "session_id": session_id, "by_id": person_id(MANAGER), "at": now}
    session.add(DispatchRow(id=uuid7(), given=1, left_over=left, **by))
    _message(session, case, story)
    manager, director = role_hat(Role.POLE_MANAGER, case.pole), role_hat(Role.OPERATIONS_DIRECTOR)
    give_out = _task(session, story, case, "dispatch_cases", manager, {"session": SESSION_OF_TODAY})
    return {
        "operation.lending": case.reference,
        "operation.dispatch": str(give_out),
        "operation.message": str(_task(session, story, case, "approve_message", director, {})),
    }


def _message(session: Session, case: Case, story: StoryHouse) -> None:
    session.add(
        DelayMessageRow(
            id=uuid7(),
            operation_id=case.id,
            sha256="0" * 64,
            more_than_days=1,
            promised_on=date(2031, 3, 14),
            quiet_days=7,
            fr="Un quart de nos équipes est absent. Nous travaillons aussi le samedi.",
            en="A quarter of our staff are away. We work on Saturdays as well.",
            status="waiting",
            proposed_by=person_id(MANAGER),
            proposed_at=story.house.now(),
        )
    )


def _task(session: Session, story: StoryHouse, case: Case, kind: str, hat: Hat, detail: dict[str, object]) -> UUID:
    row = TaskRow(
        id=uuid7(),
        case_id=case.id,
        kind=kind,
        pole=case.pole,
        offered_to=[hat],
        meant_for=[hat],
        excluded=[],
        detail=detail,
        opened_at=story.house.now(),
    )
    session.add(row)
    session.flush()
    return row.id
