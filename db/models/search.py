"""Searches that people keep, to send them to a colleague."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base


class KeptSearch(Base):
    """What somebody has looked for, as they typed it. An address holds its id only; in wall time, as sessions are."""

    __tablename__ = "searches"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    asked: Mapped[dict[str, Any]]
    at_wall: Mapped[datetime]
    last_used_wall: Mapped[datetime] = mapped_column(index=True)
