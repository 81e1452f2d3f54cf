"""Findings: what is to be put right, the plans, the evidence round by round, what was asked for beside, who agreed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base
from domain.uploads import DELEGATE_FILES


class FindingRow(Base):
    """What a delegate has to put right. `number` is its place in its audit's report, `latest_on` the last day that its
    risk allows: a later `due_on` was validated by somebody.

    It stays as it was opened; its date moves with what was granted, and nothing of it once it has ended: triggers see
    to that. `state` follows the case.
    """

    __tablename__ = "findings"
    __table_args__ = (
        UniqueConstraint("audit_id", "number"),
        CheckConstraint("origin IN ('recommendation', 'missing_piece')", name="origin"),
        CheckConstraint("(origin = 'missing_piece') = (piece IS NOT NULL)", name="piece"),
        CheckConstraint("risk IN ('very_low', 'low', 'medium', 'high', 'major')", name="risk"),
        CheckConstraint("agreed_on < due_on", name="due_after_agreed"),
        CheckConstraint("due_validated_by <> opened_by", name="validated_by_another"),
        CheckConstraint("(audit_id IS NULL) = (audit_reference IS NULL)", name="of_an_audit"),
        Index("ix_findings_delegate", "delegate", "due_on", "case_id"),
        Index("ix_findings_due", "due_on", "case_id"),
        Index(None, "carried_to", postgresql_where=text("carried_to IS NOT NULL")),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    number: Mapped[int | None]
    audit_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    audit_reference: Mapped[str | None]
    delegate: Mapped[str] = mapped_column(ForeignKey("delegates.code"))
    contract: Mapped[str]
    origin: Mapped[str]
    piece: Mapped[str | None]
    subject: Mapped[str]
    words: Mapped[str]
    risk: Mapped[str]
    agreed_on: Mapped[date]
    latest_on: Mapped[date]
    due_on: Mapped[date]
    due_validated_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    opened_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    opened_at: Mapped[datetime]
    state: Mapped[str]
    plan_accepted_at: Mapped[datetime | None]
    round: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    postponements: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    carried_to: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))


class FindingPlan(Base):
    """A plan as the delegate proposed it, and what the auditor said of it: once."""

    __tablename__ = "finding_plans"
    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (accepted IS NULL)", name="decided"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided_by_somebody"),
        CheckConstraint("decided_by <> proposed_by", name="decided_by_another"),
        CheckConstraint("accepted IS NOT FALSE OR reason IS NOT NULL", name="sent_back_with_reason"),
    )

    finding_id: Mapped[UUID] = mapped_column(ForeignKey("findings.case_id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    plan: Mapped[str]
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    accepted: Mapped[bool | None]
    reason: Mapped[str | None]


class FindingEvidence(Base):
    """A file, sealed under its case's key; `sha256` is of what was sent. Its id is the command's.

    It is the finding's from `added_at` on, when the command has been carried out. The same file twice is one.
    """

    __tablename__ = "finding_evidence"
    __table_args__ = (
        CheckConstraint(f"media_type IN ({', '.join(repr(one) for one in sorted(DELEGATE_FILES))})", name="media_type"),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("(round IS NULL) = (added_at IS NULL)", name="added"),
        Index(
            "uq_finding_evidence_file",
            *("finding_id", "sha256"),
            unique=True,
            postgresql_where=text("added_at IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    finding_id: Mapped[UUID] = mapped_column(ForeignKey("findings.case_id"))
    round: Mapped[int | None]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    delivered_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    added_at: Mapped[datetime | None]


class FindingRound(Base):
    """From one delivery of evidence to what is said of it: verified and confirmed, by two people who had no hand in it,
    or refused in the task `refused_in`, with the reason."""

    __tablename__ = "finding_rounds"
    __table_args__ = (
        CheckConstraint("verified_by <> confirmed_by", name="two_people"),
        CheckConstraint("delivered_by <> verified_by AND delivered_by <> confirmed_by", name="no_hand_in_it"),
        CheckConstraint("confirmed_by IS NULL OR verified_by IS NOT NULL", name="verified_before_confirmed"),
        CheckConstraint("confirmed_by IS NULL OR refused_by IS NULL", name="confirmed_or_refused"),
        CheckConstraint("(refused_by IS NULL) = (reason IS NULL)", name="refused_with_reason"),
    )

    finding_id: Mapped[UUID] = mapped_column(ForeignKey("findings.case_id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    delivered_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    delivered_at: Mapped[datetime]
    comment: Mapped[str | None]
    verified_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    verified_at: Mapped[datetime | None]
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    confirmed_at: Mapped[datetime | None]
    refused_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    refused_at: Mapped[datetime | None]
    refused_in: Mapped[str | None]
    reason: Mapped[str | None]


class FindingRequest(Base):
    """Another date that somebody asks for, or a risk to be accepted until a day. Its id is the command's.

    One waits at a time; what is decided stays so.
    """

    __tablename__ = "finding_requests"
    __table_args__ = (
        CheckConstraint("kind IN ('postponement', 'risk_acceptance')", name="kind"),
        CheckConstraint("status IN ('waiting', 'granted', 'refused', 'withdrawn', 'lapsed')", name="status"),
        CheckConstraint("(status = 'waiting') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("(status = 'refused') = (refusal IS NOT NULL)", name="refused_with_reason"),
        Index("uq_finding_requests_waiting", "finding_id", unique=True, postgresql_where=text("status = 'waiting'")),
        Index(None, "finding_id", "asked_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    finding_id: Mapped[UUID] = mapped_column(ForeignKey("findings.case_id"))
    kind: Mapped[str]
    until: Mapped[date]
    reason: Mapped[str]
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="waiting")
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    refusal: Mapped[str | None]


class FindingApproval(Base):
    """Somebody says yes to what was asked for: never twice, and never whoever asked."""

    __tablename__ = "finding_approvals"
    __table_args__ = (UniqueConstraint("request_id", "link"),)

    request_id: Mapped[UUID] = mapped_column(ForeignKey("finding_requests.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    link: Mapped[int]
    at: Mapped[datetime]
