"""One of our audits: what is asked for, what has come, the report once it is validated, and our answers to it."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.audit_pieces import ask_to_deliver, delivered_file
from api.audit_reports import Draft
from api.delegate.audits import DelegateAudit, asked_for, audit_view, keep_file, validated_report
from api.delegate.doors import own_case
from api.delegate.files import delivered_piece
from api.house import House, TheHouse
from api.pages.choices import options
from api.pages.delegate.doors import MOST_MEGABYTES, Forms, Giver, Reader, forms_of, left_over, place_of_ours
from api.pages.form import FormView
from api.pages.giving import Sent, carried_out, give, or_shown_with_file
from api.pages.show import go_to, page
from api.pages.typed import SentForm, Typed
from api.pages.uploaded import NO_FILE_CHOSEN
from api.pages.visit import Visit
from api.uploads import Upload
from db.queries.delegate import audits, desk
from domain.audit.commands import WithdrawPiece
from domain.audit.states import AuditState
from domain.audit.words import Reply

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
    sent = replace(await _sent(request, reference, visit, house, piece, Typed()), nothing=audits.was_there)

    async def delivering(read: Sent, upload: Upload) -> Response:
        await house.transact(lambda session: asked_for(session, reference, piece))
        file = delivered_file(upload, piece, visit.actor)

        def beside(session: Session, file_id: UUID) -> None:
            keep_file(session, sent.case_id, file_id, file)

        return await carried_out(read, ask_to_deliver(file, read.key, sent.case_id), "piece_delivered", beside)

    return await or_shown_with_file(sent, request, NO_FILE_CHOSEN, delivering)


@router.post("/delegate/audits/{reference}/withdraw-piece")
async def withdraw(request: Request, reference: str, visit: Giver, typed: SentForm, house: TheHouse) -> Response:
    """A file that was delivered by mistake counts for nothing any more."""
    sent = await _sent(request, reference, visit, house, typed["piece"][:60], typed)
    return await give(sent, "withdraw_piece", WithdrawPiece, _withdrawn(typed), "piece_withdrawn")


async def _sent(request: Request, reference: str, visit: Visit, house: House, piece: str, typed: Typed) -> Sent:
    """A form of the page of an audit, which is shown again with what is wrong at this piece."""

    def shown_again(form: FormView | None, status: int) -> Response:
        return shown(request, reference, visit, house, {piece: form} if form else {}, status)

    case = await house.transact(lambda session: own_case(session, reference, "audit"))
    place = f"{place_of_ours(reference)}#{piece}"
    return Sent(visit, house, case.id, _address(reference, piece), typed, shown_again, place, nothing=None)


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
