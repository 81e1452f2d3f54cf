"""Claims: what is asked to be paid, what the checks said, the decisions on it with their approvals, its documents."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base


class ClaimRow(Base):
    """A benefit request that was accepted. Without `case_id` it is cleared: payable from its intake on, and nobody
    controls it. With one it is controlled for its `reasons` by as many people as it has `links`.

    `control_above_cents` and `second_above_cents` are the thresholds of its policy: the database holds it to them.
    `state` follows the case's where there is one, by a trigger. `iban` is the account that was asked for, `iban_hash`
    what accounts are compared by; what is paid to is the member's own in force. `draw` is its lot of the day's sample.
    A key of idempotency is kept here, as a cleared claim has no command. Nothing changes after the intake but its
    state, what is to be paid by which instruction, and since when it is controlled anew.
    """

    __tablename__ = "claims"
    __table_args__ = (
        CheckConstraint("amount_cents > 0 AND payable_cents > 0", name="amounts"),
        CheckConstraint("(payable_cents IS NULL) = (payable_at IS NULL)", name="payable"),
        CheckConstraint("state NOT IN ('payable', 'instructed', 'paid') OR payable_cents IS NOT NULL", name="to_pay"),
        CheckConstraint("amount_cents <= control_above_cents OR case_id IS NOT NULL", name="controlled_above"),
        CheckConstraint("amount_cents <= second_above_cents OR links = 2", name="two_above"),
        CheckConstraint("'sensitive' <> ALL (reasons) OR links = 2", name="reinforced"),
        CheckConstraint(
            "(case_id IS NOT NULL AND cardinality(reasons) > 0 AND links IN (1, 2))"
            " OR (case_id IS NULL AND cardinality(reasons) = 0 AND links = 0"
            " AND payable_cents IS NOT DISTINCT FROM amount_cents)",
            name="controlled_or_cleared",
        ),
        Index("ix_claims_alike", "beneficiary_number", "act", "care_on"),
        Index("ix_claims_account", "iban_hash", "member_number"),
        Index("ix_claims_member", "member_number", "care_on"),
        Index("ix_claims_list", "received_on", "id"),
        Index("ix_claims_controlled", "received_on", "id", postgresql_where=text("case_id IS NOT NULL")),
        Index("ix_claims_entered_by", "entered_by", "received_on", "id"),
        Index("ix_claims_state", "state", "received_on", "id", postgresql_where=text("state <> 'paid'")),
        Index(
            "ix_claims_queue",
            *("received_on", "id"),
            postgresql_where=text("case_id IS NOT NULL AND state NOT IN ('abandoned', 'paid', 'refused')"),
        ),
        Index("ix_claims_payable", "payable_at", "id", postgresql_where=text("state = 'payable'")),
        Index(
            "uq_claims_entered_by_idempotency_key",
            *("entered_by", "idempotency_key"),
            unique=True,
            postgresql_where=text("idempotency_key IS NOT NULL"),
        ),
        Index("uq_claims_case_id", "case_id", unique=True, postgresql_where=text("case_id IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    number: Mapped[str] = mapped_column(unique=True)
    content_hash: Mapped[bytes]
    member_number: Mapped[str] = mapped_column(ForeignKey("members.number"))
    beneficiary_number: Mapped[str] = mapped_column(ForeignKey("beneficiaries.number"))
    contract_number: Mapped[str | None] = mapped_column(ForeignKey("contracts.number"))
    category: Mapped[str]
    kind: Mapped[str]
    act: Mapped[str]
    care_on: Mapped[date]
    provider_number: Mapped[str] = mapped_column(ForeignKey("providers.number"))
    amount_cents: Mapped[int]
    iban: Mapped[str]
    iban_hash: Mapped[bytes]
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    entered_at: Mapped[datetime]
    pole: Mapped[str]
    received_on: Mapped[date]
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("imports.id"))
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    state: Mapped[str]
    reasons: Mapped[list[str]]
    links: Mapped[int]
    checks: Mapped[list[dict[str, Any]]]
    draw: Mapped[int | None]
    policy: Mapped[str]
    control_above_cents: Mapped[int]
    second_above_cents: Mapped[int]
    payable_cents: Mapped[int | None]
    payable_at: Mapped[datetime | None]
    instruction_id: Mapped[UUID | None]
    reopened_on: Mapped[date | None]
    idempotency_key: Mapped[str | None]


class ClaimSample(Base):
    """The seed of a day's draws, kept so that they can be drawn again. Told to nobody before the day is over."""

    __tablename__ = "claim_samples"

    day: Mapped[date] = mapped_column(primary_key=True)
    seed: Mapped[str]


class ClaimDecision(Base):
    """A version of the decision on a controlled claim, never changed after it was written. A refusal pays 0.

    `iban_hash` is the account that it was taken for; `checklist` the answers to the list of `checklist_version`.
    """

    __tablename__ = "claim_decisions"
    __table_args__ = (
        CheckConstraint("decision IN ('pay', 'pay_corrected', 'refuse')", name="decision"),
        CheckConstraint("(decision = 'refuse') = (amount_cents = 0) AND amount_cents >= 0", name="amount"),
        CheckConstraint("decision = 'pay' OR reason IS NOT NULL", name="with_reason"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str]
    decision: Mapped[str]
    amount_cents: Mapped[int]
    reason: Mapped[str | None]
    override_reason: Mapped[str | None]
    checklist: Mapped[list[dict[str, Any]]]
    checklist_version: Mapped[str]
    iban_hash: Mapped[bytes]
    author_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


class ClaimApproval(Base):
    """One controller stands for one version of the decision, named by its hash: never the same person twice."""

    __tablename__ = "claim_approvals"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "version"], ["claim_decisions.case_id", "claim_decisions.version"]),
        UniqueConstraint("case_id", "version", "link"),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    link: Mapped[int]
    decision_hash: Mapped[str]
    at: Mapped[datetime]


class ClaimSentBack(Base):
    """The second controller wanted another decision: who, and why."""

    __tablename__ = "claim_sent_back"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "version"], ["claim_decisions.case_id", "claim_decisions.version"]),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str]
    at: Mapped[datetime]


class ClaimDocument(Base):
    """A document of a claim, sealed under its case's key; `sha256` is of what was sent. Its id is the command's.

    It is the claim's from `added_at` on, when the command has been carried out. The same kind under the same name is
    its next version: none is replaced.
    """

    __tablename__ = "claim_documents"
    __table_args__ = (
        CheckConstraint("media_type IN ('application/pdf', 'image/jpeg', 'image/png')", name="media_type"),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("(version IS NULL) = (added_at IS NULL)", name="added"),
        UniqueConstraint("case_id", "kind", "name", "version"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str]
    name: Mapped[str]
    version: Mapped[int | None]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    added_at: Mapped[datetime | None]


class DocumentRequest(Base):
    """What the member was asked for, and why; it is waited for until `ended_at`."""

    __tablename__ = "document_requests"
    __table_args__ = (
        CheckConstraint("cardinality(kinds) > 0", name="not_empty"),
        Index("uq_document_requests_open", "case_id", unique=True, postgresql_where=text("ended_at IS NULL")),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(primary_key=True)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    kinds: Mapped[list[str]]
    note: Mapped[str | None]
    ended_at: Mapped[datetime | None]


class Pause(Base):
    """A time in which a case's own clock stood still (half-open), and why: forgotten by no rule that comes later."""

    __tablename__ = "pauses"
    __table_args__ = (
        CheckConstraint("from_at <= until_at", name="forwards"),
        Index("uq_pauses_open", "case_id", unique=True, postgresql_where=text("until_at IS NULL")),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    from_at: Mapped[datetime] = mapped_column(primary_key=True)
    until_at: Mapped[datetime | None]
    reason: Mapped[str]
