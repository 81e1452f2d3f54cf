"""Write what has happened to a complaint."""

from uuid import UUID

from uuid_utils.compat import uuid7

from db.commands.case import apply
from db.commands.journal import Writing
from db.models import AnswerVersionRow, Approval, ComplaintRow, LetterRow, SentBack
from domain.complaint import events as happened
from domain.complaint.states import ComplaintState
from domain.events import LetterRequested


def _row(writing: Writing) -> ComplaintRow:
    return writing.session.get_one(ComplaintRow, writing.case.id)


@apply.register
def _(event: happened.StateReached, writing: Writing) -> None:
    writing.case.state = event.state
    if event.state in ComplaintState.ended():
        writing.case.ended_at = writing.at


@apply.register
def _(event: happened.OwnerAssigned, writing: Writing) -> None:
    writing.case.owner_id = event.owner_id


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
    row = _row(writing)
    row.category, row.category_reason, row.category_confirmed = event.category, event.reason, True


@apply.register
def _(event: happened.Analysed, writing: Writing) -> None:
    row = _row(writing)
    row.finding, row.theme, row.cause, row.facts = event.finding, event.theme, event.cause, event.noted


@apply.register
def _(event: happened.AnswerDrafted, writing: Writing) -> None:
    row = _row(writing)
    authors = _authors(writing, row) if event.amends else set()
    writing.session.add(
        AnswerVersionRow(
            case_id=row.case_id,
            version=event.version,
            hash=event.version_hash,
            author_id=event.author_id,
            authors=sorted({*authors, event.author_id}),
            amends=event.amends,
            content=event.content.model_dump(mode="json"),
            compensation_cents=event.compensation_cents,
            written_at=writing.at,
        )
    )
    row.answer_version = event.version
    writing.session.flush()


def _authors(writing: Writing, row: ComplaintRow) -> set[UUID]:
    return set(writing.session.get_one(AnswerVersionRow, (row.case_id, row.answer_version)).authors)


@apply.register
def _(event: happened.VersionApproved, writing: Writing) -> None:
    writing.session.add(
        Approval(
            case_id=writing.case.id,
            version=event.version,
            person_id=event.person_id,
            link=event.link,
            version_hash=event.version_hash,
            at=writing.at,
        )
    )
    writing.session.flush()


@apply.register
def _(event: happened.VersionSentBack, writing: Writing) -> None:
    writing.session.add(
        SentBack(
            case_id=writing.case.id,
            version=event.version,
            person_id=event.person_id,
            link=event.link,
            reason=event.reason,
            at=writing.at,
        )
    )


@apply.register
def _(event: happened.AnswerApproved, writing: Writing) -> None:
    row = _row(writing)
    row.approved_version, row.signatory_id = event.version, event.signatory_id


@apply.register
def _(event: happened.CompensationPaid, writing: Writing) -> None:
    row = _row(writing)
    row.compensation_paid_at, row.payment_reference = writing.at, event.payment_reference


@apply.register
def _(event: happened.Requalified, writing: Writing) -> None:
    row = _row(writing)
    row.requalified_as, row.requalified_reason = event.requalified_as, event.reason


@apply.register
def _(event: LetterRequested, writing: Writing) -> None:
    row = _row(writing)
    writing.session.add(
        LetterRow(
            id=uuid7(),
            case_id=row.case_id,
            kind=event.kind,
            dispatch=event.dispatch,
            version=event.version,
            reason=event.reason,
            recipient=row.complainant_name,
            email=row.email,
            address=row.address,
            requested_at=writing.at,
        )
    )
