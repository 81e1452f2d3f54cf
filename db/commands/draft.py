"""Drafts of forms: saved while somebody types, restored when they come back, forgotten when they have sent it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from db.models import Draft

KEPT_FOR = timedelta(days=30)


def save_draft(
    session: Session, person_id: UUID, form: str, typed: Mapping[str, Sequence[str]], wall: datetime
) -> None:
    """Keep what has been typed into this form so far; drafts that nobody has come back to are swept away."""
    session.execute(delete(Draft).where(Draft.saved_wall < wall - KEPT_FOR))
    row = {"typed": {name: list(values) for name, values in typed.items()}, "saved_wall": wall}
    kept = insert(Draft).values(person_id=person_id, form=form, **row)
    session.execute(kept.on_conflict_do_update(index_elements=["person_id", "form"], set_=row))


def forget_draft(session: Session, person_id: UUID, form: str) -> None:
    """The form has been sent, or is not wanted any more."""
    session.execute(delete(Draft).where(Draft.person_id == person_id, Draft.form == form))
