"""Commands: what people ask of a claim, in the imperative; each is the body of an API call.

Source: procedures, section 2 steps 3 and 4
"""

from collections.abc import Mapping
from hashlib import sha256
from json import dumps
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from domain.claim.words import ClaimTask, DocumentKind, ItemAnswer, Verdict
from domain.correspondence import Resend
from domain.desk import OfferAgain
from domain.forms import Form, Line, Text, Unfinished

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the decision that was read")]
Cents = Annotated[int, Field(gt=0, strict=True, description="euro cents")]
Item = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,59}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the document's bytes")]


class ChecklistAnswer(Form):
    """What was found on one item of the checklist."""

    item: Item
    answer: ItemAnswer
    note: Line | None = None


class Decide(Form):
    """Decide a claim, with an answer on every item of its category's checklist.

    `amount_cents` is what is paid instead of what was asked, for a corrected amount only. `reason` is told to the
    member: needed for a corrected amount and a refusal. `override_reason` is told to the second controller and to
    whoever audits: needed to pay although an automatic check says stop.
    Source: procedures, section 2 step 4
    """

    outcome: Literal["decide"] = "decide"
    decision: Verdict
    amount_cents: Cents | None = None
    reason: Text | None = None
    override_reason: Text | None = None
    checklist: Annotated[tuple[ChecklistAnswer, ...], Field(max_length=60)]


class DecisionInProgress(Form):
    """A decision as far as it is written: what the member would be told. A blank reason is a missing paragraph."""

    decision: Verdict
    amount_cents: Cents | None = None
    reason: Unfinished = ""


class AskDocuments(Form):
    """A document is lacking: the member is asked for it, and the clock stands still meanwhile.

    Source: procedures, section 2 step 3
    """

    outcome: Literal["ask_documents"] = "ask_documents"
    documents: Annotated[tuple[DocumentKind, ...], Field(min_length=1, max_length=20)]
    note: Text | None = None


class Confirm(Form):
    """The second controller confirms the decision that was read, and no other."""

    outcome: Literal["confirm"] = "confirm"
    decision_hash: Hash


class SendBack(Form):
    """The second controller sends the decision that was read back to the first, with the reason."""

    outcome: Literal["send_back"] = "send_back"
    decision_hash: Hash
    reason: Text


class AddDocument(Form):
    """A document has come, by whatever way: its bytes are kept under this hash.

    `kind` says which of the documents that were asked for it is.
    """

    kind: DocumentKind
    name: Line
    sha256: Sha256


class StopWaiting(Form):
    """Decide on what is there: the documents that are still awaited are not waited for any longer."""


OUTCOMES: dict[str, tuple[type[Form], ...]] = {
    ClaimTask.CONTROL: (Decide, AskDocuments),
    ClaimTask.CONFIRM: (Confirm, SendBack),
    ClaimTask.REPAIR_DELIVERY: (Resend,),
    ClaimTask.UNBLOCK: (OfferAgain,),
}
"""The allowed outcomes of each kind of task: the body's schema is served with the task."""

CASE_COMMANDS: dict[str, type[Form]] = {"add_document": AddDocument, "stop_waiting": StopWaiting}
"""The commands that are given on a claim, without a task."""


def decision_hash(command: Decide, amount_cents: int, checklist_version: str, iban_hash: str) -> str:
    """SHA-256 over all that was decided, on which checklist and for which IBAN: what a confirmation names."""
    told: Mapping[str, object] = {
        **command.model_dump(mode="json", exclude={"outcome"}),
        "amount_cents": amount_cents,
        "checklist_version": checklist_version,
        "iban_hash": iban_hash,
    }
    return sha256(dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
