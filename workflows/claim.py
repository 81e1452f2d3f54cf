"""Claim: from the benefit request that is to be controlled to its payment, its refusal or its end without documents.

A first controller decides on the whole checklist, a second confirms where two are needed; a document that is lacking is
waited for; then it is paid. People act through commands that arrive as updates; each is committed to the register
first, and only then does the workflow stand elsewhere. Source: docs/procedures/claim.md
"""

from temporalio import workflow

from domain.claim.case import ClaimPosition
from domain.claim.states import ClaimState
from domain.commands import CommandRef, Outcome
from domain.standing import Standing
from workflows.upkeep import Upkeep


@workflow.defn(name="claim")
class ClaimWorkflow:
    """One run carries one controlled claim from any step to its end."""

    @workflow.init
    def __init__(self, position: ClaimPosition) -> None:
        self.position = position
        self.upkeep = Upkeep(self, Outcome[ClaimPosition])

    @workflow.run
    async def run(self, _position: ClaimPosition) -> None:
        """The procedure, one line per step; each is a no-op once it is past. What goes back is controlled again."""
        self.upkeep.attend()
        await self.register()
        while self.goes_on():
            await self.control()
            await self.await_documents()
            await self.confirm()
            await self.pay()
        await self.close()

    async def register(self) -> None:
        """1–2. The request is entered, checked, and goes to its first controller."""
        await self.upkeep.until(lambda: self.position.state is not ClaimState.REGISTERED)

    async def control(self) -> None:
        """3. The first controller goes through the checklist, and decides."""
        await self.left(ClaimState.IN_CONTROL)

    async def await_documents(self) -> None:
        """3. The member is asked for what is lacking, and reminded; in the end the claim is closed without it."""
        await self.left(ClaimState.AWAITING_DOCUMENTS)

    async def confirm(self) -> None:
        """4. The second controller confirms the decision, or sends it back."""
        await self.left(ClaimState.CONFIRMING)

    async def pay(self) -> None:
        """5. It is paid with a bank batch; what the bank rejects is controlled again."""
        await self.left(ClaimState.PAYABLE, ClaimState.INSTRUCTED)

    async def close(self) -> None:
        """It has ended: its letters leave, and nothing more is asked of anybody."""
        await self.upkeep.until(lambda: not self.position.letters)
        await self.upkeep.commit(self.upkeep.by_machine("close"))
        await self.upkeep.finish()

    @workflow.update
    async def decide(self, command: CommandRef) -> str:
        """What somebody asks of the claim: applied or refused, for good."""
        outcome = await self.upkeep.commit(command)
        return outcome.status

    @decide.validator
    def check_decide(self, command: CommandRef) -> None:
        """A command on another case can never be right."""
        if command.case_id != self.position.case_id:
            raise ValueError("this command is on another case")

    @workflow.query
    def describe(self) -> ClaimPosition:
        """Where the claim stands."""
        return self.position

    @workflow.query
    def standing(self) -> Standing[ClaimPosition]:
        """What this run sees to: the doctor compares it with the case's row."""
        return self.upkeep.standing()

    def goes_on(self) -> bool:
        """Whether there is still something to decide or to pay."""
        return self.position.state not in ClaimState.ended()

    async def left(self, *steps: ClaimState) -> None:
        """Wait until the claim stands at none of these steps."""
        await self.upkeep.until(lambda: self.position.state not in steps)
