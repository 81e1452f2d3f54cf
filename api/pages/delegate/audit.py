"""One of our audits: what is asked for, what has come, the report once it is validated, and our answers to it."""

from asyncio import to_thread
from collections.abc import Mapping
from itertools import groupby
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.responses import Response

from api.audit_pieces import ask_to_deliver, delivered_file
from api.audit_reports import Draft
from api.commands import CommandView, carry_out, key_or_new
from api.delegate.audits import DelegateAudit, asked_for, audit_view, keep_file, validated_report
from api.delegate.doors import own_case
from api.delegate.files import delivered_piece
from api.house import House, TheHouse
from api.pages.choices import options
from api.pages.delegate.doors import MOST_MEGABYTES, Forms, Giver, Reader, forms_of, left_over, place_of_ours
from api.pages.form import FormView, mistaken, refused_by, status_of
from api.pages.said import said_of
from api.pages.show import go_to, page
from api.pages.typed import KEY, SentForm, Typed
from api.pages.uploaded import NO_FILE_CHOSEN, sent_with_file
from api.pages.visit import Visit
from db.commands.command import Ask
from db.queries.delegate import audits, desk
from domain.audit.commands import WithdrawPiece
from domain.audit.states import AuditState
from domain.audit.words import Reply
from domain.refusals import Refusal

router = APIRouter(include_in_schema=False)


@router.get("/delegate/audits/{reference}")
def audit(request: Request, reference: str, visit: Reader, house: TheHouse) -> Response:
    """What is asked for and by when, and what we can do now."""
    return shown(request, reference, visit, house, {})


@router.get("/delegate/audits/{reference}/report.pdf")
async def report_pdf(reference: str, _visit: Reader, house: TheHouse, draft: Draft = False) -> Response:
    """The final report, or the draft that was validated."""
    return await validated_report(house, reference, "pdf", draft=draft)


@router.get("/delegate/audits/{reference}/report.xlsx")
async def report_sheet(reference: str, _visit: Reader, house: TheHouse, draft: Draft = False) -> Response:
    """The same as a workbook."""
    return await validated_report(house, reference, "xlsx", draft=draft)


@router.get("/delegate/audits/{reference}/files/{file_id}")
async def delivered(reference: str, file_id: UUID, _visit: Reader, house: TheHouse) -> Response:
    """A file as one of us has delivered it."""
    return await delivered_piece(house, reference, file_id)


@router.get("/delegate/audits/{reference}/pieces/{piece}")
def where_a_piece_is_delivered(reference: str, piece: str, _visit: Reader) -> Response:
    """The page of the audit: a file is chosen there, again after a session has ended."""
    return go_to(f"{place_of_ours(reference)}#{piece}")


@router.post("/delegate/audits/{reference}/pieces/{piece}")
async def deliver(request: Request, reference: str, piece: str, visit: Giver, house: TheHouse) -> Response:
    """A file of a piece: its next version."""
    typed = Typed()
    try:
        case = await house.transact(lambda session: asked_for(session, reference, piece))
        typed, upload = await sent_with_file(request, visit, NO_FILE_CHOSEN)
        file = delivered_file(upload, piece, visit.actor)
        ask = ask_to_deliver(file, key_or_new(typed[KEY][:100]), case.id)
        done = await carry_out(
            house, case.id, ask, visit.actor, lambda session, id_: keep_file(session, case.id, id_, file)
        )
    except (Refusal, RequestValidationError) as error:
        return await _again(request, reference, visit, house, piece, typed, error)
    return await _then(request, reference, visit, house, piece, typed, done, "piece_delivered")


@router.post("/delegate/audits/{reference}/withdraw-piece")
async def withdraw(request: Request, reference: str, visit: Giver, typed: SentForm, house: TheHouse) -> Response:
    """A file that was delivered by mistake counts for nothing any more."""
    piece = typed["piece"][:60]
    try:
        case = await house.transact(lambda session: own_case(session, reference, "audit"))
        asked = WithdrawPiece.model_validate(_withdrawn(typed))
        ask = Ask("withdraw_piece", asked.model_dump(mode="json"), key_or_new(typed[KEY][:100]), case_id=case.id)
        done = await carry_out(house, case.id, ask, visit.actor)
    except (Refusal, ValidationError) as error:
        return await _again(request, reference, visit, house, piece, typed, error)
    return await _then(request, reference, visit, house, piece, typed, done, "piece_withdrawn")


def _withdrawn(typed: Typed) -> Mapping[str, Any]:
    version = typed["version"]
    said = {"piece": typed.text("piece"), "reason": typed.text("reason")}
    return {name: value for name, value in said.items() if value} | {
        "version": int(version) if version.isdecimal() and len(version) < 7 else version
    }


def shown(request: Request, reference: str, visit: Visit, house: House, sent: Forms, status: int = 200) -> Response:
    """The page of an audit; with what was wrong in a form that was sent."""
    with house.reading() as session:
        audit = audit_view(session, house, reference, visit.actor, visit.words.language)
        forms = dict(forms_of(session, audit.tasks, visit))
        delegate = desk.delegate_s(session, visit.actor.delegate or "")
    pieces = {one.piece: FormView(_address(audit.reference, one.piece), Typed()) for one in audit.pieces}
    return page(
        request,
        visit,
        "delegate/audit.html",
        status,
        audit=audit,
        delegate=delegate,
        domains=[(domain, list(some)) for domain, some in groupby(audit.pieces, lambda one: one.domain)],
        delivering=audit.state == AuditState.LAUNCHED,
        forms={name: sent.get(name, form) for name, form in (forms | pieces).items()},
        opened=set(sent),
        left_over=left_over(sent, forms | pieces),
        standing=standing(audit),
        replies=options(visit.words, Reply),
        most_megabytes=MOST_MEGABYTES,
        place=place_of_ours,
    )


def standing(audit: DelegateAudit) -> list[Any]:
    """The recommendations of the validated report, by their numbers."""
    return sorted(audit.report.recommendations, key=lambda one: one.number) if audit.report else []


def _address(reference: str, piece: str) -> str:
    return f"{place_of_ours(reference)}/pieces/{piece}"


async def _again(
    request: Request, reference: str, visit: Visit, house: House, piece: str, typed: Typed, error: Exception
) -> Response:
    """The page again, with what is wrong at this piece."""
    form = mistaken(_address(reference, piece), typed, error, visit.words)
    return await to_thread(shown, request, reference, visit, house, {piece: form}, status_of(error))


async def _then(
    request: Request,
    reference: str,
    visit: Visit,
    house: House,
    piece: str,
    typed: Typed,
    done: CommandView,
    said: str,
) -> Response:
    """On to the piece with what was done; or again, with why it was refused."""
    if done.refusal is not None:
        form = refused_by(_address(reference, piece), typed, done.refusal, visit.words)
        return await to_thread(shown, request, reference, visit, house, {piece: form}, done.refusal.status)
    nothing = audits.was_there if said == "piece_delivered" else None
    return go_to(f"{place_of_ours(reference)}#{piece}", await said_of(house, done, said, nothing))
