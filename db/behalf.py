"""On whose behalf a request works: what a delegate's person asks for is read and written as their side alone.

A transaction that such a request begins takes PostgreSQL's role `echeance_delegate` first, and names the delegate and
the person: from then on the rows of anybody else are not there, by the database's own word (migration 0018). It ends
with the transaction, so that the connection goes back to the pool as the owner's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

DELEGATE_ROLE = "echeance_delegate"
OWN = "own"
"""What marks the sessions of the house itself in their `info`: they are nobody's side."""

ROLE_IS_THERE = f"""
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{DELEGATE_ROLE}') THEN
        CREATE ROLE {DELEGATE_ROLE} NOLOGIN;
        EXECUTE format('GRANT {DELEGATE_ROLE} TO %I', current_user);
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""
"""Roles belong to the server, not to a database: a backup does not bring this one with it."""

_NARROWING = text(
    "SELECT set_config('role', :role, true), set_config('echeance.delegate', :delegate, true),"
    " set_config('echeance.person', :person, true), set_config('echeance.since', :since, true)"
)


@dataclass(frozen=True)
class Side:
    """One person of one delegate. `since` is when their request began, by the house's clock: nothing that they ask is
    of an earlier instant.
    """

    delegate: str
    person_id: UUID
    since: datetime = field(compare=False)


class OtherSideError(Exception):
    """A request that works for one side cannot work for another, and one that nobody has opened for none."""


@dataclass
class _Request:
    """What a request knows of who asks; its threads share it."""

    side: Side | None = None


_REQUEST: ContextVar[_Request | None] = ContextVar("request", default=None)


@contextmanager
def one_request() -> Iterator[None]:
    """From here until the end it is one request: nobody's yet."""
    before = _REQUEST.set(_Request())
    try:
        yield
    finally:
        _REQUEST.reset(before)


def work_for(side: Side) -> None:
    """This request works for that side until its end. Raises OtherSideError."""
    request = _REQUEST.get()
    if request is None or request.side not in (None, side):
        raise OtherSideError("A delegate's person is known within one request only, and as one person.")
    request.side = request.side or side


def side_of_now() -> Side | None:
    """The delegate's person whom this request works for; None for the insurer's people and for the house itself."""
    request = _REQUEST.get()
    return request.side if request is not None else None


def narrow(session: Session, _transaction: Any, connection: Connection) -> None:
    """A transaction has begun: it is the side's, unless the house itself works in it."""
    side = side_of_now()
    if side is None or session.info.get(OWN):
        return
    named = {
        "role": DELEGATE_ROLE,
        "delegate": side.delegate,
        "person": str(side.person_id),
        "since": side.since.isoformat(),
    }
    connection.execute(_NARROWING, named)
