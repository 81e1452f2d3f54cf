"""Commands: received once, leased while they are delivered, decided once. From its commit on, none can be lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from json import dumps
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import ColumnElement, Interval, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.orm import Session, load_only
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate
from uuid_utils.compat import uuid7

from db.models import Case, CommandRow
from domain.commands import CommandRef, MachineCommand, again
from domain.people import Actor
from domain.refusals import KeyReused

LEASE = timedelta(seconds=15)
"""How long a deliverer may hold a command before another may take it over, in wall time."""
LONGEST_WAIT = timedelta(minutes=1)
"""How long a command that could not be delivered waits at most before somebody tries again."""


@dataclass(frozen=True)
class Ask:
    """What a person asks: kind, body, the task or case it is about, and the key that makes a repetition harmless.

    `id` is the command's, where somebody has chosen one: a new one.
    """

    kind: str
    body: dict[str, Any]
    key: str
    task_id: UUID | None = None
    case_id: UUID | None = None
    id: UUID | None = None

    @property
    def hash(self) -> bytes:
        """SHA-256 over everything but the key: the same key with another body is a conflict."""
        told = [self.kind, self.body, self.task_id, self.case_id]
        return sha256(dumps(to_jsonable_python(told), sort_keys=True).encode()).digest()


def has_given(session: Session, person_id: UUID, key: str) -> bool:
    """Whether this person has given a command under this key."""
    wanted = select(CommandRow.id).where(CommandRow.actor_id == person_id, CommandRow.idempotency_key == key)
    return bool(key) and session.scalar(wanted) is not None


def already_received(session: Session, actor: Actor, ask: Ask) -> CommandRow | None:
    """The same command, if this person has sent it before. Raises KeyReused when its key named something else."""
    row = session.scalar(
        select(CommandRow)
        .where(CommandRow.actor_id == actor.id, CommandRow.idempotency_key == ask.key)
        .options(load_only(CommandRow.case_id, CommandRow.body_hash))
    )
    if row is not None and row.body_hash != ask.hash:
        raise key_reused()
    return row


def key_reused() -> KeyReused:
    """What is said to whoever uses a key for a second thing."""
    return KeyReused(
        "This Idempotency-Key was used for a command with another body.",
        "Take a new key for a new command; repeat the same body to ask again for the first one's result.",
    )


def receive(session: Session, case_id: UUID, ask: Ask, actor: Actor, at: datetime) -> CommandRow:
    """Keep what a person asks, with who they are and their rights at that instant."""
    row = CommandRow(**of_person(case_id, ask, actor, at))
    session.add(row)
    return row


def receive_once(session: Session, case_id: UUID, ask: Ask, actor: Actor, at: datetime) -> tuple[UUID, UUID]:
    """The same, unless this person's key is known already: the command (its case, its id) that was kept first.

    Of two requests with one key at once, the second waits for the first and finds its command. Raises KeyReused when
    the key named something else.
    """
    values = of_person(case_id, ask, actor, at)
    if session.execute(_receiving_once(), values).one_or_none() is None:
        first = already_received(session, actor, ask)
        assert first is not None
        return first.case_id, first.id
    return case_id, values["id"]


@cache
def _receiving_once() -> ReturningInsert[UUID]:
    by_key = [CommandRow.actor_id, CommandRow.idempotency_key]
    return insert(CommandRow).on_conflict_do_nothing(index_elements=by_key).returning(CommandRow.id)


def of_person(case_id: UUID, ask: Ask, actor: Actor, at: datetime) -> dict[str, Any]:
    """The row of a command that a person gives."""
    return {
        "id": ask.id or uuid7(),
        "case_id": case_id,
        "kind": ask.kind,
        "task_id": ask.task_id,
        "body": to_jsonable_python(ask.body),
        "actor_id": actor.id,
        "rights": {"login": actor.login, "roles": sorted(actor.roles), "hats": sorted(actor.hats)},
        "idempotency_key": ask.key,
        "body_hash": ask.hash,
        "at": at,
    }


def receive_from_machine(session: Session, command: MachineCommand) -> None:
    """Keep what the system itself does; the second time it is the first."""
    session.execute(_keeping_once(), _of_machine(command))


def receive_all_from_machine(session: Session, commands: Sequence[MachineCommand]) -> None:
    """The same for many at once, on cases of their own."""
    if commands:
        session.execute(_keeping_once(), [_of_machine(command) for command in commands])


def received_from_machine(session: Session, command: MachineCommand) -> CommandRow:
    """The same, locked: as it stands now, or as it was kept the first time."""
    kept = session.scalars(_keeping_once().returning(CommandRow), _of_machine(command)).one_or_none()
    if kept is not None:
        return kept
    return session.scalars(select(CommandRow).where(CommandRow.id == command.id).with_for_update()).one()


@cache
def _keeping_once() -> Insert:
    return insert(CommandRow).on_conflict_do_nothing(index_elements=[CommandRow.id])


def _of_machine(command: MachineCommand) -> dict[str, Any]:
    return {
        "id": command.id,
        "case_id": command.case_id,
        "kind": command.kind,
        "body": to_jsonable_python(command.body or {}),
        "at": command.at,
        "status": "received",
        "attempts": 0,
    }


def receive_again(session: Session, refused_id: UUID, at: datetime) -> UUID:
    """Keep a refused command of the system itself once more, under an id made from the first one's, to be decided
    again; the second time it is the first. What a letter handed over has met, it has met at its own instant.
    """
    row = session.get_one(CommandRow, refused_id)
    same = {name: getattr(row, name) for name in ("case_id", "kind", "task_id", "body", "actor_id", "rights")}
    at = row.at if row.kind == "record_handover" else at
    session.execute(
        insert(CommandRow)
        .values(**same, id=again(refused_id), at=at, status="received", attempts=0)
        .on_conflict_do_nothing(index_elements=[CommandRow.id])
    )
    return again(refused_id)


@dataclass(frozen=True)
class Leased:
    """A command in one deliverer's hands, with the procedure of its case; `attempts` counts this one."""

    ref: CommandRef
    attempts: int
    procedure: str


def lease_oldest(session: Session, case_id: UUID, holder: str) -> Leased | None:
    """Take the case's oldest undecided command, unless somebody is delivering it: one in flight per case."""
    row = session.execute(_leasing(), {"of_case": case_id, "holder": holder, "lease": LEASE}).one_or_none()
    return Leased(CommandRef(row.id, row.case_id, row.kind), row.attempts, row.procedure) if row else None


@cache
def _leasing() -> ReturningUpdate[UUID, UUID, str, int, str]:
    oldest = (
        select(CommandRow.id)
        .where(CommandRow.case_id == bindparam("of_case", type_=Case.id.type), CommandRow.status == "received")
        .order_by(CommandRow.order)
        .limit(1)
        .scalar_subquery()
    )
    until_wall = func.clock_timestamp() + bindparam("lease", type_=Interval())
    holder = bindparam("holder", type_=CommandRow.leased_by.type)
    return (
        update(CommandRow)
        .where(CommandRow.id == oldest, CommandRow.status == "received", _is_free(), Case.id == CommandRow.case_id)
        .values(lease_until_wall=until_wall, leased_by=holder, attempts=CommandRow.attempts + 1)
        .returning(CommandRow.id, CommandRow.case_id, CommandRow.kind, CommandRow.attempts, Case.procedure)
        .execution_options(synchronize_session=False)
    )


def _is_free() -> ColumnElement[bool]:
    """Whether nobody holds the command. Nobody has a lease that ends later than any can: it is from before the clock
    was put back.
    """
    until, wall_now = CommandRow.lease_until_wall, func.clock_timestamp()
    return until.is_(None) | (until < wall_now) | (until > wall_now + LONGEST_WAIT)


def waiting_before(session: Session, case_id: UUID) -> bool:
    """Whether a command on the case waits to be decided: a person's, or one that the mailroom has left for it."""
    waiting = select(CommandRow.id).where(CommandRow.case_id == case_id, CommandRow.status == "received")
    return session.scalar(waiting.limit(1)) is not None


def give_back(session: Session, command_id: UUID, wait: timedelta) -> None:
    """End the lease of a command that could not be delivered; nobody tries it before `wait` has passed."""
    session.execute(
        update(CommandRow)
        .where(CommandRow.id == command_id, CommandRow.status == "received")
        .values(lease_until_wall=func.clock_timestamp() + wait, leased_by=None)
    )


def cases_with_undecided(session: Session, most: int) -> list[UUID]:
    """Cases that have a command waiting which nobody is delivering, the longest waiting first."""
    rows = session.execute(
        select(CommandRow.case_id)
        .where(CommandRow.status == "received")
        .group_by(CommandRow.case_id)
        .having(func.bool_and(_is_free()))
        .order_by(func.min(CommandRow.order))
        .limit(most)
    )
    return [row.case_id for row in rows]
