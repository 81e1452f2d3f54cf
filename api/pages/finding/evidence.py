"""The evidence of a finding: shown in the page beside the plan, and added by an auditor whom it reached otherwise."""

from asyncio import to_thread
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.commands import carry_out, key_or_new
from api.findings import file_in, kept_evidence, seen_finding
from api.house import House, TheHouse
from api.pages.finding.known import known_of
from api.pages.form import FormView, begun, mistaken, refused_by, status_of
from api.pages.show import go_to, page
from api.pages.typed import KEY, Typed
from api.pages.uploaded import NO_FILE_CHOSEN, sent_with_file, shown_in_the_page
from api.pages.visit import Admitted, Visit
from api.uploads import LARGEST_DOCUMENT
from db.commands.command import Ask
from db.commands.finding import keep_evidence
from domain.commands import CommandStatus
from domain.permissions import Action
from domain.refusals import Refusal

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
    address, typed = _address(reference), Typed()
    try:
        case_id: UUID = await house.transact(
            lambda session: seen_finding(session, house, reference, visit.actor).FindingRow.case_id
        )
        typed, upload = await sent_with_file(request, visit, NO_FILE_CHOSEN)
        file = file_in(upload, visit.actor)
        ask = Ask(
            "add_evidence", {"name": file.name, "sha256": file.sha256}, key_or_new(typed[KEY][:100]), case_id=case_id
        )
        done = await carry_out(
            house, case_id, ask, visit.actor, lambda session, id_: keep_evidence(session, case_id, id_, file)
        )
    except (Refusal, RequestValidationError) as error:
        form = mistaken(address, typed, error, visit.words)
        return await to_thread(_page, request, reference, visit, house, form, status_of(error))
    if done.refusal is not None:
        form = refused_by(address, typed, done.refusal, visit.words)
        return await to_thread(_page, request, reference, visit, house, form, done.refusal.status)
    return go_to(f"/findings/{reference}", "kept" if done.status == CommandStatus.RECEIVED else "evidence_added")


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
