"""Decide a command: one transaction that begins with a compare-and-set and ends with the case's new position.

Refusals are decided here too and kept with their reason. A refusal by the database itself (a constraint, a guard)
writes nothing of the command but the refusal.
"""

import re
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from db.commands.case import record
from db.commands.command import received_from_machine, waiting_before
from db.commands.journal import Writing, add_line
from db.commands.keys import is_active
from db.models import Case, CommandRow, KeptKey
from db.procedures import PROCEDURES, Procedure
from db.session import Sessions
from domain.civil import local_date
from domain.commands import CommandRef, CommandStatus, MachineCommand, Outcome, decided_at
from domain.people import Actor
from domain.policy import PolicyBook
from domain.refusals import NotAllowed, Refusal, RefusedByRegister, Undecidable
from domain.roles import Role
from faultpoints import fault_point

_RULES = {"22", "23", "P0"}
"""The classes of SQLSTATE that speak about values: data, integrity, and what a trigger raises."""


def settle(sessions: Sessions, command: CommandRef | MachineCommand, book: PolicyBook) -> Outcome[Any]:
    """Apply or refuse a command once and for all; decided before, its recorded outcome is returned.

    The outcome is `received` only for a reminder that finds commands waiting: nothing is kept of it, ask again once
    the relay has drained the case.

    Raises sqlalchemy.exc.OperationalError when the database is away: try again later; another DBAPIError when it is in
    trouble of its own.
    """
    try:
        with sessions.begin() as session:
            return _settle(session, command, book)
    except DBAPIError as error:
        if not _is_a_rule(error):
            raise
        with sessions.begin() as session:
            return _settle(session, command, book, refused_by_register(error))


def _is_a_rule(error: DBAPIError) -> bool:
    """Whether the database holds a rule against the values, and is not itself in trouble."""
    return (getattr(error.orig, "sqlstate", None) or "")[:2] in _RULES


def set_aside(sessions: Sessions, command: CommandRef, book: PolicyBook) -> Outcome[Any]:
    """Refuse a command that could not be decided, however often it was tried: it holds up no other of its case."""
    with sessions.begin() as session:
        return _settle(
            session,
            command,
            book,
            Undecidable(
                "A mistake of ours keeps this command from being decided: nothing was changed.",
                "Tell your administrator its number; give the command again once the mistake is mended.",
            ),
        )


def refused_by_register(error: DBAPIError) -> RefusedByRegister:
    """The refusal that a database error stands for: its rule's name, never its values."""
    diagnostic = getattr(error.orig, "diag", None)
    rule = getattr(diagnostic, "constraint_name", None) or getattr(diagnostic, "sqlstate", None) or "unknown"
    return RefusedByRegister(
        f"The register holds a rule against it ({re.sub(r'[^A-Za-z0-9_]', '', rule)}).",
        "Nothing was changed. Read the case's state; if the command is right, tell your administrator the rule's name.",
    )


def _settle(
    session: Session, command: CommandRef | MachineCommand, book: PolicyBook, refusal: Refusal | None = None
) -> Outcome[Any]:
    if isinstance(command, MachineCommand):
        case, active_key = session.execute(_locking(), {"case_id": command.case_id}).one()
        if _is_patient(command) and waiting_before(session, command.case_id):
            return Outcome(CommandStatus.RECEIVED, PROCEDURES[case.procedure].position(session, case, book))
        row = received_from_machine(session, command)
    else:
        wanted = {"case_id": command.case_id, "command_id": command.id}
        case, active_key, row = session.execute(_locking_with_command(), wanted).one()
    if row.status == CommandStatus.RECEIVED:
        at = decided_at(command, row.at)
        _decide(Writing(session, case, at, row.id, row.actor_id, active_key, book), row, book, refusal)
        session.flush()
        fault_point("decision_written")
    code = row.refusal["code"] if row.refusal else None
    position = PROCEDURES[case.procedure].position(session, case, book)
    return Outcome(CommandStatus(row.status), position, code, case.lines, case.head.hex() if case.head else None)


@cache
def _locking() -> Select[Case, KeptKey | None]:
    """The case, locked, and the key that chains journals. Built once, as every decision begins with it."""
    locked = select(Case, KeptKey).select_from(Case).join(KeptKey, is_active(), isouter=True)
    return locked.where(Case.id == bindparam("case_id", type_=Case.id.type)).with_for_update(of=Case)


@cache
def _locking_with_command() -> Select[Case, KeptKey | None, CommandRow]:
    """The same with a person's command, which is locked after its case."""
    command_id = bindparam("command_id", type_=CommandRow.id.type)
    both = _locking().add_columns(CommandRow).where(CommandRow.case_id == Case.id, CommandRow.id == command_id)
    return both.with_for_update(of=[Case, CommandRow])


def _is_patient(command: MachineCommand) -> bool:
    """What judges lateness waits until every command that was received before has been decided, but not for ever."""
    return bool((command.body or {}).get("patient"))


def _decide(writing: Writing, row: CommandRow, book: PolicyBook, refusal: Refusal | None) -> None:
    case = writing.case
    today = local_date(writing.at, book.version(case.policy).office.zone)
    try:
        if refusal is not None:
            raise refusal
        _check_is_for_people(row, PROCEDURES[case.procedure])
        events = PROCEDURES[case.procedure].decide(writing.session, case, row, _actor(row), book, today)
    except Refusal as refused:
        row.status, row.decided_wall, row.refusal = CommandStatus.REFUSED, func.clock_timestamp(), refused.recorded()
        add_line(writing, "CommandRefused", {"kind": row.kind, "code": refused.code})
    else:
        row.status, row.decided_wall = CommandStatus.APPLIED, func.clock_timestamp()
        record(writing, events)
        if not events:
            add_line(writing, "NothingChanged", {"kind": row.kind})


def _check_is_for_people(row: CommandRow, procedure: Procedure) -> None:
    """Of what the system itself does, people give the opening of a case alone. Raises NotAllowed."""
    if row.actor_id is not None and row.kind != "register" and not procedure.is_for_people(row.kind):
        raise NotAllowed("The system itself does this: nobody gives it as a command.", "Look at what can be done.")


def _actor(row: CommandRow) -> Actor | None:
    if row.actor_id is None or row.rights is None:
        return None
    roles = frozenset(Role(role) for role in row.rights["roles"])
    return Actor(row.actor_id, row.rights["login"], roles, frozenset(row.rights["hats"]))
