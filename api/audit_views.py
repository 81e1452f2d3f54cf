"""An audit as it is told to the insurer's people."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Row
from sqlalchemy.orm import Session

from api.cases import DeadlineView, TaskLine, state_view
from api.house import House
from db.models import AuditFileRow, AuditPieceRow, AuditRow, Case
from db.queries import audit as audit_queries
from db.queries import audit_lists
from db.queries.audit_followed import open_beside
from db.queries.audit_lists import Parts
from db.queries.audit_possible import possible_on
from db.queries.people import names_of
from domain.audit.schedule import Entry, schedule
from domain.audit.states import AuditState
from domain.audit.words import Criterion, Meeting
from domain.people import Actor
from domain.refusals import Invalid


class FileView(BaseModel):
    """A file of a piece: a version, late or not, withdrawn or not."""

    id: UUID
    version: int
    name: str
    media_type: str
    size: int
    sha256: str
    late: bool
    delivered_at: datetime
    delivered_by: str
    withdrawn_at: datetime | None


class PieceView(BaseModel):
    """A piece that is asked for, what came of it, and how it was graded."""

    id: str
    number: int
    domain: str
    label: dict[str, str]
    checked_for: dict[str, str]
    concerns: list[str] = Field(description="the contracts that a list of people is about: those audited, no other")
    delivered: bool
    files: list[FileView]
    grades: dict[str, str] | None
    comment: str | None


class StrengthView(BaseModel):
    """Something that the delegate does well."""

    number: int
    words: str
    domain: str | None


class RecommendationView(BaseModel):
    """A recommendation, what the delegate answers, what was ruled."""

    number: int
    risk: str
    words: str
    expected_on: date
    piece: str | None
    contract: str | None
    comment: str | None
    reply: str | None
    proposed_on: date | None
    argument: str | None
    ruling: str | None
    ruled_risk: str | None
    ruled_because: str | None


class ReportView(BaseModel):
    """A version of the report's files; `validated_by` are those who stand for it."""

    version: int
    pdf_sha256: str
    xlsx_sha256: str
    made_at: datetime
    made_by: str
    validated_by: list[str]


class MeetingView(BaseModel):
    """A meeting that is fixed or was held; its invitation can be put into a calendar."""

    meeting: str
    label: str
    at: datetime
    place: str
    held_on: date | None
    invitation: str


class ScheduledView(BaseModel):
    """By when something is to be put right; `late`: later than its risk allows."""

    number: int
    origin: str
    risk: str
    due_on: date
    late: bool


class FollowedView(BaseModel):
    """A finding that the audit follows."""

    reference: str
    number: int | None
    state: str
    carried: bool = Field(description="it comes from an earlier audit")
    outcome: str | None
    carried_on: bool = Field(description="a later audit follows it now")


class BesideView(BaseModel):
    """An open finding of the delegate that the audit does not follow; `audit` is the one that does, or did."""

    reference: str
    state: str
    risk: str
    due_on: date
    audit: str | None


class PossibleView(BaseModel):
    """Whether I may do something now, and if not, why."""

    may: bool
    rule: str | None
    remedy: str | None


class AuditLine(BaseModel):
    """An audit in a list."""

    reference: str = Field(examples=["AUD-2027-000001"])
    delegate: str
    delegate_name: str
    year: int
    state: str
    label: str
    contracts: list[str]
    conflict_of_interest: bool
    planned_at: datetime


class AuditView(AuditLine):
    """All that is known of one audit."""

    themes: list[str]
    catalogue: str
    planned_by: str
    launched_on: date | None
    delivery_due_on: date | None
    delivery_ended_on: date | None
    validated_at: datetime | None
    answers_ended_on: date | None = Field(description="the auditors went on without what was not answered")
    answers_ended_because: str | None
    agreed_on: date | None
    closed_at: datetime | None
    cancelled_at: datetime | None
    missing: int
    pieces: list[PieceView]
    strengths: list[StrengthView]
    recommendations: list[RecommendationView]
    reports: list[ReportView]
    submitted_version: int | None
    meetings: list[MeetingView]
    schedule: list[ScheduledView] = Field(description="what would be agreed today, or what was agreed")
    findings: list[FollowedView]
    other_open_findings: list[BesideView] = Field(
        description="during the follow-up: what else is open of the delegate, of no audit or of another"
    )
    tasks: list[TaskLine]
    deadlines: list[DeadlineView]
    possible: dict[str, PossibleView]


def audit_line(row: AuditRow, case: Case, delegate_name: str) -> dict[str, Any]:
    """What a list tells of an audit."""
    return {
        "reference": case.reference,
        "delegate": row.delegate,
        "delegate_name": delegate_name,
        "year": row.year,
        "state": case.state,
        "label": AuditState(case.state).label,
        "contracts": row.contracts,
        "conflict_of_interest": row.conflict_of_interest,
        "planned_at": row.planned_at,
    }


def audit_view(session: Session, house: House, found: Row[*tuple[Any, ...]], actor: Actor) -> AuditView:
    """One audit as it is told to this person."""
    row, case, delegate_name = found
    parts = audit_lists.parts(session, case.id)
    names = names_of(session, _people(row, parts))
    state = state_view(session, case, actor)
    pieces = _pieces(row, parts, names)
    same = ("themes", "catalogue", "launched_on", "delivery_due_on", "delivery_ended_on", "validated_at", "agreed_on")
    ended = ("answers_ended_on", "answers_ended_because", "closed_at", "cancelled_at")
    return AuditView(
        **audit_line(row, case, delegate_name),
        **{name: getattr(row, name) for name in (*same, *ended)},
        planned_by=names[row.planned_by],
        missing=sum(not piece.delivered for piece in pieces),
        pieces=pieces,
        strengths=_strengths(parts),
        recommendations=_recommendations(parts),
        reports=_reports(parts, names),
        submitted_version=row.report_version,
        meetings=_meetings(case, parts),
        schedule=_schedule(session, house, case),
        findings=_findings(parts),
        other_open_findings=_beside(session, row, case),
        tasks=state.tasks,
        deadlines=state.deadlines,
        possible=_possible(session, house, case, actor),
    )


def _people(row: AuditRow, parts: Parts) -> set[UUID]:
    return {
        row.planned_by,
        *(file.delivered_by for file in parts.files),
        *(report.made_by for report in parts.reports),
        *(approval.person_id for approval in parts.approvals),
    }


def _pieces(row: AuditRow, parts: Parts, names: Mapping[UUID, str]) -> list[PieceView]:
    files: defaultdict[str, list[AuditFileRow]] = defaultdict(list)
    for file in parts.files:
        files[file.piece].append(file)
    graded = {grades.piece: grades for grades in parts.grades}
    views = []
    for piece in parts.pieces:
        grades = graded.get(piece.piece)
        told = {criterion.value: str(getattr(grades, criterion.value)) for criterion in Criterion} if grades else None
        views.append(_piece(row, piece, files[piece.piece], names, told, grades.comment if grades else None))
    return views


def _piece(
    row: AuditRow,
    piece: AuditPieceRow,
    files: list[AuditFileRow],
    names: Mapping[UUID, str],
    grades: dict[str, str] | None,
    comment: str | None,
) -> PieceView:
    return PieceView(
        id=piece.piece,
        number=piece.number,
        domain=piece.domain,
        label={"fr": piece.label_fr, "en": piece.label_en},
        checked_for={"fr": piece.checked_for_fr, "en": piece.checked_for_en},
        concerns=row.contracts if piece.lists_people else [],
        delivered=any(file.withdrawn_at is None for file in files),
        files=[_file(file, names) for file in files],
        grades=grades,
        comment=comment,
    )


def _file(file: AuditFileRow, names: Mapping[UUID, str]) -> FileView:
    same = ("id", "version", "name", "media_type", "size", "sha256", "late", "delivered_at", "withdrawn_at")
    return FileView(**{name: getattr(file, name) for name in same}, delivered_by=names[file.delivered_by])


def _strengths(parts: Parts) -> list[StrengthView]:
    return [
        StrengthView(number=one.number, words=one.words, domain=one.domain)
        for one in parts.strengths
        if one.dropped_at is None
    ]


def _recommendations(parts: Parts) -> list[RecommendationView]:
    return [
        RecommendationView(**{name: getattr(one, name) for name in RecommendationView.model_fields})
        for one in parts.recommendations
        if one.dropped_at is None
    ]


def _reports(parts: Parts, names: Mapping[UUID, str]) -> list[ReportView]:
    return [
        ReportView(
            version=one.version,
            pdf_sha256=one.pdf_sha256,
            xlsx_sha256=one.xlsx_sha256,
            made_at=one.made_at,
            made_by=names[one.made_by],
            validated_by=[names[approval.person_id] for approval in parts.approvals if approval.version == one.version],
        )
        for one in parts.reports
    ]


def _meetings(case: Case, parts: Parts) -> list[MeetingView]:
    return [
        MeetingView(
            meeting=one.meeting,
            label=Meeting(one.meeting).label,
            at=one.at,
            place=one.place,
            held_on=one.held_on,
            invitation=f"/api/v1/audits/{case.reference}/meetings/{one.meeting}.ics",
        )
        for one in parts.meetings
    ]


def _findings(parts: Parts) -> list[FollowedView]:
    return [
        FollowedView(
            reference=reference,
            number=row.number,
            state=state,
            carried=row.carried_from is not None,
            outcome=row.outcome,
            carried_on=row.carried_to is not None,
        )
        for row, reference, state in parts.findings
    ]


def _beside(session: Session, row: AuditRow, case: Case) -> list[BesideView]:
    """The follow-up looks at all open findings of the delegate. Source: procedures, section 3 step 7"""
    if case.state != AuditState.FOLLOWING_UP:
        return []
    return [
        BesideView(reference=one.reference, state=one.state, risk=one.risk, due_on=one.due_on, audit=one.of_audit)
        for one in open_beside(session, case.id, row.delegate)
    ]


def _schedule(session: Session, house: House, case: Case) -> list[ScheduledView]:
    """From the restitution on: the dates as they would be agreed today, or as they were."""
    if not AuditState(case.state).has_reached(AuditState.RESTITUTING) or case.state == AuditState.CANCELLED:
        return []
    known = audit_queries.audit(session, case, house.book)
    agreed_on = known.agreed_on or house.today()
    try:
        entries = schedule(known, agreed_on, known.proposed, house.book.version(case.policy))
    except Invalid:
        return []
    return [_scheduled(entry) for entry in entries]


def _scheduled(entry: Entry) -> ScheduledView:
    return ScheduledView(
        number=entry.number, origin=entry.origin, risk=entry.risk, due_on=entry.due_on, late=entry.late
    )


def _possible(session: Session, house: House, case: Case, actor: Actor) -> dict[str, PossibleView]:
    told = possible_on(session, case, actor, house.book, house.now(), house.today())
    return {
        action: PossibleView(may=refusal is None, rule=refusal and refusal.rule, remedy=refusal and refusal.remedy)
        for action, refusal in told.items()
    }
