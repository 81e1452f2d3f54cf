"""The evening before eight o'clock, in a benchmark: an approved operation, and volunteers of the house with a token."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.tokens import new_token
from db.commands.backlog import propose_operation
from db.commands.command import Ask
from db.models import (
    ActivityRow,
    CommandRow,
    OperationApprovalRow,
    OperationRow,
    SessionRow,
    StaffMember,
    TermsRow,
    VolunteerRow,
)
from db.policy_in_force import open_policy
from db.queries.calendar import calendar
from db.session import Sessions
from domain.backlog.commands import ProposeOperation
from domain.calendar import Calendar
from domain.people import Actor
from domain.roles import Role
from local.demo_staff import person_id

_ACTIVITY = "crowded-mail"
_MANAGER, _DIRECTORS = "anne.le.goff", ("isabelle.kermarrec", "francois.le.bihan")
_A_WEEK = {str(day): [["09:00", "12:30"], ["13:30", "17:00"]] for day in range(5)}
_HOURS = [{"starts_at": "08:30", "ends_at": "12:30"}, {"starts_at": "13:15", "ends_at": "16:15"}]


@dataclass(frozen=True)
class Eve:
    """An operation whose sessions are open, and the tokens of those who wait for them."""

    reference: str
    session_ids: list[UUID]
    tokens: list[str]


def prepare(sessions: Sessions, people: int, places: int, rounds: int) -> Eve:
    """So many volunteers, so many Saturdays of so many places."""
    now = datetime.now(UTC)
    with sessions.begin() as session:
        reference, ids = _operation(session, now, places, rounds)
        return Eve(reference, ids, [_volunteer(session, number, now) for number in range(people)])


def _operation(session: Session, now: datetime, places: int, rounds: int) -> tuple[str, list[UUID]]:
    session.add(_activity(now.date()))
    session.flush()
    actor = Actor(person_id(_MANAGER), _MANAGER, frozenset({Role.POLE_MANAGER}), frozenset())
    asked = _asked(now.date(), calendar(session), places, rounds)
    case = propose_operation(session, asked, Ask("register", {}, f"bench {uuid4()}"), actor, now, open_policy())
    command = session.scalars(select(CommandRow).where(CommandRow.case_id == case.id)).one()
    command.status, command.decided_wall = "applied", now
    case.state = "approving"
    session.flush()
    plan_hash = session.get_one(OperationRow, case.id, populate_existing=True).plan_hash
    for link, login in enumerate(_DIRECTORS, 1):
        approved = {"plan_version": 1, "link": link, "plan_hash": plan_hash, "at": now}
        session.add(OperationApprovalRow(operation_id=case.id, person_id=person_id(login), **approved))
    session.flush()
    case.state = "planned"
    session.flush()
    wanted = select(SessionRow.id).where(SessionRow.operation_id == case.id).order_by(SessionRow.number)
    return case.reference, list(session.scalars(wanted))


def _activity(today: date) -> ActivityRow:
    return ActivityRow(
        id=_ACTIVITY,
        name_fr="Courrier du banc d’essai",
        name_en="Mail of the bench",
        former_names=[],
        kind="files",
        standard=5,
        hours=7,
        minutes=12,
        staff=14,
        skill=None,
        secondary=False,
        procedure=None,
        since=today,
        active=True,
    )


def _asked(today: date, known: Calendar, places: int, rounds: int) -> ProposeOperation:
    monday = today + timedelta(days=7 - today.weekday())
    saturdays = _saturdays(monday, known)
    return ProposeOperation.model_validate(
        {
            "activity": _ACTIVITY,
            "pole": "benefits",
            "objective": "Soixante-dix personnes à huit heures.",
            "starts_on": monday,
            "budget_cents": 4_000_000,
            "situation": {
                "as_of": today - timedelta(days=1),
                "stock": 3000,
                "inflow": "300",
                "minutes": "12",
                "staff": "14",
                "hours": "7",
                "absence": "0.40",
                "standard": "5",
            },
            "sessions": [{"day": next(saturdays), "hours": _HOURS, "places": places} for _ in range(rounds)],
        }
    )


def _saturdays(monday: date, known: Calendar) -> Iterator[date]:
    """Those of the six weeks on which one may work."""
    days = (monday + timedelta(days=5 + 7 * week) for week in range(6))
    return (day for day in days if day not in known.public_holidays)


def _volunteer(session: Session, number: int, now: datetime) -> str:
    """Somebody of the house whose hours are known; their token."""
    password_hash = session.scalars(select(StaffMember.password_hash).limit(1)).one()
    person = StaffMember(
        id=uuid4(),
        login=f"bench.volunteer.{number}",
        password_hash=password_hash,
        name=f"Volontaire {number}",
        title="Gestionnaire",
        email="volontaire@mutuelle-des-embruns.example",
        phone="02 61 91 00 00",
        roles=[Role.HANDLER],
        skills=[],
        pole="benefits",
        active=True,
    )
    session.add(person)
    session.flush()
    session.add(VolunteerRow(person_id=person.id))
    session.flush()
    hours = {"contract_minutes": 2100, "hourly_cents": 1650, "timetable": _A_WEEK, "entered_at": now}
    session.add(TermsRow(person_id=person.id, **hours))
    session.flush()
    return new_token(session, person)
