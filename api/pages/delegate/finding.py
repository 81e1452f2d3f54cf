"""One of our findings: what is to be put right, why by that day, what was said; plan, evidence, another date."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.delegate.doors import own_case
from api.delegate.files import delivered_evidence
from api.delegate.findings import DelegateFinding, ask_to_add, evidence_in, finding_view, keep_file
from api.house import House, TheHouse
from api.pages.delegate.doors import MOST_MEGABYTES, Forms, Giver, Reader, forms_of, left_over, place_of_ours
from api.pages.fields import said_in
from api.pages.finding.dates import first_due_on, moves_of
from api.pages.form import FormView, begun
from api.pages.giving import Sent, carried_out, give, or_shown_with_file
from api.pages.show import go_to, page
from api.pages.typed import SentForm, Typed
from api.pages.uploaded import NO_FILE_CHOSEN
from api.pages.visit import Visit
from api.uploads import Upload
from db.queries.delegate import desk, findings
from domain.finding.commands import RequestPostponement, WithdrawRequest
from domain.finding.states import FindingState
from domain.finding.words import RequestStatus

router = APIRouter(include_in_schema=False)
EVIDENCE, POSTPONE, WITHDRAW = "evidence", "request-postponement", "withdraw-request"
"""The forms on the page besides those of tasks, by the last part of their addresses."""


@router.get("/delegate/findings/{reference}")
def finding(request: Request, reference: str, visit: Reader, house: TheHouse) -> Response:
    """What is to be put right, and what we can do now."""
    return shown(request, reference, visit, house, {})


@router.get("/delegate/findings/{reference}/evidence")
def where_evidence_is_added(reference: str, _visit: Reader) -> Response:
    """The page of the finding: a file is chosen there, again after a session has ended."""
    return go_to(f"{place_of_ours(reference)}#evidence")


@router.get("/delegate/findings/{reference}/evidence/{evidence_id}")
async def brought(reference: str, evidence_id: UUID, _visit: Reader, house: TheHouse) -> Response:
    """A piece of evidence as one of us has brought it."""
    return await delivered_evidence(house, reference, evidence_id)


@router.post("/delegate/findings/{reference}/evidence")
async def add_evidence(request: Request, reference: str, visit: Giver, house: TheHouse) -> Response:
    """A file joins the evidence of this round."""
    sent = await _sent(request, reference, visit, house, EVIDENCE, Typed())
    sent = replace(sent, onwards=f"{sent.onwards}#evidence", nothing=findings.was_there)

    async def adding(read: Sent, upload: Upload) -> Response:
        file = evidence_in(upload, visit.actor)

        def beside(session: Session, file_id: UUID) -> None:
            keep_file(session, sent.case_id, file_id, file)

        return await carried_out(read, ask_to_add(file, read.key, sent.case_id), "evidence_added", beside)

    return await or_shown_with_file(sent, request, NO_FILE_CHOSEN, adding)


@router.post("/delegate/findings/{reference}/request-postponement")
async def ask_for_postponement(
    request: Request, reference: str, visit: Giver, typed: SentForm, house: TheHouse
) -> Response:
    """Another date, and why."""
    sent = await _sent(request, reference, visit, house, POSTPONE, typed)
    said = said_in(RequestPostponement, typed)
    return await give(sent, "request_postponement", RequestPostponement, said, "postponement_asked")


@router.post("/delegate/findings/{reference}/withdraw-request")
async def withdraw_request(
    request: Request, reference: str, visit: Giver, typed: SentForm, house: TheHouse
) -> Response:
    """What I asked for is no longer needed."""
    sent = await _sent(request, reference, visit, house, WITHDRAW, typed)
    return await give(sent, "withdraw_request", WithdrawRequest, {}, "request_withdrawn")


async def _sent(request: Request, reference: str, visit: Visit, house: House, name: str, typed: Typed) -> Sent:
    """A form of the page of a finding, which is shown again with what is wrong in this very form."""

    def shown_again(form: FormView | None, status: int) -> Response:
        return shown(request, reference, visit, house, {name: form} if form else {}, status)

    case = await house.transact(lambda session: own_case(session, reference, "finding"))
    place = place_of_ours(reference)
    return Sent(visit, house, case.id, _address(reference, name), typed, shown_again, place, nothing=None)


def shown(request: Request, reference: str, visit: Visit, house: House, sent: Forms, status: int = 200) -> Response:
    """The page of a finding; with what was wrong in a form that was sent."""
    with house.reading() as session:
        finding = finding_view(session, house, reference, visit.actor, visit.words.language)
        forms = {**forms_of(session, finding.tasks, visit), **_others(session, finding, visit)}
        delegate = desk.delegate_s(session, visit.actor.delegate or "")
    return page(
        request,
        visit,
        "delegate/finding.html",
        status,
        finding=finding,
        delegate=delegate,
        forms={name: sent.get(name, form) for name, form in forms.items()},
        opened=set(sent),
        left_over=left_over(sent, forms),
        most_megabytes=MOST_MEGABYTES,
        place=place_of_ours,
        **_dates(finding),
    )


def _others(session: Session, finding: DelegateFinding, visit: Visit) -> Forms:
    """What can be done without a task: another date while none is asked for; a request withdrawn while one waits."""
    waits = any(one.status == RequestStatus.WAITING for one in finding.requests)
    names = [EVIDENCE] if any("deliver" in task.outcomes for task in finding.tasks) else []
    names += [WITHDRAW] if waits else [POSTPONE] if finding.state in FindingState.with_the_delegate() else []
    return {name: begun(session, visit.actor.id, _address(finding.reference, name)) for name in names}


def _dates(finding: DelegateFinding) -> dict[str, Any]:
    first_on = first_due_on(finding.deadlines, finding.due_on)
    return {
        "first_due_on": first_on,
        "moves": moves_of(first_on, finding.requests, finding.due_on),
        "risk_days": (finding.latest_on - finding.agreed_on).days,
        "asked": next((one for one in finding.requests if one.status == RequestStatus.WAITING), None),
    }


def _address(reference: str, name: str) -> str:
    return f"{place_of_ours(reference)}/{name}"
