"""Claims: enter one, read one, list them; those under control and those that are cleared."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Body, Depends, HTTPException, Query, Response
from fastapi.responses import JSONResponse
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.auth import Allowed
from api.cases import FileReader, Reader
from api.claim_views import ClaimPage, ClaimView, EnteredView, claim_lines, claim_view, entered_view
from api.commands import Key, key_or_new
from api.house import House, TheHouse
from db.commands.claim_intake import command_of, known_claim, register_claim
from db.commands.command import Ask
from db.models import ClaimRow
from db.queries import claim_lists
from db.queries.claim_lists import WantedClaims
from domain.claim.intake import ClaimIntake
from domain.claim.states import ClaimState
from domain.claim.words import CareCategory, ControlReason
from domain.people import Actor
from domain.permissions import Action, may_read
from faultpoints import fault_point
from tracing.parts import chosen_id, part, say_command

router = APIRouter(tags=["claims"])
Language = Annotated[Literal["fr", "en"], Query(description="of the sentences")]

EXAMPLE = {
    "member_number": "M0000042",
    "beneficiary_number": "M0000042",
    "contract_number": "C0000042",
    "category": "dental",
    "kind": "reimbursement",
    "act": "COURONNE",
    "care_on": "2026-11-02",
    "provider_number": "990000002",
    "amount_cents": 150000,
    "iban": "FR76 9999 9000 0100 0000 0004 258",
    "received_on": "2026-11-20",
    "pole": "benefits",
}


@router.post("/claims", status_code=201, response_model=EnteredView)
async def enter(
    intake: Annotated[ClaimIntake, Body(examples=[EXAMPLE])],
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.ENTER_CLAIM))],
    key: Key = None,
    language: Language = "fr",
) -> Response:
    """Enter a benefit request. It is checked at once: cleared, it is payable; else it goes to its first controller.

    The same key, or the same request under the same number, is the same claim. Answered 201 even while the engine is
    down: what is controlled goes on once it is back.
    """
    told = await take_in(house, intake, actor, key, language)
    return JSONResponse(told.model_dump(mode="json"), 201, headers={"Location": told.link})


async def take_in(
    house: House, intake: ClaimIntake, actor: Actor, key: str | None, language: str = "fr"
) -> EnteredView:
    """Keep a claim, and deliver it where it is controlled; the same request again is the same claim. Raises Refusal."""
    ask = Ask("register", intake.model_dump(mode="json"), key_or_new(key), id=chosen_id())
    with part("keep", {"echeance.command.kind": ask.kind}) as told:
        claim_id, carried = await house.transact(lambda session: _keep(session, house, intake, ask, actor))
        if carried is not None:
            say_command(told, *carried)
    fault_point("claim_kept")
    if carried is not None:
        await house.delivery.deliver(*carried, house.patience)
    fault_point("claim_decided")
    return await house.transact(lambda session: entered_view(session.get_one(ClaimRow, claim_id), language))


def _keep(
    session: Session, house: House, intake: ClaimIntake, ask: Ask, actor: Actor
) -> tuple[UUID, tuple[UUID, UUID] | None]:
    """Register it; the claim's id, and of a controlled one its case and the command that carries it on."""
    row = known_claim(session, intake, ask, actor)
    if row is None:
        try:
            with session.begin_nested():
                row = register_claim(session, intake, ask, actor, house.now(), house.book)
        except IntegrityError:
            row = known_claim(session, intake, ask, actor)
            if row is None:
                raise
    return row.id, (row.case_id, command_of(session, row)) if row.case_id is not None else None


@router.get("/claims")
def claims(
    house: TheHouse,
    actor: Reader,
    state: ClaimState | None = None,
    category: CareCategory | None = None,
    reason: Annotated[ControlReason | None, Query(description="controlled for this reason, among others")] = None,
    pole: Annotated[str | None, Query(max_length=60)] = None,
    entered_by: Annotated[str | None, Query(max_length=60, description="`me`, or a login")] = None,
    controlled: Annotated[bool | None, Query(description="only those under control, or only those cleared")] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ClaimPage:
    """The claims that I may see, the newest first."""
    login = actor.login if entered_by == "me" else entered_by
    wanted = WantedClaims(state, category, reason, pole, login, controlled, cursor, limit)
    with house.sessions() as session:
        rows = claim_lists.listed(session, actor, wanted)
        lines = claim_lines(session, list(rows[:limit]))
    return ClaimPage(claims=lines, next=claim_lists.next_page(rows, limit))


@router.get("/claims/{reference}")
def claim(reference: str, house: TheHouse, actor: FileReader, language: Language = "fr") -> ClaimView:
    """Everything on the file of one claim; one that is cleared has no more than its checks."""
    with house.reading() as session:
        return claim_view(session, seen_claim(session, reference, actor), house, language)


def seen_claim(session: Session, reference: str, actor: Actor) -> ClaimRow:
    """The claim with this reference, if the actor may see it; 404 otherwise, so that existence does not leak."""
    row = claim_lists.visible_claim(session, reference, actor)
    if row is None or not may_read(actor, "claim", row.case_id):
        raise HTTPException(404, f"You can see no claim {reference[:40]!r}.")
    return row
