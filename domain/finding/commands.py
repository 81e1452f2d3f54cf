"""Commands: what people ask of a finding, in the imperative; each is the body of an API call."""

from typing import Annotated, Literal

from pydantic import Field

from domain.civil import Day
from domain.desk import OfferAgain
from domain.finding.words import FindingOrigin, FindingTask, RiskLevel
from domain.forms import Form, Line, Text

FileHash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the file")]
DelegateCode = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{1,19}$", examples=["ARMOR"])]


class OpenFinding(Form):
    """Something is to be put right by a delegate, by an agreed date.

    `agreed_on` is the day of the restitution, or of whatever told it; `due_on` the agreed date, without one the latest
    that the risk allows. Source: procedures, section 3 step 6
    """

    delegate: DelegateCode
    contract: Line
    subject: Line
    words: Text
    risk: RiskLevel
    agreed_on: Day
    due_on: Day | None = None
    origin: FindingOrigin = FindingOrigin.RECOMMENDATION
    piece: Line | None = None


class ProposePlan(Form):
    """What will be done to put it right, by whom, by when."""

    outcome: Literal["propose"] = "propose"
    plan: Text


class AcceptPlan(Form):
    """The plan will do."""

    outcome: Literal["accept"] = "accept"


class SendPlanBack(Form):
    """The plan will not do, with the reason: another is asked for."""

    outcome: Literal["send_back"] = "send_back"
    reason: Text


class DeliverEvidence(Form):
    """All the evidence is there: let it be verified. What is to be said of it beside the files."""

    outcome: Literal["deliver"] = "deliver"
    comment: Text | None = None


class Verified(Form):
    """The evidence shows that it is put right."""

    outcome: Literal["verified"] = "verified"


class Refuse(Form):
    """No, with the reason: the evidence does not show it, the date stays, the risk is not accepted."""

    outcome: Literal["refuse"] = "refuse"
    reason: Text


class Confirm(Form):
    """The second validator agrees: the finding is closed."""

    outcome: Literal["confirm"] = "confirm"


class Grant(Form):
    """The date is moved as asked."""

    outcome: Literal["grant"] = "grant"


class Approve(Form):
    """The risk may be accepted until the day that was asked for."""

    outcome: Literal["approve"] = "approve"


class AddEvidence(Form):
    """A file shows that something is put right. The file itself is kept beside the finding."""

    name: Line
    sha256: FileHash


class RequestPostponement(Form):
    """Ask for a later date, with the reason. Source: procedures, section 3 step 6"""

    until: Day
    reason: Text


class RequestRiskAcceptance(Form):
    """Ask that the risk be accepted until a day, with the reason. Source: procedures, section 3 step 6"""

    until: Day
    reason: Text


class WithdrawRequest(Form):
    """What was asked for is no longer needed."""


class Cancel(Form):
    """The finding has lost its object, with the reason."""

    reason: Text


OUTCOMES: dict[str, tuple[type[Form], ...]] = {
    FindingTask.PROPOSE_PLAN: (ProposePlan,),
    FindingTask.ACCEPT_PLAN: (AcceptPlan, SendPlanBack),
    FindingTask.DELIVER_EVIDENCE: (DeliverEvidence,),
    FindingTask.VERIFY: (Verified, Refuse),
    FindingTask.CONFIRM_REMEDIATION: (Confirm, Refuse),
    FindingTask.DECIDE_POSTPONEMENT: (Grant, Refuse),
    FindingTask.ACCEPT_RISK: (Approve, Refuse),
    FindingTask.UNBLOCK: (OfferAgain,),
}
"""The allowed outcomes of each kind of task: the body's schema is served with the task."""

CASE_COMMANDS: dict[str, type[Form]] = {
    "add_evidence": AddEvidence,
    "request_postponement": RequestPostponement,
    "request_risk_acceptance": RequestRiskAcceptance,
    "withdraw_request": WithdrawRequest,
    "cancel": Cancel,
}
"""The commands that are given on a finding, without a task."""
