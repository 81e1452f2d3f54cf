"""Rows put straight into the register, where a test needs many of them or needs what no command would write."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.models import AnswerVersionRow, Case, ComplaintRow, DeadlineRow, TaskRow
from domain.complaint.case import version_hash
from domain.complaint.commands import AnswerContent
from tests.factories.bodies import an_answer


def a_case_row(session: Session, reference: str, received_on: date, opened_at: datetime, **changes: Any) -> UUID:
    """An assigned complaint; `about_id` is whom it is about, `complainant_name` who complains, the rest the case's."""
    about_id, name = changes.pop("about_id", None), changes.pop("complainant_name", "M. Ewen Nicolas")
    facts = {"procedure": "complaint", "state": "assigned", "policy": "procedure-2", "pole": "benefits"} | changes
    case = Case(id=uuid7(), reference=reference, received_on=received_on, opened_at=opened_at, **facts)
    session.add(case)
    session.flush()
    session.add(
        ComplaintRow(
            case_id=case.id,
            channel="letter",
            received_on=received_on,
            complainant_kind="prospect",
            complainant_name=name,
            address=[],
            language="fr",
            subject=f"Sujet de {reference}",
            text="J’attends.",
            skills=[],
            about_id=about_id,
            category="business",
        )
    )
    session.flush()
    return case.id


def a_task_row(session: Session, case_id: UUID, opened_at: datetime, offered_to: str, **changes: Any) -> UUID:
    """An open task that is offered to one hat."""
    facts: dict[str, Any] = {"kind": "acknowledge", "pole": "benefits", "excluded": [], "detail": {}} | changes
    task = TaskRow(
        id=uuid7(), case_id=case_id, offered_to=[offered_to], meant_for=[offered_to], opened_at=opened_at, **facts
    )
    session.add(task)
    session.flush()
    return task.id


def add_a_draft(session: Session, case_id: UUID, author: UUID, at: datetime) -> None:
    """The complaint is founded and its answer drafted; its answer is due on the day itself."""
    said = AnswerContent.model_validate(an_answer(outcome=None))
    row = session.get_one(ComplaintRow, case_id)
    row.finding, row.answer_version = "founded", 1
    session.add(
        AnswerVersionRow(
            case_id=case_id,
            version=1,
            hash=version_hash(said),
            author_id=author,
            authors=[author],
            amends=False,
            content=said.model_dump(mode="json"),
            compensation_cents=said.compensation_cents,
            written_at=at,
        )
    )
    session.add(
        DeadlineRow(
            id=uuid7(),
            case_id=case_id,
            name="answer",
            due_on=at.date(),
            due_at=at,
            zone="Europe/Paris",
            unit="working_days",
            count=10,
            starts_on=at.date(),
            source="rules_17_2",
            explanation=[],
            planned=[],
        )
    )
    session.flush()
