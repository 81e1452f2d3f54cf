"""People: the staff with their rights and absences, and the members."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base


class StaffMember(Base):
    """Somebody who signs in: roles, pole, skills, and the deputy who stands in when they are away.

    `delegate` is the code of the delegate whose person they are; null for the insurer's own people.

    A password that the system has made is provisional, until its owner has chosen another; its hash is read only where
    it is asked for. Whoever has left is no longer active; their row stays.
    """

    __tablename__ = "staff"
    __table_args__ = (
        CheckConstraint(
            "delegate IS NULL OR (pole IS NULL AND roles <@ ARRAY['delegate_user', 'delegate_director'])",
            name="of_a_delegate",
        ),
        CheckConstraint(
            "delegate IS NOT NULL OR NOT roles && ARRAY['delegate_user', 'delegate_director']",
            name="of_the_insurer",
        ),
        Index(None, "delegate", postgresql_where=text("delegate IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str] = mapped_column(deferred=True)
    password_provisional: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    name: Mapped[str]
    title: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str]
    roles: Mapped[list[str]]
    pole: Mapped[str | None]
    skills: Mapped[list[str]]
    deputy_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    delegate: Mapped[str | None] = mapped_column(ForeignKey("delegates.code"))
    active: Mapped[bool] = mapped_column(default=True)


class Absence(Base):
    """Somebody is away from `from_on` until they are `back_on` (half-open). The deputy, if not the usual one.

    One that was cancelled before a day of it had passed stays, and counts for nothing. One that ended early has another
    `back_on`.
    """

    __tablename__ = "absences"
    __table_args__ = (
        CheckConstraint("from_on < back_on", name="not_empty"),
        Index(None, "from_on", "back_on"),
        UniqueConstraint("recorded_by", "idempotency_key"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    from_on: Mapped[date]
    back_on: Mapped[date]
    deputy_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    recorded_at: Mapped[datetime]
    idempotency_key: Mapped[str | None]
    body_hash: Mapped[bytes | None]
    cancelled_at: Mapped[datetime | None]


class Member(Base):
    """An insured person: what a letter needs, so that nothing is typed twice."""

    __tablename__ = "members"

    number: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str | None]
    address: Mapped[list[str]]
    language: Mapped[str] = mapped_column(default="fr")
    vip: Mapped[bool] = mapped_column(default=False)
    company_contact: Mapped[str | None]
