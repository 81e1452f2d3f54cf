"""What a person may do with an operation beside its tasks, and why not the rest: the very checks of the commands.

Source: procedures, section 4
"""

from collections.abc import Callable, Mapping

from domain.backlog.approval import check_may_cancel, check_may_replan
from domain.backlog.attendance import check_may_add_sessions, check_may_correct
from domain.backlog.case import Operation
from domain.backlog.course import check_may_request_extension, check_may_stop
from domain.backlog.lending import check_may_dispatch
from domain.backlog.message import check_may_propose_message
from domain.backlog.paying import check_may_prepare
from domain.house import House
from domain.people import Actor
from domain.permissions import Action, check_allowed
from domain.refusals import Refusal

_CHECKS: Mapping[Action, Callable[[Operation, Actor, House], object]] = {
    Action.REPLAN_OPERATION: check_may_replan,
    Action.CANCEL_OPERATION: check_may_cancel,
    Action.STOP_OPERATION: check_may_stop,
    Action.ADD_SESSIONS: check_may_add_sessions,
    Action.DISPATCH_CASES: check_may_dispatch,
    Action.CORRECT_ATTENDANCE: check_may_correct,
    Action.REQUEST_EXTENSION: check_may_request_extension,
    Action.PREPARE_PAY: check_may_prepare,
    Action.PROPOSE_MESSAGE: check_may_propose_message,
}


def possible(case: Operation, actor: Actor, house: House) -> Mapping[Action, Refusal | None]:
    """Each command on the case: None where this person may give it now, else the refusal that they would get."""
    return {action: _refusal(action, case, actor, house) for action in _CHECKS}


def _refusal(action: Action, case: Operation, actor: Actor, house: House) -> Refusal | None:
    try:
        check_allowed(actor, action)
        _CHECKS[action](case, actor, house)
    except Refusal as refusal:
        return refusal
    return None
