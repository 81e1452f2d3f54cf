"""What was decided in the course of an operation, when, and in which role: read from its journal."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from db.models import Case, CommandRow, JournalLine
from domain.backlog.report import Decision, Ending
from domain.backlog.words import DecisionKind
from domain.civil import local_date
from domain.policy import PolicyBook, PolicyVersion
from domain.roles import Role

_TOLD = {
    "OperationProposed": DecisionKind.PLAN_PROPOSED,
    "PlanChanged": DecisionKind.PLAN_CHANGED,
    "OperationApproved": DecisionKind.PLAN_APPROVED,
    "SessionsAdded": DecisionKind.SESSIONS_ADDED,
    "WentOn": DecisionKind.WENT_ON,
    "ExtensionRequested": DecisionKind.EXTENSION_REQUESTED,
    "Extended": DecisionKind.EXTENSION_GRANTED,
    "ExtensionRefused": DecisionKind.EXTENSION_REFUSED,
    "OperationEnded": DecisionKind.OPERATION_ENDED,
}
"""The lines that are decisions of people."""
_DIRECTORS = (Role.OPERATIONS_DIRECTOR, Role.GENERAL_DIRECTOR)
_PLANNERS = (Role.POLE_MANAGER, Role.PROCESS_PILOT, Role.OPERATIONS_DIRECTOR)
_NEVER_TOLD = frozenset({Role.TRACFIN_CORRESPONDENT})


def decisions_of(session: Session, case: Case, book: PolicyBook, ending: Ending | None) -> tuple[Decision, ...]:
    """The decisions in their order, with the roles that whoever took them had at that instant; an end that is just
    decided comes last."""
    version = book.version(case.policy)
    wanted = (
        select(JournalLine.event, JournalLine.at, JournalLine.facts, CommandRow.rights)
        .join(CommandRow, CommandRow.id == JournalLine.command_id)
        .where(JournalLine.case_id == case.id, JournalLine.event.in_(_TOLD))
        .order_by(JournalLine.line)
    )
    rows = session.execute(wanted).all()
    return (*(_decision(row, version) for row in rows), *_just_ended(ending))


def _decision(row: Row[*tuple[Any, ...]], version: PolicyVersion) -> Decision:
    kind, own = _TOLD[row.event], frozenset(Role(role) for role in (row.rights or {}).get("roles", ()))
    on, until = local_date(row.at, version.office.zone), _until(kind, row.facts)
    return _decided(kind, own, _whose(kind, row.facts, version), on, until)


def _decided(
    kind: DecisionKind, own: frozenset[Role], whose: tuple[Role, ...], on: date, until: date | None
) -> Decision:
    """By the role whose decision it was; where somebody stood in, by all of their own, instead of the first of it."""
    if by := own.intersection(whose):
        return Decision(on, kind, tuple(sorted(by)), until=until)
    return Decision(on, kind, tuple(sorted(own - _NEVER_TOLD)), whose[0], until)


def _whose(kind: DecisionKind, facts: Mapping[str, Any], version: PolicyVersion) -> tuple[Role, ...]:
    """The roles whose decision it is."""
    asked = version.backlog.approved_by
    match kind:
        case DecisionKind.PLAN_APPROVED:
            return (asked[int(facts["link"]) - 1].role,)
        case DecisionKind.EXTENSION_GRANTED | DecisionKind.EXTENSION_REFUSED:
            return (asked[-1].role,)
        case DecisionKind.PLAN_PROPOSED | DecisionKind.PLAN_CHANGED:
            return _PLANNERS
        case DecisionKind.OPERATION_ENDED:
            return _DIRECTORS
        case _:
            return (Role.OPERATIONS_DIRECTOR,)


def _until(kind: DecisionKind, facts: Mapping[str, Any]) -> date | None:
    name = {DecisionKind.EXTENSION_REQUESTED: "until", DecisionKind.EXTENSION_GRANTED: "ends_on"}.get(kind)
    return date.fromisoformat(facts[name]) if name else None


def _just_ended(ending: Ending | None) -> Iterator[Decision]:
    if ending is not None:
        yield _decided(DecisionKind.OPERATION_ENDED, ending.by, _DIRECTORS, ending.on, None)


def ended_at(session: Session, case_id: UUID) -> datetime | None:
    """The instant at which it ended; None while it goes on."""
    wanted = select(JournalLine.at).where(JournalLine.case_id == case_id, JournalLine.event == "OperationEnded")
    return session.scalar(wanted)
