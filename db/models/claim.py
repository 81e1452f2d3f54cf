"""Claims: what is asked to be paid, the decisions on it, and who approved them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base


class Claim(Base):
    """A benefit request that was accepted. `payable_cents` is what is to be paid, from `payable_at` on."""

    __tablename__ = "claims"
    __table_args__ = (
        Index("ix_claims_payable", "payable_at", "id", postgresql_where=text("payable_cents IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    number: Mapped[str] = mapped_column(unique=True)
    content_hash: Mapped[bytes]
    member_number: Mapped[str] = mapped_column(ForeignKey("members.number"), index=True)
    beneficiary_number: Mapped[str] = mapped_column(ForeignKey("beneficiaries.number"))
    contract_number: Mapped[str | None] = mapped_column(ForeignKey("contracts.number"))
    category: Mapped[str]
    kind: Mapped[str]
    act: Mapped[str]
    care_on: Mapped[date]
    provider_number: Mapped[str | None]
    amount_cents: Mapped[int]
    iban: Mapped[str]
    iban_hash: Mapped[bytes]
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    entered_at: Mapped[datetime]
    pole: Mapped[str]
    received_on: Mapped[date]
    import_id: Mapped[UUID | None]
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"), unique=True)
    reasons: Mapped[list[str]]
    links: Mapped[int]
    checks: Mapped[list[dict[str, Any]]]
    draw: Mapped[int | None]
    policy: Mapped[str]
    payable_cents: Mapped[int | None]
    payable_at: Mapped[datetime | None]


class ClaimDecision(Base):
    """A version of the decision on a controlled claim, never changed after it was written."""

    __tablename__ = "claim_decisions"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str]
    decision: Mapped[str]
    amount_cents: Mapped[int]
    reason: Mapped[str | None]
    checklist: Mapped[list[dict[str, Any]]]
    checklist_version: Mapped[str | None]
    iban_hash: Mapped[bytes]
    author_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


class ClaimApproval(Base):
    """One controller has approved one version of the decision, named by its hash."""

    __tablename__ = "claim_approvals"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "version"], ["claim_decisions.case_id", "claim_decisions.version"]),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    link: Mapped[int]
    decision_hash: Mapped[str]
    at: Mapped[datetime]
