"""The ledger of administration: who did what to whose account, written once with the change itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.command import Ask, key_reused
from db.models import AdministrationLine
from domain.accounts import AccountEvent
from domain.people import Actor


@dataclass(frozen=True)
class Act:
    """Who asks for something to be done to an account, with which key, at which business time."""

    actor: Actor
    ask: Ask
    at: datetime
    today: date


@dataclass(frozen=True)
class Consequences:
    """What a change leaves to others: cases that were offered again, cases without their owner, people without their
    deputy. References and logins.
    """

    offered_again: tuple[str, ...] = ()
    open_cases: tuple[str, ...] = ()
    without_deputy: tuple[str, ...] = ()


@dataclass(frozen=True)
class Noted:
    """One line of the ledger to be: what is done to whom, and what was `from` and is `to`, field by field."""

    person_id: UUID
    event: AccountEvent
    changes: Mapping[str, Any] = field(default_factory=dict)
    consequences: Consequences = field(default_factory=Consequences)


def note(
    session: Session, act: Act, noted: Noted, line_id: UUID | None = None, *, follows: bool = False
) -> AdministrationLine:
    """Write the line; one that `follows` from another of the same request has no key of its own."""
    row = AdministrationLine(
        id=line_id or uuid7(),
        at=act.at,
        actor_id=act.actor.id,
        person_id=noted.person_id,
        event=noted.event,
        changes=to_jsonable_python(dict(noted.changes)),
        consequences=to_jsonable_python(noted.consequences),
        idempotency_key=None if follows else act.ask.key,
        body_hash=None if follows else act.ask.hash,
    )
    session.add(row)
    session.flush()
    return row


def note_of_program(session: Session, noted: Noted, at: datetime) -> None:
    """Write a line of something that nobody of the house has done: whoever runs its programs has."""
    session.add(
        AdministrationLine(
            id=uuid7(),
            at=at,
            person_id=noted.person_id,
            event=noted.event,
            changes=to_jsonable_python(dict(noted.changes)),
            consequences=to_jsonable_python(noted.consequences),
        )
    )


def already_noted(session: Session, act: Act) -> AdministrationLine | None:
    """The line of the same request, if it was sent before. Raises KeyReused when its key named something else."""
    row = session.scalar(
        select(AdministrationLine).where(
            AdministrationLine.actor_id == act.actor.id, AdministrationLine.idempotency_key == act.ask.key
        )
    )
    if row is not None and row.body_hash != act.ask.hash:
        raise key_reused()
    return row


def once(session: Session, act: Act, work: Callable[[], AdministrationLine]) -> tuple[AdministrationLine, bool]:
    """Do it, unless the same request has been carried out: its line, and whether it is new. Two at once are one."""
    known = already_noted(session, act)
    if known is not None:
        return known, False
    try:
        with session.begin_nested():
            return work(), True
    except IntegrityError:
        known = already_noted(session, act)
        if known is None:
            raise
        return known, False
