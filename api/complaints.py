"""Complaints: enter one, read one, list them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.auth import Allowed
from api.cases import DeadlineView, FileReader, Reader, deadline_views, visible_complaint
from api.commands import Key, key_or_new
from api.house import House, TheHouse
from api.narrowing import TheNarrowed
from db.commands.command import Ask, already_received
from db.commands.intake import register_complaint
from db.models import Case, CommandRow, ComplaintRow, Member
from db.queries import complaint_lists
from db.queries.complaint_lists import Wanted
from db.queries.people import names_of
from domain.complaint.intake import Intake
from domain.complaint.states import ComplaintState
from domain.people import Actor
from domain.permissions import Action
from faultpoints import fault_point
from tracing.parts import chosen_id, part, say_command

router = APIRouter(tags=["complaints"])

EXAMPLE = {
    "channel": "letter",
    "received_on": "2026-11-20",
    "sent_on": "2026-11-18",
    "complainant": {"member_number": "M0000042"},
    "subject": "Remboursement de lunettes en attente",
    "text": "J'attends depuis six semaines le remboursement de mes lunettes, malgré deux appels.",
    "pole": "benefits",
    "skills": ["optical"],
}


class Registered(BaseModel):
    """The complaint is kept: from here it cannot be lost."""

    reference: str = Field(examples=["REC-2026-000001"])
    state: str = Field(examples=["assigned"])
    owner: str | None
    link: str


class AnswerView(BaseModel):
    """The current version of the answer, and who has approved it."""

    version: int
    hash: str
    author: str
    amends: bool
    content: dict[str, Any]
    approved_by: list[str]
    sent_back_reason: str | None


class ComplaintView(BaseModel):
    """All that is known of one complaint."""

    reference: str
    state: str
    label: str
    channel: str
    received_on: date
    sent_on: date | None
    policy: str
    policy_reaches_back: bool
    pole: str
    owner: str | None
    complainant_kind: str
    complainant: str
    member_number: str | None
    vip: bool
    company_contact: str | None
    email: str | None
    address: list[str]
    language: str
    skills: list[str]
    subject: str
    text: str
    category: str
    category_confirmed: bool
    finding: str | None
    theme: str | None
    cause: str | None
    facts: str | None
    answer: AnswerView | None
    signed_by: str | None
    compensation_cents: int | None
    compensation_paid_at: datetime | None
    requalified_as: str | None
    requalified_reason: str | None
    deadlines: list[DeadlineView]


class ComplaintLine(BaseModel):
    """A complaint in a list."""

    reference: str
    state: str
    received_on: date
    subject: str
    complainant: str
    category: str
    pole: str
    owner: str | None
    due_at: datetime | None = Field(description="the earliest deadline that is still open")


class ComplaintPage(BaseModel):
    """Some complaints, the newest first; `next` is the cursor of the following ones."""

    complaints: list[ComplaintLine]
    next: str | None


@router.post("/complaints", status_code=201, response_model=Registered)
async def enter(
    intake: Annotated[Intake, Body(examples=[EXAMPLE])],
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.ENTER_COMPLAINT))],
    key: Key = None,
) -> Response:
    """Enter a written complaint. Answered 201 even while the engine is down: it is then processed once it is back."""
    told = await take_in(house, intake, actor, key)
    return JSONResponse(told.model_dump(), 201, headers={"Location": told.link})


async def take_in(house: House, intake: Intake, actor: Actor, key: str | None) -> Registered:
    """Keep a complaint and deliver it; the same key again is the same complaint. Raises Refusal."""
    ask = Ask("register", intake.model_dump(mode="json"), key_or_new(key), id=chosen_id())
    with part("keep", {"echeance.command.kind": ask.kind}) as told:
        case_id, command_id = await house.transact(lambda session: _keep(session, house, intake, ask, actor))
        say_command(told, case_id, command_id)
    fault_point("intake_kept")
    await house.delivery.deliver(case_id, command_id, house.patience)
    fault_point("intake_decided")
    return await house.transact(lambda session: _registered(session, case_id))


def _keep(session: Session, house: House, intake: Intake, ask: Ask, actor: Actor) -> tuple[UUID, UUID]:
    """Register it; the same request again, or twice at once, is the same complaint."""
    known = already_received(session, actor, ask)
    if known is None:
        try:
            with session.begin_nested():
                case = register_complaint(session, intake, ask, actor, house.now(), house.book)
        except IntegrityError:
            known = already_received(session, actor, ask)
            if known is None:
                raise
        else:
            command = select(CommandRow).where(CommandRow.case_id == case.id)
            known = session.scalars(command).one()
    return known.case_id, known.id


def _registered(session: Session, case_id: UUID) -> Registered:
    case = session.get_one(Case, case_id)
    link = f"/api/v1/complaints/{case.reference}"
    owner = names_of(session, {case.owner_id}).get(case.owner_id) if case.owner_id else None
    return Registered(reference=case.reference, state=case.state, owner=owner, link=link)


@router.get("/complaints")
def complaints(
    house: TheHouse,
    actor: Reader,
    state: ComplaintState | None = None,
    pole: str | None = None,
    owner: Annotated[str | None, Query(description="`me`, or a login")] = None,
    *,
    narrowed: TheNarrowed,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ComplaintPage:
    """The complaints that I may see, the newest first."""
    login = actor.login if owner == "me" else owner
    wanted = Wanted(state=state, pole=pole, owner=login, cursor=cursor, limit=limit, narrowed=narrowed)
    return _page(house, actor, wanted)


def _page(house: House, actor: Actor, wanted: Wanted) -> ComplaintPage:
    with house.sessions() as session:
        rows = complaint_lists.listed(session, actor, wanted)
        names = names_of(session, {row.owner_id for row in rows if row.owner_id})
    lines = [ComplaintLine(**told_in_a_list(row, names)) for row in rows[: wanted.limit]]
    return ComplaintPage(complaints=lines, next=complaint_lists.next_page(rows, wanted.limit))


def told_in_a_list(row: complaint_lists.Line, names: Mapping[UUID, str]) -> dict[str, Any]:
    """The values of a ComplaintLine."""
    return {
        "reference": row.reference,
        "state": row.state,
        "received_on": row.received_on,
        "subject": row.subject,
        "complainant": row.complainant_name,
        "category": row.category,
        "pole": row.pole,
        "owner": names.get(row.owner_id),
        "due_at": row.due_at,
    }


@router.get("/complaints/{reference}")
def complaint(reference: str, house: TheHouse, actor: FileReader) -> ComplaintView:
    """All that is known of one complaint."""
    with house.reading() as session:
        case = visible_complaint(session, reference, actor)
        return complaint_view(session, case, house)


def complaint_view(session: Session, case: Case, house: House, language: str = "fr") -> ComplaintView:
    """A complaint as it is told."""
    row = session.get_one(ComplaintRow, case.id)
    member = session.get(Member, row.member_number) if row.member_number else None
    answer = complaint_lists.current_answer(session, row)
    names = names_of(session, {one for one in (case.owner_id, row.signatory_id) if one})
    return ComplaintView(
        reference=case.reference,
        state=case.state,
        label=ComplaintState(case.state).label,
        channel=row.channel,
        received_on=row.received_on,
        sent_on=row.sent_on,
        policy=case.policy,
        policy_reaches_back=house.book.version(case.policy).is_retroactive_on(row.received_on),
        pole=case.pole,
        owner=names.get(case.owner_id) if case.owner_id else None,
        complainant_kind=row.complainant_kind,
        complainant=row.complainant_name,
        member_number=row.member_number,
        vip=member.vip if member else False,
        company_contact=member.company_contact if member else None,
        email=row.email,
        address=row.address,
        language=row.language,
        skills=row.skills,
        subject=row.subject,
        text=row.text,
        category=row.category,
        category_confirmed=row.category_confirmed,
        finding=row.finding,
        theme=row.theme,
        cause=row.cause,
        facts=row.facts,
        answer=AnswerView(**answer) if answer else None,
        signed_by=names.get(row.signatory_id) if row.signatory_id else None,
        compensation_cents=answer["content"]["compensation_cents"] if answer else None,
        compensation_paid_at=row.compensation_paid_at,
        requalified_as=row.requalified_as,
        requalified_reason=row.requalified_reason,
        deadlines=deadline_views(session, case.id, language),
    )
