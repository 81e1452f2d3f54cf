"""Letters: requested, produced, handed over; and the day's post."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base


class Attempts:
    """How something is sent: `attempts` and `last_error` tell why it has not left yet.

    `sending_wall` stands from before the mail server is asked until its answer is known: an attempt that finds it
    standing may be a second copy, and counts as one in `possible_doubles`.
    """

    attempts: Mapped[int] = mapped_column(default=0)
    possible_doubles: Mapped[int] = mapped_column(default=0)
    sending_wall: Mapped[datetime | None]
    accepted_wall: Mapped[datetime | None]
    last_error: Mapped[str | None]


class LetterRow(Attempts, Base):
    """A letter of a case, kept byte for byte as it left, with its SHA-256.

    `pdf` is what paper shows; `message` is the whole e-mail, where it left by e-mail. Both lie here `sealed` under
    the case's key, unless they are older than that; the SHA-256 are of what left. `posted_on` is the day of the post
    that it lies in; `round` counts the ways it was sent.
    """

    __tablename__ = "letters"
    __table_args__ = (
        Index("ix_letters_open", "case_id", postgresql_where=text("handed_over_at IS NULL")),
        Index("ix_letters_clear", "id", postgresql_where=text("pdf IS NOT NULL AND NOT sealed")),
        Index("ix_letters_doubles", "possible_doubles", postgresql_where=text("possible_doubles > 0")),
        Index("ix_letters_post", "posted_on", postgresql_where=text("posted_on IS NOT NULL")),
        Index(
            "uq_letters_delay_notice",
            *("case_id", "reason"),
            unique=True,
            postgresql_where=text("kind = 'delay_notice'"),
        ),
        CheckConstraint("(pdf IS NULL) = (pdf_sha256 IS NULL)", name="pdf_hashed"),
        CheckConstraint("(message IS NULL) = (message_sha256 IS NULL)", name="message_hashed"),
        CheckConstraint("handed_over_at IS NULL OR pdf IS NOT NULL", name="produced_before_handed_over"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str]
    dispatch: Mapped[str]
    version: Mapped[int | None]
    reason: Mapped[str | None]
    recipient: Mapped[str]
    email: Mapped[str | None]
    address: Mapped[list[str]]
    requested_at: Mapped[datetime]
    produced_at: Mapped[datetime | None]
    pdf: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    pdf_sha256: Mapped[str | None]
    message: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    message_sha256: Mapped[str | None]
    sealed: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    round: Mapped[int] = mapped_column(default=1)
    posted_on: Mapped[date | None] = mapped_column(ForeignKey("post_days.day"))
    handed_over_at: Mapped[datetime | None]


class PostDay(Base):
    """One working day's post: a folder of PDFs, closed once with its manifest."""

    __tablename__ = "post_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    closed_at: Mapped[datetime | None]
    manifest_sha256: Mapped[str | None]
