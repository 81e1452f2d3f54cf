"""Claims before a register without an engine: entered, controlled and confirmed by the demo's people, one by one."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.commands.claim_intake import command_of, register_claim
from db.commands.command import Ask
from db.models import ClaimDecision, ClaimRow, Contract
from domain.civil import local_date
from domain.claim.commands import AskDocuments, Confirm, Decide, SendBack
from domain.claim.intake import ClaimIntake
from domain.claim.words import CareCategory, DocumentKind
from domain.commands import CommandRef, CommandStatus, Outcome
from tests.factories.bodies import a_claim
from tests.factories.insured import insure, provide
from tests.factories.register import Desk
from tests.factories.rules import a_book_that_draws

HANDLER, REFERENT, MANAGER, COLLEAGUE = "claire.morvan", "gwenola.prigent", "anne.le.goff", "yann.kerloch"
FOR_TWO = 600_000


def a_claim_row_at(desk: Desk, login: str = HANDLER, **changes: Any) -> ClaimRow:
    """A benefit request is entered; each is for an act of its own, so that none is another's duplicate."""
    day = local_date(desk.at, "Europe/Paris")
    number = next(desk.keys)
    intake = ClaimIntake.model_validate(a_claim(day, **{"act": f"ACTE-{number}"} | changes))
    ask = Ask("register", intake.model_dump(mode="json"), f"key {number}")
    actor = desk.actor(login)
    with desk.sessions.begin() as session:
        ensure_insured(session)
        return register_claim(session, intake, ask, actor, desk.at, a_book_that_draws(0))


def ensure_insured(session: Session) -> None:
    """Member number 42 is insured, and somebody gives care."""
    if session.get(Contract, "C0000042") is None:
        provide(session)
        insure(session, 42)


def registered(desk: Desk, **changes: Any) -> CommandRef:
    """A controlled claim that has arrived: kept, its control not yet offered."""
    row = a_claim_row_at(desk, **changes)
    assert row.case_id is not None
    with desk.sessions() as session:
        return CommandRef(command_of(session, row), row.case_id, "register")


def enter_claim(desk: Desk, **changes: Any) -> UUID:
    """A controlled claim that is with its first controller; its case."""
    command = registered(desk, **changes)
    assert desk.settle(command).status is CommandStatus.APPLIED
    return command.case_id


def a_decision(desk: Desk, **said: Any) -> Decide:
    """To be paid as it was asked, unless said otherwise: every item of the checklist for hearing aids is right."""
    items = desk.book.versions[-1].claim.checklists[CareCategory.HEARING].items
    answers = [{"item": item.id, "answer": "ok"} for item in items]
    return Decide.model_validate({"decision": "pay", "checklist": answers} | said)


def decide(desk: Desk, case_id: UUID, login: str = REFERENT, **said: Any) -> Outcome[Any]:
    """The first controller decides."""
    return desk.do(case_id, login, a_decision(desk, **said), "control")


def confirm(desk: Desk, case_id: UUID, login: str = MANAGER) -> Outcome[Any]:
    """The second controller stands for the current decision."""
    return desk.do(case_id, login, Confirm(decision_hash=current_hash(desk, case_id)), "confirm")


def send_back(desk: Desk, case_id: UUID, login: str = MANAGER) -> Outcome[Any]:
    """The second controller wants another decision."""
    body = SendBack(decision_hash=current_hash(desk, case_id), reason="Le plafond n’est pas le bon.")
    return desk.do(case_id, login, body, "confirm")


def ask_documents(desk: Desk, case_id: UUID, *kinds: DocumentKind) -> Outcome[Any]:
    """The member is asked for these; for a prescription, if for nothing else."""
    asked = kinds or (DocumentKind.PRESCRIPTION,)
    return desk.do(case_id, REFERENT, AskDocuments(documents=asked), "control")


def current_hash(desk: Desk, case_id: UUID) -> str:
    """The hash of the current decision."""
    wanted = select(ClaimDecision.hash).where(ClaimDecision.case_id == case_id).order_by(ClaimDecision.version.desc())
    with desk.sessions() as session:
        return session.scalars(wanted.limit(1)).one()


def the_claim(desk: Desk, case_id: UUID) -> ClaimRow:
    """The claim as its row stands."""
    with desk.sessions() as session:
        return session.scalars(select(ClaimRow).where(ClaimRow.case_id == case_id)).one()


def a_claim_at(desk: Desk, state: str, **changes: Any) -> UUID:
    """A claim that real commands have brought to this state; one for two controllers is confirmed as well."""
    if state == "registered":
        return registered(desk, **changes).case_id
    case_id = enter_claim(desk, **{"amount_cents": FOR_TWO} | changes)
    for step in _WAYS[state]:
        outcome = step(desk, case_id)
        assert outcome.status is CommandStatus.APPLIED, outcome.code
    assert desk.state(case_id) == state
    return case_id


_WAYS: Mapping[str, tuple[Any, ...]] = {
    "in_control": (),
    "awaiting_documents": (ask_documents,),
    "confirming": (decide,),
    "payable": (decide, confirm),
    "refused": (lambda desk, case: decide(desk, case, decision="refuse", reason="Acte non garanti."), confirm),
}
