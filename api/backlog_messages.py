"""Messages to the members who wait longest: looked at before they are proposed, proposed, and what became of each.

Approving one is a task. Source: procedures, section 4 step 4
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.auth import Allowed
from api.backlog import on_operation, seen_operation
from api.commands import LATER, CommandView, Key
from api.house import House, TheHouse
from api.previews import PreviewView, shown
from db.models import ActivityRow, DelayMessageRow, OperationRow
from db.queries.delay import Concerned, concerned, long_waits, messages_of, outcomes
from db.queries.delay_specimen import specimen
from db.queries.people import names_of
from domain.backlog.commands import ProposeMessage
from domain.backlog.message import CheckedMessage, check_is_counted, checked
from domain.backlog.words import MessageStatus
from domain.delay import NotTold
from domain.letters import LANGUAGES, DelayFacts
from domain.people import Actor
from domain.permissions import Action

router = APIRouter(tags=["backlog operations"])
MESSAGE = {
    "promised_on": "2031-12-31",
    "words": {
        "fr": "Un quart de nos équipes est absent et les demandes ont doublé. Nous travaillons aussi le samedi.",
        "en": "A quarter of our staff are away and requests have doubled. We work on Saturdays as well.",
    },
    "more_than_days": 30,
    "after_the_end": True,
}
Asked = Annotated[ProposeMessage, Body(examples=[MESSAGE])]
Proposer = Annotated[Actor, Depends(Allowed(Action.PROPOSE_MESSAGE))]


class NotToldView(BaseModel):
    """So many members are not told, and why."""

    reason: str = Field(examples=["recent_letter"])
    label: str
    cases: int


class ReachView(BaseModel):
    """Whom a message would reach today, and the letter as it will look: everything of it that is the same for all."""

    sha256: str = Field(description="of the words, the promised day and who is told: what its approver names")
    more_than_days: int
    promised_on: date
    told: int
    by_language: dict[str, int]
    oldest_on: date | None = Field(description="the reception of the oldest case that is told")
    oldest_days: int | None
    not_told: list[NotToldView]
    letters: list[PreviewView] = Field(description="in French, then in English")


class MessageView(BaseModel):
    """A message, and what became of it. `waiting` cases have their turn still to come."""

    id: UUID
    status: str = Field(examples=["approved"])
    label: str
    sha256: str
    more_than_days: int
    promised_on: date
    fr: str
    en: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    refusal: str | None
    told: int
    waiting: int
    not_told: list[NotToldView]
    reach: ReachView | None = Field(description="while it is before its approver: whom it would reach today")


@router.post("/backlog/{reference}/messages", response_model=CommandView, responses=LATER)
async def propose_message(reference: str, asked: Asked, house: TheHouse, actor: Proposer, key: Key = None) -> Any:
    """Put a message before the operations director, or whoever stands in: whoever proposes it does not approve it."""
    return await on_operation(house, reference, "propose_message", asked, actor, key)


@router.post("/backlog/{reference}/messages/preview")
def preview_message(reference: str, asked: Asked, house: TheHouse, _actor: Proposer) -> ReachView:
    """How many members it would reach, the oldest of them, who is left out and why, the letter. Nothing is kept."""
    with house.reading() as session:
        return reach_of(session, house, reference, asked)


@router.get("/backlog/{reference}/messages")
def messages(
    reference: str, house: TheHouse, _actor: Annotated[Actor, Depends(Allowed(Action.READ_OPERATIONS))]
) -> list[MessageView]:
    """The messages of an operation, the newest first: who was told, whose turn is to come, who was left out and why."""
    with house.reading() as session:
        return message_views(session, house, reference)


def reach_of(session: Session, house: House, reference: str, asked: ProposeMessage) -> ReachView:
    """Whom a message as asked for would reach. Raises WrongStep, Invalid."""
    row = seen_operation(session, reference)
    today, rules = house.today(), house.book.version(row.Case.policy).backlog.message
    return _reach(session, house, row.OperationRow, checked(asked, row.OperationRow.ends_on, rules, today), today)


def _reach(session: Session, house: House, row: OperationRow, message: CheckedMessage, today: date) -> ReachView:
    procedure = check_is_counted(session.get_one(ActivityRow, row.activity).procedure)
    zone = house.zone.key
    waits = long_waits(session, procedure, row.case_id, today, message.more_than_days, zone)
    found = concerned(waits, message.promised_on, today, message.quiet_days)
    return ReachView(
        sha256=message.hash_in(row.case_id),
        more_than_days=message.more_than_days,
        promised_on=message.promised_on,
        told=sum(found.told.values()),
        by_language=dict(found.told),
        oldest_on=found.oldest_on,
        oldest_days=(today - found.oldest_on).days if found.oldest_on else None,
        not_told=_not_told(found.not_told),
        letters=_letters(house, procedure, message, found, today),
    )


def _letters(house: House, procedure: str, message: CheckedMessage, found: Concerned, today: date) -> list[PreviewView]:
    received_on = found.oldest_on or today
    said = {"fr": message.fr, "en": message.en}
    delays = {one: DelayFacts(words=said[one], promised_on=message.promised_on) for one in LANGUAGES}
    return [shown(specimen(procedure, one, delays[one], received_on, today, house.book)) for one in LANGUAGES]


def _not_told(counts: Mapping[NotTold, int]) -> list[NotToldView]:
    """In the order in which the reasons are looked at."""
    return [NotToldView(reason=one, label=one.label, cases=counts[one]) for one in NotTold if one in counts]


def message_views(session: Session, house: House, reference: str) -> list[MessageView]:
    """The messages of an operation, the newest first."""
    row = seen_operation(session, reference).OperationRow
    kept = messages_of(session, row.case_id)
    names = names_of(session, {one for row in kept for one in (row.proposed_by, row.decided_by) if one})
    counts = outcomes(session, row.case_id)
    return [_message(session, house, row, one, names, counts.get(one.id, {})) for one in kept]


def _message(
    session: Session,
    house: House,
    row: OperationRow,
    one: DelayMessageRow,
    names: Mapping[UUID, str],
    counts: Mapping[tuple[str, str | None], int],
) -> MessageView:
    status = MessageStatus(one.status)
    return MessageView(
        id=one.id,
        status=status,
        label=status.label,
        sha256=one.sha256,
        more_than_days=one.more_than_days,
        promised_on=one.promised_on,
        fr=one.fr,
        en=one.en,
        proposed_by=names[one.proposed_by],
        proposed_at=one.proposed_at,
        decided_by=names[one.decided_by] if one.decided_by else None,
        decided_at=one.decided_at,
        refusal=one.refusal,
        told=counts.get(("told", None), 0),
        waiting=counts.get(("waiting", None), 0),
        not_told=_not_told({NotTold(why): cases for (_, why), cases in counts.items() if why}),
        reach=_reach(session, house, row, _as_checked(one), house.today()) if status is MessageStatus.WAITING else None,
    )


def _as_checked(one: DelayMessageRow) -> CheckedMessage:
    """The message as it was checked when it was proposed."""
    return CheckedMessage(one.more_than_days, one.promised_on, one.fr, one.en, one.quiet_days)
