"""Operations put straight into the register, where the way there does not matter."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.backlog import propose_operation
from db.commands.backlog_volunteer import Writer, entry_of, write_volunteers
from db.commands.command import Ask
from db.commands.keys import case_cipher
from db.models import (
    ActivityRow,
    Case,
    CommandRow,
    LoanRow,
    OperationApprovalRow,
    OperationRow,
    PayFileRow,
    SessionRow,
    SignUpRow,
    TaskRow,
    TermsRow,
    VolunteerRow,
)
from db.vault import about_pay
from domain.backlog.commands import ProposeOperation
from domain.backlog.payfile import PayFile
from domain.backlog.payroll import Payroll
from domain.backlog.slips import write_slips
from domain.backlog.volunteer import VolunteerAsked
from domain.people import Actor, borrower_hat
from domain.roles import Role
from keys.sealing import seal
from local.demo_staff import person_id
from tests.factories.figures import an_activity
from tests.factories.rules import the_book

MANAGER, ACTIVITY = "anne.le.goff", "benefits-mail"
A_WEEK = {str(day): [["09:00", "12:30"], ["13:30", "17:00"]] for day in range(5)}
A_LONG_WEEK = {str(day): [["08:00", "12:00"], ["13:00", "17:24"]] for day in range(5)}
"""42 hours."""


def a_proposal(today: date, places: int = 2, sessions: int = 3) -> ProposeOperation:
    """From next Monday on, some Saturdays; 40 % of the staff are away."""
    monday = today + timedelta(days=7 - today.weekday())
    return ProposeOperation.model_validate(
        {
            "activity": ACTIVITY,
            "pole": "benefits",
            "objective": "Revenir sous cinq jours.",
            "starts_on": monday.isoformat(),
            "budget_cents": 1_000_000 * places,
            "situation": {
                "as_of": (today - timedelta(days=1)).isoformat(),
                "stock": 3000,
                "inflow": "300",
                "minutes": "12",
                "staff": "14",
                "hours": "7",
                "absence": "0.40",
                "standard": "5",
            },
            "sessions": [
                {
                    "day": (monday + timedelta(days=5 + 7 * week)).isoformat(),
                    "hours": [
                        {"starts_at": "08:30", "ends_at": "12:30"},
                        {"starts_at": "13:15", "ends_at": "16:15"},
                    ],
                    "places": places,
                }
                for week in range(sessions)
            ],
        }
    )


def an_operation(
    session: Session, at: datetime, places: int = 2, login: str = MANAGER, procedure: str | None = None
) -> Case:
    """An operation that is before the directors; on the cases of a procedure, if one is named."""
    activity = f"{procedure}s-live" if procedure else ACTIVITY
    if session.get(ActivityRow, activity) is None:
        an_activity(session, activity, procedure=procedure)
    ask = Ask("register", {}, f"operation {uuid7()}")
    actor = Actor(person_id(login), login, frozenset({Role.POLE_MANAGER}), frozenset())
    asked = a_proposal(at.date(), places).model_copy(update={"activity": activity})
    case = propose_operation(session, asked, ask, actor, at, the_book())
    command = session.scalars(select(CommandRow).where(CommandRow.case_id == case.id)).one()
    command.status, command.decided_wall = "applied", at
    case.state = "approving"
    session.flush()
    return case


def an_approved_operation(session: Session, at: datetime, places: int = 2, procedure: str | None = None) -> Case:
    """An operation whose sessions are open to volunteers."""
    case = an_operation(session, at, places, procedure=procedure)
    row = session.get_one(OperationRow, case.id, populate_existing=True)
    for link, login in enumerate(("isabelle.kermarrec", "francois.le.bihan"), 1):
        session.add(
            OperationApprovalRow(
                operation_id=case.id,
                plan_version=1,
                person_id=person_id(login),
                link=link,
                plan_hash=row.plan_hash,
                at=at,
            )
        )
    session.flush()
    case.state = "planned"
    session.flush()
    return case


SESSION_OF_TODAY = 9


def a_running_operation(
    session: Session, at: datetime, procedure: str = "complaint", *, until: str = "20:00", minutes: int = 120
) -> tuple[Case, UUID]:
    """An operation on complaints that is running, and the session that it has today."""
    case = an_approved_operation(session, at, procedure=procedure)
    row = SessionRow(
        id=uuid7(),
        operation_id=case.id,
        number=SESSION_OF_TODAY,
        day=at.date(),
        spans=[{"starts_at": "18:00", "ends_at": until}],
        minutes=minutes,
        places=5,
        no_show=Decimal(0),
        skill=None,
        added_at=at,
    )
    session.add(row)
    case.state = "running"
    session.flush()
    return case, row.id


def a_loan(session: Session, lender: tuple[Case, UUID], case_id: UUID, who: UUID, at: datetime) -> LoanRow:
    """The operation lends a case to somebody, for that session; its open tasks are offered to them as well."""
    operation, session_id = lender
    row = LoanRow(
        id=uuid7(),
        case_id=case_id,
        person_id=who,
        operation_id=operation.id,
        session_id=session_id,
        asked_at=at,
    )
    session.add(row)
    session.flush()
    row.lent_at = at
    for task in session.scalars(select(TaskRow).where(TaskRow.case_id == case_id, TaskRow.closed_at.is_(None))):
        task.offered_to = [*task.offered_to, borrower_hat(case_id)]
        task.meant_for = [*task.meant_for, borrower_hat(case_id)]
    session.flush()
    return row


def sessions_of(session: Session, case_id: UUID) -> list[UUID]:
    """Its sessions, by number."""
    wanted = select(SessionRow.id).where(SessionRow.operation_id == case_id).order_by(SessionRow.number)
    return list(session.scalars(wanted))


def a_volunteer(session: Session, who: UUID, at: datetime, **changes: object) -> None:
    """Somebody whose contract, week and pay are known: 35 hours, Monday to Friday."""
    if session.get(VolunteerRow, who) is None:
        known = {"contract_minutes": 2100, "hourly_cents": 1650, "timetable": A_WEEK} | changes
        session.add(VolunteerRow(person_id=who))
        session.flush()
        session.add(TermsRow(person_id=who, entered_at=at, **known))
        session.flush()


def first_terms(session: Session, who: UUID) -> TermsRow:
    """The first terms that are known of somebody."""
    wanted = select(TermsRow).where(TermsRow.person_id == who).order_by(TermsRow.from_on.nulls_first())
    return session.scalars(wanted.limit(1)).one()


def work_from(session: Session, who: UUID, from_on: date, **changes: object) -> None:
    """On other terms from that day on, entered by nobody who is known."""
    asked = {"contract_minutes": 2100, "hourly_cents": 1650, "timetable": a_usual_week(), "from_on": from_on} | changes
    entry = entry_of(who, VolunteerAsked.model_validate(asked), from_on, is_known=True)
    write_volunteers(session, [entry], Writer(datetime.combine(from_on, time(12), UTC), from_on))


def a_usual_week(days: int = 5) -> list[dict[str, object]]:
    """Seven hours a day, from Monday on."""
    spans = (("09:00", "12:30"), ("13:30", "17:00"))
    return [{"weekday": day, "starts_at": a, "ends_at": b} for day in range(days) for a, b in spans]


def a_place(session: Session, session_id: UUID, who: UUID, at: datetime, seat: int = 1) -> None:
    """Somebody has a place in a session."""
    a_volunteer(session, who, at)
    session.add(
        SignUpRow(
            id=uuid7(),
            session_id=session_id,
            person_id=who,
            status="seated",
            seat=seat,
            asked_at=at,
            seated_at=at,
        )
    )
    session.flush()


def a_pay_file(session: Session, case_id: UUID, at: datetime, made_by: str = "solene.guivarch") -> None:
    """A pay file that pays nobody."""
    reference = session.get_one(Case, case_id).reference
    made, cipher = PayFile(reference, 1, Payroll()), case_cipher(session, case_id)
    session.add(
        PayFileRow(
            operation_id=case_id,
            version=1,
            sha256=made.sha256,
            file=seal(cipher, made.file, about_pay(case_id, 1, "file")),
            slips=seal(cipher, write_slips(made.payroll), about_pay(case_id, 1, "slips")),
            paid=[],
            cents=0,
            days=0,
            made_by=person_id(made_by),
            made_at=at,
        )
    )
    session.flush()
