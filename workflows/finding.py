"""Finding: from what an audit of a delegate has found to its remediation, verified and confirmed by two people.

The delegate proposes a plan, then delivers evidence; an auditor verifies it, somebody else confirms it; what does not
show it goes back with the reason. A risk can be accepted for a time. Source: docs/procedures/finding.md
"""

from temporalio import workflow

from domain.commands import CommandRef, Outcome
from domain.finding.case import FindingPosition
from domain.finding.states import FindingState
from domain.standing import Standing
from workflows.upkeep import Upkeep


@workflow.defn(name="finding")
class FindingWorkflow:
    """One run carries one finding from any step to its end."""

    @workflow.init
    def __init__(self, position: FindingPosition) -> None:
        self.position = position
        self.upkeep = Upkeep(self, Outcome[FindingPosition])

    @workflow.run
    async def run(self, _position: FindingPosition) -> None:
        """The procedure, one line per step; each is a no-op once it is past. What is refused is put right again."""
        self.upkeep.attend()
        await self.register()
        while self.goes_on():
            await self.plan()
            await self.remedy()
            await self.verify()
            await self.confirm()
            await self.bear_the_risk()
        await self.close()

    async def register(self) -> None:
        """1. The finding is opened, and its delegate is asked for a plan."""
        await self.left(FindingState.REGISTERED)

    async def plan(self) -> None:
        """2. The delegate proposes a plan; an auditor accepts it, or sends it back."""
        await self.left(FindingState.OPEN)

    async def remedy(self) -> None:
        """3. The delegate puts it right by the agreed date, and delivers the evidence."""
        await self.left(FindingState.PLANNED)

    async def verify(self) -> None:
        """4. An auditor who had no hand in the evidence verifies it."""
        await self.left(FindingState.VERIFYING)

    async def confirm(self) -> None:
        """5. A second person confirms it, and the finding is closed."""
        await self.left(FindingState.CONFIRMING)

    async def bear_the_risk(self) -> None:
        """7. The risk is accepted by two people until a day, which opens the finding again."""
        await self.left(FindingState.RISK_ACCEPTED)

    async def close(self) -> None:
        """8. Nothing more is asked of anybody; the audit that follows it is told."""
        await self.upkeep.finish()

    @workflow.update
    async def decide(self, command: CommandRef) -> str:
        """What somebody asks of the finding: applied or refused, for good."""
        outcome = await self.upkeep.commit(command)
        return outcome.status

    @decide.validator
    def check_decide(self, command: CommandRef) -> None:
        """A command on another case can never be right."""
        if command.case_id != self.position.case_id:
            raise ValueError("this command is on another case")

    @workflow.query
    def describe(self) -> FindingPosition:
        """Where the finding stands."""
        return self.position

    @workflow.query
    def standing(self) -> Standing[FindingPosition]:
        """What this run sees to: the doctor compares it with the case's row."""
        return self.upkeep.standing()

    def goes_on(self) -> bool:
        """Whether there is still something to put right or to bear."""
        return self.position.state not in FindingState.ended()

    async def left(self, *steps: FindingState) -> None:
        """Wait until the finding stands at none of these steps."""
        await self.upkeep.until(lambda: self.position.state not in steps)
