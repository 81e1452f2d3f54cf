"""The demo’s operation on complaints: off its plan, its next evening today or on the next working day. Cases are lent
to its volunteers, some members are told that it takes longer, a second message waits for whoever lets it leave."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import select

from db.models import DelayMessageRow, LoanRow, SessionRow
from domain.backlog.commands import ApproveMessage, GiveOut, MessageWords, ProposeMessage
from domain.backlog.words import BacklogTask
from local.demo.cast import Cast
from local.demo.complaint_days import ComplaintDays, complaint_days, eve
from local.demo.operation_script import OperationScript, a_session, minutes_of
from local.demo.operations_cast import SATURDAY
from local.demo.past import Does

ANNE = "anne.le.goff"
EVENING = ({"starts_at": "17:30", "ends_at": "19:30"},)
PLACES, SATURDAY_PLACES = 6, 8
VOLUNTEERS = ("malo.quere", "claire.morvan", "nolwenn.salaun", "erwan.tanguy", "rozenn.abgrall")
"""Who has a place on each evening: from other departments, but for one."""
HIGH_SEASON = "4.5"
"""So many are expected a day, when it is planned."""
FIRST_WAITS, SECOND_WAITS = 30, 14
"""Members who wait for more than so many days: of the message that has left, of the one that waits."""
FIRST = MessageWords(
    fr="Une absence longue et un nombre inhabituel de réclamations retardent nos réponses. Une équipe de volontaires "
    "travaille en soirée pour y remédier.",
    en="A long absence and an unusual number of complaints delay our answers. A team of volunteers works in the "
    "evening to make up for it.",
)
SECOND = MessageWords(
    fr="Nous recevons deux fois plus de réclamations que d’habitude. La vôtre est entre les mains d’une équipe "
    "renforcée, qui la traite dans l’ordre d’arrivée.",
    en="We receive twice as many complaints as usual. Yours is in the hands of a reinforced team, which takes them in "
    "the order in which they came.",
)


@dataclass
class ComplaintsOperation(OperationScript):
    """Who proposes, approves, signs up, gives out cases, works on them, and writes to the members who wait longest."""

    def plan(self, on: date, cast: Cast) -> None:
        """Everything up to this day, with complaints that this cast answers."""
        days = complaint_days(on, self.past.calendar)
        self.at(self.working_day(4, days.begins_on), time(11, 15), self._proposing(days, cast))

    def _proposing(self, days: ComplaintDays, cast: Cast) -> Does:
        evenings = (*days.past, days.next, *days.later)
        asked = {
            "activity": "complaints",
            "pole": "benefits",
            "objective": "Répondre aux réclamations les plus anciennes avant la haute saison, avec des volontaires "
            "d’autres services.",
            "starts_on": days.begins_on.isoformat(),
            "budget_cents": 1_250_000,
            "sessions": [
                *(a_session(day, EVENING, PLACES) for day in evenings),
                a_session(days.saturday, SATURDAY, SATURDAY_PLACES),
            ],
        }

        async def propose(at: datetime) -> None:
            case_id = self.proposed(asked, ANNE, at, inflow=HIGH_SEASON)
            self._plan_rest(case_id, days, cast)

        return propose

    def _plan_rest(self, case_id: UUID, days: ComplaintDays, cast: Cast) -> None:
        self.approved_before(case_id, days.begins_on)
        seats = [(day, VOLUNTEERS) for day in (*days.past, days.next, *days.later[:3])]
        self.signed_up(case_id, self.working_day(2, days.begins_on), 13, seats)
        self.who_came(case_id, days.past, minutes_of(EVENING))
        for day in (*days.past, days.next):
            self.at(eve(day, self.past.calendar), time(19, 10), self._giving_out(case_id))
            self.at(day, time(18, 20), self._working(case_id, day, cast))
        self._plan_messages(case_id, days)

    def _giving_out(self, case_id: UUID) -> Does:
        async def give_out(at: datetime) -> None:
            self.completes(case_id, BacklogTask.DISPATCH_CASES, GiveOut(), at)
            self.past.decide_waiting(at)

        return give_out

    def _working(self, case_id: UUID, day: date, cast: Cast) -> Does:
        """Of the cases that are lent for this evening, those that were left to volunteers are taken up."""

        async def work(at: datetime) -> None:
            wanted = (
                select(LoanRow.case_id, LoanRow.person_id)
                .join(SessionRow, SessionRow.id == LoanRow.session_id)
                .where(SessionRow.operation_id == case_id, SessionRow.day == day, LoanRow.ended_at.is_(None))
            )
            with self.past.sessions() as session:
                lent = session.execute(wanted.order_by(LoanRow.id)).all()
            for one in lent:
                cast.takes_up(one.case_id, one.person_id, at)

        return work

    def _plan_messages(self, case_id: UUID, days: ComplaintDays) -> None:
        """The first is proposed on the second day and approved on the same; the second on the last working day."""
        second_day = self.past.calendar.next_working_day(days.begins_on)
        self.at(second_day, time(10, 40), self._writing(case_id, FIRST, FIRST_WAITS, promised_in=15))
        self.at(second_day, time(15, 25), self._letting_leave(case_id))
        self.at(self.working_day(1), time(16, 20), self._writing(case_id, SECOND, SECOND_WAITS, promised_in=7))

    def _writing(self, case_id: UUID, words: MessageWords, waits: int, promised_in: int) -> Does:
        """`promised_in` are working days."""

        async def write(at: datetime) -> None:
            promised = self.past.calendar.add_working_days(at.astimezone(self.zone).date(), promised_in)
            message = ProposeMessage(promised_on=promised, words=words, more_than_days=waits)
            self.gives(case_id, ANNE, "propose_message", message, at)

        return write

    def _letting_leave(self, case_id: UUID) -> Does:
        async def let_leave(at: datetime) -> None:
            waits = (DelayMessageRow.operation_id == case_id, DelayMessageRow.status == "waiting")
            with self.past.sessions() as session:
                sha256 = session.scalars(select(DelayMessageRow.sha256).where(*waits)).one()
            self.completes(case_id, BacklogTask.APPROVE_MESSAGE, ApproveMessage(sha256=sha256), at)
            self.past.decide_waiting(at)

        return let_leave
