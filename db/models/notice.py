"""What volunteers are told of their places: in the inbox until they have taken note of it, and once by mail."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base


class VolunteerNotice(Base):
    """A place was given or taken back, or a session dropped: told to the one person whom it concerns.

    It leaves at `leaves_at`, in a message of its own or in that morning's digest: `message_id`, once it has one.
    `broken` is the limit of the law with its numbers, where that took the place.
    """

    __tablename__ = "volunteer_notices"
    __table_args__ = (
        CheckConstraint("kind IN ('place_given', 'place_taken_back', 'session_dropped')", name="kind"),
        CheckConstraint("(kind = 'place_given') = (why IS NULL)", name="why"),
        CheckConstraint("kind = 'place_taken_back' OR broken IS NULL", name="broken"),
        Index("ix_volunteer_notices_person", "person_id", postgresql_where=text("noted_at IS NULL")),
        Index(
            "ix_volunteer_notices_waiting",
            "leaves_at",
            postgresql_where=text("message_id IS NULL AND noted_at IS NULL"),
        ),
        Index("ix_volunteer_notices_message", "message_id", postgresql_where=text("message_id IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("volunteers.person_id"))
    session_id: Mapped[UUID] = mapped_column(ForeignKey("operation_sessions.id"))
    kind: Mapped[str]
    why: Mapped[str | None]
    broken: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    told_at: Mapped[datetime]
    leaves_at: Mapped[datetime]
    message_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_messages.id"))
    noted_at: Mapped[datetime | None]
