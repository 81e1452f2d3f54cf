"""The answer before it is approved: which letter it would be, and who would sign it.

Source: procedures, section 1 steps 5, 7 and 9
"""

from uuid import UUID

from domain.complaint.case import Complaint
from domain.complaint.chain import Link, chain
from domain.complaint.letters import LetterKind
from domain.complaint.states import ComplaintState
from domain.complaint.words import TaskKind
from domain.house import House
from domain.refusals import WrongStep
from domain.tasks import Task, offer


def answer_letter(case: Complaint) -> LetterKind:
    """The letter that carries the answer follows from the finding. Raises WrongStep before the analysis."""
    if case.finding is None:
        raise WrongStep(
            "Which letter carries the answer follows from the finding, and there is none yet.",
            "Complete the analysis first.",
        )
    return LetterKind(f"answer_{case.finding}")


def check_unapproved(case: Complaint) -> None:
    """Only an answer that may still change has a preview: afterwards there is the letter. Raises WrongStep."""
    if case.signatory_id is not None:
        raise WrongStep("The answer is approved: it is a letter now.", "Read the letters of the case.")
    if case.state is ComplaintState.REQUALIFIED:
        raise WrongStep("This is no complaint any more: no answer leaves.", "Read the reason on the case.")


def would_sign(case: Complaint, compensation_cents: int, house: House) -> UUID | None:
    """Who would sign an answer with this compensation: the last link, where one person alone can be it.

    That is whoever has claimed the last link's task, or the only one at work who is kept out by nothing: who wrote it
    does not sign it. None where several can, or nobody can. Amounts in euro cents.
    """
    link = chain(house.version.complaint, case.category, case.pole, compensation_cents)[-1]
    claimed = [task.claimed_by for task in case.open_tasks if task.claimed_by and _asks(task, link)]
    if claimed:
        return claimed[0]
    authors = case.answer.authors if case.answer else frozenset({case.owner_id} if case.owner_id else ())
    kept_out = authors | case.kept_out | frozenset(case.approvals.values())
    offered = offer(link.hats, house.staff, house.up, kept_out, case.pole)
    able = house.staff.present_under(offered.hats, kept_out)
    return able[0].id if len(able) == 1 else None


def _asks(task: Task, link: Link) -> bool:
    """Whether the task asks for the approval of this link, under the chain of this compensation."""
    same = (task.detail or {}).get("link") == link.number
    return task.kind == TaskKind.VALIDATE and same and not task.offered_to.isdisjoint(link.hats)
