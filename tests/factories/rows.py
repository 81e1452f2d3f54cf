"""Rows put straight into the register, where a test needs many of them or needs what no command would write."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.models import Case, ComplaintRow, TaskRow


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
