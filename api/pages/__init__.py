"""Pages: what people see in a browser, beside the JSON API and by the same rules, rights and commands.

`visit` who is looking · `typed` what somebody typed into a form · `form` a form's life: draft, mistakes, refusal ·
`show` a page as it is sent · `words` French and English · `static` looks, script and font · `problems` what goes wrong.
`task` is every procedure's, by its `desk`; `places` where a case is shown. The other modules are pages, under the names
of what they show.
"""

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from api.gate import is_page
from api.pages import (
    account,
    administration,
    audit,
    audit_board,
    backlog,
    board,
    case_list,
    claim,
    claim_board,
    claim_preview,
    complaint,
    complaint_commands,
    complaint_list,
    delay_message,
    delegate,
    dispatch,
    drafts,
    figures,
    finding,
    inbox,
    payment,
    preview,
    reassignment,
    sign_in,
    task,
    volunteer,
)
from api.pages.static import FOLDERS, Kept
from api.pages.visit import NotSignedInError

__all__ = ["install"]


class Packed:
    """Packs pages and their files for the way; a form's mark is another one each time, so packing tells nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._packed = GZipMiddleware(app, minimum_size=800)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, packed or not."""
        path = scope.get("path", "")
        packed = scope["type"] == "http" and (is_page(path) or path.startswith(("/static/", "/vendor/")))
        await (self._packed if packed else self._plain)(scope, receive, send)


def install(app: FastAPI) -> None:
    """Serve the pages and the files they need."""
    for name, folder in FOLDERS.items():
        app.mount(f"/{name}", Kept(directory=folder), name=name)
    for module in (
        *(sign_in, inbox, board, claim_board, audit_board, case_list, reassignment, complaint_list, complaint),
        *(complaint_commands, preview, claim, claim_preview, payment, audit, finding),
        *(delegate, task, drafts, dispatch),
        *(account, administration, figures, volunteer, backlog, delay_message),
    ):
        app.include_router(module.router)
    app.add_exception_handler(NotSignedInError, sign_in.ask_to_sign_in)
    app.add_middleware(Packed)
