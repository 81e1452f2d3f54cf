"""Drafts of forms: saved while somebody types, restored when they come back, forgotten when they have sent it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from db.commands.sweep import sweep_drafts
from db.models import Draft

MOST = 50
"""So many drafts one person has at most: more than anybody writes at once."""


def save_draft(
    session: Session, person_id: UUID, form: str, typed: Mapping[str, Sequence[str]], wall: datetime
) -> None:
    """Keep what has been typed into this form so far; of too many of one person's, the oldest go. Drafts that nobody
    has come back to are swept away.
    """
    sweep_drafts(session, wall)
    row = {"typed": {name: list(values) for name, values in typed.items()}, "saved_wall": wall}
    kept = insert(Draft).values(person_id=person_id, form=form, **row)
    session.execute(kept.on_conflict_do_update(index_elements=["person_id", "form"], set_=row))
    newest = select(Draft.form).where(Draft.person_id == person_id).order_by(Draft.saved_wall.desc()).limit(MOST)
    session.execute(delete(Draft).where(Draft.person_id == person_id, Draft.form.not_in(newest)))


def forget_draft(session: Session, person_id: UUID, form: str) -> None:
    """The form has been sent, or is not wanted any more."""
    session.execute(delete(Draft).where(Draft.person_id == person_id, Draft.form == form))
