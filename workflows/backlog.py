"""Backlog operation: bring an activity that is far behind back under its standard within six weeks.

Two directors approve the plan; volunteers work in its sessions; each day is looked back on; what was worked is paid.
Source: docs/procedures/backlog.md
"""

from temporalio import workflow

from domain.backlog.case import BacklogPosition
from domain.backlog.states import BacklogState
from domain.commands import CommandRef, Outcome
from domain.standing import Standing
from workflows.upkeep import Upkeep


@workflow.defn(name="backlog")
class BacklogWorkflow:
    """One run carries one operation from any step to its end."""

    @workflow.init
    def __init__(self, position: BacklogPosition) -> None:
        self.position = position
        self.upkeep = Upkeep(self, Outcome[BacklogPosition])

    @workflow.run
    async def run(self, _position: BacklogPosition) -> None:
        """The procedure, one line per step; each is a no-op once it is past."""
        self.upkeep.attend()
        await self.register()
        await self.approve()
        await self.sign_up()
        await self.hold_sessions()
        await self.pay()
        await self.close()

    async def register(self) -> None:
        """3. The plan is before the first director."""
        await self.reached(BacklogState.APPROVING)

    async def approve(self) -> None:
        """3. Two directors approve it, one after the other, before its first day."""
        await self.reached(BacklogState.PLANNED)

    async def sign_up(self) -> None:
        """4. Volunteers take their places, within labour law, until its first day and on."""
        await self.reached(BacklogState.RUNNING)

    async def hold_sessions(self) -> None:
        """4. Sessions are held, each day is looked back on, until the stock is back or its time has passed."""
        await self.reached(BacklogState.CLOSING)

    async def pay(self) -> None:
        """5. What was worked is computed, validated by two people, and goes to payroll."""
        await self.reached(BacklogState.CLOSED)

    async def close(self) -> None:
        """6. Nothing waits any more."""
        await self.upkeep.finish()

    @workflow.update
    async def decide(self, command: CommandRef) -> str:
        """What somebody asks of the operation: applied or refused, for good."""
        outcome = await self.upkeep.commit(command)
        return outcome.status

    @decide.validator
    def check_decide(self, command: CommandRef) -> None:
        """A command on another case can never be right."""
        if command.case_id != self.position.case_id:
            raise ValueError("this command is on another case")

    @workflow.query
    def describe(self) -> BacklogPosition:
        """Where the operation stands."""
        return self.position

    @workflow.query
    def standing(self) -> Standing[BacklogPosition]:
        """What this run sees to: the doctor compares it with the case's row."""
        return self.upkeep.standing()

    async def reached(self, step: BacklogState) -> None:
        """Wait until the step is behind."""
        await self.upkeep.until(lambda: self.position.state.has_reached(step))
