"""Tokens: given out once, kept as their hash, ended by time, by disuse, by their owner, or with the account's rights.

The last is the register's own rule: a trigger on `staff` ends them, whoever changes password, roles or account.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, update
from sqlalchemy.orm import Session

from db.models import StaffMember, Token

LIFETIME = timedelta(hours=1)
IDLE = timedelta(minutes=30)
_NOTED_EVERY = timedelta(minutes=1)


class TokenUse(StrEnum):
    """Where a token counts: in the header of a program's request, or in the cookie of a browser's."""

    API = "api"
    PAGES = "pages"


@dataclass(frozen=True)
class Span:
    """How long a token lasts, and how long it lasts unused."""

    lifetime: timedelta
    idle: timedelta


SPANS = {
    TokenUse.API: Span(LIFETIME, IDLE),
    TokenUse.PAGES: Span(timedelta(hours=10), timedelta(hours=1)),
}
"""A browser stays signed in for a day of work: what protects it is the hour without use."""


def wall_now() -> datetime:
    """The machine's time: sessions have nothing to do with business."""
    return datetime.now(UTC)


def new_token(session: Session, person: StaffMember, use: TokenUse = TokenUse.API) -> str:
    """A token for this person; those that have ended are swept away."""
    token = secrets.token_urlsafe(32)
    wall = wall_now()
    session.execute(delete(Token).where(or_(*(_has_ended(wall, each) for each in TokenUse))))
    session.add(
        Token(
            hash=hash_of(token),
            person_id=person.id,
            use=use,
            expires_wall=wall + SPANS[use].lifetime,
            used_wall=wall,
        )
    )
    return token


def _has_ended(wall: datetime, use: TokenUse) -> ColumnElement[bool]:
    return (Token.use == use) & ((Token.expires_wall < wall) | (Token.used_wall < wall - SPANS[use].idle))


def owner_of(session: Session, token: str, use: TokenUse = TokenUse.API, *, renew: bool = True) -> UUID | None:
    """Whose token it is, if it is for this use and has not ended; that it was used is noted once a minute.

    What a page asks for by itself does not `renew` it: nobody may sit before that page any more.
    """
    wall = wall_now()
    row = session.get(Token, hash_of(token))
    if row is None or row.use != use or row.expires_wall <= wall or row.used_wall <= wall - SPANS[use].idle:
        return None
    if renew and row.used_wall < wall - _NOTED_EVERY:
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
