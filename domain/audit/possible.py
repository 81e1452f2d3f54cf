"""What a person may do with an audit beside its tasks, and why not the rest: the very checks of the commands.

Source: procedures, section 3
"""

from collections.abc import Callable, Mapping

from domain.audit.analysis import check_may_note
from domain.audit.case import Audit
from domain.audit.delivery import check_may_deliver, check_may_end_delivery
from domain.audit.follow_up import check_may_cancel
from domain.audit.meetings import check_auditor, check_not_ended
from domain.audit.restitution import check_may_end_answers
from domain.house import House
from domain.people import Actor
from domain.permissions import Action, check_allowed
from domain.refusals import Refusal

Check = Callable[[Audit, Actor, House], object]


def _check_may_fix(case: Audit, actor: Actor) -> None:
    check_auditor(actor)
    check_not_ended(case)


def _on_any_day(check: Callable[[Audit, Actor], object]) -> Check:
    return lambda case, actor, _house: check(case, actor)


_CHECKS: Mapping[Action, Check] = {
    Action.DELIVER_PIECE: _on_any_day(check_may_deliver),
    Action.END_DELIVERY: _on_any_day(check_may_end_delivery),
    Action.WRITE_AUDIT: _on_any_day(check_may_note),
    Action.FIX_MEETING: _on_any_day(_check_may_fix),
    Action.END_ANSWERS: check_may_end_answers,
    Action.CANCEL_AUDIT: _on_any_day(check_may_cancel),
}


def possible(case: Audit, actor: Actor, house: House) -> Mapping[Action, Refusal | None]:
    """Each command on the audit: None where this person may give it now, else the refusal that they would get."""
    return {action: _refusal(action, case, actor, house) for action in _CHECKS}


def _refusal(action: Action, case: Audit, actor: Actor, house: House) -> Refusal | None:
    try:
        check_allowed(actor, action)
        _CHECKS[action](case, actor, house)
    except Refusal as refusal:
        return refusal
    return None
