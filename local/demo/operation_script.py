"""What is alike in every operation of the demo: how it is proposed and approved, who signs up, who says who came."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from db.commands.backlog import propose_operation
from db.commands.backlog_seat import sign_up
from db.models import ActivityRow, OperationRow, SessionRow, SignUpRow, StaffMember
from db.queries.figures import days_of
from domain.backlog.commands import Approve, Attendance, EnterAttendance, ProposeOperation
from domain.backlog.watch import DailyFigures
from domain.backlog.words import BacklogTask, SignUpStatus
from domain.refusals import Refusal
from local.demo.past import Does
from local.demo.scripted import Scripted, an_ask

Hours = Sequence[dict[str, str]]
_LOOKS_BACK, _TWO_WEEKS = timedelta(weeks=3), 10
_CENTS = Decimal("0.01")
LEFT_EARLIER = 30
"""So many minutes before the end somebody leaves each session."""


def a_session(day: date, hours: Hours, places: int) -> dict[str, Any]:
    """A session as a plan asks for it."""
    return {"day": day.isoformat(), "hours": list(hours), "places": places}


def minutes_of(hours: Hours) -> int:
    """How long a session lasts, breaks left out."""
    spans = [(time.fromisoformat(one["starts_at"]), time.fromisoformat(one["ends_at"])) for one in hours]
    return sum(60 * (end.hour - start.hour) + end.minute - start.minute for start, end in spans)


@dataclass
class OperationScript(Scripted):
    """Operations of which it is told who does what on which day."""

    def proposed(self, asked: dict[str, Any], login: str, at: datetime, **expected: str) -> UUID:
        """Somebody proposes an operation, from the last figures that were known, or what is `expected` instead."""
        situation = self._situation(asked["activity"], at) | expected
        form = ProposeOperation.model_validate(asked | {"situation": situation})
        with self.past.sessions.begin() as session:
            actor = self.actor(session, login, at)
            case = propose_operation(session, form, an_ask(form.activity, form), actor, at, self.past.book)
            ref = self.opened(session, case)
        self.past.settle(ref, at)
        return ref.case_id

    def _situation(self, activity: str, at: datetime) -> dict[str, Any]:
        """The last figures that were known, and the means of two weeks."""
        yesterday = at.astimezone(self.zone).date() - timedelta(days=1)
        with self.past.sessions() as session:
            known = session.get_one(ActivityRow, activity)
            figures = days_of(session, known, yesterday - _LOOKS_BACK, yesterday, self.zone.key)[-_TWO_WEEKS:]
            return _as_it_was(known, figures)

    def approved_before(self, case_id: UUID, first_day: date) -> None:
        """The two directors approve it, on the third and the second working day before its first."""
        for days, hour in ((3, time(15, 10)), (2, time(9, 40))):
            self.at(self.working_day(days, first_day), hour, self._approving(case_id))

    def _approving(self, case_id: UUID) -> Does:
        async def approve(at: datetime) -> None:
            with self.past.sessions() as session:
                plan_hash = session.get_one(OperationRow, case_id).plan_hash
            self.completes(case_id, BacklogTask.APPROVE_OPERATION, Approve(plan_hash=plan_hash), at)

        return approve

    def signed_up(self, case_id: UUID, opens: date, hour: int, seats: Sequence[tuple[date, Sequence[str]]]) -> None:
        """On the day on which sign-up opens, these people ask for a place, session by session."""
        for number, (day, logins) in enumerate(seats):
            for place, login in enumerate(logins):
                self.at(opens, time(hour, 5 + number, 6 * place), self._signing(case_id, day, login))

    def _signing(self, case_id: UUID, day: date, login: str) -> Does:
        async def sign(at: datetime) -> None:
            wanted = select(SessionRow.id).where(SessionRow.operation_id == case_id, SessionRow.day == day)
            with self.past.sessions.begin() as session, suppress(Refusal):
                actor = self.actor(session, login, at)
                sign_up(session, session.scalars(wanted).one(), actor, at, self.past.book)

        return sign

    def who_came(self, case_id: UUID, held: Sequence[date], minutes: int) -> None:
        """The morning after each session it is said who came: the last of the first one did not, and from each
        somebody leaves a little earlier."""
        for number, day in enumerate(held):
            morning = self.past.calendar.next_working_day(day)
            self.at(morning, time(9, 10), self._saying_who_came(case_id, minutes, all_came=number > 0))

    def _saying_who_came(self, case_id: UUID, whole: int, *, all_came: bool) -> Does:
        async def say(at: datetime) -> None:
            for task in self.open_tasks(case_id, BacklogTask.ENTER_ATTENDANCE)[:1]:
                logins = self.seated(case_id, int((task.detail or {})["session"]))
                minutes = [whole - LEFT_EARLIER if place == 1 else whole for place in range(len(logins))]
                if not all_came:
                    minutes[-1] = 0
                told = [Attendance(login=one, minutes=each) for one, each in zip(logins, minutes, strict=True)]
                self.completes(case_id, BacklogTask.ENTER_ATTENDANCE, EnterAttendance(attended=tuple(told)), at)

        return say

    def seated(self, case_id: UUID, number: int) -> list[str]:
        """The logins of who has a place in a session, by their seat."""
        wanted = (
            select(StaffMember.login)
            .join(SignUpRow, SignUpRow.person_id == StaffMember.id)
            .join(SessionRow, SessionRow.id == SignUpRow.session_id)
            .where(
                SessionRow.operation_id == case_id,
                SessionRow.number == number,
                SignUpRow.status == SignUpStatus.SEATED,
            )
        )
        with self.past.sessions() as session:
            return list(session.scalars(wanted.order_by(SignUpRow.seat)))


def _as_it_was(known: ActivityRow, figures: Sequence[DailyFigures]) -> dict[str, Any]:
    came = Decimal(sum(one.inflow for one in figures)) / len(figures)
    absence = sum((one.absence for one in figures), Decimal(0)) / len(figures)
    return {
        "as_of": figures[-1].on.isoformat(),
        "stock": figures[-1].stock,
        "inflow": str(came.quantize(_CENTS)),
        "minutes": str(known.minutes),
        "staff": str(known.staff),
        "hours": str(known.hours),
        "absence": str(absence.quantize(_CENTS)),
        "standard": str(known.standard),
    }
