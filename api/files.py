"""Files that come in as the body of a request: piece by piece, in memory only, and not too much of it."""

from io import BytesIO
from typing import Annotated, Any

from fastapi import Header, HTTPException, Request
from starlette.requests import ClientDisconnect

from domain.refusals import Refusal

LARGEST_FILE = 64_000_000
CSV, JSON_LINES = "text/csv", "application/x-ndjson"
MEDIA_TYPES = (CSV, JSON_LINES)

FileName = Annotated[
    str | None,
    Header(alias="X-File-Name", max_length=100, pattern=r"^[\w .()+-]+$", description="what the report calls it"),
]


class FileTooLarge(Refusal):
    """More than may come in at once."""

    status = 413


async def received(request: Request) -> BytesIO:
    """The whole file. It is laid on no disk: what must not be kept in clear may stand in it. Raises FileTooLarge."""
    file = BytesIO()
    try:
        async for piece in request.stream():
            file.write(piece)
            if file.tell() > LARGEST_FILE:
                raise FileTooLarge("A file has 64,000,000 bytes at most.", "Send it in several parts.", field="file")
    except ClientDisconnect:
        raise HTTPException(400, "The file broke off.") from None
    file.seek(0)
    return file


def taking_a_file(example: str) -> dict[str, Any]:
    """What OpenAPI says of a body that is a file."""
    schema = {"type": "string", "format": "binary"}
    content = {CSV: {"schema": schema, "example": example}, JSON_LINES: {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}
