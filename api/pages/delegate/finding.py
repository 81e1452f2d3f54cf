"""One of our findings: what is to be put right, why by that day, what was said; plan, evidence, another date."""

from asyncio import to_thread
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.commands import CommandView, carry_out, key_or_new
from api.delegate.doors import own_case
from api.delegate.files import delivered_evidence
from api.delegate.findings import DelegateFinding, ask_to_add, evidence_in, finding_view, keep_file
from api.house import House, TheHouse
from api.pages.delegate.doors import MOST_MEGABYTES, Forms, Giver, Reader, forms_of, left_over, place_of_ours
from api.pages.fields import said_in
from api.pages.finding.dates import first_due_on, moves_of
from api.pages.form import FormView, begun, mistaken, refused_by, status_of
from api.pages.said import said_of
from api.pages.show import go_to, page
from api.pages.typed import KEY, SentForm, Typed
from api.pages.uploaded import NO_FILE_CHOSEN, sent_with_file
from api.pages.visit import Visit
from db.commands.command import Ask
from db.commands.draft import forget_draft
from db.queries.delegate import desk, findings
from domain.finding.commands import RequestPostponement
from domain.finding.states import FindingState
from domain.finding.words import RequestStatus
from domain.refusals import Refusal

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
    typed = Typed()
    try:
        case = await house.transact(lambda session: own_case(session, reference, "finding"))
        typed, upload = await sent_with_file(request, visit, NO_FILE_CHOSEN)
        file = evidence_in(upload, visit.actor)
        ask = ask_to_add(file, key_or_new(typed[KEY][:100]), case.id)
        done = await carry_out(
            house, case.id, ask, visit.actor, lambda session, id_: keep_file(session, case.id, id_, file)
        )
    except (Refusal, RequestValidationError) as error:
        return await _again(request, reference, visit, house, EVIDENCE, typed, error)
    return await _then(request, reference, visit, house, EVIDENCE, typed, done, "evidence_added")


@router.post("/delegate/findings/{reference}/request-postponement")
async def ask_for_postponement(
    request: Request, reference: str, visit: Giver, typed: SentForm, house: TheHouse
) -> Response:
    """Another date, and why."""
    try:
        case = await house.transact(lambda session: own_case(session, reference, "finding"))
        asked = RequestPostponement.model_validate(said_in(RequestPostponement, typed))
        key = key_or_new(typed[KEY][:100])
        ask = Ask("request_postponement", asked.model_dump(mode="json"), key, case_id=case.id)
        done = await carry_out(house, case.id, ask, visit.actor)
    except (Refusal, ValidationError) as error:
        return await _again(request, reference, visit, house, POSTPONE, typed, error)
    return await _then(request, reference, visit, house, POSTPONE, typed, done, "postponement_asked")


@router.post("/delegate/findings/{reference}/withdraw-request")
async def withdraw_request(
    request: Request, reference: str, visit: Giver, typed: SentForm, house: TheHouse
) -> Response:
    """What I asked for is no longer needed."""
    case = await house.transact(lambda session: own_case(session, reference, "finding"))
    ask = Ask("withdraw_request", {}, key_or_new(typed[KEY][:100]), case_id=case.id)
    try:
        done = await carry_out(house, case.id, ask, visit.actor)
    except Refusal as error:
        return await _again(request, reference, visit, house, WITHDRAW, typed, error)
    return await _then(request, reference, visit, house, WITHDRAW, typed, done, "request_withdrawn")


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


async def _again(
    request: Request, reference: str, visit: Visit, house: House, name: str, typed: Typed, error: Exception
) -> Response:
    """The page again, with what is wrong in this form."""
    form = mistaken(_address(reference, name), typed, error, visit.words)
    return await to_thread(shown, request, reference, visit, house, {name: form}, status_of(error))


async def _then(
    request: Request,
    reference: str,
    visit: Visit,
    house: House,
    name: str,
    typed: Typed,
    done: CommandView,
    said: str,
) -> Response:
    """On to the page with what was done; or again, with why it was refused."""
    address = _address(reference, name)
    if done.refusal is not None:
        form: FormView = refused_by(address, typed, done.refusal, visit.words)
        return await to_thread(shown, request, reference, visit, house, {name: form}, done.refusal.status)
    await house.transact(lambda session: forget_draft(session, visit.actor.id, address))
    part, nothing = ("#evidence", findings.was_there) if name == EVIDENCE else ("", None)
    return go_to(place_of_ours(reference) + part, await said_of(house, done, said, nothing))
