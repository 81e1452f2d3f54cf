"""Who comes into the delegate's space, and what is told of the same kind of thing everywhere in it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, HTTPException
from pydantic import BaseModel, Field
from sqlalchemy import Row
from sqlalchemy.orm import Session

from api.auth import Allowed
from api.tasks import schemas
from api.uploads import Upload
from db.procedures import PROCEDURES
from db.queries.delegate import desk
from domain.people import Actor
from domain.permissions import Action
from domain.tasks import may_do
from domain.uploads import DELEGATE_FILES, media_type, plain_name

Reader = Annotated[Actor, Depends(Allowed(Action.READ_DELEGATE_SPACE))]
Giver = Annotated[Actor, Depends(Allowed(Action.ANSWER_AS_DELEGATE))]
THE_INSURER = "insurer"
"""What is told instead of a name, where somebody of the insurer did it."""


class DelegateTask(BaseModel):
    """Something that the delegate is asked to do: on what, by when, with which outcomes."""

    id: UUID
    kind: str = Field(examples=["propose_plan"])
    what: str = Field(examples=["Proposer un plan d’action"])
    procedure: str = Field(examples=["finding"])
    case: str = Field(examples=["CST-2026-000001"])
    subject: str | None = Field(description="the finding's subject, or the audit's year")
    due_at: datetime | None
    overdue: bool
    opened_at: datetime
    detail: dict[str, Any]
    outcomes: dict[str, dict[str, Any]] = Field(description="outcome → JSON schema of the body that completes it")


def nothing_there(reference: str) -> HTTPException:
    """What is said of another's, and of what never was: the same."""
    return HTTPException(404, f"You have no case {reference[:40]!r}.")


def own_case(session: Session, reference: str, procedure: str) -> Row[*tuple[Any, ...]]:
    """The delegate's case with this reference: id, reference, state. Raises HTTPException 404."""
    row = desk.case_of(session, reference, procedure)
    if row is None:
        raise nothing_there(reference)
    return row


def task_views(rows: Iterable[Row[*tuple[Any, ...]]], actor: Actor, now: datetime) -> list[DelegateTask]:
    """Tasks as they are told to this person."""
    return [task_view(row, actor, now) for row in rows]


def task_view(row: Row[*tuple[Any, ...]], actor: Actor, now: datetime) -> DelegateTask:
    """One task."""
    mine = row.closed_at is None and may_do(frozenset(row.offered_to), frozenset(row.excluded), actor)
    return DelegateTask(
        id=row.id,
        kind=row.kind,
        what=PROCEDURES[row.procedure].what(row.kind),
        procedure=row.procedure,
        case=row.reference,
        subject=row.subject,
        due_at=row.due_at,
        overdue=row.due_at is not None and row.due_at < now,
        opened_at=row.opened_at,
        detail=row.detail,
        outcomes=schemas(row.procedure, row.kind) if mine else {},
    )


def named(person_id: UUID, names: Mapping[UUID, str]) -> str:
    """Who did something: a colleague by name, the insurer's people as the insurer."""
    return names.get(person_id, THE_INSURER)


def steps_of(procedure: str, state: str) -> tuple[Sequence[str], Sequence[str]]:
    """The steps that are behind, and those to come."""
    return PROCEDURES[procedure].steps(state)


def file_kind(upload: Upload) -> tuple[str, str]:
    """A file's own name, and what it is by its content. Raises Invalid for what a delegate may not deliver."""
    name = plain_name(upload.name)
    return name, media_type(upload.content, name, DELEGATE_FILES)
