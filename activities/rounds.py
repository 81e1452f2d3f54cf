"""The mailroom's rounds: which come next, and how a day begins."""

from datetime import datetime
from uuid import UUID

from temporalio import activity

from activities.post import closing_after
from db.commands.absence import offer_again
from db.commands.backlog_morning import judge_places
from db.commands.lending import take_back_over
from db.commands.reminder import prepare_digests
from db.commands.watch import watch_activities
from db.queries.calendar import calendar
from db.queries.doctor import post_left_open
from db.session import Sessions
from domain.policy import PolicyBook
from domain.rounds import Round, coming_rounds, late_rounds
from faultpoints import fault_point

DAYS = 5


class Rounds:
    """What the mailroom asks between its rounds."""

    def __init__(self, sessions: Sessions, book: PolicyBook) -> None:
        self._sessions = sessions
        self._book = book

    @activity.defn(name="coming_rounds")
    def coming_rounds(self, after: datetime) -> list[Round]:
        """The rounds of the next working days, as the calendar stands now, and that of the post that was left open."""
        office = self._book.in_force_on(after.date()).office
        with self._sessions() as session:
            days = calendar(session)
            missed = post_left_open(session, closing_after(after, days, self._book))
            coming = coming_rounds(after, DAYS, days, office)
        return sorted([*late_rounds(missed, after, coming), *coming], key=lambda one: one.at)

    @activity.defn(name="begin_day")
    def begin_day(self, due: Round) -> list[UUID]:
        """Judge places in sessions anew, offer again the tasks of those who are away or back, take back what operations
        lend that are over, look at the figures of every activity, and put what waits for this morning into one digest
        per person; the messages to send. Nothing on a day that became a closing day: its digest is the next one's.
        """
        with self._sessions.begin() as session:
            if not calendar(session).is_working_day(due.day):
                return []
            judge_places(session, due.at, self._book)
        with self._sessions.begin() as session:
            offer_again(session, due.day, due.at)
            take_back_over(session, due.day, due.at)
            alarmed = watch_activities(session, due.day, due.at, self._book)
            digests = prepare_digests(session, due.at, alarmed)
        fault_point("day_begun")
        return digests
