"""What people are in the middle of writing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base


class Draft(Base):
    """A form that somebody has begun: what they have typed, saved meanwhile, forgotten once it is sent.

    `form` is the address of the form's page. It is nobody else's, and no part of the case.
    """

    __tablename__ = "drafts"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    form: Mapped[str] = mapped_column(primary_key=True)
    typed: Mapped[dict[str, Any]]
    saved_wall: Mapped[datetime] = mapped_column(index=True)
