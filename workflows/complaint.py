"""Complaint: from the registered complaint to the answer in the complainant's hands.

It is acknowledged, analysed, answered; the answer is approved by two validators, handed over, and its compensation
paid. People act through commands that arrive as updates; each is committed to the register first, and only then
does the workflow stand elsewhere. Source: docs/procedures/complaint.md
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from temporalio import workflow

from domain.commands import CommandRef, CommandStatus, MachineCommand, Outcome
from domain.complaint.case import ComplaintPosition
from domain.complaint.states import ComplaintState
from domain.outgoing import HandOver
from domain.position import LetterInHand, Watched
from domain.standing import Standing
from workflows.options import DRAINING, DRAINING_ENDS
from workflows.steps import commit, hand_over_letter, happens_within, produce_letter, send_staff_message


@workflow.defn(name="complaint")
class ComplaintWorkflow:
    """One run carries one complaint from any step to its end."""

    @workflow.init
    def __init__(self, position: ComplaintPosition) -> None:
        self.position = position
        self.one_at_a_time = asyncio.Lock()
        self.watching: dict[tuple[str, int], asyncio.Task[None]] = {}
        self.leaving: dict[tuple[UUID, int], asyncio.Task[None]] = {}
        self.telling: dict[UUID, asyncio.Task[None]] = {}

    @workflow.run
    async def run(self, _position: ComplaintPosition) -> None:
        """The procedure, one line per step; each is a no-op once it is past."""
        self.attend()
        await self.register()
        await self.acknowledge()
        await self.analyse()
        await self.answer()
        await self.hand_over()
        await self.compensate()
        await self.close()

    async def register(self) -> None:
        """1–3. The complaint arrives, a category is proposed, and one owner is responsible for it to the end."""
        await self.reached(ComplaintState.ASSIGNED)

    async def acknowledge(self) -> None:
        """4. The owner acknowledges it by letter, e-mail or recorded call."""
        await self.reached(ComplaintState.ACKNOWLEDGED)

    async def analyse(self) -> None:
        """5. The owner finds it founded, partly founded or unfounded, and says its cause."""
        await self.reached(ComplaintState.ANALYSED)

    async def answer(self) -> None:
        """6–7. The owner drafts the answer and two validators approve it; sent back, it is drafted again."""
        await self.reached(ComplaintState.APPROVED)

    async def hand_over(self) -> None:
        """9. The answer leaves, by the mail server or on the manifest of the day's post."""
        await self.reached(ComplaintState.ANSWERED)
        await self.until(lambda: not self.position.letters)

    async def compensate(self) -> None:
        """7. Accounting pays what the answer grants."""
        await self.until(lambda: not self.position.compensation_due)

    async def close(self) -> None:
        """Nothing is outstanding: the complaint is closed."""
        if self.position.state not in ComplaintState.ended():
            await self.commit(self.by_machine("close"))
        await workflow.wait_condition(lambda: self.nothing_on_its_way() and workflow.all_handlers_finished())

    @workflow.update
    async def decide(self, command: CommandRef) -> str:
        """What somebody asks of the complaint: applied or refused, for good."""
        outcome = await self.commit(command)
        return outcome.status

    @decide.validator
    def check_decide(self, command: CommandRef) -> None:
        """A command on another case can never be right."""
        if command.case_id != self.position.case_id:
            raise ValueError("this command is on another case")

    @workflow.query
    def describe(self) -> ComplaintPosition:
        """Where the complaint stands."""
        return self.position

    @workflow.query
    def standing(self) -> Standing[ComplaintPosition]:
        """What this run sees to: the doctor compares it with the case's row."""
        watching = tuple(key for key, watcher in self.watching.items() if not watcher.done())
        return Standing(self.position, watching, tuple(self.leaving), tuple(self.telling))

    async def commit(self, command: CommandRef | MachineCommand) -> Outcome[ComplaintPosition]:
        """Commit first, then stand elsewhere: a refused or failed commit changes nothing here."""
        async with self.one_at_a_time:
            outcome: Outcome[ComplaintPosition] = await commit(command, Outcome[ComplaintPosition])
            self.position = outcome.position
            self.attend()
            return outcome

    def by_machine(self, kind: str, about: str = "", **body: object) -> MachineCommand:
        """A command that the procedure gives itself."""
        return MachineCommand(self.position.case_id, kind, workflow.now(), about, dict(body))

    async def reached(self, step: ComplaintState) -> None:
        """Wait until the step is behind."""
        await self.until(lambda: self.position.state.has_reached(step))

    async def until(self, happened: Callable[[], bool]) -> None:
        """Wait for people; a run that has grown long goes on in a new one, between two letters."""
        await workflow.wait_condition(lambda: happened() or self.should_renew())
        if not happened():
            await workflow.wait_condition(workflow.all_handlers_finished)
            workflow.continue_as_new(self.position)

    def should_renew(self) -> bool:
        """Whether the engine wants a new run, and this is a good moment."""
        return workflow.info().is_continue_as_new_suggested() and self.nothing_on_its_way()

    def nothing_on_its_way(self) -> bool:
        """Whether every letter and message that was begun has left."""
        return all(task.done() for task in [*self.leaving.values(), *self.telling.values()])

    def attend(self) -> None:
        """See to what goes on beside the steps: each deadline has its watcher, each letter and message its way out."""
        for deadline in self.position.watched:
            key = (deadline.name, deadline.generation)
            if key not in self.watching:
                self.watching[key] = asyncio.create_task(self.watch(deadline))
        for message_id in self.position.messages:
            if message_id not in self.telling:
                self.telling[message_id] = asyncio.create_task(send_staff_message(message_id))
        self.send_letters()

    def send_letters(self) -> None:
        """Start each letter that has not left on its way, once; give up a way that was replaced by another."""
        wanted = {(letter.id, letter.round): letter for letter in self.position.letters if not letter.posted}
        for key, way in self.leaving.items():
            if key not in wanted:
                way.cancel()
        for key, letter in wanted.items():
            if key not in self.leaving:
                self.leaving[key] = asyncio.create_task(self.send(letter))

    async def watch(self, deadline: Watched) -> None:
        """Sleep to the deadline's next rung, and remind; until it is met, cancelled or replaced."""
        rung: Watched | None = deadline
        while rung is not None:
            if not await self.changes_before(rung):
                await self.remind(rung)
                await self.changes(rung)
            rung = self.watched(rung)

    async def changes_before(self, rung: Watched) -> bool:
        """Whether the deadline is met, moved or replaced before its next rung fires."""
        left = rung.next_at + self.position.spread - workflow.now()
        return await happens_within(lambda: self.watched(rung) != rung, left, rung.name)

    async def changes(self, rung: Watched) -> None:
        """Wait until the deadline stands elsewhere: at once after a reminder, and not in vain for one that was
        refused."""
        await workflow.wait_condition(lambda: self.watched(rung) != rung)

    def watched(self, rung: Watched) -> Watched | None:
        """The same deadline as it stands now; None when it has no more rungs."""
        for now in self.position.watched:
            if (now.name, now.generation) == (rung.name, rung.generation):
                return now
        return None

    async def remind(self, rung: Watched) -> None:
        """The rung is due. Commands that were received before it are decided first: the relay drains the case."""
        patience = workflow.now() + DRAINING_ENDS
        about = f"{rung.name}:{rung.generation}:{rung.next_at.isoformat()}"
        status = CommandStatus.RECEIVED
        while status is CommandStatus.RECEIVED:
            patient = workflow.now() < patience
            command = self.by_machine("remind", about, deadline=rung.name, generation=rung.generation, patient=patient)
            # Its timer has fired: it is that instant at least, even by a clock that was put back meanwhile.
            outcome = await self.commit(replace(command, at=max(command.at, rung.next_at)))
            status = outcome.status
            if status is CommandStatus.RECEIVED:
                await workflow.sleep(DRAINING, summary="draining")

    async def send(self, letter: LetterInHand) -> None:
        """Make a letter and hand it over, however long it takes; the owner is told when it takes too long."""
        leaving = asyncio.create_task(self.make_and_hand_over(letter))
        if not await happens_within(leaving.done, self.position.mail_patience, "undelivered"):
            await self.report_undelivered(letter, "no_server")
        match await leaving:
            case HandOver.ACCEPTED:
                await self.commit(self.by_machine("record_handover", str(letter.id), letter_id=letter.id))
            case HandOver.REJECTED:
                await self.report_undelivered(letter, "rejected")

    async def make_and_hand_over(self, letter: LetterInHand) -> HandOver:
        """The letter is kept byte for byte before it leaves."""
        await produce_letter(letter.id, letter.round)
        return await hand_over_letter(letter.id, letter.round)

    async def report_undelivered(self, letter: LetterInHand, reason: str) -> None:
        """Ask the owner to make the letter leave."""
        about = f"{letter.id}:{letter.round}:{reason}"
        await self.commit(self.by_machine("report_undelivered", about, letter_id=letter.id, reason=reason))
