"""The complaint's workflow with two steps in another order: what a careless change would do to runs under way."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.commands import Outcome
    from domain.complaint.case import ComplaintPosition
    from domain.outgoing import HandOver
    from domain.position import LetterInHand
    from workflows.complaint import ComplaintWorkflow
    from workflows.steps import hand_over_letter, produce_letter
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
