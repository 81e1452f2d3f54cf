"""The analysis: each piece that came is graded on the four criteria, a whole domain in one form."""

from asyncio import to_thread
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.audit_views import PieceView
from api.audits import case_of
from api.commands import CommandView, carry_out_all
from api.house import House, TheHouse
from api.pages.audit.doors import Writer
from api.pages.audit.grid import filled_with, name_of, read_grid, typed_of
from api.pages.audit.known import Asked, known_of
from api.pages.form import FormView, Told, Wrongs, begun_all
from api.pages.giving import Sent
from api.pages.places import STATES
from api.pages.show import go_to, page
from api.pages.typed import SentForm
from api.pages.visit import Visit
from api.tokens import wall_now
from db.commands.command import Ask
from db.commands.draft import forget_draft, save_draft
from domain.audit.commands import NoteAnalysis
from domain.audit.words import AuditDomain
from domain.commands import CommandStatus

router = APIRouter(include_in_schema=False)


@router.get("/audits/{reference}/analysis")
def analysis_page(request: Request, reference: str, visit: Writer, house: TheHouse) -> Response:
    """Every piece with what it is checked for, what came, and its grades."""
    return _page(request, reference, visit, house)


@router.post("/audits/{reference}/analysis/{domain}")
async def note(
    request: Request, reference: str, domain: AuditDomain, visit: Writer, typed: SentForm, house: TheHouse
) -> Response:
    """Note what was graded anew in this domain. Pieces that are half graded come back, as they were typed; what was
    typed in other domains is kept as their drafts.
    """
    address = grid_address(reference, domain)
    case_id = await house.transact(lambda session: case_of(session, reference, visit.actor))
    shown, place = partial(_page, request, reference, visit, house), f"/audits/{reference}/analysis#{domain}"
    sent = Sent(visit, house, case_id, address, typed, shown, place, STATES["audit"])
    domains: list[Asked] = await house.transact(lambda session: known_of(session, reference, visit, house)["asked"])
    await house.transact(lambda session: _keep_others(session, sent, reference, domain, domains))
    asked = _of_domain(domains, domain)
    read = read_grid(typed, [piece for piece in asked if piece.delivered], visit.words)
    done = await _noted(sent, read.notes)
    refused = next((one.refusal for one in done if one.refusal is not None), None)
    if refused is None and not read.wrong:
        await house.transact(lambda session: forget_draft(session, visit.actor.id, address))
        waits = any(one.status == CommandStatus.RECEIVED for one in done)
        return go_to(sent.onwards, "kept" if waits else "note_analysis")
    told = _halves(visit, len(read.notes)) if refused is None else _told(visit, refused.detail, refused.remedy)
    form = FormView(address, typed, Wrongs(read.wrong), told)
    return await to_thread(shown, form, refused.status if refused else 422)


def _keep_others(session: Session, sent: Sent, reference: str, domain: AuditDomain, asked: Sequence[Asked]) -> None:
    """The page is one form: what is typed in another domain, and not noted yet, is not lost with this one's."""
    for one in asked:
        typed = typed_of(sent.typed, one.pieces)
        is_there = any(name in sent.typed for piece in one.pieces for name in [name_of(piece.id, "conformity")])
        if one.domain is not domain and is_there and typed != filled_with(one.pieces):
            fields = {name: [value] for name, value in typed.items()}
            save_draft(session, sent.visit.actor.id, grid_address(reference, one.domain), fields, wall_now())


async def _noted(sent: Sent, notes: Sequence[NoteAnalysis]) -> list[CommandView]:
    if not notes:
        return []
    key, case_id = sent.key, sent.case_id
    asks = [
        Ask("note_analysis", note.model_dump(mode="json"), f"{key} {note.piece}", case_id=case_id) for note in notes
    ]
    return await carry_out_all(sent.house, case_id, asks, sent.visit.actor)


def _halves(visit: Visit, noted: int) -> Told:
    words = visit.words
    saved = words.say_many("{count} piece is noted.", "{count} pieces are noted.", noted)
    lacking = words.say("Those that are marked lack a grade: give all four, or take out those you gave.")
    return Told(saved if noted else words.say("Nothing is noted yet."), lacking)


def _told(visit: Visit, rule: str, remedy: str | None) -> Told:
    return Told(visit.words.told(rule), visit.words.told(remedy or ""))


def _of_domain(asked: Sequence[Asked], domain: AuditDomain) -> Sequence[PieceView]:
    return next((one.pieces for one in asked if one.domain is domain), [])


def grid_address(reference: str, domain: str) -> str:
    """Where the grid of a domain is sent; its draft has the same name."""
    return f"/audits/{reference}/analysis/{domain}"


def grids_of(visit: Visit, house: House, reference: str, asked: Sequence[Asked]) -> dict[str, FormView]:
    """The form of each domain: as it is graded by now, or with what somebody had typed before and not noted yet."""
    filled = {grid_address(reference, one.domain): filled_with(one.pieces) for one in asked}
    with house.sessions() as session:
        forms = begun_all(session, visit.actor.id, filled)
    return {one.domain.value: _unless_noted(forms[grid_address(reference, one.domain)], one.pieces) for one in asked}


def _unless_noted(form: FormView, pieces: Sequence[PieceView]) -> FormView:
    """A draft that says what is noted by now is none: it may have been saved while its form was being sent."""
    return replace(form, restored_at=None) if typed_of(form.typed, pieces) == filled_with(pieces) else form


def _page(
    request: Request, reference: str, visit: Visit, house: House, sent: FormView | None = None, status: int = 200
) -> Response:
    with house.reading() as session:
        values = known_of(session, reference, visit, house)
    grids = grids_of(visit, house, reference, values["asked"])
    if sent is not None:
        grids[sent.address.rpartition("/")[2]] = sent
    return page(request, visit, "audit/analysis.html", status, grids=grids, **values)
