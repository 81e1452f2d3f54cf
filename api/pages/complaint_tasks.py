"""The tasks on a complaint as pages: the complaint beside each, and what is known of it already."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from api.complaints import ComplaintView, complaint_view
from api.house import House
from api.pages.desk import Desk, Known
from api.pages.validation import what_to_validate
from api.pages.visit import Visit
from db.models import Case, TaskRow
from domain.complaint.commands import AnswerContent
from domain.complaint.words import TaskKind


def _known(session: Session, row: TaskRow, case: Case, visit: Visit, house: House) -> Known:
    return {
        "case": complaint_view(session, case, house, visit.words.language),
        "thresholds": house.book.version(case.policy).complaint.thresholds,
        "version": what_to_validate(session, case) if row.kind == TaskKind.VALIDATE else None,
    }


def _filled(outcome: str, known: Known, visit: Visit) -> Mapping[str, str]:
    return filled(outcome, known["case"], visit)


def filled(outcome: str, complaint: ComplaintView, visit: Visit) -> dict[str, str]:
    """What is known already and need not be typed."""
    way = "email" if complaint.email else "post" if complaint.address else ""
    if outcome == "analyse":
        return {"category": complaint.category}
    if outcome == "resend":
        return {"dispatch": way, "email": complaint.email or "", "address": "\n".join(complaint.address)}
    if outcome in {"draft", "amend"} and complaint.answer is not None:
        return written(complaint.answer.content, visit)
    return {"dispatch": way, "apology": "none"} if outcome in {"acknowledge", "draft"} else {}


def written(content: Mapping[str, Any], visit: Visit) -> dict[str, str]:
    """A version of the answer, as its form shows it."""
    texts = {name: str(content[name]) for name in AnswerContent.model_fields if name in content}
    return texts | {"compensation_cents": visit.words.amount(content["compensation_cents"])}


DESK = Desk("complaint/tasks", _known, _filled)
