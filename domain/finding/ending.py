"""A finding outlives its audit, or loses its object.

Source: procedures, section 3 step 7
"""

from domain.desk import withdraw
from domain.events import DeadlineCancelled, Event
from domain.finding.case import Finding
from domain.finding.commands import Cancel
from domain.finding.events import CarriedOver, FindingCancelled, FindingEnded, RequestLapsed, become
from domain.finding.machine import CancelWithAudit, CarryOver
from domain.finding.parties import check_goes_on
from domain.finding.states import FindingState
from domain.house import House
from domain.people import Actor


def carry_over(case: Finding, command: CarryOver, _house: House) -> list[Event]:
    """Another audit follows it from now on; it stands where it stood, due when it was. Told twice, it is once."""
    check_goes_on(case)
    return [] if case.carried_to == command.audit_id else [CarriedOver(command.audit_id)]


def cancel(case: Finding, command: Cancel, actor: Actor, house: House) -> list[Event]:
    """Somebody of the direction says that it has lost its object."""
    check_may_cancel(case, actor, house)
    return [FindingCancelled(actor.id, None, command.reason), *_nothing_left(case)]


def check_may_cancel(case: Finding, _actor: Actor, _house: House) -> None:
    """Until it has ended. Raises WrongStep."""
    check_goes_on(case)


def cancel_with_audit(case: Finding, command: CancelWithAudit, _house: House) -> list[Event]:
    """Its audit was cancelled and its findings with it; what has ended stays as it is."""
    if case.state in FindingState.ended():
        return []
    return [FindingCancelled(None, command.audit_id, None), *_nothing_left(case)]


def _nothing_left(case: Finding) -> list[Event]:
    return [
        *([RequestLapsed(case.request.id, case.request.kind)] if case.request else []),
        *withdraw(case.open_tasks),
        *(DeadlineCancelled(name) for name in case.open_deadlines),
        become(case.state, FindingState.CANCELLED),
        FindingEnded(FindingState.CANCELLED),
    ]
