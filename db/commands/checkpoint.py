"""Make a day's checkpoint: a keyed MAC over the one before and over the heads of all journals that have grown since."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, insert, literal, select, text, update
from sqlalchemy.orm import Session

from db.commands.keys import journal_key
from db.models import Case, Checkpoint, CheckpointHead
from db.queries.checkpoint import AT_ONCE, heads, last_checkpoint
from db.session import Sessions
from keys.chain import BEGINNING, checkpoint_mac


def make_checkpoint(sessions: Sessions, day: date, at: datetime) -> None:
    """Make the day's checkpoint unless it, or a later one, is there. No case is locked while that goes on.

    That its cases are under it is marked afterwards, some at a time: cut off between the two, it is marked by the next
    call, and until then the same heads may come twice.
    """
    with sessions.begin() as session:
        _make(session, day, at)
    with sessions() as session:
        last = last_checkpoint(session)
    if last is not None:
        _mark_all(sessions, last.day)


def _make(session: Session, day: date, at: datetime) -> None:
    session.execute(text("LOCK TABLE checkpoints IN SHARE ROW EXCLUSIVE MODE"))
    last = last_checkpoint(session)
    if last is not None and last.day >= day:
        return
    count = _collect(session, day)
    key, previous = journal_key(session), last.mac if last else BEGINNING
    mac = checkpoint_mac(key.secret, previous, day, at, count, heads(session, day))
    session.add(Checkpoint(day=day, made_at=at, previous=previous, mac=mac, key_id=key.id, count=count))


def _collect(session: Session, day: date) -> int:
    """Keep the heads of the journals that have grown, as they stand at one instant; how many."""
    grown = select(literal(day), Case.id, Case.lines, Case.head).where(
        Case.lines != Case.checkpointed, Case.head.is_not(None)
    )
    kept = insert(CheckpointHead).from_select(["day", "case_id", "line", "mac"], grown)
    session.execute(kept)
    return session.scalars(select(func.count()).where(CheckpointHead.day == day)).one()


def _mark_all(sessions: Sessions, day: date) -> None:
    after: UUID | None = UUID(int=0)
    while after is not None:
        with sessions.begin() as session:
            after = _mark_some(session, day, after)


def _mark_some(session: Session, day: date, after: UUID) -> UUID | None:
    """Mark some cases as being under the checkpoint; the last one looked at, None when there are no more."""
    under = (
        select(CheckpointHead.case_id, CheckpointHead.line)
        .where(CheckpointHead.day == day, CheckpointHead.case_id > after)
        .order_by(CheckpointHead.case_id)
        .limit(AT_ONCE)
    )
    some = session.execute(under).all()
    if not some:
        return None
    wanted = under.subquery()
    session.execute(
        update(Case)
        .where(Case.id == wanted.c.case_id, Case.checkpointed < wanted.c.line)
        .values(checkpointed=wanted.c.line),
        execution_options={"synchronize_session": False},
    )
    last: UUID = some[-1].case_id
    return last
