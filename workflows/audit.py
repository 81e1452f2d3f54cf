"""Audit: of a delegate, from the launch meeting to the end of everything that it has found.

Six weeks to deliver, the analysis, a report that two people validate, the restitution, and a year of follow-up; each
finding goes on in a workflow of its own. Source: docs/procedures/audit.md
"""

from temporalio import workflow

from domain.audit.case import AuditPosition
from domain.audit.states import AuditState
from domain.commands import CommandRef, Outcome
from domain.standing import Standing
from workflows.upkeep import Upkeep


@workflow.defn(name="audit")
class AuditWorkflow:
    """One run carries one audit from any step to its end."""

    @workflow.init
    def __init__(self, position: AuditPosition) -> None:
        self.position = position
        self.upkeep = Upkeep(self, Outcome[AuditPosition])

    @workflow.run
    async def run(self, _position: AuditPosition) -> None:
        """The procedure, one line per step; each is a no-op once it is past."""
        self.upkeep.attend()
        await self.register()
        await self.receive_pieces()
        await self.analyse()
        await self.report()
        await self.validate()
        await self.restitute()
        await self.follow_up()
        await self.close()

    async def register(self) -> None:
        """1. The audit is planned, and its launch meeting is held."""
        await self.reached(AuditState.LAUNCHED)

    async def receive_pieces(self) -> None:
        """2. Six weeks for the delegate to deliver, with reminders, until it is done or the auditor ends it."""
        await self.reached(AuditState.ANALYSING)

    async def analyse(self) -> None:
        """3. Each piece that came is graded."""
        await self.reached(AuditState.REPORTING)

    async def report(self) -> None:
        """4. The report is written, and given to its validators."""
        await self.reached(AuditState.VALIDATING)

    async def validate(self) -> None:
        """5. Two people stand for its very file, or it goes back."""
        await self.reached(AuditState.RESTITUTING)

    async def restitute(self) -> None:
        """6. The delegate answers, what is disputed is ruled on, the schedule is agreed, findings open."""
        await self.reached(AuditState.FOLLOWING_UP)

    async def follow_up(self) -> None:
        """7. The findings are followed, until all are closed or carried into the next audit."""
        await self.reached(AuditState.CLOSED)

    async def close(self) -> None:
        """Nothing waits any more."""
        await self.upkeep.finish()

    @workflow.update
    async def decide(self, command: CommandRef) -> str:
        """What somebody asks of the audit: applied or refused, for good."""
        outcome = await self.upkeep.commit(command)
        return outcome.status

    @decide.validator
    def check_decide(self, command: CommandRef) -> None:
        """A command on another case can never be right."""
        if command.case_id != self.position.case_id:
            raise ValueError("this command is on another case")

    @workflow.query
    def describe(self) -> AuditPosition:
        """Where the audit stands."""
        return self.position

    @workflow.query
    def standing(self) -> Standing[AuditPosition]:
        """What this run sees to: the doctor compares it with the case's row."""
        return self.upkeep.standing()

    async def reached(self, step: AuditState) -> None:
        """Wait until the step is behind."""
        await self.upkeep.until(lambda: self.position.state.has_reached(step))
