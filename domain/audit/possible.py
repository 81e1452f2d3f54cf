"""What a person may do with an audit beside its tasks, and why not the rest: the very checks of the commands.

Source: procedures, section 3
"""

from collections.abc import Callable, Mapping
from functools import partial

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


def _check_may_fix(case: Audit, actor: Actor) -> None:
    check_auditor(actor)
    check_not_ended(case)


_CHECKS: Mapping[Action, Callable[[Audit, Actor], object]] = {
    Action.DELIVER_PIECE: check_may_deliver,
    Action.END_DELIVERY: check_may_end_delivery,
    Action.WRITE_AUDIT: check_may_note,
    Action.FIX_MEETING: _check_may_fix,
    Action.CANCEL_AUDIT: check_may_cancel,
}


def possible(case: Audit, actor: Actor, house: House) -> Mapping[Action, Refusal | None]:
    """Each command on the audit: None where this person may give it now, else the refusal that they would get."""
    checks: Mapping[Action, Callable[[Audit, Actor], object]] = {
        **_CHECKS,
        Action.END_ANSWERS: partial(check_may_end_answers, house=house),
    }
    return {action: _refusal(action, check, case, actor) for action, check in checks.items()}


def _refusal(action: Action, check: Callable[[Audit, Actor], object], case: Audit, actor: Actor) -> Refusal | None:
    try:
        check_allowed(actor, action)
        check(case, actor)
    except Refusal as refusal:
        return refusal
    return None
