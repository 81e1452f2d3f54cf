"""Workflows with two steps in another order: what a careless change would do to runs under way."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.claim.case import ClaimPosition
    from domain.commands import Outcome
    from domain.complaint.case import ComplaintPosition
    from domain.outgoing import HandOver
    from domain.payment.case import PaymentPosition
    from domain.payment.states import PaymentState
    from domain.position import LetterInHand
    from workflows.claim import ClaimWorkflow
    from workflows.complaint import ComplaintWorkflow
    from workflows.payment import PaymentWorkflow
    from workflows.steps import hand_over_bank_file, hand_over_letter, produce_letter
    from workflows.upkeep import Upkeep


class HandsOverFirst(Upkeep):
    """A letter is handed over, then made."""

    async def make_and_hand_over(self, letter: LetterInHand) -> HandOver:
        """The other way round."""
        handed = await hand_over_letter(letter.id, letter.round)
        await produce_letter(letter.id, letter.round)
        return handed


class RecordsFirst(Upkeep):
    """The handover is committed, then the letter is handed over."""

    async def send(self, letter: LetterInHand) -> None:
        """The other way round."""
        await self.commit(self.by_machine("record_handover", str(letter.id), letter_id=letter.id))
        await self.make_and_hand_over(letter)


@workflow.defn(name="complaint")
class HandedOverBeforeItIsMade(ComplaintWorkflow):
    """The letter is handed over, then made."""

    @workflow.init
    def __init__(self, position: ComplaintPosition) -> None:
        super().__init__(position)
        self.upkeep = HandsOverFirst(self, Outcome[ComplaintPosition])

    @workflow.run
    async def run(self, _position: ComplaintPosition) -> None:
        """The same procedure."""
        await super().run(_position)


@workflow.defn(name="complaint")
class RecordedBeforeItHasLeft(ComplaintWorkflow):
    """The handover is committed, then the letter is handed over."""

    @workflow.init
    def __init__(self, position: ComplaintPosition) -> None:
        super().__init__(position)
        self.upkeep = RecordsFirst(self, Outcome[ComplaintPosition])

    @workflow.run
    async def run(self, _position: ComplaintPosition) -> None:
        """The same procedure."""
        await super().run(_position)


@workflow.defn(name="complaint")
class ClosedBeforeItIsPaid(ComplaintWorkflow):
    """The complaint is closed, then its compensation is waited for."""

    @workflow.init
    def __init__(self, position: ComplaintPosition) -> None:
        super().__init__(position)

    @workflow.run
    async def run(self, _position: ComplaintPosition) -> None:
        """The last two steps the other way round."""
        self.upkeep.attend()
        await self.register()
        await self.acknowledge()
        await self.analyse()
        await self.answer()
        await self.hand_over()
        await self.close()
        await self.compensate()


@workflow.defn(name="complaint")
class Unchanged(ComplaintWorkflow):
    """The same steps in the same order, written in another class."""

    @workflow.init
    def __init__(self, position: ComplaintPosition) -> None:
        super().__init__(position)

    @workflow.run
    async def run(self, _position: ComplaintPosition) -> None:
        """The same procedure."""
        await super().run(_position)


REORDERED: tuple[type, ...] = (HandedOverBeforeItIsMade, RecordedBeforeItHasLeft, ClosedBeforeItIsPaid)


@workflow.defn(name="claim")
class ClosedBeforeItsLettersLeave(ClaimWorkflow):
    """The claim is closed, then its letters are waited for."""

    @workflow.init
    def __init__(self, position: ClaimPosition) -> None:
        super().__init__(position)

    @workflow.run
    async def run(self, _position: ClaimPosition) -> None:
        """The same procedure."""
        await super().run(_position)

    async def close(self) -> None:
        """The other way round."""
        await self.upkeep.commit(self.upkeep.by_machine("close"))
        await self.upkeep.until(lambda: not self.position.letters)
        await self.upkeep.finish()


@workflow.defn(name="claim")
class ClosedBeforeTheBankHasPaid(ClaimWorkflow):
    """The claim is closed once it is decided, then its payment is waited for."""

    @workflow.init
    def __init__(self, position: ClaimPosition) -> None:
        super().__init__(position)

    @workflow.run
    async def run(self, _position: ClaimPosition) -> None:
        """The last two steps the other way round."""
        self.upkeep.attend()
        await self.register()
        await self.control()
        await self.await_documents()
        await self.confirm()
        await self.close()
        await self.pay()


@workflow.defn(name="payment")
class RecordedBeforeItIsLaid(PaymentWorkflow):
    """The handover to the bank is committed, then the file is laid."""

    @workflow.init
    def __init__(self, position: PaymentPosition) -> None:
        super().__init__(position)

    @workflow.run
    async def run(self, _position: PaymentPosition) -> None:
        """The same procedure."""
        await super().run(_position)

    async def hand_over(self) -> None:
        """The other way round."""
        if self.position.state is PaymentState.RELEASED:
            await self.upkeep.commit(self.upkeep.by_machine("record_bank_handover"))
            await hand_over_bank_file(self.position.case_id)
        await self.reached(PaymentState.HANDED_OVER)


REORDERED_CLAIM: tuple[type, ...] = (ClosedBeforeItsLettersLeave, ClosedBeforeTheBankHasPaid)
