"""Payment: from a batch of claims that are to be paid to the bank's last word on each of them.

Accounting builds it, two people who had no hand in it release its very file, the file is handed over once, and what the
bank answers is read until nothing waits any more. Source: docs/procedures/payment.md
"""

from temporalio import workflow

from domain.commands import CommandRef, Outcome
from domain.payment.case import PaymentPosition
from domain.payment.states import PaymentState
from domain.standing import Standing
from workflows.steps import hand_over_bank_file
from workflows.upkeep import Upkeep


@workflow.defn(name="payment")
class PaymentWorkflow:
    """One run carries one batch from any step to its end."""

    @workflow.init
    def __init__(self, position: PaymentPosition) -> None:
        self.position = position
        self.upkeep = Upkeep(self, Outcome[PaymentPosition])

    @workflow.run
    async def run(self, _position: PaymentPosition) -> None:
        """The procedure, one line per step; each is a no-op once it is past."""
        self.upkeep.attend()
        await self.register()
        await self.release()
        await self.hand_over()
        await self.settle()
        await self.close()

    async def register(self) -> None:
        """1. The batch is built, and its first releaser is asked."""
        await self.reached(PaymentState.RELEASING)

    async def release(self) -> None:
        """2. Two people release its file, or one of them cancels the batch."""
        await self.reached(PaymentState.RELEASED)

    async def hand_over(self) -> None:
        """3. The file is laid in the bank's folder, once; unless somebody stops it before."""
        if self.position.state is PaymentState.RELEASED:
            await hand_over_bank_file(self.position.case_id)
        if self.position.state is PaymentState.RELEASED:  # nobody has stopped it meanwhile
            await self.upkeep.commit(self.upkeep.by_machine("record_bank_handover"))
        await self.reached(PaymentState.HANDED_OVER)

    async def settle(self) -> None:
        """4. The bank's reports are read until every line is paid, rejected or withdrawn."""
        await self.reached(PaymentState.SETTLED)

    async def close(self) -> None:
        """Nothing waits any more."""
        await self.upkeep.finish()

    @workflow.update
    async def decide(self, command: CommandRef) -> str:
        """What somebody asks of the batch: applied or refused, for good."""
        outcome = await self.upkeep.commit(command)
        return outcome.status

    @decide.validator
    def check_decide(self, command: CommandRef) -> None:
        """A command on another case can never be right."""
        if command.case_id != self.position.case_id:
            raise ValueError("this command is on another case")

    @workflow.query
    def describe(self) -> PaymentPosition:
        """Where the batch stands."""
        return self.position

    @workflow.query
    def standing(self) -> Standing[PaymentPosition]:
        """What this run sees to: the doctor compares it with the case's row."""
        return self.upkeep.standing()

    async def reached(self, step: PaymentState) -> None:
        """Wait until the step is behind."""
        await self.upkeep.until(lambda: self.position.state.has_reached(step))
