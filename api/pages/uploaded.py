"""A form with a file in it, sent by a page; and a file that a page shows."""

from fastapi import Request
from starlette.responses import Response

from api.pages.typed import Typed, check_mark, read_typed
from api.pages.visit import Visit
from api.uploads import UPLOAD, Upload, uploaded
from domain.refusals import Invalid
from domain.uploads import DOCUMENTS

NO_FILE_CHOSEN = Invalid("No file was chosen.", "Choose the file.", field="file")
_SHOWN_WITHIN = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
}
"""A document runs nothing, loads nothing, and stands in a page of this house only."""


async def sent_with_file(request: Request, visit: Visit, lacking: Invalid) -> tuple[Typed, Upload]:
    """A form of this session's own, and its file. Raises HTTPException 403 for another's, `lacking` without a file."""
    upload = None
    if request.headers.get("content-type", "").startswith(UPLOAD):
        upload = await uploaded(request)
        typed = Typed({name: [value] for name, value in upload.fields.items()})
    else:
        typed = await read_typed(request)
    check_mark(visit, typed)
    if upload is None or not upload.name:
        raise Invalid(lacking.rule, lacking.remedy, field=lacking.field)
    return typed, upload


def shown_in_the_page(answer: Response) -> Response:
    """A file, to be read in the page where a browser can show it; all else is kept as a file."""
    answer.headers.update(_SHOWN_WITHIN)
    if answer.media_type in DOCUMENTS:
        told = answer.headers["Content-Disposition"]
        answer.headers["Content-Disposition"] = told.replace("attachment", "inline", 1)
    return answer
