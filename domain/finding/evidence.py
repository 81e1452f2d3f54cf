"""Evidence is brought, verified by an auditor, and confirmed by a second person; or refused back with the reason.

Source: procedures, section 3 step 6
"""

from domain.desk import done, met, open_task
from domain.events import Event
from domain.finding.case import Finding
from domain.finding.commands import AddEvidence, Confirm, DeliverEvidence, Refuse, Verified
from domain.finding.deadlines import confirmation_deadline, remediation_deadline, verification_deadline
from domain.finding.events import (
    EvidenceAdded,
    EvidenceDelivered,
    EvidenceRefused,
    EvidenceVerified,
    FindingEnded,
    RemediationConfirmed,
    become,
)
from domain.finding.parties import AUDITOR, check_concerned, check_goes_on, check_no_hand
from domain.finding.plan import ask_for_evidence, opened
from domain.finding.requests import lapse
from domain.finding.states import FindingState
from domain.finding.words import FindingDeadline, FindingTask
from domain.house import House
from domain.people import Actor, role_hat
from domain.refusals import WrongStep
from domain.tasks import Task

_ANSWERED = {
    FindingTask.VERIFY: FindingDeadline.VERIFICATION,
    FindingTask.CONFIRM_REMEDIATION: FindingDeadline.CONFIRMATION,
}


def add_evidence(case: Finding, command: AddEvidence, actor: Actor, _house: House) -> list[Event]:
    """A file joins the evidence of this round; the same file twice is one. Raises Refusal."""
    check_may_add_evidence(case, actor)
    if command.sha256 in {one.sha256 for one in case.evidence}:
        return []
    if not case.in_hand:
        raise WrongStep("The file was not kept: when it came, nothing could be delivered.", "Send it again.")
    return [EvidenceAdded(case.round, command.sha256, actor.id, command.name)]


def check_may_add_evidence(case: Finding, actor: Actor) -> None:
    """Once the plan is accepted, until the round is delivered. Raises NotYourTask, WrongStep."""
    check_concerned(case, actor)
    check_goes_on(case)
    if case.state is not FindingState.PLANNED:
        raise WrongStep(
            f"A finding that is {case.state} takes no evidence: its plan is accepted first, and what is delivered is "
            "verified first.",
            "Wait for the next task to deliver evidence.",
        )


def deliver(case: Finding, command: DeliverEvidence, task: Task, actor: Actor, house: House) -> list[Event]:
    """All the evidence of the round is there: an auditor who had no hand in it verifies it."""
    files = [one for one in case.evidence if one.round == case.round]
    if not files:
        raise WrongStep(
            "No new evidence has come in this round: there would be nothing to verify.",
            "Add the files first, then deliver them.",
        )
    answer = verification_deadline(house.today, house.calendar, house.version)
    kept_out = case.authors | {actor.id}
    return [
        done(task, command.outcome),
        EvidenceDelivered(case.round, len(files), actor.id, command.comment),
        *met(case, FindingDeadline.REMEDIATION),
        *lapse(case),
        become(case.state, FindingState.VERIFYING),
        opened(case, answer, house),
        *open_task(
            case,
            house,
            FindingTask.VERIFY,
            AUDITOR,
            due=answer.due_at,
            detail={"round": case.round},
            excluded=kept_out,
        ),
    ]


def verify(case: Finding, command: Verified, task: Task, actor: Actor, house: House) -> list[Event]:
    """The auditor finds that it is put right: a second person is asked, who neither brought nor verified anything."""
    check_no_hand(actor.id, case.authors)
    deadline = confirmation_deadline(house.today, house.calendar, house.version)
    return [
        done(task, command.outcome),
        EvidenceVerified(case.round, actor.id),
        *met(case, FindingDeadline.VERIFICATION),
        become(case.state, FindingState.CONFIRMING),
        opened(case, deadline, house),
        *open_task(
            case,
            house,
            FindingTask.CONFIRM_REMEDIATION,
            {role_hat(house.version.finding.confirmed_by.role)},
            due=deadline.due_at,
            detail={"round": case.round},
            excluded=case.authors | {actor.id},
        ),
    ]


def refuse(case: Finding, command: Refuse, task: Task, actor: Actor, house: House) -> list[Event]:
    """The evidence does not show it: another round begins, with the reason, and the agreed date stays."""
    kind = FindingTask(task.kind)
    _check_separate(case, kind, actor)
    deadline = remediation_deadline(case.agreed_on, case.due_on, house.version)
    return [
        done(task, command.outcome),
        EvidenceRefused(case.round, kind, actor.id, command.reason),
        *met(case, _ANSWERED[kind]),
        become(case.state, FindingState.PLANNED),
        opened(case, deadline, house),
        *ask_for_evidence(case, house, case.round + 1, deadline),
    ]


def confirm(case: Finding, command: Confirm, task: Task, actor: Actor, _house: House) -> list[Event]:
    """Two people find that it is put right: the finding is closed."""
    _check_separate(case, FindingTask.CONFIRM_REMEDIATION, actor)
    return [
        done(task, command.outcome),
        RemediationConfirmed(case.round, actor.id),
        *met(case, FindingDeadline.CONFIRMATION),
        become(case.state, FindingState.CLOSED),
        FindingEnded(FindingState.CLOSED),
    ]


def _check_separate(case: Finding, kind: FindingTask, actor: Actor) -> None:
    """Whoever verifies or confirms had no hand in the evidence; whoever confirms has not verified. Raises FourEyes."""
    verified = {case.verified_by} if case.verified_by and kind is FindingTask.CONFIRM_REMEDIATION else set()
    check_no_hand(actor.id, case.authors, frozenset(verified))
