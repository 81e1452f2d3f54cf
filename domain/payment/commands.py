"""Commands: what people ask of a batch of payments, in the imperative; each is the body of an API call."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from domain.civil import Day
from domain.desk import OfferAgain
from domain.forms import Form, Text
from domain.payment.words import BankDid, PaymentTask

FileHash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the bank file that was read")]
LARGEST_BATCH = 10_000


class Build(Form):
    """Put what is to be paid into one file for the bank, which then goes to two releasers.

    Source: procedures, section 2 step 5
    """

    executes_on: Day
    at_most: Annotated[int, Field(ge=1, le=LARGEST_BATCH, strict=True, description="claims, the oldest first")] = (
        LARGEST_BATCH
    )


class Release(Form):
    """Let the file that was read go to the bank, and no other."""

    outcome: Literal["release"] = "release"
    file_sha256: FileHash


class Refuse(Form):
    """Cancel the batch, with the reason: its claims can be paid by another."""

    outcome: Literal["refuse"] = "refuse"
    reason: Text


class Stop(Form):
    """Keep a released batch from going to the bank, with the reason: its claims can be paid by another."""

    reason: Text


class ReadStatusReport(Form):
    """Carry out what the bank says of the file. The report itself is kept beside the batch.

    One that rejects anything waits until somebody else of accounting has confirmed it.
    """

    report_id: UUID


class Conclude(Form):
    """Say what the bank really did with the lines that it has not answered for, and how that was found out.

    Nothing is carried out until somebody else of accounting has confirmed it.
    """

    bank_did: BankDid
    evidence: Text


class ConfirmAnswer(Form):
    """Stand for what a colleague has told us of the bank: it is carried out. `answer_id` is what was read."""

    outcome: Literal["confirm_answer"] = "confirm_answer"
    answer_id: UUID


class SetAsideAnswer(Form):
    """What a colleague has told us of the bank is not so, or not sure: nothing of it is carried out."""

    outcome: Literal["set_aside_answer"] = "set_aside_answer"
    answer_id: UUID
    reason: Text


OUTCOMES: dict[str, tuple[type[Form], ...]] = {
    PaymentTask.RELEASE: (Release, Refuse),
    PaymentTask.CONFIRM_ANSWER: (ConfirmAnswer, SetAsideAnswer),
    PaymentTask.UNBLOCK: (OfferAgain,),
}
"""The allowed outcomes of each kind of task: the body's schema is served with the task."""

CASE_COMMANDS: dict[str, type[Form]] = {"read_status_report": ReadStatusReport, "stop": Stop, "conclude": Conclude}
"""The commands that are given on a batch, without a task."""
