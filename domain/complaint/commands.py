"""Commands: what people ask of a complaint, in the imperative; each is the body of an API call."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StrictBool

from domain.civil import Day
from domain.complaint.letters import Apology, HoldingReason
from domain.complaint.words import Category, Finding, RequalifiedAs, TaskKind, Theme
from domain.correspondence import Resend
from domain.desk import OfferAgain
from domain.forms import Form, Line, Text, Unfinished
from domain.outgoing import Dispatch

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the version that was read")]
Cents = Annotated[int, Field(ge=0, le=10_000_000, strict=True, description="euro cents")]


class Acknowledge(Form):
    """Tell the complainant that the complaint has arrived, who handles it, and when the answer is due."""

    outcome: Literal["acknowledge"] = "acknowledge"
    dispatch: Dispatch


class Analyse(Form):
    """Say what was found on the merits. The cause is mandatory, on an unfounded complaint too. Source: Memo"""

    outcome: Literal["analyse"] = "analyse"
    category: Category
    category_reason: Line | None = None
    finding: Finding
    theme: Theme
    cause: Line
    facts: Text


class AnswerContent(Form):
    """What the answer says, and the compensation that it grants: what the validators approve, word by word."""

    dispatch: Literal[Dispatch.EMAIL, Dispatch.POST]
    asked: Text
    found: Text
    decision: Text
    reasons: Text
    next_steps: Text
    apology: Apology = Apology.NONE
    compensation_cents: Cents = 0


class AnswerInProgress(AnswerContent):
    """The answer as far as it is written: what is still blank is a letter's missing paragraph, not a mistake."""

    dispatch: Literal[Dispatch.EMAIL, Dispatch.POST] = Dispatch.POST
    asked: Unfinished = ""
    found: Unfinished = ""
    decision: Unfinished = ""
    reasons: Unfinished = ""
    next_steps: Unfinished = ""


class DraftAnswer(AnswerContent):
    """Write the answer, which then goes to the validators."""

    outcome: Literal["draft"] = "draft"


class Approve(Form):
    """Approve the version that was read, and no other."""

    outcome: Literal["approve"] = "approve"
    version_hash: Hash


class Amend(AnswerContent):
    """Write a new version in place of the one that was read, and approve it."""

    outcome: Literal["amend"] = "amend"
    version_hash: Hash


class SendBack(Form):
    """Send the version that was read back to its author, with the reason."""

    outcome: Literal["send_back"] = "send_back"
    version_hash: Hash
    reason: Text


class ConfirmPayment(Form):
    """Accounting has paid the compensation."""

    outcome: Literal["paid"] = "paid"
    payment_reference: Annotated[str, Field(pattern=r"^[A-Za-z0-9/ .-]{1,35}$")]


class ProgressCalled(Form):
    """The owner has called the member to say how far the file is. Source: Protélis"""

    outcome: Literal["called"] = "called"
    reached: StrictBool


class SendHoldingLetter(Form):
    """The answer takes longer: tell the member before its date, with the new one. Source: Rules 17.2, ACPR

    `answer_by` is the new date; without it, the last working day of the two months.
    """

    dispatch: Literal[Dispatch.EMAIL, Dispatch.POST]
    reason: HoldingReason
    answer_by: Day | None = None


class Requalify(Form):
    """This is a request, not a complaint: say which, and why. It stays searchable. Source: ACPR"""

    requalified_as: RequalifiedAs
    reason: Text


class Reassign(Form):
    """Give the complaint another owner: only for an absence or a conflict of interest. Source: Memo

    `from_owner` is the owner whom it is taken from: if it is somebody else's by then, it stays theirs. Without it, it
    is taken from whoever owns it.
    """

    to: Line = Field(description="login of the new owner")
    reason: Literal["absence", "conflict_of_interest"]
    from_owner: UUID | None = Field(
        None,
        description="id of the owner whom it is taken from; refused when it is another by then",
        exclude_if=lambda owner: owner is None,
    )


OUTCOMES: dict[str, tuple[type[Form], ...]] = {
    TaskKind.ACKNOWLEDGE: (Acknowledge,),
    TaskKind.ANALYSE: (Analyse,),
    TaskKind.DRAFT_ANSWER: (DraftAnswer,),
    TaskKind.VALIDATE: (Approve, Amend, SendBack),
    TaskKind.PAY_COMPENSATION: (ConfirmPayment,),
    TaskKind.REPAIR_DELIVERY: (Resend,),
    TaskKind.UNBLOCK: (OfferAgain,),
    TaskKind.PROGRESS_CALL: (ProgressCalled,),
}
"""The allowed outcomes of each kind of task: the body's schema is served with the task."""

CASE_COMMANDS: dict[str, type[Form]] = {
    "requalify": Requalify,
    "reassign": Reassign,
    "send_holding_letter": SendHoldingLetter,
}
"""The commands that are given on a case, without a task."""
