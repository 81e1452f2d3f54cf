"""What a validator needs to decide in two minutes: the version, what changed since the last one, who wrote it."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.pages.difference import difference
from db.models import AnswerVersionRow, Approval, Case, ComplaintRow, SentBack
from db.queries.people import names_of

PARTS = ("asked", "found", "decision", "reasons", "next_steps")
"""The parts of an answer, in the order of the letter."""


@dataclass(frozen=True)
class Signature:
    """Somebody has approved this version."""

    name: str
    link: int
    at: datetime


@dataclass(frozen=True)
class Version:
    """A version of the answer, read beside the one before it: `parts` are marked where they changed."""

    number: int
    hash: str
    author: str
    amends: bool
    written_at: datetime
    parts: dict[str, Markup]
    dispatch: str
    apology: str
    compensation_cents: int
    previous_cents: int | None
    changed: bool
    signatures: list[Signature]
    sent_back_because: str | None
    sent_back_by: str | None


def what_to_validate(session: Session, case: Case) -> Version | None:
    """The current version of a complaint's answer, beside the one before it."""
    row = session.get_one(ComplaintRow, case.id)
    if row.answer_version is None:
        return None
    now = session.get_one(AnswerVersionRow, (case.id, row.answer_version))
    before = session.get(AnswerVersionRow, (case.id, row.answer_version - 1))
    returned = session.get(SentBack, (case.id, row.answer_version - 1))
    approvals = session.scalars(
        select(Approval).where(Approval.case_id == case.id, Approval.version == now.version).order_by(Approval.link)
    ).all()
    names = names_of(
        session, {now.author_id, *(one.person_id for one in approvals), *({returned.person_id} if returned else ())}
    )
    return Version(
        number=now.version,
        hash=now.hash,
        author=names[now.author_id],
        amends=now.amends,
        written_at=now.written_at,
        parts={part: _part(before, now, part) for part in PARTS},
        dispatch=now.content["dispatch"],
        apology=now.content["apology"],
        compensation_cents=now.compensation_cents,
        previous_cents=before.compensation_cents if before else None,
        changed=before is not None,
        signatures=[Signature(names[one.person_id], one.link, one.at) for one in approvals],
        sent_back_because=returned.reason if returned else None,
        sent_back_by=names[returned.person_id] if returned else None,
    )


def _part(before: AnswerVersionRow | None, now: AnswerVersionRow, part: str) -> Markup:
    text = str(now.content[part])
    return difference(str(before.content[part]) if before else text, text)
