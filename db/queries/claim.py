"""What is known of a controlled claim: for a decision, and for the workflow's position."""

from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.models import (
    Case,
    ClaimDecision,
    ClaimDocument,
    ClaimRow,
    DeadlineRow,
    DocumentRequest,
    Member,
    MemberIban,
    Pause,
    StaffIban,
)
from db.queries.claim_checks import PAID_ELSEWHERE, standing_checks
from db.queries.concerned import HAVE_A_SHARE
from db.queries.delay import wait_of
from db.queries.lending import loan_of_case, read_loan
from db.queries.standing import (
    CASE_ID,
    deadlines_open,
    letters_in_hand,
    read_deadlines,
    read_letters,
    read_task,
    spread,
    tasks_of_case,
    unsent_messages,
    watched,
)
from db.queries.told import Told, as_json, instant
from domain.claim import deadlines
from domain.claim.case import Claim, ClaimPosition, DecisionVersion
from domain.claim.checks import CheckFinding
from domain.claim.states import ClaimState
from domain.claim.words import CareCategory, ClaimKind, ControlReason, DocumentKind, Verdict
from domain.policy import PolicyBook, PolicyVersion

_Column = ColumnElement[Any] | InstrumentedAttribute[Any]
_IDS: ARRAY[UUID] = ARRAY(StaffIban.staff_id.type)
_NO_OBJECT: ColumnElement[Any] = literal_column("'{}'::jsonb")
_IS_IN_FORCE = and_(MemberIban.member_number == ClaimRow.member_number, MemberIban.until_at.is_(None))


def claim(session: Session, case: Case, book: PolicyBook, task_id: UUID | None = None) -> Claim:
    """Everything that a decision can depend on: its open tasks, and the one the command is about even if closed."""
    row = session.execute(_known(), {"case_id": case.id, "task_id": task_id}).one()
    zone = ZoneInfo(book.version(case.policy).office.zone)
    return Claim(
        id=case.id,
        state=ClaimState(case.state),
        category=CareCategory(row.category),
        kind=ClaimKind(row.kind),
        pole=case.pole,
        amount_cents=row.amount_cents,
        links=row.links,
        received_on=row.received_on,
        entered_by=row.entered_by,
        iban_hash=row.iban_hash.hex(),
        has_email=row.has_email,
        has_address=row.has_address,
        iban_changed_by=row.changed_by,
        about=frozenset(row.about),
        findings=_findings(session, row, book.version(case.policy)),
        decision=_decision(row),
        awaited=_awaited(row),
        reopened_on=row.reopened_on,
        pauses=tuple(_pause(told, zone) for told in row.pauses),
        generations=row.generations,
        instruction_id=row.instruction_id,
        letters=read_letters(row.letters),
        tasks=tuple(read_task(told) for told in row.tasks),
        deadlines=read_deadlines(row.deadlines),
        is_sensitive=ControlReason.SENSITIVE in row.reasons,
        loan=read_loan(row.loan),
        look_up_wait=partial(wait_of, session, "claim", case.id, zone.key),
    )


def _findings(session: Session, row: Row[*tuple[Any, ...]], version: PolicyVersion) -> tuple[CheckFinding, ...]:
    """What the checks say; only another account is a reason to look again."""
    if row.paid_elsewhere:
        return standing_checks(session, session.get_one(ClaimRow, row.id), version)
    return tuple(CheckFinding.from_json(one) for one in row.checks)


def position(session: Session, case: Case, book: PolicyBook) -> ClaimPosition:
    """Where the workflow of this claim stands; it can start from here at any step."""
    row = session.execute(_standing(), {"case_id": case.id}).one()
    office = book.version(case.policy).office
    return ClaimPosition(
        case_id=case.id,
        state=ClaimState(case.state),
        mail_patience=timedelta(minutes=office.mail.undelivered_becomes_task_after.minutes),
        spread=spread(case.reference, office),
        watched=watched(read_deadlines(row.deadlines)),
        messages=tuple(row.messages),
        letters=read_letters(row.letters),
    )


@cache
def _known() -> Select[*tuple[Any, ...]]:
    """All that is known of a claim, in one row. Built once, as every decision asks it."""
    return (
        select(
            ClaimRow.category,
            ClaimRow.kind,
            ClaimRow.amount_cents,
            ClaimRow.links,
            ClaimRow.received_on,
            ClaimRow.entered_by,
            func.coalesce(MemberIban.iban_hash, ClaimRow.iban_hash).label("iban_hash"),
            MemberIban.changed_by,
            Member.email.is_not(None).label("has_email"),
            (func.cardinality(Member.address) > 0).label("has_address"),
            ClaimRow.id,
            ClaimRow.checks,
            PAID_ELSEWHERE.label("paid_elsewhere"),
            ClaimRow.reopened_on,
            ClaimRow.instruction_id,
            *_about(),
            *_decided(),
            *_waited_for(),
            *_times(),
            letters_in_hand(),
            tasks_of_case(),
            deadlines_open(),
            loan_of_case(),
            ClaimRow.reasons,
        )
        .join(Member, Member.number == ClaimRow.member_number)
        .join(MemberIban, _IS_IN_FORCE, isouter=True)
        .join(ClaimDecision, _IS_CURRENT, isouter=True)
        .join(DocumentRequest, _IS_OPEN, isouter=True)
        .where(ClaimRow.case_id == CASE_ID)
    )


@cache
def _standing() -> Select[*tuple[Any, ...]]:
    """What the workflow has to see to, in one row."""
    return select(unsent_messages(), letters_in_hand(), deadlines_open())


_IS_CURRENT = and_(
    ClaimDecision.case_id == ClaimRow.case_id,
    ClaimDecision.version
    == select(func.max(ClaimDecision.version).label("newest"))
    .where(ClaimDecision.case_id == ClaimRow.case_id)
    .correlate(ClaimRow)
    .scalar_subquery(),
)
_IS_OPEN = and_(DocumentRequest.case_id == ClaimRow.case_id, DocumentRequest.ended_at.is_(None))


def _about() -> tuple[ColumnElement[Any], ...]:
    """The members of staff whose own claim it is, or whose account."""
    own = select(StaffIban.staff_id).where(HAVE_A_SHARE)
    return (func.array(own.distinct().correlate(ClaimRow).scalar_subquery(), type_=_IDS).label("about"),)


def _decided() -> tuple[_Column, ...]:
    return (
        ClaimDecision.version,
        ClaimDecision.hash,
        ClaimDecision.decision,
        ClaimDecision.amount_cents.label("decided_cents"),
        ClaimDecision.author_id,
        ClaimDecision.iban_hash.label("decided_iban_hash"),
    )


def _waited_for() -> tuple[_Column, ...]:
    """What the open request asks for, and the kinds that have come since."""
    come = (
        select(ClaimDocument.kind)
        .where(ClaimDocument.case_id == CASE_ID, ClaimDocument.added_at >= DocumentRequest.asked_at)
        .correlate(DocumentRequest)
    )
    return DocumentRequest.kinds, func.array(come.scalar_subquery(), type_=ARRAY(ClaimDocument.kind.type)).label("come")


def _times() -> tuple[ColumnElement[Any], ...]:
    """The pauses, and how many deadlines of each name there have been."""
    newest = (
        select(DeadlineRow.name, func.max(DeadlineRow.generation).label("generation"))
        .where(DeadlineRow.case_id == CASE_ID)
        .group_by(DeadlineRow.name)
        .subquery()
    )
    generations = select(func.coalesce(func.jsonb_object_agg(newest.c.name, newest.c.generation), _NO_OBJECT))
    pauses = as_json((Pause.from_at, Pause.until_at), Pause.case_id == CASE_ID, by=[Pause.from_at])
    return pauses.label("pauses"), generations.scalar_subquery().label("generations")


def _decision(row: Row[*tuple[Any, ...]]) -> DecisionVersion | None:
    if row.version is None:
        return None
    return DecisionVersion(
        row.version, row.hash, Verdict(row.decision), row.decided_cents, row.author_id, row.decided_iban_hash.hex()
    )


def _awaited(row: Row[*tuple[Any, ...]]) -> frozenset[DocumentKind]:
    return frozenset(DocumentKind(kind) for kind in row.kinds or () if kind not in row.come)


def _pause(told: Told, zone: ZoneInfo) -> deadlines.Pause:
    """A pause in local days."""
    until_at = instant(told["until_at"])
    from_on = datetime.fromisoformat(told["from_at"]).astimezone(zone).date()
    return deadlines.Pause(from_on, until_at.astimezone(zone).date() if until_at else None)
