"""The demo's operations: one that runs, with its Saturdays, and one that is before the operations director."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from db.commands.backlog import propose_operation
from db.commands.backlog_seat import sign_up
from db.models import ActivityRow, DailyFiguresRow, OperationRow, SessionRow, SignUpRow, StaffMember, VolunteerRow
from db.session import Sessions
from domain.backlog.commands import Approve, Attendance, EnterAttendance, PreparePay, ProposeOperation
from domain.backlog.words import BacklogTask, SignUpStatus
from domain.refusals import Refusal
from local.demo.figures import HELPERS
from local.demo.operation_days import ACTIVITY, OperationDays, operation_days
from local.demo.past import Does
from local.demo.scripted import Scripted, an_ask

ANNE, PIERRE, SOLENE = "anne.le.goff", "pierre.jaouen", "solene.guivarch"
NEXT_ACTIVITY = "members-letters"
OBJECTIVE = {
    ACTIVITY: "Revenir sous cinq jours de traitement, sans embauche.",
    NEXT_ACTIVITY: "Rester sous cinq jours de traitement malgré deux absences longues.",
}
TWO_WEEKS = 10
PLACES, FEW_PLACES, WHOLE_DAY, LEFT_EARLY = 6, 4, 420, 390
EARLIER = ("claire.morvan", "yann.kerloch", "soizic.le.dantec", "erwan.tanguy", "malo.quere")
"""Who has signed up for the Saturdays that are over, and for those of which nothing else is told."""
FULL = ("yann.kerloch", "claire.morvan", "nolwenn.salaun", "soizic.le.dantec", "malo.quere", "erwan.tanguy")
"""Who signs up for the next Saturday, which has four places: the last two wait."""
LATER = ("claire.morvan", "nolwenn.salaun")
_HOURS = ({"starts_at": "08:30", "ends_at": "12:30"}, {"starts_at": "13:15", "ends_at": "16:15"})


def are_possible(sessions: Sessions) -> bool:
    """Operations are where there are activities, and people whose work is known."""
    with sessions() as session:
        known = set(session.scalars(select(ActivityRow.id)))
        return {ACTIVITY, NEXT_ACTIVITY} <= known and session.scalar(
            select(VolunteerRow.person_id).limit(1)
        ) is not None


@dataclass
class OperationsCast(Scripted):
    """Who proposes, approves, signs up, says who came, and makes the pay."""

    def plan(self, on: date) -> None:
        """Everything up to this day, and the places of the Saturdays that are to come."""
        days = operation_days(on, self.past.calendar)
        self.at(self.working_day(4, days.begins_on), time(10, 20), self._proposing(days))
        self.at(self.working_day(1), time(10, 5), self._proposing_another())

    def _proposing(self, days: OperationDays) -> Does:
        saturdays = [a_saturday(day, PLACES) for day in days.past]
        saturdays += [a_saturday(day, PLACES if place else FEW_PLACES) for place, day in enumerate(days.coming)]

        async def propose(at: datetime) -> None:
            asked = self._asked(ACTIVITY, "benefits", days.begins_on, saturdays, at)
            case_id = self._propose(asked, ANNE, at)
            self._plan_rest(case_id, days)

        return propose

    def _proposing_another(self) -> Does:
        """Two Saturdays from the week after next on: it is before the operations director."""

        async def propose(at: datetime) -> None:
            monday = self.today + timedelta(days=14 - self.today.weekday())
            begins_on = self.past.calendar.next_working_day(monday - timedelta(days=1))
            saturdays = [monday + timedelta(days=5, weeks=week) for week in range(4)]
            able = [day for day in saturdays if self.past.calendar.is_ouvrable(day) and day > begins_on]
            asked = self._asked(NEXT_ACTIVITY, "memberships", begins_on, [a_saturday(day, 5) for day in able[:2]], at)
            self._propose(asked, PIERRE, at)

        return propose

    def _asked(self, activity: str, pole: str, begins_on: date, saturdays: list[Any], at: datetime) -> ProposeOperation:
        last, staff = self._situation(activity, at), HELPERS if activity == ACTIVITY else 0
        ends_on = (begins_on + timedelta(days=41)).isoformat()
        helped = [{"first_day": begins_on.isoformat(), "last_day": ends_on, "staff": staff}] if staff else []
        return ProposeOperation.model_validate(
            {
                "activity": activity,
                "pole": pole,
                "objective": OBJECTIVE[activity],
                "put_aside": ["contract-changes"] if staff else [],
                "starts_on": begins_on.isoformat(),
                "budget_cents": 900_000 if staff else 300_000,
                "situation": last,
                "sessions": saturdays,
                "reinforcements": helped,
            }
        )

    def _situation(self, activity: str, at: datetime) -> dict[str, Any]:
        """The last figures that were known, and the means of two weeks."""
        with self.past.sessions() as session:
            known = session.get_one(ActivityRow, activity)
            wanted = select(DailyFiguresRow).where(
                DailyFiguresRow.activity_id == activity, DailyFiguresRow.day < at.astimezone(self.zone).date()
            )
            rows = session.scalars(wanted.order_by(DailyFiguresRow.day.desc()).limit(TWO_WEEKS)).all()
            present = sum(one.present for one in rows) / sum(one.planned for one in rows)
            return {
                "as_of": rows[0].day.isoformat(),
                "stock": rows[0].stock,
                "inflow": str(sum(one.inflow or 0 for one in rows) // TWO_WEEKS),
                "minutes": str(known.minutes),
                "staff": str(known.staff),
                "hours": str(known.hours),
                "absence": str(round(1 - present, 2)),
                "standard": str(known.standard),
            }

    def _propose(self, asked: ProposeOperation, login: str, at: datetime) -> UUID:
        with self.past.sessions.begin() as session:
            actor = self.actor(session, login, at)
            case = propose_operation(session, asked, an_ask(asked.activity, asked), actor, at, self.past.book)
            ref = self.opened(session, case)
        self.past.settle(ref, at)
        return ref.case_id

    def _plan_rest(self, case_id: UUID, days: OperationDays) -> None:
        """Two directors approve it; six sign up; of each Saturday it is said who came; the first is to be paid."""
        self.at(self.working_day(3, days.begins_on), time(15, 10), self._approving(case_id))
        self.at(self.working_day(2, days.begins_on), time(9, 40), self._approving(case_id))
        opens = self.working_day(2, days.begins_on)
        for number, (day, logins) in enumerate(_sign_ups(days)):
            for place, login in enumerate(logins):
                self.at(opens, time(12, 5 + number, 6 * place), self._signing(case_id, day, login))
        for number, day in enumerate(days.past):
            self.at(self.past.calendar.next_working_day(day), time(9, 10), self._saying_who_came(case_id, number))
        if days.past:
            paid_on = self.past.calendar.next_working_day(self.past.calendar.next_working_day(days.past[0]))
            self.at(paid_on, time(10, 30), self._paying(case_id))

    def _approving(self, case_id: UUID) -> Does:
        async def approve(at: datetime) -> None:
            with self.past.sessions() as session:
                plan_hash = session.get_one(OperationRow, case_id).plan_hash
            self.completes(case_id, BacklogTask.APPROVE_OPERATION, Approve(plan_hash=plan_hash), at)

        return approve

    def _signing(self, case_id: UUID, day: date, login: str) -> Does:
        async def sign(at: datetime) -> None:
            wanted = select(SessionRow.id).where(SessionRow.operation_id == case_id, SessionRow.day == day)
            with self.past.sessions.begin() as session, suppress(Refusal):
                actor = self.actor(session, login, at)
                sign_up(session, session.scalars(wanted).one(), actor, at, self.past.book)

        return sign

    def _saying_who_came(self, case_id: UUID, number: int) -> Does:
        """All but one on the first Saturday; on each, somebody leaves a little earlier."""

        async def say(at: datetime) -> None:
            for task in self.open_tasks(case_id, BacklogTask.ENTER_ATTENDANCE)[:1]:
                logins = self._seated(case_id, int((task.detail or {})["session"]))
                minutes = [LEFT_EARLY if place == 1 else WHOLE_DAY for place in range(len(logins))]
                if number == 0:
                    minutes[-1] = 0
                told = [Attendance(login=one, minutes=each) for one, each in zip(logins, minutes, strict=True)]
                self.completes(case_id, BacklogTask.ENTER_ATTENDANCE, EnterAttendance(attended=tuple(told)), at)

        return say

    def _seated(self, case_id: UUID, number: int) -> list[str]:
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

    def _paying(self, case_id: UUID) -> Does:
        async def pay(at: datetime) -> None:
            self.gives(case_id, SOLENE, "prepare_pay", PreparePay(), at)

        return pay


def _sign_ups(days: OperationDays) -> list[tuple[date, tuple[str, ...]]]:
    """Who has a place on which Saturday."""
    coming = zip(days.coming, (FULL, EARLIER, LATER), strict=False)
    return [*((day, EARLIER) for day in days.past), *coming]


def a_saturday(day: date, places: int) -> dict[str, Any]:
    """Seven hours, with their break."""
    return {"day": day.isoformat(), "hours": list(_HOURS), "places": places}
