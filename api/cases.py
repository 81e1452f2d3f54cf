"""One case of any procedure: its state, deadlines, journal and letters, and the commands on it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Body, Depends, HTTPException, Query, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session, undefer

from api.auth import Allowed
from api.commands import LATER, CommandView, Key, give, key_or_new
from api.errors import Problem
from api.house import House, TheHouse
from db.commands.command import Ask
from db.models import Case, LetterRow, TaskRow
from db.procedures import PROCEDURES
from db.queries import cases as case_queries
from db.queries.journal import private_words
from db.queries.letter import pdf_of
from db.queries.people import names_of
from domain.backlog.words import BacklogDeadline
from domain.calendar import Step
from domain.complaint.commands import Reassign, Requalify, SendHoldingLetter
from domain.deadlines import met_late
from domain.explanations import tell
from domain.finding.words import FindingDeadline
from domain.people import Actor
from domain.permissions import Action, may_read
from domain.sources import Source
from domain.tasks import may_do

router = APIRouter(tags=["cases"])
Reader = Annotated[Actor, Depends(Allowed(Action.READ_CASES))]
FileReader = Annotated[Actor, Depends(Allowed(Action.READ_FILE))]
"""Whoever reads complaints and claims, or has borrowed one: this one or another, `visible_case` looks at."""
CaseReader = Annotated[Actor, Depends(Allowed(Action.READ_CASE))]
"""Whoever reads the cases of any procedure: of which, `visible_case` looks at."""

REQUALIFY = {"requalified_as": "information_request", "reason": "Le courrier demande un relevé, sans mécontentement."}
REASSIGN = {"to": "yann.kerloch", "reason": "absence"}
HOLDING_LETTER = {"dispatch": "email", "reason": "document_awaited", "answer_by": "2026-12-18"}
PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}},
    410: {"model": Problem, "description": "The key of the case has been erased, and with it the letter."},
}


_DONE_BY_ITSELF = {*BacklogDeadline.done_by_itself(), FindingDeadline.RISK_ACCEPTANCE}


class DeadlineView(BaseModel):
    """A deadline, and why it is that date."""

    name: str = Field(examples=["answer"])
    generation: int = Field(description="2 after a holding letter has moved it")
    due_on: date
    due_at: datetime
    unit: str = Field(examples=["working_days"])
    count: int
    starts_on: date
    source: str
    explanation: list[dict[str, Any]]
    met_at: datetime | None
    late: bool = Field(description="whether it was met, and too late: what happens at the instant by itself is in time")
    cancelled_at: datetime | None


class DeadlinesView(BaseModel):
    """The deadlines of a case, the earliest first."""

    deadlines: list[DeadlineView]


class TaskLine(BaseModel):
    """A task of the case: open, or done by somebody."""

    id: UUID
    kind: str
    offered_to: list[str]
    mine: bool = Field(description="whether I may do it")
    nobody_left: bool
    opened_at: datetime
    detail: dict[str, Any]
    due_at: datetime | None
    claimed_by: str | None
    closed_at: datetime | None
    closed_by: str | None
    outcome: str | None


class WaitingCommand(BaseModel):
    """A command that has been kept and not decided yet."""

    id: UUID
    kind: str
    received_at: datetime
    attempts: int


class StateView(BaseModel):
    """Where the case stands: steps behind and to come, tasks, deadlines, commands that wait."""

    reference: str
    procedure: str
    state: str
    steps_done: list[str]
    steps_to_come: list[str]
    owner: str | None
    tasks: list[TaskLine]
    deadlines: list[DeadlineView]
    waiting: list[WaitingCommand]


class JournalEntry(BaseModel):
    """One thing that happened."""

    line: int
    at: datetime
    event: str = Field(examples=["VersionApproved"])
    actor: str | None = Field(description="who did it; null for the system itself")
    command: UUID | None
    facts: dict[str, Any]
    words: dict[str, Any] | None = Field(description="what was said; null where nothing was, or once it is erased")


class JournalPage(BaseModel):
    """Some lines of a journal; `next` is the cursor of the following ones."""

    lines: list[JournalEntry]
    next: int | None


class LetterView(BaseModel):
    """A letter of the case, and whether it has left."""

    id: UUID
    kind: str
    dispatch: str
    version: int | None
    requested_at: datetime
    produced_at: datetime | None
    handed_over_at: datetime | None
    posted_on: date | None
    pdf_sha256: str | None
    message_sha256: str | None
    attempts: int
    last_error: str | None
    possible_doubles: int
    pdf: str | None


def visible_case(session: Session, reference: str, actor: Actor) -> Case:
    """The case with this reference, if the actor may see it; 404 otherwise, so that existence does not leak."""
    case = case_queries.visible(session, reference, actor)
    if case is None or not may_read(actor, case.procedure, case.id):
        raise HTTPException(404, f"You can see no case {reference[:40]!r}.")
    return case


def visible_complaint(session: Session, reference: str, actor: Actor) -> Case:
    """The same, where only a complaint has what is asked for."""
    case = visible_case(session, reference, actor)
    if case.procedure != "complaint":
        raise HTTPException(404, f"You can see no complaint {reference[:40]!r}.")
    return case


@router.get("/cases/{reference}/state")
def state(reference: str, house: TheHouse, actor: CaseReader) -> StateView:
    """Where the case stands and what comes next."""
    with house.reading() as session:
        return state_view(session, visible_case(session, reference, actor), actor)


def state_view(session: Session, case: Case, actor: Actor, language: str = "fr") -> StateView:
    """Where a case stands, as it is told to this person."""
    tasks = case_queries.tasks(session, case.id)
    people = {one for task in tasks for one in (task.claimed_by, task.closed_by) if one}
    names = names_of(session, people | ({case.owner_id} if case.owner_id else set()))
    done, to_come = PROCEDURES[case.procedure].steps(case.state)
    return StateView(
        reference=case.reference,
        procedure=case.procedure,
        state=case.state,
        steps_done=list(done),
        steps_to_come=list(to_come),
        owner=names.get(case.owner_id) if case.owner_id else None,
        tasks=[_task_line(task, actor, names) for task in tasks],
        deadlines=deadline_views(session, case.id, language),
        waiting=[
            WaitingCommand(id=row.id, kind=row.kind, received_at=row.at, attempts=row.attempts)
            for row in case_queries.undecided(session, case.id)
        ],
    )


def _task_line(task: TaskRow, actor: Actor, names: Mapping[UUID, str]) -> TaskLine:
    return TaskLine(
        id=task.id,
        kind=task.kind,
        offered_to=task.offered_to,
        mine=may_do(frozenset(task.offered_to), frozenset(task.excluded), actor),
        opened_at=task.opened_at,
        detail=task.detail,
        nobody_left=task.nobody_left,
        due_at=task.due_at,
        claimed_by=names.get(task.claimed_by) if task.claimed_by else None,
        closed_at=task.closed_at,
        closed_by=names.get(task.closed_by) if task.closed_by else None,
        outcome=task.outcome,
    )


def deadline_views(session: Session, case_id: UUID, language: str = "fr") -> list[DeadlineView]:
    """The deadlines of a case, the earliest first, each with its day-by-day explanation."""
    return [deadline_view(row, language) for row in case_queries.deadlines(session, case_id)]


def deadline_view(row: Any, language: str = "fr") -> DeadlineView:
    """One deadline, by the columns that tell of it."""
    return DeadlineView(
        name=row.name,
        generation=row.generation,
        due_on=row.due_on,
        due_at=row.due_at.astimezone(ZoneInfo(row.zone)),
        unit=row.unit,
        count=row.count,
        starts_on=row.starts_on,
        source=Source(row.source).citation,
        explanation=[{**step, "text": tell(Step.from_json(step), language)} for step in row.explanation],
        met_at=row.met_at,
        late=row.met_at is not None and met_late(row.due_at, row.met_at, by_itself=row.name in _DONE_BY_ITSELF),
        cancelled_at=row.cancelled_at,
    )


@router.get("/cases/{reference}/deadlines")
def deadlines(
    reference: str, house: TheHouse, actor: CaseReader, language: Annotated[Literal["fr", "en"], Query()] = "fr"
) -> DeadlinesView:
    """The deadlines of the case, and why each is that date, day by day."""
    with house.sessions() as session:
        case = visible_case(session, reference, actor)
        return DeadlinesView(deadlines=deadline_views(session, case.id, language))


@router.get("/cases/{reference}/journal")
def journal(
    reference: str,
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.READ_JOURNAL))],
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> JournalPage:
    """All that happened, line by line, in order."""
    with house.sessions() as session:
        return journal_page(session, visible_case(session, reference, actor), after, limit)


def journal_page(session: Session, case: Case, after: int = 0, limit: int = 200) -> JournalPage:
    """Some lines of the journal of a case, with the words that only its key opens."""
    rows = case_queries.journal(session, case.id, after, limit + 1)
    names = names_of(session, {row.actor_id for row in rows if row.actor_id})
    words = private_words(session, case.id, rows[:limit])
    lines = [
        JournalEntry(
            line=row.line,
            at=row.at,
            event=row.event,
            actor=names.get(row.actor_id) if row.actor_id else None,
            command=row.command_id,
            facts=row.facts,
            words=words.get(row.line),
        )
        for row in rows[:limit]
    ]
    return JournalPage(lines=lines, next=lines[-1].line if len(rows) > limit else None)


@router.get("/cases/{reference}/letters")
def letters(reference: str, house: TheHouse, actor: FileReader) -> list[LetterView]:
    """The letters of the case, and what became of each."""
    with house.sessions() as session:
        return letter_views(session, visible_case(session, reference, actor))


def letter_views(session: Session, case: Case) -> list[LetterView]:
    """The letters of a case, in the order in which they were asked for."""
    return [_letter_view(row) for row in case_queries.letters(session, case.id)]


def _letter_view(row: LetterRow) -> LetterView:
    return LetterView(
        id=row.id,
        kind=row.kind,
        dispatch=row.dispatch,
        version=row.version,
        requested_at=row.requested_at,
        produced_at=row.produced_at,
        handed_over_at=row.handed_over_at,
        posted_on=row.posted_on,
        pdf_sha256=row.pdf_sha256,
        message_sha256=row.message_sha256,
        attempts=row.attempts,
        last_error=row.last_error,
        possible_doubles=row.possible_doubles,
        pdf=f"/api/v1/letters/{row.id}.pdf" if row.produced_at else None,
    )


@router.get("/letters/{letter_id}.pdf", response_class=Response, responses=PDF)
def letter_pdf(letter_id: UUID, house: TheHouse, actor: FileReader) -> Response:
    """The letter as it left, byte for byte; 410 once its case's key has been erased."""
    return kept_letter(house, letter_id, actor)


def _sees(session: Session, case: Case, actor: Actor) -> bool:
    seen = case_queries.visible(session, case.reference, actor) is not None
    return seen and may_read(actor, case.procedure, case.id)


def kept_letter(house: House, letter_id: UUID, actor: Actor) -> Response:
    """A letter as a PDF, for whoever may see its case. Raises HTTPException 404, or Erased."""
    with house.sessions() as session:
        row = session.get(LetterRow, letter_id, options=[undefer(LetterRow.pdf)])
        case = session.get(Case, row.case_id) if row else None
        if row is None or case is None or not _sees(session, case, actor):
            raise HTTPException(404, "You can see no such letter.")
        if row.pdf is None:
            raise HTTPException(404, "This letter has not been made yet: try again in a moment.")
        name = f"{case.reference}-{row.kind}.pdf"
        return Response(
            pdf_of(session, row),
            media_type="application/pdf",
            headers={"Content-Disposition": f'inline; filename="{name}"'},
        )


@router.post("/cases/{reference}/requalify", response_model=CommandView, responses=LATER)
async def requalify(
    reference: str,
    asked: Annotated[Requalify, Body(examples=[REQUALIFY])],
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.REQUALIFY))],
    key: Key = None,
) -> Any:
    """Say that it is a request, not a complaint, and why. It stays searchable."""
    return await _on_case(house, reference, "requalify", asked, actor, key)


@router.post("/cases/{reference}/reassign", response_model=CommandView, responses=LATER)
async def reassign(
    reference: str,
    asked: Annotated[Reassign, Body(examples=[REASSIGN])],
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.REASSIGN))],
    key: Key = None,
) -> Any:
    """Give the complaint another owner, for an absence or a conflict of interest."""
    return await _on_case(house, reference, "reassign", asked, actor, key)


@router.post("/cases/{reference}/holding-letter", response_model=CommandView, responses=LATER)
async def holding_letter(
    reference: str,
    asked: Annotated[SendHoldingLetter, Body(examples=[HOLDING_LETTER])],
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.SEND_HOLDING_LETTER))],
    key: Key = None,
) -> Any:
    """The answer takes longer: tell the member before its date, with the new one. Once, within the two months."""
    return await _on_case(house, reference, "send_holding_letter", asked, actor, key)


async def _on_case(
    house: House, reference: str, kind: str, asked: BaseModel, actor: Actor, key: str | None
) -> Response:
    case_id = await house.transact(lambda session: visible_complaint(session, reference, actor).id)
    return await give(house, case_id, Ask(kind, asked.model_dump(mode="json"), key_or_new(key), case_id=case_id), actor)
