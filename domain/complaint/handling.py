"""Assignment, acknowledgement, analysis, requalification, reassignment: what the owner does before the answer.

Source: procedures, section 1 steps 1 to 5
"""

from domain.complaint.assignment import choose_owner
from domain.complaint.case import Complaint
from domain.complaint.commands import Acknowledge, Analyse, Reassign, Requalify
from domain.complaint.events import Acknowledged, Analysed, Qualified, Reassigned, Requalified, become
from domain.complaint.letters import LetterKind
from domain.complaint.machine import Register
from domain.complaint.states import ComplaintState
from domain.complaint.words import Category, TaskKind
from domain.correspondence import check_reachable
from domain.desk import done, met, open_task, withdraw
from domain.events import (
    DeadlineCancelled,
    Event,
    LetterRequested,
    OwnerAssigned,
    TaskOfferedAgain,
)
from domain.house import House
from domain.outgoing import Dispatch
from domain.people import Actor, person_hat, role_hat
from domain.refusals import FourEyes, Invalid, OwnerChanged, RoleMissing, WrongStep
from domain.roles import Role
from domain.tasks import Offer, Task


def register(case: Complaint, _command: Register, house: House) -> list[Event]:
    """One owner on reception, and the acknowledgement to send. Source: procedures, section 1 step 3"""
    owner = choose_owner(case, house)
    hats = {person_hat(owner.id)} if owner else {role_hat(Role.POLE_MANAGER, case.pole)}
    assigned: list[Event] = [OwnerAssigned(owner.id)] if owner else []
    return [
        *assigned,
        become(case.state, ComplaintState.ASSIGNED),
        *open_task(case, house, TaskKind.ACKNOWLEDGE, hats, due=case.open_deadlines.get("acknowledgement")),
    ]


def acknowledge(case: Complaint, command: Acknowledge, task: Task, actor: Actor, house: House) -> list[Event]:
    """Tell the complainant; by letter, e-mail or recorded call. No validator. Source: Sheet (2 working days)"""
    if command.dispatch is not Dispatch.RECORDED_CALL:
        check_reachable(case, command.dispatch)
    return [
        done(task, command.outcome),
        *take_over(case, actor),
        Acknowledged(command.dispatch),
        *met(case, "acknowledgement"),
        *_told(case, command.dispatch),
        become(case.state, ComplaintState.ACKNOWLEDGED),
        *open_owner_task(case, house, TaskKind.ANALYSE, actor),
    ]


def _told(case: Complaint, dispatch: Dispatch) -> list[Event]:
    """Our own deadline is met by the handler's act; the regulator's when the letter is handed over, or by the call."""
    if dispatch is Dispatch.RECORDED_CALL:
        return met(case, "acknowledgement_limit")
    return [LetterRequested(LetterKind.ACKNOWLEDGEMENT, dispatch)]


def analyse(case: Complaint, command: Analyse, task: Task, actor: Actor, house: House) -> list[Event]:
    """Confirm the category, then say what was found. To lower a sensitive complaint to business needs a reason.

    Source: Memo (when both apply, sensitive wins; a cause on every complaint)
    """
    lowered = case.category is Category.SENSITIVE and command.category is Category.BUSINESS
    if lowered and not command.category_reason:
        raise Invalid(
            "This complaint shows signs of being sensitive, and sensitive wins when both apply.",
            "Keep it sensitive, or say in category_reason why it is not.",
            field="category_reason",
        )
    return [
        done(task, command.outcome),
        Qualified(command.category, case.category, command.category_reason),
        Analysed(command.finding, command.theme, command.cause, command.facts),
        become(case.state, ComplaintState.ANALYSED),
        *open_owner_task(case, house, TaskKind.DRAFT_ANSWER, actor),
    ]


def requalify(case: Complaint, command: Requalify, actor: Actor, _house: House) -> list[Event]:
    """A request for service, information or opinion is not a complaint. Its owner or a pole manager says so.

    Source: ACPR; procedures, section 1 step 1
    """
    check_may_requalify(case, actor)
    return [
        Requalified(command.requalified_as, command.reason),
        *(DeadlineCancelled(name) for name in case.open_deadlines),
        *withdraw(task for task in case.open_tasks if task.kind != TaskKind.REPAIR_DELIVERY),
        become(case.state, ComplaintState.REQUALIFIED),
    ]


def check_may_requalify(case: Complaint, actor: Actor) -> None:
    """Its owner or a pole manager, before it is answered. Raises Refusal."""
    check_in_charge(case, actor, {Role.POLE_MANAGER}, "requalify it")
    check_unanswered(case, "requalified")


def reassign(case: Complaint, command: Reassign, actor: Actor, house: House) -> list[Event]:
    """Another owner, with a trace, only on absence or conflict of interest. Source: Memo"""
    check_may_reassign(case, actor)
    _check_owner(case, command)
    _check_reason(case, command, house)
    owner = next((p for p in house.staff if p.login == command.to), None)
    if owner is None or owner.roles.isdisjoint({Role.HANDLER, Role.EXPERT_HANDLER}):
        raise Invalid(f"{command.to} is not a handler.", "Give the login of a handler.", field="to")
    if owner.absent or owner.id in {case.owner_id, case.about_id}:
        raise Invalid(
            f"{command.to} is away, owns the complaint already, or is the person whom it is about.",
            "Choose another handler.",
            field="to",
        )
    hat = person_hat(owner.id)
    moved = [
        TaskOfferedAgain(task.id, task.kind, Offer(frozenset({hat}), task.excluded), (hat,))
        for task in case.open_tasks
        if task.kind in TaskKind.of_the_owner()
    ]
    return [Reassigned(case.owner_id, owner.id, command.reason), OwnerAssigned(owner.id), *moved]


def check_may_reassign(case: Complaint, actor: Actor) -> None:
    """Its owner or management, before it is answered. Raises Refusal."""
    check_in_charge(case, actor, {Role.POLE_MANAGER, Role.OPERATIONS_DIRECTOR}, "reassign it")
    check_unanswered(case, "reassigned")


def _check_owner(case: Complaint, command: Reassign) -> None:
    """Nothing is taken from an owner who was not meant: somebody has given it away meanwhile. Raises OwnerChanged."""
    if command.from_owner is not None and command.from_owner != case.owner_id:
        raise OwnerChanged(
            "This complaint is not, or no longer, this person's.", "Ask for the preview again.", field="reference"
        )


def _check_reason(case: Complaint, command: Reassign, house: House) -> None:
    """One owner, from the first day to the last: an absence must be one. Raises Invalid."""
    present = {person.id for person in house.staff if not person.absent}
    if command.reason == "absence" and case.owner_id in present:
        raise Invalid(
            "The owner is at work: a complaint changes hands only on absence or conflict of interest.",
            "Record the absence first, or leave the complaint with its owner.",
            field="reason",
        )


def open_owner_task(case: Complaint, house: House, kind: TaskKind, actor: Actor) -> list[Event]:
    """Open a task for the owner, due with the answer; without an owner yet, whoever acted becomes it."""
    owner_id = case.owner_id or actor.id
    return open_task(case, house, kind, {person_hat(owner_id)}, due=case.open_deadlines.get("answer"))


def take_over(case: Complaint, actor: Actor) -> list[Event]:
    """A complaint that found no handler at work is owned by whoever takes it up first."""
    return [] if case.owner_id else [OwnerAssigned(actor.id)]


def check_in_charge(case: Complaint, actor: Actor, roles: set[Role], what: str) -> None:
    """The owner, whoever stands in for them, or one of these roles; never whoever it is about. Raises NotAllowed."""
    if actor.id in case.kept_out:
        raise FourEyes("The complaint is about you.", "Somebody else has to decide.")
    is_owner = case.owner_id is not None and person_hat(case.owner_id) in actor.hats
    if not is_owner and actor.roles.isdisjoint(roles):
        names = ", ".join(sorted(roles))
        raise RoleMissing(f"Only the complaint's owner or a {names} may {what}.", "Ask one of them.")


def check_unanswered(case: Complaint, what: str) -> None:
    """Before the last approval. Raises WrongStep."""
    if case.state not in ComplaintState.unanswered():
        raise WrongStep(
            f"A complaint that is {case.state} can no longer be {what}.",
            "Its answer is approved: read the case's state.",
        )
