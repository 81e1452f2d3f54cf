"""The bank's answer to a file (pain.002), sent as the file that it is."""

from asyncio import to_thread
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.commands import carry_out, key_or_new
from api.house import TheHouse
from api.pages.form import mistaken, refused_by, status_of
from api.pages.payment.show import address_of, shown
from api.pages.show import go_to
from api.pages.typed import KEY, Typed
from api.pages.uploaded import sent_with_file
from api.pages.visit import Admitted, Visit
from api.payments import keep_bank_report
from db.commands.command import Ask
from domain.commands import CommandStatus
from domain.permissions import Action
from domain.refusals import Invalid, Refusal

router = APIRouter(include_in_schema=False)
NO_FILE = Invalid("No file was chosen.", "Choose the file that the bank has sent.", field="file")
Treasurer = Annotated[Visit, Depends(Admitted(Action.READ_STATUS_REPORT))]


@router.post("/payments/{reference}/status-report")
async def status_report(request: Request, reference: str, visit: Treasurer, house: TheHouse) -> Response:
    """Carry it out whole, and show what it says of each line; or say why nothing was."""
    address, typed = address_of(reference, "status-report"), Typed()
    try:
        typed, upload = await sent_with_file(request, visit, NO_FILE)
        case_id, report_id = await house.transact(
            lambda session: keep_bank_report(session, house, reference, upload.content, visit.actor)
        )
        ask = Ask("read_status_report", {"report_id": str(report_id)}, key_or_new(typed[KEY][:100]), case_id=case_id)
        done = await carry_out(house, case_id, ask, visit.actor)
    except (Refusal, RequestValidationError) as error:
        form = mistaken(address, typed, error, visit.words)
        return await to_thread(shown, request, reference, visit, house, form, status_of(error))
    if done.refusal is not None:
        form = refused_by(address, typed, done.refusal, visit.words)
        return await to_thread(shown, request, reference, visit, house, form, done.refusal.status)
    return go_to(f"/payments/{reference}", "kept" if done.status == CommandStatus.RECEIVED else "read_status_report")
