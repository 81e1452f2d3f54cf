"""A new benefit request: the form, the member that it names looked up, and what becomes of it said at once."""

import json
from asyncio import to_thread
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError
from sqlalchemy import select
from starlette.responses import Response

from api.claims import take_in
from api.house import House, TheHouse
from api.pages.choices import choices, options
from api.pages.form import FormView, begun, mistaken, status_of
from api.pages.show import go_to, page
from api.pages.typed import KEY, SentForm, Typed
from api.pages.visit import Admitted, Visit
from db.commands.draft import forget_draft
from db.models import GuaranteeLine, StaffMember
from db.queries.reference.members import KnownMember, known_member
from domain.claim.intake import ClaimIntake
from domain.claim.words import CareCategory, ClaimKind
from domain.permissions import Action
from domain.refusals import Refusal

router = APIRouter(include_in_schema=False)
Enterer = Annotated[Visit, Depends(Admitted(Action.ENTER_CLAIM))]
_NEW = "/claims/new"
_NUMBERS = ("member_number", "beneficiary_number", "contract_number", "provider_number")
_TEXTS = ("category", "kind", "act", "care_on", "received_on", "pole")


@router.get(_NEW)
def new_claim(request: Request, visit: Enterer, house: TheHouse) -> Response:
    """The form of a request that has arrived."""
    with house.sessions() as session:
        pole = session.get_one(StaffMember, visit.actor.id).pole or ""
        known = {"received_on": house.today().isoformat(), "kind": ClaimKind.REIMBURSEMENT, "pole": pole}
        form = begun(session, visit.actor.id, _NEW, known)
    return _page(request, visit, house, form)


@router.post("/claims/member")
def look_up(request: Request, visit: Enterer, typed: SentForm, house: TheHouse) -> Response:
    """The form again, with the beneficiaries and contracts of the member whose number was typed. Nothing is kept."""
    return _page(request, visit, house, FormView(_NEW, typed))


@router.post(_NEW)
async def enter(request: Request, visit: Enterer, typed: SentForm, house: TheHouse) -> Response:
    """Keep the request, and say what becomes of it; with what is wrong, the same page again."""
    try:
        intake = ClaimIntake.model_validate_json(json.dumps(intake_body(typed)))
        told = await take_in(house, intake, visit.actor, typed[KEY][:100] or None)
    except (Refusal, ValidationError) as error:
        form = mistaken(_NEW, typed, error, visit.words)
        return await to_thread(_page, request, visit, house, form, status_of(error))
    await house.transact(lambda session: forget_draft(session, visit.actor.id, _NEW))
    return go_to(f"/claims/{told.reference}", "claim_controlled" if told.controlled else "claim_cleared")


def intake_body(typed: Typed) -> dict[str, Any]:
    """The body of the API that the form stands for. Without a beneficiary it is the member's own care."""
    numbers = {name: typed[name].replace(" ", "").upper() or None for name in _NUMBERS}
    numbers["beneficiary_number"] = numbers["beneficiary_number"] or numbers["member_number"]
    said = numbers | {name: typed.text(name) for name in _TEXTS}
    said |= {"amount_cents": typed.cents("amount_cents") if typed["amount_cents"] else None, "iban": typed.text("iban")}
    return {name: value for name, value in said.items() if value is not None}


def _page(request: Request, visit: Visit, house: House, form: FormView, status: int = 200) -> Response:
    with house.reading() as session:
        number = form.typed["member_number"].replace(" ", "").upper()
        member = known_member(session, number) if number else None
        acts = session.scalars(_acts_of(member)).all() if member else []
    return page(
        request,
        visit,
        "claim/new.html",
        status,
        form=_for_the_member(form, member),
        member=member,
        unknown=bool(number) and member is None,
        acts=acts,
        categories=options(visit.words, CareCategory),
        kinds=options(visit.words, ClaimKind),
        choices=choices(visit.words, house.book),
    )


def _for_the_member(form: FormView, member: KnownMember | None) -> FormView:
    """Where nobody else was named it is the member's own care."""
    if member is None or form.typed["beneficiary_number"]:
        return form
    return replace(form, typed=Typed({**form.typed.fields, "beneficiary_number": [member.member.number]}))


def _acts_of(member: KnownMember) -> Any:
    """The acts that the member's guarantees know."""
    guarantees = [one.contract.guarantee for one in member.contracts]
    wanted = select(GuaranteeLine.act).where(GuaranteeLine.guarantee.in_(guarantees))
    return wanted.distinct().order_by(GuaranteeLine.act)
