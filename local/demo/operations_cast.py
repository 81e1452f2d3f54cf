"""The demo's operations on activities whose figures are typed: one that runs well, with its Saturdays, and one that is
before the operations director."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from db.models import ActivityRow, VolunteerRow
from db.session import Sessions
from domain.backlog.commands import PreparePay
from local.demo.operation_days import ACTIVITY, OperationDays, operation_days
from local.demo.operation_script import OperationScript, a_session, minutes_of
from local.demo.past import Does

ANNE, PIERRE, SOLENE = "anne.le.goff", "pierre.jaouen", "solene.guivarch"
NEXT_ACTIVITY = "members-letters"
PUT_ASIDE = ("contract-changes",)
NEXT_PUT_ASIDE = ("contract-changes",)
HELPERS, NEXT_HELPERS = 5, 3
"""People of what is put aside who are asked for: as many of them are away as of the others."""
USUAL, NEXT_USUAL = "292", "80"
"""What comes in on a usual day, as it is planned with."""
LASTS = timedelta(weeks=6, days=-1)
PLACES, FEW_PLACES, NEXT_PLACES, NEXT_SATURDAYS = 6, 4, 5, 4
EARLIER = ("claire.morvan", "yann.kerloch", "soizic.le.dantec", "erwan.tanguy", "malo.quere", "nolwenn.salaun")
"""Who has signed up for the Saturdays that are over, and for those of which nothing else is told."""
FULL = ("yann.kerloch", "claire.morvan", "nolwenn.salaun", "soizic.le.dantec", "malo.quere", "erwan.tanguy")
"""Who signs up for the next Saturday, which has four places: the last two wait."""
LATER = ("claire.morvan", "nolwenn.salaun")
SATURDAY = ({"starts_at": "08:30", "ends_at": "12:30"}, {"starts_at": "13:15", "ends_at": "16:15"})


def are_possible(sessions: Sessions) -> bool:
    """Operations are where there are activities, and people whose work is known."""
    with sessions() as session:
        known = set(session.scalars(select(ActivityRow.id)))
        return {ACTIVITY, NEXT_ACTIVITY} <= known and session.scalar(
            select(VolunteerRow.person_id).limit(1)
        ) is not None


@dataclass
class OperationsCast(OperationScript):
    """Who proposes, approves, signs up, says who came, and makes the pay."""

    def plan(self, on: date) -> None:
        """Everything up to this day, and the places of the Saturdays that are to come."""
        days = operation_days(on, self.past.calendar)
        self.at(self.working_day(4, days.begins_on), time(10, 20), self._proposing(days))
        self.at(self.working_day(1), time(10, 5), self._proposing_another())

    def _proposing(self, days: OperationDays) -> Does:
        saturdays = [a_session(day, SATURDAY, PLACES) for day in days.past]
        coming = enumerate(days.coming)
        saturdays += [a_session(day, SATURDAY, PLACES if place else FEW_PLACES) for place, day in coming]

        async def propose(at: datetime) -> None:
            asked: dict[str, Any] = {
                "activity": ACTIVITY,
                "pole": "benefits",
                "objective": "Revenir sous cinq jours de traitement, sans embauche.",
                "budget_cents": 1_200_000,
            }
            asked |= _planned(days.begins_on, saturdays, HELPERS, PUT_ASIDE)
            case_id = self.proposed(asked, ANNE, at, inflow=USUAL)
            self._plan_rest(case_id, days)

        return propose

    def _proposing_another(self) -> Does:
        """Four Saturdays from the week after next on, and three people more: it is before the operations director."""

        async def propose(at: datetime) -> None:
            monday = self.today + timedelta(days=14 - self.today.weekday())
            begins_on = self.past.calendar.next_working_day(monday - timedelta(days=1))
            saturdays = [monday + timedelta(days=5, weeks=week) for week in range(6)]
            able = [day for day in saturdays if self.past.calendar.is_ouvrable(day) and day > begins_on]
            asked: dict[str, Any] = {
                "activity": NEXT_ACTIVITY,
                "pole": "memberships",
                "objective": "Répondre de nouveau sous cinq jours de traitement, malgré deux absences longues.",
                "budget_cents": 650_000,
            }
            sessions = [a_session(day, SATURDAY, NEXT_PLACES) for day in able[:NEXT_SATURDAYS]]
            asked |= _planned(begins_on, sessions, NEXT_HELPERS, NEXT_PUT_ASIDE)
            self.proposed(asked, PIERRE, at, inflow=NEXT_USUAL)

        return propose

    def _plan_rest(self, case_id: UUID, days: OperationDays) -> None:
        """Two directors approve it; six sign up; of each Saturday it is said who came; the first is to be paid."""
        self.approved_before(case_id, days.begins_on)
        self.signed_up(case_id, self.working_day(2, days.begins_on), 12, _sign_ups(days))
        self.who_came(case_id, days.past, minutes_of(SATURDAY))
        if days.past:
            paid_on = self.past.calendar.next_working_day(self.past.calendar.next_working_day(days.past[0]))
            self.at(paid_on, time(10, 30), self._paying(case_id))

    def _paying(self, case_id: UUID) -> Does:
        async def pay(at: datetime) -> None:
            self.gives(case_id, SOLENE, "prepare_pay", PreparePay(), at)

        return pay


def _planned(begins_on: date, sessions: list[dict[str, Any]], staff: int, aside: tuple[str, ...]) -> dict[str, Any]:
    """A plan with people of activities that are put aside, all along."""
    last_day = (begins_on + LASTS).isoformat()
    return {
        "put_aside": list(aside),
        "starts_on": begins_on.isoformat(),
        "sessions": sessions,
        "reinforcements": [{"first_day": begins_on.isoformat(), "last_day": last_day, "staff": staff}],
    }


def _sign_ups(days: OperationDays) -> list[tuple[date, tuple[str, ...]]]:
    """Who has a place on which Saturday."""
    coming = zip(days.coming, (FULL, EARLIER[:-1], LATER), strict=False)
    return [*((day, EARLIER) for day in days.past), *coming]
