"""The follow-up: the audit lives until its findings are closed, or are carried into the delegate's next audit.

Source: procedures, section 3 step 7
"""

from domain.audit.case import AUDITORS, Audit
from domain.audit.commands import Cancel, CarryOver, HoldFollowUp
from domain.audit.events import (
    AuditCancelled,
    AuditClosed,
    FindingClosed,
    FindingEndPassedOn,
    FindingsCarriedOver,
    FindingsTakenOver,
    MeetingHeld,
    become,
)
from domain.audit.machine import FindingEnded, TakeOver
from domain.audit.meetings import check_held_on, check_not_ended
from domain.audit.states import AuditState
from domain.audit.words import AuditDeadline, AuditTask, Meeting
from domain.desk import done, met, open_task, withdraw
from domain.events import DeadlineCancelled, Event
from domain.house import House
from domain.people import Actor, role_hat
from domain.refusals import Invalid, NotAllowed, WrongStep
from domain.roles import Role
from domain.tasks import Task

DIRECTION = frozenset({role_hat(Role.OPERATIONS_DIRECTOR), role_hat(Role.GENERAL_DIRECTOR)})


def hold_follow_up(case: Audit, command: HoldFollowUp, task: Task, _actor: Actor, house: House) -> list[Event]:
    """The meeting was held. What is still open is closed one by one, or carried into the next audit. Source: Memo"""
    check_held_on(case, command.held_on, house)
    return [
        done(task, command.outcome),
        MeetingHeld(Meeting.FOLLOW_UP, command.held_on, command.minutes),
        *met(case, AuditDeadline.FOLLOW_UP),
        *open_task(case, house, AuditTask.CARRY_OVER, AUDITORS, due=None),
    ]


def carry_over(case: Audit, command: CarryOver, task: Task, _actor: Actor, _house: House) -> list[Event]:
    """What is open goes into the delegate's next audit, and this one is closed. Raises WrongStep without a next one."""
    if case.next_audit is None:
        raise WrongStep(
            "The delegate has no later audit into which findings could be carried.",
            "Plan next year's audit first; what is open stays with this one until then.",
        )
    return [
        done(task, command.outcome),
        FindingsCarriedOver(case.next_audit, case.open_findings),
        AuditClosed(),
        become(case.state, AuditState.CLOSED),
    ]


def finding_ended(case: Audit, command: FindingEnded, _house: House) -> list[Event]:
    """A finding has ended; with the last one the audit is closed. Of one that was carried over meanwhile, the audit
    that follows it now is told; of one that is followed by none, nothing is said.

    Source: procedures, section 3 step 7
    """
    follows_now = case.carried_to(command.finding_id)
    if follows_now is not None:
        return [FindingEndPassedOn(command.finding_id, command.state, follows_now)]
    if command.finding_id not in case.open_findings or case.state in AuditState.ended():
        return []
    told: list[Event] = [FindingClosed(command.finding_id, command.state)]
    if case.state is not AuditState.FOLLOWING_UP or len(case.open_findings) > 1:
        return told
    return [
        *told,
        *withdraw(case.open_tasks),
        *(DeadlineCancelled(name) for name in case.open_deadlines),
        AuditClosed(),
        become(case.state, AuditState.CLOSED),
    ]


def take_over(_case: Audit, command: TakeOver, _house: House) -> list[Event]:
    """Findings of an earlier audit are followed by this one: its journal says so."""
    return [FindingsTakenOver(command.audit_id, command.count)]


def cancel(case: Audit, command: Cancel, actor: Actor, _house: House) -> list[Event]:
    """The direction gives the audit up, and says what becomes of its open findings. Raises Refusal. Source: policy"""
    check_may_cancel(case, actor)
    if case.open_findings and command.findings is None:
        raise Invalid(
            f"The audit has open findings: {len(case.open_findings)}. They outlive it, or end with it.",
            "Say whether they are kept or cancelled.",
            field="findings",
        )
    if command.findings is not None and not case.open_findings:
        raise Invalid("The audit has no open finding.", "Leave findings out.", field="findings")
    return [
        AuditCancelled(actor.id, command.findings, case.open_findings, command.reason),
        *withdraw(case.open_tasks),
        *(DeadlineCancelled(name) for name in case.open_deadlines),
        become(case.state, AuditState.CANCELLED),
    ]


def check_may_cancel(case: Audit, actor: Actor) -> None:
    """The direction, before the audit has ended. Raises Refusal."""
    if DIRECTION.isdisjoint(actor.hats):
        raise NotAllowed("An audit is cancelled by the operations director or the general director.", "Ask them.")
    check_not_ended(case)
