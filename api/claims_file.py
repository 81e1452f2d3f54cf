"""A day's file of claims over the API: taken in, with a report line by line that stays."""

from asyncio import to_thread
from io import BytesIO
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from api.auth import Allowed
from api.files import FileName, received, taking_a_file
from api.house import House, TheHouse
from api.imports import ImportReport, report
from db.commands.claim_file import Giving, take_in_file
from db.commands.reference.imports import File
from domain.people import Actor
from domain.permissions import Action

router = APIRouter(tags=["claims"])
EXAMPLE = (
    "number;member_number;beneficiary_number;category;act;care_on;provider_number;amount_cents;iban;received_on;pole\n"
    "J-000001;M0000501;B0000501;optical;LUNETTES-SIMPLES;2026-03-04;990000501;14500;"
    "FR7699999000010000000000212;2026-03-09;benefits\n"
)


@router.post("/imports/claims", status_code=201, openapi_extra=taking_a_file(EXAMPLE))
async def take(
    request: Request,
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.IMPORT_CLAIMS))],
    name: FileName = None,
) -> ImportReport:
    """Take in a day's claims: CSV with a header, or JSON with one object a line. The good lines are checked, and
    payable or controlled; the bad ones are told. The same file again changes nothing; cut off, it goes on.

    Whoever sends it has entered the lines that name nobody in entered_by.
    """
    return await to_thread(_taken_in, house, actor, name or "claims", await received(request))


def _taken_in(house: House, actor: Actor, name: str, file: BytesIO) -> ImportReport:
    row, _ = take_in_file(house.sessions, File(name, file, actor.id), Giving(house.now(), house.book, actor))
    with house.sessions() as session:
        session.add(row)
        session.refresh(row)
        return report(session, (row, actor.login))
