"""Who has a part in a finding: its delegate, the auditors, the second validator; and what keeps somebody out.

Source: procedures, section 3 step 6
"""

from uuid import UUID

from domain.finding.case import Finding
from domain.finding.states import FindingState
from domain.people import Actor, Hat, delegate_hat, role_hat
from domain.refusals import FourEyes, NotYourTask, WrongStep
from domain.roles import Role

AUDITOR = frozenset({role_hat(Role.AUDITOR)})


def delegate_hats(code: str) -> frozenset[Hat]:
    """The people of a delegate: its users, with its director."""
    return frozenset({delegate_hat(Role.DELEGATE_USER, code), delegate_hat(Role.DELEGATE_DIRECTOR, code)})


def check_concerned(case: Finding, actor: Actor) -> None:
    """An auditor, or somebody of the finding's own delegate. Raises NotYourTask."""
    if actor.hats.isdisjoint(AUDITOR | delegate_hats(case.delegate)):
        raise NotYourTask(
            "Only an auditor, or somebody of the delegate that the finding is about, has a say in it.",
            "Leave it to them.",
        )


def check_goes_on(case: Finding) -> None:
    """Nothing moves any more once a finding has ended. Raises WrongStep."""
    if case.state in FindingState.ended():
        raise WrongStep(
            f"A finding that is {case.state} does not move any more.",
            "If it is found again, open another finding.",
        )


def check_no_hand(person_id: UUID, *kept_out: frozenset[UUID]) -> None:
    """Whoever brought the evidence does not verify it; whoever verified it does not confirm it. Raises FourEyes.

    Source: procedures, section 3 step 6
    """
    if person_id in frozenset().union(*kept_out):
        raise FourEyes(
            "A finding is closed by somebody who neither brought its evidence nor verified it.",
            "Leave this task to somebody else.",
        )
