"""The page of the mail sink: what was sent, to whom, and the letters that went with it."""

from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import uvicorn
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates
from starlette.middleware.trustedhost import TrustedHostMiddleware

from local.home import PROJECT
from local.mailbox import Mail, Mailbox
from local.ports import HOST
from local.sink import Sink, refuse_unknown

_FOLDER = PROJECT / "templates" / "pages" / "sink"
_PAGES = Jinja2Templates(_FOLDER)
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-src 'self'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_BODY_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
router = APIRouter()


def create_page(mailbox: Mailbox) -> FastAPI:
    """The page over this mailbox, for this machine's browsers only."""
    page = FastAPI(title="Échéance, mail sink", openapi_url=None)
    page.state.mailbox = mailbox
    page.add_middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])
    page.include_router(router)
    return page


def serve(folder: Path, *, smtp_port: int, port: int) -> None:
    """Receive mails and show them until told to stop."""
    with Sink(folder, refuse_unknown).listening(smtp_port) as sink:
        page = create_page(sink.mailbox)
        uvicorn.run(page, host=HOST, port=port, log_level="warning", timeout_graceful_shutdown=2)


def _mailbox(request: Request) -> Mailbox:
    mailbox: Mailbox = request.app.state.mailbox
    return mailbox


def _mail(mail_id: str, request: Request) -> Mail:
    found = _mailbox(request).find(mail_id)
    if found is None:
        raise HTTPException(404, "Ce courriel n’existe pas.")
    return found


FoundMail = Annotated[Mail, Depends(_mail)]


@router.get("/", response_class=HTMLResponse)
def index(request: Request) -> Response:
    """The last mails, newest first."""
    mails = _mailbox(request).mails()
    return _PAGES.TemplateResponse(request, "index.html", {"mails": mails}, headers=_HEADERS)


@router.get("/style.css")
def style() -> Response:
    """The looks of these pages."""
    return Response((_FOLDER / "style.css").read_bytes(), media_type="text/css", headers=_HEADERS)


@router.get("/mails/{mail_id}", response_class=HTMLResponse)
def show(request: Request, mail: FoundMail) -> Response:
    """One mail: headers, text, attachments."""
    return _PAGES.TemplateResponse(request, "mail.html", {"mail": mail}, headers=_HEADERS)


@router.get("/mails/{mail_id}/body", response_class=HTMLResponse)
def body(mail: FoundMail) -> Response:
    """The HTML of a mail, where it can run, load and reach nothing."""
    return HTMLResponse(mail.html, headers=_HEADERS | {"Content-Security-Policy": _BODY_POLICY})


@router.get("/mails/{mail_id}/source")
def source(mail: FoundMail) -> Response:
    """The mail as it was received, byte for byte."""
    return _download(mail.content, f"{mail.id}.eml", "application/octet-stream")


@router.get("/mails/{mail_id}/attachments/{number}")
def attachment(number: int, mail: FoundMail) -> Response:
    """A file that came with a mail, counted from 1."""
    attachments = mail.attachments
    if not 1 <= number <= len(attachments):
        raise HTTPException(404, "Cette pièce jointe n’existe pas.")
    found = attachments[number - 1]
    is_pdf = found.content_type == "application/pdf"
    return _download(found.content, found.name, "application/pdf" if is_pdf else "application/octet-stream")


def _download(content: bytes, name: str, media_type: str) -> Response:
    """A file to save, never to be shown by the browser."""
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=media_type, headers=_HEADERS | {"Content-Disposition": disposition})
