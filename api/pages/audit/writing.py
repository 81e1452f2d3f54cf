"""What the report says: strengths and recommendations are written, changed and taken out; its files are made."""

from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api import audit_reports
from api.audit_views import AuditView
from api.audits import case_of
from api.house import House, TheHouse
from api.pages.audit.doors import Writer
from api.pages.audit.known import known_of
from api.pages.choices import options
from api.pages.fields import said_in
from api.pages.form import FormView, begun_all
from api.pages.giving import Sent, Shown, give, or_shown
from api.pages.places import STATES
from api.pages.show import go_to, page
from api.pages.typed import SentForm, Typed
from api.pages.visit import Visit
from db.commands.draft import forget_draft
from domain.audit.commands import AddRecommendation, AddStrength, ChangeRecommendation, DropRecommendation, DropStrength
from domain.audit.words import AuditDomain

router = APIRouter(include_in_schema=False)


@router.get("/audits/{reference}/writing")
def writing_page(request: Request, reference: str, visit: Writer, house: TheHouse) -> Response:
    """Strengths and recommendations as they stand, and the forms for others."""
    return _showing(request, reference, visit, house)(None, 200)


@router.post("/audits/{reference}/strengths")
async def add_strength(request: Request, reference: str, visit: Writer, typed: SentForm, house: TheHouse) -> Response:
    """Something that the delegate does well."""
    sent = await _sent(request, reference, visit, house, "strengths", typed)
    return await give(sent, "add_strength", AddStrength, said_in(AddStrength, typed), "add_strength")


@router.post("/audits/{reference}/strengths/{number}/drop")
async def drop_strength(
    request: Request, reference: str, number: int, visit: Writer, typed: SentForm, house: TheHouse
) -> Response:
    """It stands in the report no longer."""
    sent = await _sent(request, reference, visit, house, f"strengths/{number}/drop", typed)
    return await give(sent, "drop_strength", DropStrength, {"number": number}, "drop_strength")


@router.post("/audits/{reference}/recommendations")
async def add_recommendation(
    request: Request, reference: str, visit: Writer, typed: SentForm, house: TheHouse
) -> Response:
    """What the delegate should change, how grave it is, by when."""
    sent = await _sent(request, reference, visit, house, "recommendations", typed)
    said = said_in(AddRecommendation, typed)
    return await give(sent, "add_recommendation", AddRecommendation, said, "add_recommendation")


@router.post("/audits/{reference}/recommendations/{number}")
async def change_recommendation(
    request: Request, reference: str, number: int, visit: Writer, typed: SentForm, house: TheHouse
) -> Response:
    """Written anew, under its number."""
    sent = await _sent(request, reference, visit, house, f"recommendations/{number}", typed)
    said = said_in(AddRecommendation, typed) | {"number": number}
    return await give(sent, "change_recommendation", ChangeRecommendation, said, "change_recommendation")


@router.post("/audits/{reference}/recommendations/{number}/drop")
async def drop_recommendation(
    request: Request, reference: str, number: int, visit: Writer, typed: SentForm, house: TheHouse
) -> Response:
    """It stands in the report no longer, with the reason."""
    sent = await _sent(request, reference, visit, house, f"recommendations/{number}/drop", typed)
    said = said_in(DropRecommendation, typed) | {"number": number}
    return await give(sent, "drop_recommendation", DropRecommendation, said, "drop_recommendation")


@router.post("/audits/{reference}/report")
async def make_report(request: Request, reference: str, visit: Writer, typed: SentForm, house: TheHouse) -> Response:
    """Make the report's files of what the audit says now."""
    sent = await _sent(request, reference, visit, house, "report", typed)

    async def done() -> Response:
        await audit_reports.make(reference, house, visit.actor, "en" if typed["language"] == "en" else "fr")
        await house.transact(lambda session: forget_draft(session, visit.actor.id, sent.address))
        return go_to(sent.onwards, "make_report")

    return await or_shown(sent, done)


async def _sent(request: Request, reference: str, visit: Visit, house: House, part: str, typed: Typed) -> Sent:
    """A form of this page. It goes on to the page itself, or to the task that shows it."""
    task = typed["task"]
    then = f"/tasks/{task}" if task.replace("-", "").isalnum() else f"/audits/{reference}/writing"
    shown = _showing(request, reference, visit, house)
    case_id = await house.transact(lambda session: case_of(session, reference, visit.actor))
    return Sent(visit, house, case_id, f"/audits/{reference}/{part}", typed, shown, then, STATES["audit"])


def forms_of(session: Session, visit: Visit, audit: AuditView) -> dict[str, FormView]:
    """The forms of the page by their address's last part: each as it stands, or as somebody had typed it before."""
    parts: dict[str, dict[str, str]] = {"strengths": {}, "recommendations": {}, "report": {}}
    for one in audit.recommendations:
        said = {name: getattr(one, name) for name in ("risk", "words", "expected_on", "piece", "contract", "comment")}
        parts[f"recommendations/{one.number}"] = {name: str(value) for name, value in said.items() if value}
        parts[f"recommendations/{one.number}/drop"] = {}
    parts |= {f"strengths/{one.number}/drop": {} for one in audit.strengths}
    place = f"/audits/{audit.reference}/"
    forms = begun_all(session, visit.actor.id, {place + part: filled for part, filled in parts.items()})
    return {address.removeprefix(place): form for address, form in forms.items()}


def choices_of(visit: Visit, audit: AuditView) -> dict[str, Any]:
    """What the forms let people choose from."""
    pieces = [(piece.id, f"{piece.number}. {piece.label[visit.words.language]}") for piece in audit.pieces]
    contracts = [(one, one) for one in audit.contracts] if len(audit.contracts) > 1 else []
    return {"domains": options(visit.words, AuditDomain), "pieces": pieces, "contracts": contracts}


def _showing(request: Request, reference: str, visit: Visit, house: House) -> Shown:
    def shown(sent: FormView | None, status: int) -> Response:
        with house.reading() as session:
            values = known_of(session, reference, visit, house)
            written = forms_of(session, visit, values["audit"])
        if sent is not None:
            written[sent.address.removeprefix(f"/audits/{reference}/")] = sent
        offered = choices_of(visit, values["audit"])
        opened = sent.address if sent is not None else ""
        return page(
            request, visit, "audit/writing.html", status, written=written, opened=opened, task=None, **offered, **values
        )

    return shown
