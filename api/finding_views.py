"""A finding as it is told: what is to be put right, the plans, the evidence round by round, what was asked for."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Row
from sqlalchemy.orm import Session

from api.cases import DeadlineView, deadline_views
from db.models import FindingApproval, FindingEvidence, FindingPlan, FindingRequest, FindingRound, FindingRow
from db.queries import finding_lists
from db.queries.people import names_of
from domain.finding.states import FindingState
from domain.finding.words import FindingOrigin, FindingTask, RequestKind, RequestStatus, RiskLevel

Names = Mapping[UUID, str]


class FindingLine(BaseModel):
    """A finding in a list."""

    reference: str = Field(examples=["CST-2026-000001"])
    state: str = Field(examples=["planned"])
    label: str
    delegate: str = Field(examples=["ARMOR"])
    contract: str
    risk: str = Field(examples=["high"])
    risk_label: str
    origin: str
    subject: str
    due_on: date
    accepted_until: date | None = Field(description="its risk is accepted until then: the due day does not count")
    overdue: bool = Field(description="its day is past, and no evidence was delivered")
    postponements: int
    audit: str | None = Field(description="the audit that has made it")
    number: int | None = Field(description="its place in that audit's report")
    carried_to: str | None = Field(description="the audit that follows it now, if another one does")


class PlanView(BaseModel):
    """A plan, and what the auditor said of it."""

    version: int
    plan: str
    proposed_by: str
    proposed_at: datetime
    accepted: bool | None = Field(description="null while nobody has decided")
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None = Field(description="why it was sent back")


class EvidenceView(BaseModel):
    """A file that was brought."""

    id: UUID
    round: int
    name: str
    media_type: str
    size: int
    sha256: str
    delivered_by: str
    added_at: datetime
    link: str


class RoundView(BaseModel):
    """A delivery of evidence, and what was said of it."""

    round: int
    delivered_by: str
    delivered_at: datetime
    comment: str | None
    verified_by: str | None
    verified_at: datetime | None
    confirmed_by: str | None
    confirmed_at: datetime | None
    refused_by: str | None
    refused_at: datetime | None
    refused_in: str | None = Field(description="the task in which it was refused", examples=["verify"])
    reason: str | None


class RequestView(BaseModel):
    """Another date that was asked for, or a risk to be accepted, and what has become of it."""

    id: UUID
    kind: str = Field(examples=["postponement"])
    label: str
    until: date
    reason: str
    asked_by: str
    asked_at: datetime
    status: str = Field(examples=["granted"])
    status_label: str
    approved_by: list[str]
    decided_by: str | None
    decided_at: datetime | None
    refusal: str | None


class FindingView(FindingLine):
    """Everything on the file of one finding."""

    piece: str | None
    words: str
    agreed_on: date
    latest_on: date = Field(description="the last day that its risk allows without a validator")
    due_validated_by: str | None
    opened_by: str | None
    opened_at: datetime
    round: int
    plans: list[PlanView]
    evidence: list[EvidenceView]
    rounds: list[RoundView]
    requests: list[RequestView]
    deadlines: list[DeadlineView]


class FindingPage(BaseModel):
    """Some findings, the earliest due first; `next` is the cursor of the following ones."""

    findings: list[FindingLine]
    next: str | None


def finding_line(row: Row[*tuple[Any, ...]]) -> FindingLine:
    """A finding in a list."""
    return FindingLine(**_line(row))


def _line(row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    known: FindingRow = row.FindingRow
    return {
        "reference": row.reference,
        "state": known.state,
        "label": FindingState(known.state).label,
        "delegate": known.delegate,
        "contract": known.contract,
        "risk": known.risk,
        "risk_label": RiskLevel(known.risk).label,
        "origin": FindingOrigin(known.origin).value,
        "subject": known.subject,
        "due_on": known.due_on,
        "accepted_until": row.accepted_until,
        "overdue": row.overdue,
        "postponements": known.postponements,
        "audit": known.audit_reference,
        "number": known.number,
        "carried_to": row.carried_to,
    }


def finding_view(session: Session, row: Row[*tuple[Any, ...]], language: str = "fr") -> FindingView:
    """Everything on the file of one finding."""
    known: FindingRow = row.FindingRow
    said = finding_lists.told(session, known.case_id)
    names = names_of(session, _people(known, said))
    return FindingView(
        **_line(row),
        piece=known.piece,
        words=known.words,
        agreed_on=known.agreed_on,
        latest_on=known.latest_on,
        due_validated_by=_name(names, known.due_validated_by),
        opened_by=_name(names, known.opened_by),
        opened_at=known.opened_at,
        round=known.round,
        plans=[_plan(one, names) for one in said.plans],
        evidence=[_evidence(one, names, row.reference) for one in said.evidence],
        rounds=[_round(one, names) for one in said.rounds],
        requests=[_request(one, said.approvals, names) for one in said.requests],
        deadlines=deadline_views(session, known.case_id, language),
    )


def _people(known: FindingRow, said: finding_lists.Told) -> set[UUID]:
    people: set[UUID | None] = {known.opened_by, known.due_validated_by}
    people |= {person for one in said.plans for person in (one.proposed_by, one.decided_by)}
    people |= {one.delivered_by for one in said.evidence} | {one.person_id for one in said.approvals}
    for one in said.rounds:
        people |= {one.delivered_by, one.verified_by, one.confirmed_by, one.refused_by}
    people |= {person for asked in said.requests for person in (asked.asked_by, asked.decided_by)}
    return {person for person in people if person is not None}


def _name(names: Names, person_id: UUID | None) -> str | None:
    return names.get(person_id) if person_id else None


def _plan(one: FindingPlan, names: Names) -> PlanView:
    return PlanView(
        version=one.version,
        plan=one.plan,
        proposed_by=names[one.proposed_by],
        proposed_at=one.proposed_at,
        accepted=one.accepted,
        decided_by=_name(names, one.decided_by),
        decided_at=one.decided_at,
        reason=one.reason,
    )


def _evidence(one: FindingEvidence, names: Names, reference: str) -> EvidenceView:
    assert one.round is not None
    assert one.added_at is not None
    return EvidenceView(
        id=one.id,
        round=one.round,
        name=one.name,
        media_type=one.media_type,
        size=one.size,
        sha256=one.sha256,
        delivered_by=names[one.delivered_by],
        added_at=one.added_at,
        link=f"/api/v1/findings/{reference}/evidence/{one.id}",
    )


def _round(one: FindingRound, names: Names) -> RoundView:
    return RoundView(
        round=one.round,
        delivered_by=names[one.delivered_by],
        delivered_at=one.delivered_at,
        comment=one.comment,
        verified_by=_name(names, one.verified_by),
        verified_at=one.verified_at,
        confirmed_by=_name(names, one.confirmed_by),
        confirmed_at=one.confirmed_at,
        refused_by=_name(names, one.refused_by),
        refused_at=one.refused_at,
        refused_in=FindingTask(one.refused_in).value if one.refused_in else None,
        reason=one.reason,
    )


def _request(one: FindingRequest, approvals: Sequence[FindingApproval], names: Names) -> RequestView:
    return RequestView(
        id=one.id,
        kind=one.kind,
        label=RequestKind(one.kind).label,
        until=one.until,
        reason=one.reason,
        asked_by=names[one.asked_by],
        asked_at=one.asked_at,
        status=one.status,
        status_label=RequestStatus(one.status).label,
        approved_by=[names[agreed.person_id] for agreed in approvals if agreed.request_id == one.id],
        decided_by=_name(names, one.decided_by),
        decided_at=one.decided_at,
        refusal=one.refusal,
    )
