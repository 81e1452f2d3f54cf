"""How each event changes what is known of a finding: the bench's own reading of what `db/commands` writes.

What every case has is folded by `case_folding`. An event that nobody knows is refused.
"""

from dataclasses import replace
from functools import singledispatch
from uuid import uuid5

from domain import events as happened
from domain.events import Event
from domain.finding import events as told
from domain.finding.case import Evidence, Finding, OpenRequest
from domain.finding.states import FindingState
from domain.position import OpenDeadline
from tests.factories.case_folding import fold_case, opened_once


@singledispatch
def fold(event: Event, case: Finding) -> Finding:
    """The facts after an event."""
    return fold_case(event, case)


@fold.register(told.PlanSentBack)
@fold.register(told.RemediationConfirmed)
@fold.register(told.RiskAccepted)
@fold.register(told.FindingCancelled)
@fold.register(told.FindingEnded)
def _(_event: Event, case: Finding) -> Finding:
    return case


@fold.register
def _(event: happened.StateReached, case: Finding) -> Finding:
    return replace(case, state=FindingState(event.state))


@fold.register
def _(event: told.PlanProposed, case: Finding) -> Finding:
    return replace(case, plans=event.version, planned_by=event.person_id)


@fold.register
def _(_event: told.PlanAccepted, case: Finding) -> Finding:
    return replace(case, plan_accepted=True)


@fold.register
def _(event: told.EvidenceAdded, case: Finding) -> Finding:
    one = Evidence(event.sha256, event.round, event.person_id)
    return replace(case, evidence=(*case.evidence, one))


@fold.register
def _(event: told.EvidenceDelivered, case: Finding) -> Finding:
    return replace(case, hands=case.hands | {event.person_id})


@fold.register
def _(event: told.EvidenceVerified, case: Finding) -> Finding:
    return replace(case, verified_by=event.person_id)


@fold.register
def _(event: told.EvidenceRefused, case: Finding) -> Finding:
    return replace(case, round=event.round + 1, verified_by=None)


@fold.register
def _(event: told.RequestMade, case: Finding) -> Finding:
    asked = OpenRequest(uuid5(case.id, "request"), event.kind, event.until, event.person_id)
    return replace(case, request=asked)


@fold.register
def _(event: told.RequestApproved, case: Finding) -> Finding:
    assert case.request is not None
    approvals = {**case.request.approvals, event.link: event.person_id}
    return replace(case, request=replace(case.request, approvals=approvals))


@fold.register(told.RequestRefused)
@fold.register(told.RequestWithdrawn)
@fold.register(told.RequestLapsed)
def _(_event: Event, case: Finding) -> Finding:
    return replace(case, request=None)


@fold.register
def _(event: told.Postponed, case: Finding) -> Finding:
    return replace(case, due_on=event.due_on, request=None)


@fold.register
def _(event: told.Reopened, case: Finding) -> Finding:
    return replace(case, due_on=event.due_on, request=None)


@fold.register
def _(event: told.CarriedOver, case: Finding) -> Finding:
    return replace(case, carried_to=event.audit_id)


@fold.register
def _(event: happened.DeadlineOpened, case: Finding) -> Finding:
    return opened_once(event, case)


@fold.register
def _(event: happened.DeadlineMoved, case: Finding) -> Finding:
    moved = event.deadline

    def counted_again(known: OpenDeadline) -> OpenDeadline:
        same = known.name == moved.name
        return replace(known, due_on=moved.due_on, due_at=moved.due_at, planned=event.planned) if same else known

    return replace(case, deadlines=tuple(counted_again(one) for one in case.deadlines))
