"""Forms with a file in them: read in memory only, once it is known who sends them, and not too much of it."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from fastapi import HTTPException, Request
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from api.files import FileTooLarge

UPLOAD = "multipart/form-data"
LARGEST_DOCUMENT = 10_000_000
LARGEST_UPLOAD = LARGEST_DOCUMENT + 20_000
"""A document with the fields around it."""


class _InMemory(MultiPartParser):
    """Lays nothing on a disk: what must not be kept in clear may stand in it."""

    spool_max_size = LARGEST_UPLOAD + 1

    def close(self) -> None:
        """Let go of the file, whole or cut off."""
        for file in self._files_to_close_on_error:
            file.close()


@dataclass(frozen=True)
class Upload:
    """One file, the name that it bears, and the fields beside it."""

    name: str
    content: bytes
    fields: dict[str, str]


async def uploaded(request: Request) -> Upload:
    """The form with its one file. Raises FileTooLarge, or RequestValidationError where it is none."""
    parser = _InMemory(request.headers, _counted(request), max_files=1, max_fields=5)
    try:
        return await _read(await parser.parse())
    except ClientDisconnect:
        raise HTTPException(400, "The form broke off.") from None
    except MultiPartException as error:
        raise _misshapen("body", "value_error", error.message) from None
    finally:
        parser.close()


async def _read(form: FormData) -> Upload:
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise _misshapen("file", "missing", "Field required")
    content = await file.read()
    if len(content) > LARGEST_DOCUMENT:
        raise _too_large()
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    return Upload(file.filename or "", content, fields)


async def _counted(request: Request) -> AsyncGenerator[bytes, None]:
    """The body piece by piece, no more of it than may come in."""
    left = LARGEST_UPLOAD
    async for piece in request.stream():
        left -= len(piece)
        if left < 0:
            raise _too_large()
        yield piece


def _too_large() -> FileTooLarge:
    return FileTooLarge(
        "A document has 10,000,000 bytes at most.", "Send it smaller, or in several documents.", field="file"
    )


def _misshapen(field: str, kind: str, told: str) -> RequestValidationError:
    return RequestValidationError([{"loc": ("body", field), "type": kind, "msg": told, "input": None}])


def taking_an_upload(fields: dict[str, Any], example: dict[str, str]) -> dict[str, Any]:
    """What OpenAPI says of such a form."""
    file = {"type": "string", "format": "binary", "description": "10,000,000 bytes at most"}
    schema = {"type": "object", "properties": {"file": file, **fields}, "required": ["file", *fields]}
    return {"requestBody": {"required": True, "content": {UPLOAD: {"schema": schema, "example": example}}}}
