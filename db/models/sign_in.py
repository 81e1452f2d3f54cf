"""Signing in: the tokens that were given out, and the attempts that failed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base


class Token(Base):
    """A token that was given out: its SHA-256 only, where it counts, when it ends and was last used, in wall time."""

    __tablename__ = "tokens"
    __table_args__ = (CheckConstraint("use IN ('api', 'pages')", name="use"),)

    hash: Mapped[bytes] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    use: Mapped[str] = mapped_column(server_default=text("'api'"))
    expires_wall: Mapped[datetime]
    used_wall: Mapped[datetime]


class SignInCount(Base):
    """Failed attempts to sign in, in wall time: for a login, for an address, or for a login from an address.

    What was typed is not kept: `bucket` is twenty bits of its SHA-256, so that the table cannot grow without bound and
    says nothing of a password that was typed into the wrong field. Two names that share a bucket share its patience.
    """

    __tablename__ = "sign_in_counts"
    __table_args__ = (
        CheckConstraint("failures >= 0", name="not_negative"),
        CheckConstraint("kind IN ('login', 'address', 'both')", name="kind"),
    )

    kind: Mapped[str] = mapped_column(primary_key=True)
    bucket: Mapped[int] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_wall: Mapped[datetime] = mapped_column(index=True)
    blocked_until_wall: Mapped[datetime | None]
    known_until_wall: Mapped[datetime | None]
