"""The evidence of a finding: shown in the page beside the plan, and added by an auditor whom it reached otherwise."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.findings import case_of, file_in, kept_evidence, seen_finding
from api.house import House, TheHouse
from api.pages.finding.known import known_of
from api.pages.form import FormView, begun
from api.pages.giving import Sent, carried_out, or_shown_with_file
from api.pages.show import page
from api.pages.typed import Typed
from api.pages.uploaded import NO_FILE_CHOSEN, shown_in_the_page
from api.pages.visit import Admitted, Visit
from api.uploads import LARGEST_DOCUMENT, Upload
from db.commands.command import Ask
from db.commands.finding import keep_evidence
from domain.permissions import Action

router = APIRouter(include_in_schema=False)
Reader = Annotated[Visit, Depends(Admitted(Action.READ_FINDINGS))]
MayAdd = Annotated[Visit, Depends(Admitted(Action.ADD_EVIDENCE))]


@router.get("/findings/{reference}/evidence/{evidence_id}")
def evidence(reference: str, evidence_id: UUID, visit: Reader, house: TheHouse) -> Response:
    """A file as it came; what a browser can show is shown in the page, all else is kept."""
    return shown_in_the_page(kept_evidence(house, reference, evidence_id, visit.actor))


@router.get("/findings/{reference}/add-evidence")
def add_page(request: Request, reference: str, visit: MayAdd, house: TheHouse) -> Response:
    """The file that shows it."""
    return _page(request, reference, visit, house)


@router.post("/findings/{reference}/add-evidence")
async def add(request: Request, reference: str, visit: MayAdd, house: TheHouse) -> Response:
    """A file has come by another way; whoever adds it has a hand in the evidence."""
    case_id = await house.transact(lambda session: case_of(session, house, reference, visit.actor))
    shown = partial(_page, request, reference, visit, house)
    sent = Sent(visit, house, case_id, _address(reference), Typed(), shown, f"/findings/{reference}")

    async def adding(read: Sent, upload: Upload) -> Response:
        file = file_in(upload, visit.actor)
        ask = Ask("add_evidence", {"name": file.name, "sha256": file.sha256}, read.key, case_id=case_id)

        def beside(session: Session, evidence_id: UUID) -> None:
            keep_evidence(session, case_id, evidence_id, file)

        return await carried_out(read, ask, "evidence_added", beside)

    return await or_shown_with_file(sent, request, NO_FILE_CHOSEN, adding)


def _page(
    request: Request, reference: str, visit: Visit, house: House, sent: FormView | None = None, status: int = 200
) -> Response:
    with house.reading() as session:
        values = known_of(session, seen_finding(session, house, reference, visit.actor), visit, house)
        form = sent or begun(session, visit.actor.id, _address(reference))
    most = LARGEST_DOCUMENT // 1_000_000
    return page(request, visit, "finding/add_evidence.html", status, form=form, most_megabytes=most, **values)


def _address(reference: str) -> str:
    return f"/findings/{reference}/add-evidence"
