"""What a person may do with a claim beside its tasks, and why not the rest: the very checks of the commands.

Source: procedures, section 2 step 3
"""

from collections.abc import Callable, Mapping

from domain.claim.case import Claim
from domain.claim.documents import check_may_add_document, check_may_stop_waiting
from domain.house import House
from domain.people import Actor
from domain.permissions import Action, check_allowed
from domain.refusals import Refusal

_CHECKS: Mapping[Action, Callable[[Claim, Actor, House], object]] = {
    Action.ADD_DOCUMENT: lambda case, actor, _: check_may_add_document(case, actor),
    Action.STOP_WAITING: check_may_stop_waiting,
}


def possible(case: Claim, actor: Actor, house: House) -> Mapping[Action, Refusal | None]:
    """Each command on the case: None where this person may give it now, else the refusal that they would get."""
    return {action: _refusal(action, case, actor, house) for action in _CHECKS}


def _refusal(action: Action, case: Claim, actor: Actor, house: House) -> Refusal | None:
    try:
        check_allowed(actor, action)
        _CHECKS[action](case, actor, house)
    except Refusal as refusal:
        return refusal
    return None
