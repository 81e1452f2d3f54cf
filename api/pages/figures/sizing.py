"""How many people it takes, for files and for calls, each step in words."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import ValidationError
from starlette.responses import Response

from api.pages.figures.asked import asked_by, plain
from api.pages.figures.doors import FiguresReader
from api.pages.form import FormView, mistaken, status_of
from api.pages.show import page
from api.pages.typed import Typed
from api.pages.visit import Visit
from api.sizing import CallsSizing, FilesSizing, sized_calls, sized_files
from domain.refusals import Refusal

router = APIRouter()
_ADDRESS = "/sizing"
_FILES = {"volume": "300", "minutes": "12", "hours": "7", "absence": "40"}
_CALLS = {"per_hour": "60", "seconds": "300", "target_seconds": "20", "service": "80"}
_SHARES = frozenset({"absence", "service"})


@router.get(_ADDRESS)
def sizing(
    request: Request, visit: FiguresReader, of: Annotated[Literal["files", "calls"] | None, Query()] = None
) -> Response:
    """Two forms; below the one that was sent, the answer. Nothing of it is kept."""
    typed = asked_by(request)
    files, calls = _form(_FILES, typed if of == "files" else None), _form(_CALLS, typed if of == "calls" else None)
    told: dict[str, Any] | None = None
    status = 200
    try:
        told = _answer(of, files if of == "files" else calls, visit) if of else None
    except (Refusal, ValidationError) as error:
        wrong, status = mistaken(_ADDRESS, typed, error, visit.words), status_of(error)
        files, calls = (wrong, calls) if of == "files" else (files, wrong)
    return page(request, visit, "figures/sizing.html", status, files=files, calls=calls, of=of, told=told)


def _answer(of: str, form: FormView, visit: Visit) -> dict[str, Any]:
    if of == "files":
        return sized_files(FilesSizing.model_validate(plain(form.typed, _FILES, _SHARES)), visit.words.language)
    return sized_calls(CallsSizing.model_validate(plain(form.typed, _CALLS, _SHARES)), visit.words.language)


def _form(usual: dict[str, str], typed: Typed | None) -> FormView:
    return FormView(_ADDRESS, typed or Typed({name: [value] for name, value in usual.items()}))
