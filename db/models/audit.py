"""Audits of delegates: what is asked for, what came, what the auditors saw, who validated it, what came of it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base


class AuditRow(Base):
    """An audit: one for each delegate and year, those cancelled aside.

    `report_version` is the version that is with its validators, or that they have validated: until they have, what
    the report says does not change. Triggers see to that, and to its two validators. Once the audit is closed or
    cancelled nothing of it moves.
    """

    __tablename__ = "audits"
    __table_args__ = (
        CheckConstraint("closed_at IS NULL OR cancelled_at IS NULL", name="closed_or_cancelled"),
        CheckConstraint("validated_at IS NULL OR report_version IS NOT NULL", name="validated_report"),
        CheckConstraint("(answers_ended_on IS NULL) = (answers_ended_because IS NULL)", name="answers_ended"),
        CheckConstraint("answers_ended_on IS NULL OR validated_at IS NOT NULL", name="answers_after_the_report"),
        CheckConstraint("(agreed_on IS NULL) = (agreed_by IS NULL)", name="agreed_by_somebody"),
        CheckConstraint("cardinality(contracts) > 0 AND cardinality(themes) > 0", name="scope"),
        Index(
            "uq_audits_delegate_year",
            *("delegate", "year"),
            unique=True,
            postgresql_where=text("cancelled_at IS NULL"),
        ),
        Index("ix_audits_list", "year", "case_id"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    delegate: Mapped[str] = mapped_column(ForeignKey("delegates.code"))
    year: Mapped[int]
    contracts: Mapped[list[str]]
    themes: Mapped[list[str]]
    conflict_of_interest: Mapped[bool]
    catalogue: Mapped[str]
    planned_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    planned_at: Mapped[datetime]
    launched_on: Mapped[date | None]
    delivery_due_on: Mapped[date | None]
    delivery_ended_on: Mapped[date | None]
    report_version: Mapped[int | None]
    refused_version: Mapped[int | None]
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    validated_at: Mapped[datetime | None]
    answers_ended_on: Mapped[date | None]
    answers_ended_because: Mapped[str | None]
    agreed_on: Mapped[date | None]
    agreed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    closed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]


class AuditPieceRow(Base):
    """A piece that is asked for: the audit's own copy of what the catalogue said when it was planned."""

    __tablename__ = "audit_pieces"
    __table_args__ = (UniqueConstraint("audit_id", "number"),)

    audit_id: Mapped[UUID] = mapped_column(ForeignKey("audits.case_id"), primary_key=True)
    piece: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    domain: Mapped[str]
    label_fr: Mapped[str]
    label_en: Mapped[str]
    checked_for_fr: Mapped[str]
    checked_for_en: Mapped[str]
    lists_people: Mapped[bool]


class AuditFileRow(Base):
    """A file of a piece, sealed under the case's key, with the id of the command that brought it.

    It is the audit's once that command is carried out: it has a version then. The same bytes are the same version.
    """

    __tablename__ = "audit_files"
    __table_args__ = (
        ForeignKeyConstraint(
            ["audit_id", "piece"], ["audit_pieces.audit_id", "audit_pieces.piece"], name="fk_audit_files_piece"
        ),
        CheckConstraint("(version IS NULL) = (delivered_at IS NULL)", name="delivered"),
        CheckConstraint("(version IS NULL) = (late IS NULL)", name="late"),
        UniqueConstraint("audit_id", "piece", "version"),
        Index(
            "uq_audit_files_same",
            *("audit_id", "piece", "sha256"),
            unique=True,
            postgresql_where=text("version IS NOT NULL AND withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    audit_id: Mapped[UUID] = mapped_column(ForeignKey("audits.case_id"))
    piece: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    delivered_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    version: Mapped[int | None]
    late: Mapped[bool | None]
    delivered_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    withdrawn_because: Mapped[str | None]


class AuditGradesRow(Base):
    """How a piece that came meets the four criteria, in one auditor's eyes: the last note counts."""

    __tablename__ = "audit_grades"
    __table_args__ = (
        ForeignKeyConstraint(
            ["audit_id", "piece"], ["audit_pieces.audit_id", "audit_pieces.piece"], name="fk_audit_grades_piece"
        ),
        *(
            CheckConstraint(f"{one} IN ('0', '1', '2', '3', 'not_applicable')", name=one)
            for one in ("conformity", "up_to_date", "relevance", "presentation")
        ),
    )

    audit_id: Mapped[UUID] = mapped_column(ForeignKey("audits.case_id"), primary_key=True)
    piece: Mapped[str] = mapped_column(primary_key=True)
    conformity: Mapped[str]
    up_to_date: Mapped[str]
    relevance: Mapped[str]
    presentation: Mapped[str]
    comment: Mapped[str | None]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


class AuditStrengthRow(Base):
    """Something that the delegate does well."""

    __tablename__ = "audit_strengths"

    audit_id: Mapped[UUID] = mapped_column(ForeignKey("audits.case_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str]
    domain: Mapped[str | None]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]


class AuditRecommendationRow(Base):
    """A recommendation, what the delegate answers, and what is ruled where they dispute it.

    What it says is frozen with the report; the answer and the ruling come after.
    """

    __tablename__ = "audit_recommendations"
    __table_args__ = (
        ForeignKeyConstraint(
            ["audit_id", "piece"],
            ["audit_pieces.audit_id", "audit_pieces.piece"],
            name="fk_audit_recommendations_piece",
        ),
        CheckConstraint("risk IN ('very_low', 'low', 'medium', 'high', 'major')", name="risk"),
        CheckConstraint("ruled_risk IN ('very_low', 'low', 'medium', 'high', 'major')", name="ruled_risk"),
        CheckConstraint("reply IN ('accept', 'dispute')", name="reply"),
        CheckConstraint("ruling IN ('maintain', 'lower', 'drop')", name="ruling"),
        CheckConstraint("ruling IS NULL OR reply = 'dispute'", name="ruling_of_dispute"),
    )

    audit_id: Mapped[UUID] = mapped_column(ForeignKey("audits.case_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    risk: Mapped[str]
    words: Mapped[str]
    expected_on: Mapped[date]
    piece: Mapped[str | None]
    contract: Mapped[str | None]
    comment: Mapped[str | None]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]
    dropped_because: Mapped[str | None]
    reply: Mapped[str | None]
    proposed_on: Mapped[date | None]
    argument: Mapped[str | None]
    ruling: Mapped[str | None]
    ruled_risk: Mapped[str | None]
    ruled_because: Mapped[str | None]
    ruled_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))


class AuditWriterRow(Base):
    """Somebody who has written any of what the report says, whatever became of it since: never forgotten.

    Triggers keep them: whoever grades, writes, or changes what another has written.
    """

    __tablename__ = "audit_writers"

    audit_id: Mapped[UUID] = mapped_column(ForeignKey("audits.case_id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)


class AuditReportRow(Base):
    """A version of the report's files, sealed under the case's key, with what they were made of and its hash.

    `pdf_sha256` is what the validators name; of `content` the final files are made, in the same language.
    """

    __tablename__ = "audit_reports"

    audit_id: Mapped[UUID] = mapped_column(ForeignKey("audits.case_id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    content_hash: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    language: Mapped[str]
    pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    pdf_sha256: Mapped[str]
    xlsx: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    xlsx_sha256: Mapped[str]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]


class AuditApprovalRow(Base):
    """One of two validators lets the very report go: never the same person twice, by the database's own word."""

    __tablename__ = "audit_approvals"
    __table_args__ = (
        ForeignKeyConstraint(
            ["audit_id", "version"],
            ["audit_reports.audit_id", "audit_reports.version"],
            name="fk_audit_approvals_version",
        ),
        UniqueConstraint("audit_id", "version", "link"),
    )

    audit_id: Mapped[UUID] = mapped_column(ForeignKey("audits.case_id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    link: Mapped[int]
    report_sha256: Mapped[str]
    at: Mapped[datetime]


class AuditMeetingRow(Base):
    """A meeting: when and where it is to be, and when it was held. `sequence` counts how often it was moved."""

    __tablename__ = "audit_meetings"

    audit_id: Mapped[UUID] = mapped_column(ForeignKey("audits.case_id"), primary_key=True)
    meeting: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    place: Mapped[str]
    sequence: Mapped[int]
    fixed_at: Mapped[datetime]
    held_on: Mapped[date | None]
    minutes: Mapped[str | None]


class AuditDateRow(Base):
    """By when one recommendation, or one missing piece, is to be put right, as the restitution has agreed."""

    __tablename__ = "audit_dates"

    audit_id: Mapped[UUID] = mapped_column(ForeignKey("audits.case_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    due_on: Mapped[date]


class AuditFindingRow(Base):
    """A finding that an audit follows: its own, or one that an earlier audit has carried over.

    `number` is that of the recommendation or missing piece that it was made of, where this audit has opened it;
    `outcome` is how it has ended; `carried_to` the later audit that follows it from then on.
    """

    __tablename__ = "audit_findings"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ended"),
        Index(None, "finding_id"),
    )

    audit_id: Mapped[UUID] = mapped_column(ForeignKey("audits.case_id"), primary_key=True)
    finding_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    number: Mapped[int | None]
    carried_from: Mapped[UUID | None] = mapped_column(ForeignKey("audits.case_id"))
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    carried_to: Mapped[UUID | None] = mapped_column(ForeignKey("audits.case_id"))
