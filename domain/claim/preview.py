"""The letter of a decision before it is taken or confirmed: who may look at it, what it would say, who would sign it.

Source: procedures, section 2 steps 3 and 4
"""

from uuid import UUID

from domain.claim.case import Claim
from domain.claim.checklist import decided_cents
from domain.claim.commands import DecisionInProgress
from domain.claim.control import links_of
from domain.claim.letters import DecisionFacts
from domain.claim.words import ClaimTask
from domain.house import House
from domain.people import Actor
from domain.refusals import WrongStep
from domain.tasks import check_may_do, offer


def check_may_look(case: Claim, kind: ClaimTask, actor: Actor) -> None:
    """A decision's letter is shown to whoever may take it, or confirm it, now. Raises WrongStep, or as the task does.

    Source: policy
    """
    task = next((task for task in case.open_tasks if task.kind == kind), None)
    if task is None:
        raise WrongStep(
            "No decision on this claim waits to be taken."
            if kind is ClaimTask.CONTROL
            else "No decision on this claim waits to be confirmed.",
            "Read where the claim stands, and its letters.",
        )
    check_may_do(task, actor)


def told_of(case: Claim, said: DecisionInProgress) -> DecisionFacts:
    """What the member would be told of this decision. Raises Invalid for an amount that does not fit it."""
    cents = decided_cents(case, said.decision, said.amount_cents)
    return DecisionFacts(decided_cents=cents, reasons=said.reason)


def would_sign(case: Claim, author_id: UUID, house: House) -> UUID | None:
    """Who would sign: the last controller. None where several can be it, or nobody can.

    That is who takes the decision, where one is enough; else whoever has claimed its confirmation, or the only one at
    work whom nothing keeps out of it.
    """
    if case.links == 1:
        return author_id
    claimed = [task.claimed_by for task in case.open_tasks if task.kind == ClaimTask.CONFIRM and task.claimed_by]
    if claimed:
        return claimed[0]
    _, second = links_of(case, house)
    kept_out = case.kept_out | {author_id}
    offered = offer(second.hats, house.staff, house.up, kept_out, case.pole)
    able = house.staff.present_under(offered.hats, kept_out)
    return able[0].id if len(able) == 1 else None
