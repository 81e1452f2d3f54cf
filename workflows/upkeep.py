"""What goes on beside the steps of every procedure: deadlines are watched, letters and messages leave.

A command is committed first; only then does the workflow stand elsewhere, and what its new position asks for begins.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol
from uuid import UUID

from temporalio import workflow

from domain.commands import CommandRef, CommandStatus, MachineCommand, Outcome
from domain.outgoing import HandOver
from domain.position import CasePosition, LetterInHand, Watched
from domain.standing import Standing
from workflows.options import DRAINING, DRAINING_ENDS
from workflows.steps import commit, hand_over_letter, happens_within, produce_letter, send_staff_message


class Carrier(Protocol):
    """The workflow that carries the case: it holds where the case stands."""

    position: Any


class Upkeep:
    """Sees to what one case's position asks for."""

    def __init__(self, carrier: Carrier, outcome_type: Any) -> None:
        self.carrier = carrier
        self.outcome_type = outcome_type
        self.one_at_a_time = asyncio.Lock()
        self.watching: dict[tuple[str, int], asyncio.Task[None]] = {}
        self.leaving: dict[tuple[UUID, int], asyncio.Task[None]] = {}
        self.telling: dict[UUID, asyncio.Task[None]] = {}

    @property
    def position(self) -> CasePosition:
        """Where the case stands."""
        position: CasePosition = self.carrier.position
        return position

    def standing(self) -> Standing[Any]:
        """What this run sees to: the doctor compares it with the case's row."""
        watching = tuple(key for key, watcher in self.watching.items() if not watcher.done())
        return Standing(self.carrier.position, watching, tuple(self.leaving), tuple(self.telling))

    async def commit(self, command: CommandRef | MachineCommand) -> Outcome[Any]:
        """Commit first, then stand elsewhere: a refused or failed commit changes nothing here."""
        async with self.one_at_a_time:
            outcome: Outcome[Any] = await commit(command, self.outcome_type)
            self.carrier.position = outcome.position
            self.attend()
            return outcome

    def by_machine(self, kind: str, about: str = "", **body: object) -> MachineCommand:
        """A command that the procedure gives itself."""
        return MachineCommand(self.position.case_id, kind, workflow.now(), about, dict(body))

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

    async def finish(self) -> None:
        """The run ends once nothing is on its way and everyone has their answer."""
        await workflow.wait_condition(lambda: self.nothing_on_its_way() and workflow.all_handlers_finished())

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
        """Make a letter and hand it over, however long it takes; somebody is told when it takes too long."""
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
        """Ask somebody to make the letter leave."""
        about = f"{letter.id}:{letter.round}:{reason}"
        await self.commit(self.by_machine("report_undelivered", about, letter_id=letter.id, reason=reason))
