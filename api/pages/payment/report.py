"""The bank's answer to a file (pain.002), sent as the file that it is."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.house import TheHouse
from api.pages.giving import Sent, carried_out, or_shown_with_file
from api.pages.payment.show import address_of, shown
from api.pages.typed import Typed
from api.pages.visit import Admitted, Visit
from api.payment_commands import case_of
from api.payments import keep_bank_report
from api.uploads import Upload
from db.commands.command import Ask
from domain.permissions import Action
from domain.refusals import Invalid

router = APIRouter(include_in_schema=False)
NO_FILE = Invalid("No file was chosen.", "Choose the file that the bank has sent.", field="file")
Treasurer = Annotated[Visit, Depends(Admitted(Action.READ_STATUS_REPORT))]


@router.post("/payments/{reference}/status-report")
async def status_report(request: Request, reference: str, visit: Treasurer, house: TheHouse) -> Response:
    """Carry it out whole, and show what it says of each line; or say why nothing was."""
    case_id = await house.transact(lambda session: case_of(session, reference))
    shown_again = partial(shown, request, reference, visit, house)
    address, place = address_of(reference, "status-report"), f"/payments/{reference}"
    sent = Sent(visit, house, case_id, address, Typed(), shown_again, place)

    async def reading(read: Sent, upload: Upload) -> Response:
        _, report_id = await house.transact(
            lambda session: keep_bank_report(session, house, reference, upload.content, visit.actor)
        )
        ask = Ask("read_status_report", {"report_id": str(report_id)}, read.key, case_id=case_id)
        return await carried_out(read, ask, ask.kind)

    return await or_shown_with_file(sent, request, NO_FILE, reading)
