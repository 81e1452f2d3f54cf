"""A claim as it is told: why it is controlled, what the checks found in words, decisions, documents, times."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.cases import DeadlineView, deadline_views
from api.house import House
from db.models import Beneficiary, ClaimDocument, ClaimRow, Member, Provider
from db.queries import claim_lists
from db.queries.claim_checks import standing_checks
from db.queries.claim_lists import Judged, Line
from db.queries.people import names_of
from domain.claim.checks import CheckFinding
from domain.claim.states import ClaimState
from domain.claim.told import tell_finding
from domain.claim.words import CareCategory, ControlReason, DocumentKind, Verdict
from domain.policy.claim import Checklist
from domain.reference.iban import last_four


class CheckView(BaseModel):
    """What an automatic check found, and on what evidence."""

    name: str = Field(examples=["iban_changed"])
    label: str
    result: str = Field(examples=["warn"])
    told: str = Field(description="the finding as a sentence")
    evidence: dict[str, Any] = Field(description="ids, dates and cents; of an account its last four characters")


class ReasonView(BaseModel):
    """Why a claim is controlled."""

    reason: str = Field(examples=["threshold"])
    label: str


class EnteredView(BaseModel):
    """The benefit request is kept: from here it cannot be lost. What the checks said, whether it is controlled, why."""

    reference: str = Field(examples=["PRE-2026-000001"])
    number: str
    state: str = Field(examples=["in_control"])
    controlled: bool
    reasons: list[ReasonView]
    links: int = Field(description="how many controllers decide on it: 0, 1 or 2")
    checks: list[CheckView]
    payable_cents: int | None
    link: str


class ClaimLine(BaseModel):
    """A claim in a list."""

    reference: str
    number: str
    state: str
    controlled: bool
    received_on: date
    category: str
    kind: str
    amount_cents: int
    payable_cents: int | None
    pole: str
    reasons: list[str]
    entered_by: str
    due_at: datetime | None = Field(description="the earliest deadline that is still open")


class ClaimPage(BaseModel):
    """Some claims, the newest first; `next` is the cursor of the following ones."""

    claims: list[ClaimLine]
    next: str | None


class ApprovalView(BaseModel):
    """Somebody who stands for a decision."""

    person: str
    link: int
    at: datetime


class AnswerOnItem(BaseModel):
    """What was found on one item of the checklist."""

    item: str
    answer: str
    note: str | None


class DecisionView(BaseModel):
    """A version of the decision, with who stands for it, or who sent it back."""

    version: int
    hash: str
    decision: str
    label: str
    amount_cents: int
    reason: str | None
    override_reason: str | None
    checklist_version: str
    checklist: list[AnswerOnItem]
    author: str
    at: datetime
    approvals: list[ApprovalView]
    sent_back_by: str | None
    sent_back_reason: str | None


class ItemView(BaseModel):
    """One thing that the first controller looks at."""

    id: str
    kind: str
    document: str | None
    fr: str
    en: str


class ChecklistView(BaseModel):
    """What is gone through for the claim's category."""

    version: str
    items: list[ItemView]


class DocumentView(BaseModel):
    """A document of the claim; the same kind under the same name is its next version."""

    id: UUID
    kind: str
    label: str
    name: str
    version: int
    media_type: str
    size: int
    sha256: str
    added_by: str
    added_at: datetime
    link: str


class RequestView(BaseModel):
    """What the member was asked for; it is waited for while `ended_at` is null."""

    documents: list[str]
    note: str | None
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None


class PauseView(BaseModel):
    """A time in which the decision's clock stood still."""

    from_at: datetime
    until_at: datetime | None
    reason: str


class ClaimView(BaseModel):
    """Everything on the file of one claim."""

    reference: str
    number: str
    state: str
    label: str
    controlled: bool
    reasons: list[ReasonView]
    links: int
    checks: list[CheckView]
    draw: int | None = Field(description="its lot of the day's sample, of 10,000; null where none was drawn")
    policy: str
    pole: str
    category: str
    category_label: str
    kind: str
    act: str
    care_on: date
    received_on: date
    entered_at: datetime
    entered_by: str
    member_number: str
    member: str
    beneficiary_number: str
    beneficiary: str
    contract_number: str | None
    provider_number: str
    provider: str
    amount_cents: int
    iban_ends_with: str
    payable_cents: int | None
    payable_at: datetime | None
    instruction_id: UUID | None = Field(description="the line of a bank batch that is at the bank, or was paid")
    checklist: ChecklistView | None = Field(description="null for a claim that nobody controls")
    decisions: list[DecisionView] = Field(description="the newest first: the first one counts")
    documents: list[DocumentView]
    requests: list[RequestView]
    pauses: list[PauseView]
    deadlines: list[DeadlineView]


def entered_view(row: ClaimRow, language: str) -> EnteredView:
    """What is said at once to whoever enters a claim."""
    return EnteredView(
        reference=row.reference,
        number=row.number,
        state=row.state,
        controlled=row.case_id is not None,
        reasons=_reasons(row),
        links=row.links,
        checks=_checks(map(CheckFinding.from_json, row.checks), language),
        payable_cents=row.payable_cents,
        link=f"/api/v1/claims/{row.reference}",
    )


def claim_lines(session: Session, rows: list[Line]) -> list[ClaimLine]:
    """The lines of a list."""
    names = names_of(session, {row.entered_by for row in rows})
    same = ("reference", "number", "state", "received_on", "category", "kind", "amount_cents", "payable_cents", "pole")
    return [
        ClaimLine(
            **{name: getattr(row, name) for name in same},
            controlled=row.case_id is not None,
            reasons=row.reasons,
            entered_by=names[row.entered_by],
            due_at=row.due_at,
        )
        for row in rows
    ]


def claim_view(session: Session, row: ClaimRow, house: House, language: str = "fr") -> ClaimView:
    """A claim as it is told."""
    same = (
        *("reference", "number", "state", "links", "draw", "policy", "pole", "category", "kind", "act", "care_on"),
        *("received_on", "entered_at", "member_number", "beneficiary_number", "contract_number", "provider_number"),
        *("amount_cents", "payable_cents", "payable_at", "instruction_id"),
    )
    version = house.book.version(row.policy)
    checklist = version.claim.checklists[CareCategory(row.category)]
    return ClaimView(
        **{name: getattr(row, name) for name in same},
        label=ClaimState(row.state).label,
        controlled=row.case_id is not None,
        reasons=_reasons(row),
        checks=_checks(standing_checks(session, row, version), language),
        category_label=CareCategory(row.category).label,
        entered_by=names_of(session, {row.entered_by})[row.entered_by],
        member=session.get_one(Member, row.member_number).name,
        beneficiary=session.get_one(Beneficiary, row.beneficiary_number).name,
        provider=session.get_one(Provider, row.provider_number).name,
        iban_ends_with=last_four(row.iban),
        checklist=_checklist(checklist) if row.case_id is not None else None,
        **(_file(session, row.case_id, row.reference, language) if row.case_id is not None else _NO_FILE),
    )


_NO_FILE: Mapping[str, Any] = dict.fromkeys(("decisions", "documents", "requests", "pauses", "deadlines"), ())


def _file(session: Session, case_id: UUID, reference: str, language: str) -> dict[str, Any]:
    """What only a claim under control has."""
    judged, documents = claim_lists.judged(session, case_id), claim_lists.documents(session, case_id)
    requests = claim_lists.requests(session, case_id)
    people = {one.added_by for one in documents} | {one.asked_by for one in requests} | _people_of(judged)
    names = names_of(session, people)
    return {
        "decisions": [_decision(one, names) for one in judged],
        "documents": [document_view(one, names, reference) for one in documents],
        "requests": [
            RequestView(
                documents=one.kinds,
                note=one.note,
                asked_by=names[one.asked_by],
                asked_at=one.asked_at,
                ended_at=one.ended_at,
            )
            for one in requests
        ],
        "pauses": [
            PauseView(from_at=one.from_at, until_at=one.until_at, reason=one.reason)
            for one in claim_lists.pauses(session, case_id)
        ],
        "deadlines": deadline_views(session, case_id, language),
    }


def _people_of(judged: list[Judged]) -> set[UUID]:
    authors = {one.decision.author_id for one in judged}
    back = {one.sent_back.person_id for one in judged if one.sent_back}
    return authors | back | {approval.person_id for one in judged for approval in one.approvals}


def _decision(one: Judged, names: Mapping[UUID, str]) -> DecisionView:
    row, back = one.decision, one.sent_back
    return DecisionView(
        version=row.version,
        hash=row.hash,
        decision=row.decision,
        label=Verdict(row.decision).label,
        amount_cents=row.amount_cents,
        reason=row.reason,
        override_reason=row.override_reason,
        checklist_version=row.checklist_version,
        checklist=[AnswerOnItem.model_validate(answer) for answer in row.checklist],
        author=names[row.author_id],
        at=row.at,
        approvals=[ApprovalView(person=names[a.person_id], link=a.link, at=a.at) for a in one.approvals],
        sent_back_by=names[back.person_id] if back else None,
        sent_back_reason=back.reason if back else None,
    )


def document_view(row: ClaimDocument, names: Mapping[UUID, str], reference: str) -> DocumentView:
    """A document as it is told, without its content."""
    same = ("id", "kind", "name", "version", "media_type", "size", "sha256", "added_at")
    return DocumentView(
        **{name: getattr(row, name) for name in same},
        label=DocumentKind(row.kind).label,
        added_by=names[row.added_by],
        link=f"/api/v1/claims/{reference}/documents/{row.id}",
    )


def _checklist(checklist: Checklist) -> ChecklistView:
    items = [
        ItemView(id=one.id, kind=one.kind, document=one.document, fr=one.label.fr, en=one.label.en)
        for one in checklist.items
    ]
    return ChecklistView(version=checklist.version, items=items)


def _reasons(row: ClaimRow) -> list[ReasonView]:
    return [ReasonView(reason=one, label=ControlReason(one).label) for one in row.reasons]


def _checks(found: Iterable[CheckFinding], language: str) -> list[CheckView]:
    return [
        CheckView(
            name=one.name,
            label=one.name.label,
            result=one.result,
            told=tell_finding(one, language),
            evidence=dict(one.evidence),
        )
        for one in found
    ]
