"""A form with a file in it, sent by a page."""

from fastapi import Request

from api.pages.typed import Typed, check_mark, read_typed
from api.pages.visit import Visit
from api.uploads import UPLOAD, Upload, uploaded
from domain.refusals import Invalid


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
