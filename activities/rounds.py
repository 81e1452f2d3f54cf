"""The mailroom's rounds: which is next, and how a day begins."""

from datetime import datetime

from temporalio import activity

from db.commands.absence import offer_again
from db.queries.calendar import calendar
from db.session import Sessions
from domain.civil import local_date
from domain.policy import PolicyBook
from domain.rounds import Round, next_round


class Rounds:
    """What the mailroom asks between its rounds."""

    def __init__(self, sessions: Sessions, book: PolicyBook) -> None:
        self._sessions = sessions
        self._book = book

    @activity.defn(name="next_round")
    def next_round(self, after: datetime) -> Round:
        """The first round after an instant, as the calendar stands now."""
        policy = self._book.in_force_on(after.date()).complaint
        with self._sessions() as session:
            return next_round(after, calendar(session), policy)

    @activity.defn(name="begin_day")
    def begin_day(self, due: Round) -> None:
        """Offer again the tasks of those who are away from today, or back."""
        zone = self._book.in_force_on(due.day).complaint.zone
        with self._sessions.begin() as session:
            offer_again(session, local_date(due.at, zone), due.at)
