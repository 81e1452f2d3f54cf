"""What a person may do with a finding beside its tasks, and why not the rest: the very checks of the commands.

Source: procedures, section 3 step 6
"""

from collections.abc import Callable, Mapping

from domain.finding.case import Finding
from domain.finding.ending import check_may_cancel
from domain.finding.evidence import check_may_add_evidence
from domain.finding.requests import (
    check_may_request_postponement,
    check_may_request_risk_acceptance,
    check_may_withdraw,
)
from domain.house import House
from domain.people import Actor
from domain.permissions import Action, check_allowed
from domain.refusals import Refusal

_CHECKS: Mapping[Action, Callable[[Finding, Actor, House], object]] = {
    Action.ADD_EVIDENCE: lambda case, actor, _: check_may_add_evidence(case, actor),
    Action.REQUEST_POSTPONEMENT: check_may_request_postponement,
    Action.REQUEST_RISK_ACCEPTANCE: check_may_request_risk_acceptance,
    Action.WITHDRAW_REQUEST: check_may_withdraw,
    Action.CANCEL_FINDING: check_may_cancel,
}


def possible(case: Finding, actor: Actor, house: House) -> Mapping[Action, Refusal | None]:
    """Each command on the case: None where this person may give it now, else the refusal that they would get."""
    return {action: _refusal(action, case, actor, house) for action in _CHECKS}


def _refusal(action: Action, case: Finding, actor: Actor, house: House) -> Refusal | None:
    try:
        check_allowed(actor, action)
        _CHECKS[action](case, actor, house)
    except Refusal as refusal:
        return refusal
    return None
