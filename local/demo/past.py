"""Play the demo's past in business time, by the production code, without the engine.

What a workflow does between two commits is done here by the calendar: reminders fire at their instants, letters are
made and leave, the mailroom makes its rounds. Every row is written by the functions that write it on any other day.
"""

import heapq
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from activities.letters import Letters
from activities.mail import Outgoing
from activities.payments import BankFiles
from activities.post import Post, closing_after
from activities.rounds import Rounds
from activities.staff_mail import StaffMail
from db.commands.checkpoint import make_checkpoint
from db.commands.settle import settle
from db.models import CommandRow
from db.queries.calendar import calendar
from db.session import Sessions
from domain.claim.states import ClaimState
from domain.commands import CommandRef, CommandStatus, MachineCommand
from domain.complaint.case import ComplaintPosition
from domain.complaint.states import ComplaintState
from domain.outgoing import HandOver, LetterToSend, MessageToSend
from domain.payment.handover import FileToHandOver
from domain.payment.states import PaymentState
from domain.policy import PolicyBook
from domain.position import LetterInHand, Watched
from domain.rounds import Round, RoundKind
from local.demo.post_of_the_past import PastMailServer

Does = Callable[[datetime], Awaitable[None]]
Told = Callable[[UUID, datetime], None]
_A_MOMENT = timedelta(seconds=2)


@dataclass
class Past:
    """A past that ends at `ends_at`. `told` hears of each case whenever it stands elsewhere.

    `post` is where its post is laid, `bank` where its bank files are.
    """

    sessions: Sessions
    book: PolicyBook
    ends_at: datetime
    post: Path
    bank: Path
    told: Told = field(default=lambda _case, _at: None)
    _coming: list[tuple[datetime, int, Does]] = field(default_factory=list)
    _order: "count[int]" = field(default_factory=count)
    _stands: dict[UUID, Any] = field(default_factory=dict)
    _begun: set[object] = field(default_factory=set)

    def __post_init__(self) -> None:
        server = PastMailServer()
        self._mailroom = Post(self.sessions, self.post, self.book)
        self._letters = Letters(self.sessions, self.book)
        self._outgoing = Outgoing(self.sessions, server, self._mailroom)
        self._staff_mail = StaffMail(self.sessions, server, self.book)
        self._bank_files = BankFiles(self.sessions, self.bank)
        self._rounds = Rounds(self.sessions, self.book)
        with self.sessions() as session:
            self.calendar = calendar(session)

    def at(self, when: datetime, does: Does) -> None:
        """Something happens at an instant; what would come after the end does not."""
        if when <= self.ends_at:
            heapq.heappush(self._coming, (when, next(self._order), does))

    async def play(self) -> None:
        """Let everything happen in its order."""
        while self._coming:
            when, _, does = heapq.heappop(self._coming)
            await does(when)

    def settle(self, command: CommandRef | MachineCommand, at: datetime) -> CommandStatus:
        """Decide a command, as the workflow's commit does; then see to what follows from where the case stands."""
        outcome = settle(self.sessions, command, self.book)
        self._attend(command.case_id, outcome.position, at)
        return outcome.status

    def round(self, due: Round) -> None:
        """A round of the mailroom is to be made."""
        makes = {
            RoundKind.MORNING: self._begin_day,
            RoundKind.POST: self._close_post,
            RoundKind.CHECKPOINT: self._make_checkpoint,
        }[due.kind]

        async def make(_: datetime) -> None:
            await makes(due)

        self.at(due.at, make)

    async def _begin_day(self, due: Round) -> None:
        digests = self._rounds.begin_day(due)
        self.decide_waiting(due.at)
        for message_id in digests:
            await self._tell(message_id, due.at)

    async def _close_post(self, due: Round) -> None:
        self._mailroom.close_post(due)
        self.decide_waiting(due.at)

    async def _make_checkpoint(self, due: Round) -> None:
        make_checkpoint(self.sessions, due.day, due.at)

    def decide_waiting(self, at: datetime) -> None:
        """What the mailroom, a file, a batch or the bank has left for the relay."""
        with self.sessions() as session:
            waiting = select(CommandRow).where(CommandRow.status == CommandStatus.RECEIVED).order_by(CommandRow.order)
            refs = [CommandRef(row.id, row.case_id, row.kind) for row in session.scalars(waiting)]
        for ref in refs:
            self.settle(ref, at)

    def _attend(self, case_id: UUID, stands: Any, at: datetime) -> None:
        """As the workflow does: watch each deadline, let each letter and message leave, close a case that is done."""
        self._stands[case_id] = stands
        for rung in stands.watched:
            self._once(rung, case_id, max(at, rung.next_at + stands.spread), self._reminder(case_id, rung))
        for letter in stands.letters:
            if not letter.posted:
                self._once((letter.id, letter.round), case_id, at + _A_MOMENT, self._way_out(case_id, letter))
        for message_id in stands.messages:
            self._once(message_id, case_id, at + _A_MOMENT, self._message(message_id))
        if _is_done(stands):
            self._once("close", case_id, at, self._closing(case_id))
        if stands.state is PaymentState.RELEASED:
            self._once("hand over", case_id, at + _A_MOMENT, self._handover(case_id))
        self.told(case_id, at)

    def _once(self, what: object, case_id: UUID, when: datetime, does: Does) -> None:
        if (case_id, what) not in self._begun:
            self._begun.add((case_id, what))
            self.at(when, does)

    def _reminder(self, case_id: UUID, rung: Watched) -> Does:
        async def remind(at: datetime) -> None:
            if rung in self._stands[case_id].watched:
                about = f"{rung.name}:{rung.generation}:{rung.next_at.isoformat()}"
                body = {"deadline": rung.name, "generation": rung.generation, "patient": True}
                self.settle(MachineCommand(case_id, "remind", at, about, body), at)

        return remind

    def _way_out(self, case_id: UUID, letter: LetterInHand) -> Does:
        async def send(at: datetime) -> None:
            if letter.dispatch == "post" and self._is_of_todays_post(at):
                return  # the house that opens lays it there
            self._letters.produce_letter(LetterToSend(letter.id, letter.round, at))
            handed = await self._outgoing.hand_over_letter(LetterToSend(letter.id, letter.round, at))
            if handed is HandOver.ACCEPTED:
                self._report(case_id, "record_handover", at, str(letter.id), {"letter_id": letter.id})
            elif handed is HandOver.REJECTED:
                about = f"{letter.id}:{letter.round}:rejected"
                body = {"letter_id": letter.id, "reason": "rejected"}
                self._report(case_id, "report_undelivered", at, about, body)

        return send

    def _is_of_todays_post(self, at: datetime) -> bool:
        """Whether it waits for a manifest that is still to be closed."""
        return closing_after(at, self.calendar, self.book) >= closing_after(self.ends_at, self.calendar, self.book)

    def _report(self, case_id: UUID, kind: str, at: datetime, about: str, body: dict[str, object]) -> None:
        self.settle(MachineCommand(case_id, kind, at + _A_MOMENT, about, body), at + _A_MOMENT)

    def _message(self, message_id: UUID) -> Does:
        async def tell(at: datetime) -> None:
            await self._tell(message_id, at)

        return tell

    async def _tell(self, message_id: UUID, at: datetime) -> None:
        await self._staff_mail.send_staff_message(MessageToSend(message_id, at))
        self._staff_mail.record_sent(MessageToSend(message_id, at))

    def _handover(self, case_id: UUID) -> Does:
        async def hand_over(at: datetime) -> None:
            self._bank_files.hand_over(FileToHandOver(case_id))
            self._report(case_id, "record_bank_handover", at, "", {})

        return hand_over

    def _closing(self, case_id: UUID) -> Does:
        async def close(at: datetime) -> None:
            self.settle(MachineCommand(case_id, "close", at, "", {}), at)

        return close


def _is_done(stands: Any) -> bool:
    """Whether the case has ended but for being closed."""
    if stands.letters:
        return False
    if isinstance(stands, ComplaintPosition):
        return stands.state is ComplaintState.ANSWERED and not stands.compensation_due
    return stands.state in ClaimState.ended()
