"""Write what has happened to a complaint."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from db.commands.case import ADDRESSEES, apply
from db.commands.journal import Writing
from db.models import AnswerVersionRow, Approval, ComplaintRow, SentBack
from domain.complaint import events as happened


def _addressee(case_id: UUID) -> dict[str, Any]:
    columns = {"recipient": ComplaintRow.complainant_name, "email": ComplaintRow.email, "address": ComplaintRow.address}
    complaint = ComplaintRow.case_id == case_id
    return {name: select(column).where(complaint).scalar_subquery() for name, column in columns.items()}


ADDRESSEES["complaint"] = _addressee


def _change(writing: Writing, **values: Any) -> None:
    writing.batch.change(ComplaintRow.case_id, writing.case.id, **values)


@apply.register
def _(_event: happened.Acknowledged, _writing: Writing) -> None:
    """The letter and the deadline are events of their own."""


@apply.register
def _(_event: happened.Reassigned, _writing: Writing) -> None:
    """The new owner is an event of its own; this one keeps the reason in the journal."""


@apply.register
def _(_event: happened.AnswerExtended, _writing: Writing) -> None:
    """The deadlines and the letter are events of their own; this one keeps the reason in the journal."""


@apply.register
def _(_event: happened.ProgressCallMade, _writing: Writing) -> None:
    """The task is an event of its own; this one keeps in the journal whether the member was reached."""


@apply.register
def _(event: happened.Qualified, writing: Writing) -> None:
    _change(writing, category=event.category, category_reason=event.reason, category_confirmed=True)


@apply.register
def _(event: happened.Analysed, writing: Writing) -> None:
    _change(writing, finding=event.finding, theme=event.theme, cause=event.cause, facts=event.noted)


@apply.register
def _(event: happened.AnswerDrafted, writing: Writing) -> None:
    authors = _authors(writing) if event.amends else set()
    writing.batch.insert(
        AnswerVersionRow,
        case_id=writing.case.id,
        version=event.version,
        hash=event.version_hash,
        author_id=event.author_id,
        authors=sorted({*authors, event.author_id}),
        amends=event.amends,
        content=event.content.model_dump(mode="json"),
        compensation_cents=event.compensation_cents,
        written_at=writing.at,
    )
    _change(writing, answer_version=event.version)


def _authors(writing: Writing) -> set[UUID]:
    """Who wrote the version that is amended, or those before it."""
    version = select(ComplaintRow.answer_version).where(ComplaintRow.case_id == writing.case.id).scalar_subquery()
    amended = select(AnswerVersionRow.authors).where(
        AnswerVersionRow.case_id == writing.case.id, AnswerVersionRow.version == version
    )
    return set(writing.session.scalars(amended).one())


@apply.register
def _(event: happened.VersionApproved, writing: Writing) -> None:
    writing.batch.insert(
        Approval,
        case_id=writing.case.id,
        version=event.version,
        person_id=event.person_id,
        link=event.link,
        version_hash=event.version_hash,
        at=writing.at,
    )


@apply.register
def _(event: happened.VersionSentBack, writing: Writing) -> None:
    writing.batch.insert(
        SentBack,
        case_id=writing.case.id,
        version=event.version,
        person_id=event.person_id,
        link=event.link,
        reason=event.reason,
        at=writing.at,
    )


@apply.register
def _(event: happened.AnswerApproved, writing: Writing) -> None:
    _change(writing, approved_version=event.version, signatory_id=event.signatory_id)


@apply.register
def _(event: happened.CompensationPaid, writing: Writing) -> None:
    _change(writing, compensation_paid_at=writing.at, payment_reference=event.payment_reference)


@apply.register
def _(event: happened.Requalified, writing: Writing) -> None:
    _change(writing, requalified_as=event.requalified_as, requalified_reason=event.reason)
