"""Tokens: given out once, kept as their hash, ended by time, by disuse, by their owner, or with the account's rights.

The last is the register's own rule: a trigger on `staff` ends them, whoever changes password, roles or account.
"""

import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from db.models import StaffMember, Token

LIFETIME = timedelta(hours=1)
IDLE = timedelta(minutes=30)
_NOTED_EVERY = timedelta(minutes=1)


def wall_now() -> datetime:
    """The machine's time: sessions have nothing to do with business."""
    return datetime.now(UTC)


def new_token(session: Session, person: StaffMember) -> str:
    """A token for this person; those that have ended are swept away."""
    token = secrets.token_urlsafe(32)
    wall = wall_now()
    session.execute(delete(Token).where((Token.expires_wall < wall) | (Token.used_wall < wall - IDLE)))
    session.add(Token(hash=hash_of(token), person_id=person.id, expires_wall=wall + LIFETIME, used_wall=wall))
    return token


def owner_of(session: Session, token: str) -> UUID | None:
    """Whose token it is, if it has not ended; that it was used is noted once a minute."""
    wall = wall_now()
    row = session.get(Token, hash_of(token))
    if row is None or row.expires_wall <= wall or row.used_wall <= wall - IDLE:
        return None
    if row.used_wall < wall - _NOTED_EVERY:
        session.execute(update(Token).where(Token.hash == row.hash).values(used_wall=wall))
    return row.person_id


def end_token(session: Session, token: str) -> None:
    """This token ends."""
    session.execute(delete(Token).where(Token.hash == hash_of(token)))


def end_tokens_of(session: Session, person_id: UUID) -> None:
    """All tokens of this person end, wherever they are."""
    session.execute(delete(Token).where(Token.person_id == person_id))


def hash_of(token: str) -> bytes:
    """What the register keeps of a token."""
    return sha256(token.encode()).digest()
