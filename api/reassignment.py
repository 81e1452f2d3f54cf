"""Somebody is away for long, or leaves: their complaints go to others, proposed by rule, given by a manager."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from time import monotonic
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy.orm import Session

from api.auth import Allowed
from api.commands import Key, keep, key_or_new
from api.errors import Problem, as_problem
from api.house import House, TheHouse
from db.commands.command import Ask
from db.models import CommandRow, StaffMember
from db.queries.board.reassignment import owned_by
from db.queries.board.scope import Scope
from db.queries.calendar import calendar
from db.queries.cases import visible
from db.queries.people import person_by_login, staff_on
from domain.board import Today
from domain.commands import CommandStatus
from domain.complaint.commands import Reassign
from domain.complaint.reassignment import Fit, Plan, Proposal, propose
from domain.forms import Line
from domain.house import House as RuleHouse
from domain.people import Actor
from domain.permissions import Action
from domain.refusals import Refusal, Unseen

router = APIRouter(tags=["people"])
Reassigner = Annotated[Actor, Depends(Allowed(Action.REASSIGN_MANY))]
Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,40}$")]
MOST = 200
AT_ONCE = 5
"""So many commands are delivered at the same time; each case is another workflow."""


class ProposalView(BaseModel):
    """A complaint, its owner, who is proposed, and why."""

    reference: str
    state: str
    pole: str
    deadline: str | None = Field(description="the earliest that is open")
    due_at: datetime | None
    owner: str
    to: str | None = Field(description="login; null where no handler at all is at work")
    why: list[Fit]
    missing_skills: list[str]


class LoadChange(BaseModel):
    """Somebody's open cases before, and after all proposals."""

    login: str
    before: int
    after: int


class PlanView(BaseModel):
    """What would happen; nothing has been written. `reason` is the one that the rule would accept today."""

    login: str
    reason: Literal["absence", "conflict_of_interest"] = Field(
        description="`absence` while they are away or have left; otherwise only a conflict of interest is one"
    )
    proposals: list[ProposalView]
    loads: list[LoadChange]


class Move(BaseModel):
    """One complaint, and its new owner's login."""

    model_config = ConfigDict(extra="forbid")

    reference: Line = Field(examples=["REC-2026-000001"])
    to: Line = Field(examples=["yann.kerloch"])


class Moves(BaseModel):
    """Which complaints go to whom, and why: one command each."""

    model_config = ConfigDict(extra="forbid")

    reason: Literal["absence", "conflict_of_interest"] = Field(examples=["absence"])
    cases: list[Move] = Field(
        min_length=1, max_length=MOST, examples=[[{"reference": "REC-2026-000001", "to": "yann.kerloch"}]]
    )


class Moved(BaseModel):
    """What became of one of them. One that waits is carried out later: its link tells."""

    reference: str
    to: str
    outcome: Literal["applied", "refused", "waiting"]
    link: str | None
    refusal: Problem | None = None


class MovedView(BaseModel):
    """What became of each, in the order in which they were asked."""

    cases: list[Moved]


@router.get("/people/{login}/reassignment")
def preview(
    login: str,
    house: TheHouse,
    actor: Reassigner,
    reference: Annotated[
        list[Reference] | None, Query(max_length=MOST, description="these only; all by default")
    ] = None,
) -> PlanView:
    """Who would get this person's open, unanswered complaints, by the rule of intake. Nothing is written."""
    with house.reading() as session:
        person = _person(session, login)
        scope = Scope(actor.id, Today(house.now(), house.zone), frozenset({"complaint"}))
        cases = owned_by(session, scope, person.id, reference or ())
        plan = propose(cases, person.id, _rules(session, house))
        return _plan_view(person, plan)


def _person(session: Session, login: str) -> StaffMember:
    """Whoever has this login, even if they have left: their complaints are still there."""
    person = person_by_login(session, login)
    if person is None:
        raise HTTPException(404, "Nobody has this login.")
    return person


def _rules(session: Session, house: House) -> RuleHouse:
    today = house.today()
    version = house.book.in_force_on(today)
    staff = partial(staff_on, session, today, with_load=True)
    return RuleHouse(house.book, version, staff, partial(calendar, session), house.now(), today)


def _plan_view(person: StaffMember, plan: Plan) -> PlanView:
    at_work = any(one.id == person.id and not one.absent for one in plan.before)
    after = {one.id: one.load for one in plan.after}
    touched = {person.id} | {proposal.to.id for proposal in plan.proposals if proposal.to}
    return PlanView(
        login=person.login,
        reason="conflict_of_interest" if at_work else "absence",
        proposals=[_proposal_view(person, proposal) for proposal in plan.proposals],
        loads=[
            LoadChange(login=one.login, before=one.load, after=after[one.id])
            for one in plan.before
            if one.id in touched
        ],
    )


def _proposal_view(person: StaffMember, proposal: Proposal) -> ProposalView:
    return ProposalView(
        reference=proposal.case.reference,
        state=proposal.case.state,
        pole=proposal.case.pole,
        deadline=proposal.case.deadline,
        due_at=proposal.case.due_at,
        owner=person.login,
        to=proposal.to.login if proposal.to else None,
        why=list(proposal.why),
        missing_skills=list(proposal.missing_skills),
    )


@router.post("/people/{login}/reassignment")
async def reassign_many(login: str, asked: Moves, house: TheHouse, actor: Reassigner, key: Key = None) -> MovedView:
    """Give each of these complaints its new owner, one command each: a refused one stops no other.

    What is not decided while a person waits for one answer is told as waiting, and carried out later.
    """
    owner = (await house.transact(lambda session: _person(session, login))).id
    giving = _Giving(house, actor, owner, asked.reason, key_or_new(key))
    kept = [await giving.kept(move) for move in asked.cases]
    await _deliver(house, [one for one in kept if not isinstance(one, Refusal)])
    return await house.transact(
        lambda session: MovedView(
            cases=[_moved(session, move, one) for move, one in zip(asked.cases, kept, strict=True)]
        )
    )


Kept = tuple[UUID, UUID]
"""A case and the command on it."""


@dataclass(frozen=True)
class _Giving:
    """Whose complaints are given away, by whom and why; `key` is the request's, each command's is made from it."""

    house: House
    actor: Actor
    owner: UUID
    reason: Literal["absence", "conflict_of_interest"]
    key: str

    async def kept(self, move: Move) -> Kept | Refusal:
        """Keep one command, or say why it cannot be kept."""
        try:
            case_id, ask = await self.house.transact(partial(self._ask, move=move))
            return await keep(self.house, case_id, ask, self.actor)
        except Refusal as refused:
            return refused

    def _ask(self, session: Session, move: Move) -> tuple[UUID, Ask]:
        """The same command as `POST /cases/{reference}/reassign` gives, from this owner only. Raises Unseen."""
        case = visible(session, move.reference, self.actor)
        if case is None:
            raise Unseen(f"You can see no case {move.reference[:40]!r}.", "Take the references of the preview.")
        body = Reassign(to=move.to, reason=self.reason, from_owner=self.owner).model_dump(mode="json")
        return case.id, Ask("reassign", body, f"{self.key}:{move.reference}", case_id=case.id)


async def _deliver(house: House, kept: Sequence[Kept]) -> None:
    """Deliver them, some at a time, for as long as a person waits for one command; the relay goes on with the rest."""
    ends, few = monotonic() + house.patience, asyncio.Semaphore(AT_ONCE)

    async def one(case_id: UUID, command_id: UUID) -> None:
        async with few:
            await house.delivery.deliver(case_id, command_id, max(ends - monotonic(), 0.0))

    await asyncio.gather(*(one(*each) for each in kept))


_OUTCOMES: dict[CommandStatus, Literal["applied", "refused", "waiting"]] = {
    CommandStatus.APPLIED: "applied",
    CommandStatus.REFUSED: "refused",
    CommandStatus.RECEIVED: "waiting",
}


def _moved(session: Session, move: Move, kept: Kept | Refusal) -> Moved:
    if isinstance(kept, Refusal):
        refusal = as_problem(kept.recorded())
        return Moved(reference=move.reference, to=move.to, outcome="refused", link=None, refusal=refusal)
    row = session.get_one(CommandRow, kept[1])
    return Moved(
        reference=move.reference,
        to=move.to,
        outcome=_OUTCOMES[CommandStatus(row.status)],
        link=f"/api/v1/commands/{row.id}",
        refusal=as_problem(row.refusal) if row.refusal is not None else None,
    )
