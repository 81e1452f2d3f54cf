"""Complaint: from the registered complaint to the answer in the complainant's hands.

It is acknowledged, analysed, answered; the answer is approved by two validators, handed over, and its compensation
paid. People act through commands that arrive as updates; each is committed to the register first, and only then
does the workflow stand elsewhere. Source: docs/procedures/complaint.md
"""

from temporalio import workflow

from domain.commands import CommandRef, Outcome
from domain.complaint.case import ComplaintPosition
from domain.complaint.states import ComplaintState
from domain.standing import Standing
from workflows.upkeep import Upkeep


@workflow.defn(name="complaint")
class ComplaintWorkflow:
    """One run carries one complaint from any step to its end."""

    @workflow.init
    def __init__(self, position: ComplaintPosition) -> None:
        self.position = position
        self.upkeep = Upkeep(self, Outcome[ComplaintPosition])

    @workflow.run
    async def run(self, _position: ComplaintPosition) -> None:
        """The procedure, one line per step; each is a no-op once it is past."""
        self.upkeep.attend()
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
        await self.upkeep.until(lambda: not self.position.letters)

    async def compensate(self) -> None:
        """7. Accounting pays what the answer grants."""
        await self.upkeep.until(lambda: not self.position.compensation_due)

    async def close(self) -> None:
        """Nothing is outstanding: the complaint is closed."""
        if self.position.state not in ComplaintState.ended():
            await self.upkeep.commit(self.upkeep.by_machine("close"))
        await self.upkeep.finish()

    @workflow.update
    async def decide(self, command: CommandRef) -> str:
        """What somebody asks of the complaint: applied or refused, for good."""
        outcome = await self.upkeep.commit(command)
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
        return self.upkeep.standing()

    async def reached(self, step: ComplaintState) -> None:
        """Wait until the step is behind."""
        await self.upkeep.until(lambda: self.position.state.has_reached(step))
