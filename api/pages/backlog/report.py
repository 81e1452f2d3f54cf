"""The closing report of an operation as a document, for whoever reads operations: provisional until it is closed."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from api import backlog_report
from api.house import TheHouse
from api.pages.backlog.doors import Reader

router = APIRouter()


@router.get("/operations/{reference}/report.pdf")
async def report(
    reference: str, visit: Reader, house: TheHouse, language: Annotated[Literal["fr", "en"], Query()] = "fr"
) -> Response:
    """The very document that the API gives, in French or in English."""
    return await backlog_report.report_pdf(reference, house, visit.actor, language)
