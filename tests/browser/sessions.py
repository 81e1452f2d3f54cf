"""An operation for whoever visits its pages: worked on one Saturday, paid, its next session waiting for who came."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.keys import case_cipher
from db.models import AttendanceRow, Case, PayFileRow, SessionRow, StaffMember, TaskRow
from db.queries.backlog_workers import workers_of
from db.vault import about_pay
from domain.backlog.payfile import PayFile
from domain.backlog.payroll import payroll_of
from domain.backlog.slips import write_slips
from domain.people import role_hat
from domain.roles import Role
from keys.sealing import seal
from local.demo_staff import person_id
from tests.factories.backlog_rows import a_place, an_approved_operation, sessions_of
from tests.stories.house import StoryHouse

CLAIRE, YANN, REFERENT, ACCOUNTANT = "claire.morvan", "yann.kerloch", "gwenola.prigent", "solene.guivarch"
Scenery = dict[str, str]


async def set_up_sessions(story: StoryHouse) -> Scenery:
    """Two have worked in its first session; who came to the second is to be said; pay is to be made and validated."""
    return await story.house.transact(lambda session: _planted(session, story))


def _planted(session: Session, story: StoryHouse) -> Scenery:
    now = story.house.now()
    case = an_approved_operation(session, now, places=2)
    first, second, _ = sessions_of(session, case.id)
    case.state = "running"
    for seat, login in enumerate((CLAIRE, YANN), 1):
        for one in (first, second):
            a_place(session, one, person_id(login), now, seat)
    _came(session, story, first)
    sha256 = _paid(session, story, case)
    manager, director = role_hat(Role.TECHNICAL_REFERENT, case.pole), role_hat(Role.OPERATIONS_DIRECTOR)
    return {
        "operation": case.reference,
        "operation.attendance": _task(session, story, case, "enter_attendance", manager, {"session": 2}),
        "operation.prepare": _task(session, story, case, "prepare_pay", role_hat(Role.ACCOUNTING), {}),
        "operation.pay": _task(
            session, story, case, "validate_pay", director, {"link": 1, "version": 1, "sha256": sha256}
        ),
    }


def _came(session: Session, story: StoryHouse, session_id: UUID) -> None:
    """Claire for the whole session, which was corrected; Yann did not come."""
    row = session.scalars(select(SessionRow).where(SessionRow.id == session_id)).one()
    by, now = person_id(REFERENT), story.house.now()
    row.entered_at, row.entered_by = now, by
    session.flush()
    for login, version, minutes, reason in ((CLAIRE, 1, 420, None), (CLAIRE, 2, 390, "Partie."), (YANN, 1, 0, None)):
        told = {"version": version, "minutes": minutes, "reason": reason, "entered_by": by, "entered_at": now}
        session.add(AttendanceRow(session_id=session_id, person_id=person_id(login), **told))
        session.flush()


def _paid(session: Session, story: StoryHouse, case: Case) -> str:
    """The pay file of it; its hash."""
    version = story.house.book.version(case.policy)
    payroll = payroll_of(workers_of(session, case.id, version.office.zone, {}), version.backlog.pay)
    made, cipher = PayFile(case.reference, 1, payroll), case_cipher(session, case.id)
    session.add(
        PayFileRow(
            operation_id=case.id,
            version=1,
            sha256=made.sha256,
            file=seal(cipher, made.file, about_pay(case.id, 1, "file")),
            slips=seal(cipher, write_slips(payroll), about_pay(case.id, 1, "slips")),
            paid=[one.person_id for one in payroll.owed],
            cents=payroll.cents,
            days=payroll.days,
            made_by=session.scalars(select(StaffMember.id).where(StaffMember.login == ACCOUNTANT)).one(),
            made_at=story.house.now(),
        )
    )
    session.flush()
    return made.sha256


def _task(session: Session, story: StoryHouse, case: Case, kind: str, hat: str, detail: dict[str, object]) -> str:
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
    return str(row.id)
