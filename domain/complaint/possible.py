"""What a person may do with a complaint beside its tasks, and why not the rest: the very checks of the commands.

Source: procedures, section 1 steps 1, 3 and 6
"""

from collections.abc import Callable, Mapping

from domain.complaint.case import Complaint
from domain.complaint.handling import check_may_reassign, check_may_requalify
from domain.complaint.timing import check_may_extend
from domain.house import House
from domain.people import Actor
from domain.permissions import Action, check_allowed
from domain.refusals import Refusal

_CHECKS: Mapping[Action, Callable[[Complaint, Actor, House], object]] = {
    Action.SEND_HOLDING_LETTER: check_may_extend,
    Action.REASSIGN: lambda case, actor, _: check_may_reassign(case, actor),
    Action.REQUALIFY: lambda case, actor, _: check_may_requalify(case, actor),
}


def possible(case: Complaint, actor: Actor, house: House) -> Mapping[Action, Refusal | None]:
    """Each command on the case: None where this person may give it now, else the refusal that they would get."""
    return {action: _refusal(action, case, actor, house) for action in _CHECKS}


def _refusal(action: Action, case: Complaint, actor: Actor, house: House) -> Refusal | None:
    try:
        check_allowed(actor, action)
        _CHECKS[action](case, actor, house)
    except Refusal as refusal:
        return refusal
    return None
