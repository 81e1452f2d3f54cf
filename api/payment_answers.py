"""What the bank is said to have answered, before a second person confirms it: what would be rejected, and why."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.house import House
from db.models import BankReportRow, Case, ConclusionRow, TaskRow
from db.queries import payment_answers
from db.queries.payment import payment as known_payment
from db.queries.payment_lists import Line
from db.queries.people import names_of
from domain.payment.bank_words import Verdict, reason_in_words
from domain.payment.case import Payment
from domain.payment.report import Finding
from domain.payment.settlement import Reading, reading
from domain.payment.words import BankDid
from domain.people import Actor
from domain.reference.iban import last_four
from domain.refusals import Refusal

SHOWN = 200
"""So many lines are told; the others are counted."""


class RejectedView(BaseModel):
    """A line that would be rejected. Of one's own claim, the amount alone."""

    claim: str | None = Field(examples=["PRE-2026-000017"])
    name: str | None
    iban_ends: str | None
    amount_cents: int
    bank_code: str | None = Field(examples=["AC04"])
    bank_says: str | None = Field(description="the code in words")
    bank_reason: str | None = Field(description="what the bank adds in its own words")


class ToConfirmView(BaseModel):
    """A report, or a conclusion, that waits for somebody else of accounting; `wrong`: why it does not fit any more.

    A report has the bank's own `message_id`; a conclusion says what the bank did, with the evidence for it.
    """

    answer_id: UUID
    given_by: str
    given_at: datetime
    message_id: str | None = Field(None, description="the bank's own name for a report")
    bank_did: BankDid | None = None
    evidence: str | None = None
    paid: int = 0
    rejected: int = 0
    pending: int = 0
    rejected_cents: int = 0
    lines: list[RejectedView] = Field(default_factory=list, description="the first 200 that would be rejected")
    wrong: str | None = None


def to_confirm(session: Session, case: Case, house: House, actor: Actor, language: str = "fr") -> list[ToConfirmView]:
    """Everything on this batch that a second person is to confirm."""
    asked = payment_answers.asked(session, case.id)
    known = known_payment(session, case, house.book) if asked else None
    return [_told(session, known, one, actor, language) for one in asked if known is not None]


def _told(session: Session, known: Payment, task: TaskRow, actor: Actor, language: str) -> ToConfirmView:
    answer_id, given_by = UUID(task.detail["answer_id"]), UUID(task.detail["given_by"])
    named = names_of(session, {given_by})[given_by]
    view = ToConfirmView(answer_id=answer_id, given_by=named, given_at=task.opened_at)
    if (concluded := session.get(ConclusionRow, answer_id)) is not None:
        return view.model_copy(update={"bank_did": BankDid(concluded.bank_did), "evidence": concluded.evidence})
    view.message_id = session.get_one(BankReportRow, answer_id).message_id
    try:
        read = reading(known, known.look_up_report(answer_id))
    except Refusal as refusal:
        return view.model_copy(update={"wrong": refusal.rule})
    return view.model_copy(update=_counted(read) | {"lines": _rejected(session, read, actor, language)})


def _counted(read: Reading) -> dict[str, int]:
    paid, rejected, pending = read.counted
    cents = sum(line.amount_cents for line, _ in read.moved[Verdict.REJECTED])
    return {"paid": paid, "rejected": rejected, "pending": pending, "rejected_cents": cents}


def _rejected(session: Session, read: Reading, actor: Actor, language: str) -> list[RejectedView]:
    some = read.moved[Verdict.REJECTED][:SHOWN]
    rows = payment_answers.lines_of(session, [line.id for line, _ in some], actor)
    return [_line(rows[line.id], finding, language) for line, finding in some]


def _line(one: Line, finding: Finding, language: str) -> RejectedView:
    if one.own:
        hidden = dict.fromkeys(("claim", "name", "iban_ends", "bank_code", "bank_says", "bank_reason"))
        return RejectedView(amount_cents=one.row.amount_cents, **hidden)
    return RejectedView(
        claim=one.claim,
        name=one.row.name,
        iban_ends=last_four(one.row.iban),
        amount_cents=one.row.amount_cents,
        bank_code=finding.reason,
        bank_says=reason_in_words(finding.reason, language),
        bank_reason=finding.told,
    )
