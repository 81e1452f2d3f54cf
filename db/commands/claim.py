"""Write what has happened to a claim."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from db.commands.case import ADDRESSEES, apply, fire_until
from db.commands.journal import Writing
from db.models import (
    ClaimApproval,
    ClaimDecision,
    ClaimDocument,
    ClaimRow,
    ClaimSentBack,
    DocumentRequest,
    Member,
    Pause,
)
from domain.claim import events as happened
from domain.claim.states import ClaimState
from domain.claim.words import Verdict

_WAITING = "documents"
"""Why a claim's clock stands still."""


def _addressee(case_id: UUID) -> dict[str, Any]:
    columns = {"recipient": Member.name, "email": Member.email, "address": Member.address}
    of_claim = select(ClaimRow.member_number).where(ClaimRow.case_id == case_id).scalar_subquery()
    return {name: select(column).where(Member.number == of_claim).scalar_subquery() for name, column in columns.items()}


ADDRESSEES["claim"] = _addressee


def _change(writing: Writing, **values: Any) -> None:
    writing.batch.change(ClaimRow.case_id, writing.case.id, **values)


@apply.register
def _(event: happened.DecisionTaken, writing: Writing) -> None:
    said = event.content
    writing.batch.insert(
        ClaimDecision,
        case_id=writing.case.id,
        version=event.version,
        hash=event.decision_hash,
        decision=event.verdict,
        amount_cents=event.amount_cents,
        reason=said.reason,
        override_reason=said.override_reason,
        checklist=[answer.model_dump(mode="json") for answer in said.checklist],
        checklist_version=event.checklist_version,
        iban_hash=bytes.fromhex(event.iban_hash),
        author_id=event.author_id,
        at=writing.at,
    )


@apply.register
def _(event: happened.DecisionApproved, writing: Writing) -> None:
    writing.batch.insert(
        ClaimApproval,
        case_id=writing.case.id,
        version=event.version,
        person_id=event.person_id,
        link=event.link,
        decision_hash=event.decision_hash,
        at=writing.at,
    )


@apply.register
def _(event: happened.DecisionSentBack, writing: Writing) -> None:
    writing.batch.insert(
        ClaimSentBack,
        case_id=writing.case.id,
        version=event.version,
        person_id=event.person_id,
        reason=event.reason,
        at=writing.at,
    )


@apply.register
def _(event: happened.ClaimDecided, writing: Writing) -> None:
    """Payable from here on, if the database finds its approvals; a refusal pays nothing."""
    if event.verdict is not Verdict.REFUSE:
        _change(writing, payable_cents=event.amount_cents, payable_at=writing.at)


@apply.register
def _(event: happened.DocumentsAsked, writing: Writing) -> None:
    writing.batch.insert(
        DocumentRequest,
        case_id=writing.case.id,
        asked_at=writing.at,
        asked_by=writing.actor_id,
        kinds=list(event.documents),
        note=event.note,
    )


@apply.register
def _(event: happened.DocumentAdded, writing: Writing) -> None:
    """The document that came with this command is the claim's; of its kind and name it is the next version."""
    same = (ClaimDocument.case_id == writing.case.id, ClaimDocument.kind == event.kind)
    versions = select(func.coalesce(func.max(ClaimDocument.version), 0)).where(*same, ClaimDocument.name == event.name)
    version = (writing.session.scalar(versions) or 0) + 1
    writing.batch.change(ClaimDocument.id, writing.command_id, version=version, added_at=writing.at)


@apply.register
def _(_event: happened.WaitingStopped, _writing: Writing) -> None:
    """The clock, the deadlines and the task are events of their own; this one says who did not wait any longer."""


@apply.register
def _(event: happened.ClockStopped, writing: Writing) -> None:
    writing.batch.insert(Pause, case_id=writing.case.id, from_at=event.from_at, reason=_WAITING)


@apply.register
def _(event: happened.ClockResumed, writing: Writing) -> None:
    """Nothing is waited for any longer."""
    writing.batch.change(Pause.case_id, writing.case.id, Pause.until_at.is_(None), until_at=event.until_at)
    is_open = DocumentRequest.ended_at.is_(None)
    writing.batch.change(DocumentRequest.case_id, writing.case.id, is_open, ended_at=event.until_at)


@apply.register
def _(event: happened.MemberReminded, writing: Writing) -> None:
    fire_until(writing, event.deadline, event.fired_until)


@apply.register
def _(_event: happened.ClaimAbandoned, _writing: Writing) -> None:
    """The letter and the end are events of their own; this one says what had not come."""


@apply.register
def _(event: happened.Instructed, writing: Writing) -> None:
    _change(writing, instruction_id=event.instruction_id)


@apply.register
def _(_event: happened.InstructionWithdrawn, writing: Writing) -> None:
    _change(writing, instruction_id=None)


@apply.register
def _(_event: happened.ClaimPaid, _writing: Writing) -> None:
    """The instruction that was paid stays the claim's."""


@apply.register
def _(event: happened.ClaimReopened, writing: Writing) -> None:
    """Nothing is payable before it is decided anew."""
    anew = {"reopened_on": event.counts_from} if event.counts_from else {}
    _change(writing, state=ClaimState.IN_CONTROL, payable_cents=None, payable_at=None, instruction_id=None, **anew)
