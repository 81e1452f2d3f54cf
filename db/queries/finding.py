"""What is known of a finding: for a decision, and for the workflow's position."""

from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, bindparam, exists, func, literal_column, select
from sqlalchemy.orm import Session, undefer

from db.models import (
    Case,
    DeadlineRow,
    FindingApproval,
    FindingEvidence,
    FindingPlan,
    FindingRequest,
    FindingRound,
    FindingRow,
)
from db.queries.standing import (
    CASE_ID,
    deadlines_open,
    read_deadlines,
    read_task,
    spread,
    tasks_of_case,
    unsent_messages,
    watched,
)
from db.queries.told import Told, as_json
from db.vault import about_evidence, case_cipher
from domain.finding.case import Evidence, Finding, FindingPosition, OpenRequest
from domain.finding.states import FindingState
from domain.finding.words import RequestKind, RequestStatus, RiskLevel
from domain.policy import PolicyBook
from keys.sealing import unseal

_NO_OBJECT: ColumnElement[Any] = literal_column("'{}'::jsonb")
_IS_WAITING = (FindingRequest.finding_id == CASE_ID, FindingRequest.status == RequestStatus.WAITING)


def finding(
    session: Session, case: Case, book: PolicyBook, task_id: UUID | None = None, command_id: UUID | None = None
) -> Finding:
    """Everything that a decision can depend on: its open tasks, and the one the command is about even if closed."""
    del book  # a finding counts nothing before it is decided on
    row = session.execute(_known(), {"case_id": case.id, "task_id": task_id, "command_id": command_id}).one()
    rounds, plans = row.rounds, row.plans
    return Finding(
        id=case.id,
        state=FindingState(case.state),
        pole=case.pole,
        risk=RiskLevel(row.risk),
        delegate=row.delegate,
        agreed_on=row.agreed_on,
        due_on=row.due_on,
        plans=len(plans),
        planned_by=UUID(plans[-1]["proposed_by"]) if plans else None,
        plan_accepted=row.plan_accepted_at is not None,
        round=row.round,
        evidence=tuple(Evidence(e["sha256"], e["round"], UUID(e["delivered_by"])) for e in row.evidence),
        hands=frozenset(UUID(one["delivered_by"]) for one in rounds),
        verified_by=_verified_by(row, rounds),
        request=_request(row),
        carried_to=row.carried_to,
        in_hand=row.in_hand,
        generations=row.generations,
        tasks=tuple(read_task(told) for told in row.tasks),
        deadlines=read_deadlines(row.deadlines),
    )


def position(session: Session, case: Case, book: PolicyBook) -> FindingPosition:
    """Where the workflow of this finding stands; it can start from here at any step."""
    row = session.execute(_standing(), {"case_id": case.id}).one()
    return FindingPosition(
        case_id=case.id,
        state=FindingState(case.state),
        spread=spread(case.reference, book.version(case.policy).office),
        watched=watched(read_deadlines(row.deadlines)),
        messages=tuple(row.messages),
    )


def _verified_by(row: Row[*tuple[Any, ...]], rounds: list[Told]) -> UUID | None:
    found = (one["verified_by"] for one in rounds if one["round"] == row.round and one["verified_by"])
    return next((UUID(person_id) for person_id in found), None)


def _request(row: Row[*tuple[Any, ...]]) -> OpenRequest | None:
    if not row.requests:
        return None
    (asked,) = row.requests
    return OpenRequest(
        id=UUID(asked["id"]),
        kind=RequestKind(asked["kind"]),
        until=date.fromisoformat(asked["until"]),
        asked_by=UUID(asked["asked_by"]),
        approvals={one["link"]: UUID(one["person_id"]) for one in row.approvals},
    )


@cache
def _known() -> Select[*tuple[Any, ...]]:
    """All that is known of a finding, in one row. Built once, as every decision asks it."""
    return select(
        FindingRow.risk,
        FindingRow.delegate,
        FindingRow.agreed_on,
        FindingRow.due_on,
        FindingRow.plan_accepted_at,
        FindingRow.round,
        FindingRow.carried_to,
        *_brought(),
        *_asked(),
        _in_hand(),
        _generations(),
        tasks_of_case(),
        deadlines_open(),
    ).where(FindingRow.case_id == CASE_ID)


@cache
def _standing() -> Select[*tuple[Any, ...]]:
    """What the workflow has to see to, in one row."""
    return select(unsent_messages(), deadlines_open())


def _brought() -> tuple[ColumnElement[Any], ...]:
    """The plans, the evidence that is the finding's, and who had a hand in each round."""
    plan = (FindingPlan.version, FindingPlan.proposed_by)
    piece = (FindingEvidence.sha256, FindingEvidence.round, FindingEvidence.delivered_by)
    is_added = (FindingEvidence.finding_id == CASE_ID, FindingEvidence.added_at.is_not(None))
    said = (FindingRound.round, FindingRound.delivered_by, FindingRound.verified_by)
    return (
        as_json(plan, FindingPlan.finding_id == CASE_ID, by=[FindingPlan.version]).label("plans"),
        as_json(piece, *is_added, by=[FindingEvidence.added_at]).label("evidence"),
        as_json(said, FindingRound.finding_id == CASE_ID, by=[FindingRound.round]).label("rounds"),
    )


def _in_hand() -> ColumnElement[bool]:
    """Whether a file came with the command."""
    return exists().where(FindingEvidence.id == bindparam("command_id", type_=FindingEvidence.id.type)).label("in_hand")


def _asked() -> tuple[ColumnElement[Any], ...]:
    """The request that waits, and who has said yes to it."""
    asked = (FindingRequest.id, FindingRequest.kind, FindingRequest.until, FindingRequest.asked_by)
    waiting = select(FindingRequest.id).where(*_IS_WAITING).scalar_subquery()
    agreed = (FindingApproval.link, FindingApproval.person_id)
    return (
        as_json(asked, *_IS_WAITING, by=[FindingRequest.asked_at]).label("requests"),
        as_json(agreed, FindingApproval.request_id == waiting, by=[FindingApproval.link]).label("approvals"),
    )


def _generations() -> ColumnElement[Any]:
    """How many deadlines of each name there have been."""
    newest = (
        select(DeadlineRow.name, func.max(DeadlineRow.generation).label("generation"))
        .where(DeadlineRow.case_id == CASE_ID)
        .group_by(DeadlineRow.name)
        .subquery()
    )
    told = select(func.coalesce(func.jsonb_object_agg(newest.c.name, newest.c.generation), _NO_OBJECT))
    return told.scalar_subquery().label("generations")


def evidence_of(session: Session, finding_id: UUID, evidence_id: UUID) -> FindingEvidence | None:
    """The finding's piece of evidence with this id, with its sealed content."""
    wanted = select(FindingEvidence).where(
        FindingEvidence.id == evidence_id,
        FindingEvidence.finding_id == finding_id,
        FindingEvidence.added_at.is_not(None),
    )
    return session.scalar(wanted.options(undefer(FindingEvidence.content)))


def content_of(session: Session, row: FindingEvidence) -> bytes:
    """The evidence as it came, byte for byte. Raises Erased."""
    return unseal(case_cipher(session, row.finding_id), row.content, about_evidence(row.id))
