"""A complaint's own facts: what arrived, what was found, the versions of the answer and who approved them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base


class ComplaintRow(Base):
    """What is known of one complaint. `approved_version` is the answer that the whole chain has approved."""

    __tablename__ = "complaints"
    __table_args__ = (
        CheckConstraint("(approved_version IS NULL) = (signatory_id IS NULL)", name="signed"),
        Index("ix_complaints_about", "about_id", postgresql_where=text("about_id IS NOT NULL")),
        CheckConstraint("sent_on IS NULL OR sent_on <= received_on", name="sent_before_received"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    channel: Mapped[str]
    received_on: Mapped[date]
    sent_on: Mapped[date | None]
    complainant_kind: Mapped[str]
    member_number: Mapped[str | None] = mapped_column(ForeignKey("members.number"), index=True)
    complainant_name: Mapped[str]
    email: Mapped[str | None]
    address: Mapped[list[str]]
    language: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    skills: Mapped[list[str]]
    about_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    category: Mapped[str]
    category_reason: Mapped[str | None]
    category_confirmed: Mapped[bool] = mapped_column(default=False)
    finding: Mapped[str | None]
    theme: Mapped[str | None]
    cause: Mapped[str | None]
    facts: Mapped[str | None]
    answer_version: Mapped[int | None]
    approved_version: Mapped[int | None]
    signatory_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    compensation_paid_at: Mapped[datetime | None]
    payment_reference: Mapped[str | None]
    requalified_as: Mapped[str | None]
    requalified_reason: Mapped[str | None]


class ComplaintWords(Base):
    """What a complaint is found by. A trigger on `complaints` writes it when the complaint arrives; nobody else does.

    It goes with the complaint. It stands beside it, so that what is decided later does not write all its words again.
    """

    __tablename__ = "complaint_words"
    __table_args__ = (Index("ix_complaint_words_found", "names", "words", postgresql_using="gin"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("complaints.case_id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[str] = mapped_column(index=True)
    names: Mapped[str] = mapped_column(TSVECTOR)
    words: Mapped[str] = mapped_column(TSVECTOR)


class AnswerVersionRow(Base):
    """A version of the answer, never changed after it was written. `authors` wrote it or the one that it amends."""

    __tablename__ = "answer_versions"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("complaints.case_id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str]
    author_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    authors: Mapped[list[UUID]]
    amends: Mapped[bool]
    content: Mapped[dict[str, Any]]
    compensation_cents: Mapped[int]
    written_at: Mapped[datetime]


class Approval(Base):
    """One link of the chain has approved one version: never the same person twice, by the database's own word."""

    __tablename__ = "approvals"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "version"], ["answer_versions.case_id", "answer_versions.version"]),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    link: Mapped[int]
    version_hash: Mapped[str]
    at: Mapped[datetime]


class SentBack(Base):
    """A validator wanted another version: who, and why."""

    __tablename__ = "sent_back"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "version"], ["answer_versions.case_id", "answer_versions.version"]),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    link: Mapped[int]
    reason: Mapped[str]
    at: Mapped[datetime]
