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
_DIRECTORS = frozenset({Role.OPERATIONS_DIRECTOR, Role.GENERAL_DIRECTOR})


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
    return Decision(
        on=local_date(row.at, version.office.zone),
        kind=kind,
        by=tuple(sorted(own)),
        instead_of=_stood_in_for(kind, own, row.facts, version),
        until=_until(kind, row.facts),
    )


def _stood_in_for(
    kind: DecisionKind, own: frozenset[Role], facts: Mapping[str, Any], version: PolicyVersion
) -> Role | None:
    """Whose decision it was, where whoever took it has no such role: a deputy, or one level up."""
    asked = version.backlog.approved_by
    match kind:
        case DecisionKind.PLAN_APPROVED:
            office = asked[int(facts["link"]) - 1].role
        case DecisionKind.EXTENSION_GRANTED | DecisionKind.EXTENSION_REFUSED:
            office = asked[-1].role
        case DecisionKind.PLAN_PROPOSED | DecisionKind.PLAN_CHANGED:
            return None
        case _:
            return None if own & _DIRECTORS else Role.OPERATIONS_DIRECTOR
    return None if office in own else office


def _until(kind: DecisionKind, facts: Mapping[str, Any]) -> date | None:
    name = {DecisionKind.EXTENSION_REQUESTED: "until", DecisionKind.EXTENSION_GRANTED: "ends_on"}.get(kind)
    return date.fromisoformat(facts[name]) if name else None


def _just_ended(ending: Ending | None) -> Iterator[Decision]:
    if ending is not None:
        instead_of = None if ending.by & _DIRECTORS else Role.OPERATIONS_DIRECTOR
        yield Decision(ending.on, DecisionKind.OPERATION_ENDED, tuple(sorted(ending.by)), instead_of)


def ended_at(session: Session, case_id: UUID) -> datetime | None:
    """The instant at which it ended; None while it goes on."""
    wanted = select(JournalLine.at).where(JournalLine.case_id == case_id, JournalLine.event == "OperationEnded")
    return session.scalar(wanted)
