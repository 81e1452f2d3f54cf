"""A finding that came from elsewhere than an audit: whose, on which contract, what, how grave, by when."""

import json
from asyncio import to_thread
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.commands import key_or_new
from api.findings import open_and_deliver
from api.house import House, TheHouse
from api.pages.choices import Options, options
from api.pages.form import FormView, begun, mistaken, status_of
from api.pages.show import go_to, page
from api.pages.typed import KEY, SentForm, Typed
from api.pages.visit import Admitted, Visit
from db.commands.draft import forget_draft
from db.models import Case, DelegateRow
from domain.finding.commands import OpenFinding
from domain.finding.words import FindingOrigin, RiskLevel
from domain.permissions import Action
from domain.refusals import Refusal

router = APIRouter(include_in_schema=False)
Opener = Annotated[Visit, Depends(Admitted(Action.OPEN_FINDING))]
_NEW = "/findings/new"
_TEXTS = ("subject", "words", "risk", "agreed_on", "due_on", "piece")
_BETWEEN = "/"
"""Between the delegate's code and the contract, where a list offers both as one."""


@router.get(_NEW)
def new_finding(request: Request, visit: Opener, house: TheHouse) -> Response:
    """The form of what somebody has found."""
    with house.sessions() as session:
        form = begun(session, visit.actor.id, _NEW, {"agreed_on": house.today().isoformat()})
    return _page(request, visit, house, form)


@router.post(_NEW)
async def open_one(request: Request, visit: Opener, typed: SentForm, house: TheHouse) -> Response:
    """Open it, and have its delegate asked for a plan; with what is wrong, the same page again."""
    try:
        asked = OpenFinding.model_validate_json(json.dumps(body_of(typed)))
        case_id = await open_and_deliver(house, asked, key_or_new(typed[KEY][:100]), visit.actor)
    except (Refusal, ValidationError) as error:
        form = mistaken(_NEW, typed, error, visit.words)
        return await to_thread(_page, request, visit, house, form, status_of(error))
    await house.transact(lambda session: forget_draft(session, visit.actor.id, _NEW))
    reference = await house.transact(lambda session: session.get_one(Case, case_id).reference)
    return go_to(f"/findings/{reference}", "finding_opened")


def body_of(typed: Typed) -> dict[str, Any]:
    """The body of the API that the form stands for: a contract names its delegate, a piece says that it is missing."""
    delegate, _, contract = typed["contract"].partition(_BETWEEN)
    origin = FindingOrigin.MISSING_PIECE if typed.text("piece") else FindingOrigin.RECOMMENDATION
    said = {name: typed.text(name) for name in _TEXTS} | {"delegate": delegate, "contract": contract, "origin": origin}
    return {name: value for name, value in said.items() if value}


def _page(request: Request, visit: Visit, house: House, form: FormView, status: int = 200) -> Response:
    with house.reading() as session:
        contracts = _contracts(session)
    days = house.book.in_force_on(house.today()).finding.remediation
    risks = [
        (value, f"{label} ({visit.words.say_many('one day', '{count} days', days[RiskLevel(value)].days)})")
        for value, label in options(visit.words, RiskLevel)[::-1]
    ]
    return page(request, visit, "finding/new.html", status, form=form, contracts=contracts, risks=risks)


def _contracts(session: Session) -> Options:
    """Every contract that is delegated, with whose it is."""
    rows = session.execute(select(DelegateRow.code, DelegateRow.name, DelegateRow.contracts).order_by(DelegateRow.name))
    return [
        (f"{row.code}{_BETWEEN}{contract}", f"{row.name} – {contract}") for row in rows for contract in row.contracts
    ]
