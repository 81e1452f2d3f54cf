"""Reference data: who is insured, by which contract and for how long, where money goes; with the history of it all.

A member (`db.models.people.Member`) is a beneficiary as well, under their own number.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base


class Beneficiary(Base):
    """Somebody who is covered: the member, or a dependant. `sensitive` says why a claim of theirs is reinforced."""

    __tablename__ = "beneficiaries"
    __table_args__ = (CheckConstraint("sensitive IN ('administrator', 'client_decision_maker')", name="sensitive"),)

    number: Mapped[str] = mapped_column(primary_key=True)
    member_number: Mapped[str] = mapped_column(ForeignKey("members.number"), index=True)
    name: Mapped[str]
    sensitive: Mapped[str | None]


class Contract(Base):
    """A member's contract, and the guarantee table that it is under."""

    __tablename__ = "contracts"

    number: Mapped[str] = mapped_column(primary_key=True)
    member_number: Mapped[str] = mapped_column(ForeignKey("members.number"), index=True)
    guarantee: Mapped[str]


class ContractRights(Base):
    """A contract's rights are open from `from_on` until `until_on` (half-open); without end while it is not known."""

    __tablename__ = "contract_rights"
    __table_args__ = (
        CheckConstraint("from_on < until_on", name="not_empty"),
        ExcludeConstraint(
            ("contract_number", "="),
            (text("daterange(from_on, until_on)"), "&&"),
            name="ex_contract_rights_one_at_a_time",
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    contract_number: Mapped[str] = mapped_column(ForeignKey("contracts.number"), primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    until_on: Mapped[date | None]


class Contribution(Base):
    """What was due and what was paid for one month of a contract; `period_on` is the month's first day."""

    __tablename__ = "contributions"
    __table_args__ = (
        CheckConstraint("date_trunc('month', period_on::timestamp) = period_on", name="month"),
        CheckConstraint("due_cents >= 0 AND paid_cents >= 0", name="amounts"),
    )

    contract_number: Mapped[str] = mapped_column(ForeignKey("contracts.number"), primary_key=True)
    period_on: Mapped[date] = mapped_column(primary_key=True)
    due_cents: Mapped[int]
    paid_cents: Mapped[int]


class MemberIban(Base):
    """An account that a member is paid on, from an instant until another took its place; who changed it, and how.

    `iban_hash` is what accounts are compared by. The one without `until_at` is the member's today.
    """

    __tablename__ = "member_ibans"
    __table_args__ = (
        CheckConstraint("changed_through IN ('member', 'staff', 'delegate')", name="changed_through"),
        CheckConstraint("from_at < until_at", name="not_empty"),
        UniqueConstraint("member_number", "from_at"),
        Index("uq_member_ibans_current", "member_number", unique=True, postgresql_where=text("until_at IS NULL")),
        Index(None, "iban_hash"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    member_number: Mapped[str] = mapped_column(ForeignKey("members.number"))
    iban: Mapped[str]
    iban_hash: Mapped[bytes]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    changed_through: Mapped[str]


class Provider(Base):
    """Whoever gives care: an optician, a dentist, a hospital; under their national number."""

    __tablename__ = "providers"

    number: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    category: Mapped[str]


class GuaranteeLine(Base):
    """What a guarantee table pays for one act at most."""

    __tablename__ = "guarantee_lines"
    __table_args__ = (CheckConstraint("ceiling_cents >= 0", name="ceiling"),)

    guarantee: Mapped[str] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(primary_key=True)
    act: Mapped[str] = mapped_column(primary_key=True)
    ceiling_cents: Mapped[int]


class StaffIban(Base):
    """An account of somebody of the staff, as its keyed hash only; `member_number` is the employee's own membership."""

    __tablename__ = "staff_ibans"

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    iban_hash: Mapped[bytes] = mapped_column(primary_key=True, index=True)
    member_number: Mapped[str | None] = mapped_column(ForeignKey("members.number"))


class Import(Base):
    """A file of reference data that was read, once and for ever: every line of it is counted as one of three."""

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint("lines = accepted + unchanged + refused", name="every_line"),
        Index(None, "at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    file_name: Mapped[str]
    file_sha256: Mapped[str]
    lines: Mapped[int]
    accepted: Mapped[int]
    unchanged: Mapped[int]
    refused: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))


class ImportRefusal(Base):
    """A line that was not taken in: where it stands, in which field, what is wrong, what to do. Never its values."""

    __tablename__ = "import_refusals"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    field: Mapped[str | None]
    problem: Mapped[str]
    remedy: Mapped[str]


class ReferenceChange(Base):
    """What was there before and after, once and for ever; an IBAN as its hash and its last four characters.

    `kind` and `key` say what changed; `member_number`, whose it is, where it is a member's. `import_id` refers to a row
    that is written with it and that nobody can delete: it is checked nowhere else, as there are millions.
    """

    __tablename__ = "reference_changes"
    __table_args__ = (
        Index(
            "uq_reference_changes_asked",
            "by_id",
            "idempotency_key",
            unique=True,
            postgresql_where=text("idempotency_key IS NOT NULL"),
        ),
        Index("ix_reference_changes_of_no_member", "kind", "key", postgresql_where=text("member_number IS NULL")),
        Index("ix_reference_changes_member", "member_number", "id", postgresql_where=text("member_number IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    kind: Mapped[str]
    key: Mapped[str]
    member_number: Mapped[str | None]
    at: Mapped[datetime]
    import_id: Mapped[UUID | None]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    idempotency_key: Mapped[str | None]
    body_hash: Mapped[bytes | None]
