"""Delegates: those to whom the insurer has given the management of a contract, or the payment of its benefits."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base


class DelegateRow(Base):
    """A delegate, under a code for life. `contracts` are those that it manages; `broker`: it is their broker as well.

    Its people are staff that bear its code.
    """

    __tablename__ = "delegates"
    __table_args__ = (CheckConstraint("code ~ '^[A-Z][A-Z0-9]{1,19}$'", name="code"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    broker: Mapped[bool]
    contracts: Mapped[list[str]]
