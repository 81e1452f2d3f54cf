"""The report of an audit: its files are made of what the audit says, kept sealed, and read."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Query, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from api.attachments import BINARY, as_attachment
from api.audit_pieces import GONE
from api.audits import case_of, seen_audit
from api.auth import Allowed
from api.delegates import AuditReader
from api.house import House, TheHouse
from db.commands.audit_report import MadeReport, check_may_make_report, keep_report
from db.models import AuditReportRow, AuditRow, Case
from db.queries import audit_lists
from db.queries.audit_edition import audit_edition
from db.queries.audit_report import audit_report, kept_content, report_file
from domain.audit.edition import Edition
from domain.audit.report import AuditReport
from domain.people import Actor
from domain.permissions import Action
from domain.refusals import StaleVersion
from domain.uploads import PDF, XLSX
from reports.audit import audit_files

router = APIRouter(tags=["audits"])
Kind = Literal["pdf", "xlsx"]
Draft = Annotated[bool, Query(description="the very file that was validated, not the final one")]
_REPORTS: dict[int | str, dict[str, Any]] = {200: {"content": dict.fromkeys((PDF, XLSX), BINARY)}, 410: GONE}


class MadeView(BaseModel):
    """A version of the report's files; `pdf_sha256` is what it is submitted and validated by."""

    version: int
    pdf_sha256: str
    xlsx_sha256: str
    made_at: datetime


@router.post("/audits/{reference}/report")
async def make(
    reference: str,
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.WRITE_AUDIT))],
    language: Annotated[Literal["fr", "en"], Query()] = "fr",
) -> MadeView:
    """Make the report of what the audit says now, a document and a workbook. Made again of the same, it is the same
    version; one that was sent back is made anew."""
    said = await house.transact(lambda session: _said(session, house, reference, actor))
    files = await house.press.make(lambda: audit_files(said, language))
    made = MadeReport(said, language, files.pdf, files.xlsx)
    return await house.transact(lambda session: _kept(session, house, reference, actor, made))


def _said(session: Session, house: House, reference: str, actor: Actor) -> AuditReport:
    _, case, _ = seen_audit(session, reference, actor)
    check_may_make_report(case)
    return audit_report(session, case, house.book)


def _kept(session: Session, house: House, reference: str, actor: Actor, made: MadeReport) -> MadeView:
    """Kept, unless somebody has written something meanwhile. Raises StaleVersion, WrongStep."""
    case_id = case_of(session, reference, actor)
    case = session.get_one(Case, case_id, with_for_update=True, populate_existing=True)
    if audit_report(session, case, house.book).content_hash != made.said.content_hash:
        raise StaleVersion(
            "Somebody has written something while the report was made.", "Have it made again.", field="report"
        )
    return _told(keep_report(session, case, made, actor.id, house.now()))


def _told(row: AuditReportRow) -> MadeView:
    return MadeView(version=row.version, pdf_sha256=row.pdf_sha256, xlsx_sha256=row.xlsx_sha256, made_at=row.made_at)


@router.get("/audits/{reference}/report.{kind}", response_class=Response, responses=_REPORTS)
async def report(
    reference: str,
    kind: Kind,
    house: TheHouse,
    actor: AuditReader,
    version: int | None = None,
    draft: Draft = False,
) -> Response:
    """The report: once validated, the final one, that names its two validators and the SHA-256 of what they read.
    Before, or as a draft, or of a version: the file as it lies sealed, byte for byte."""
    case_id, newest, final = await house.transact(lambda session: _asked_for(session, reference, actor, version))
    if final and version is None and not draft:
        content = await final_file(house, case_id, kind)
    else:
        content = await house.transact(lambda session: report_file(session, case_id, newest, kind))
    name = f"{reference}-{newest}.{kind}"
    return Response(content, media_type=PDF if kind == "pdf" else XLSX, headers=as_attachment(name))


def _asked_for(session: Session, reference: str, actor: Actor, version: int | None) -> tuple[UUID, int, bool]:
    """The audit, the version that is meant, and whether its report is validated. Raises HTTPException 404."""
    row, case, _ = seen_audit(session, reference, actor)
    versions = [one.version for one in audit_lists.parts(session, case.id).reports]
    wanted = version if version is not None else max(versions, default=0)
    if wanted not in versions:
        raise HTTPException(404, "The audit has no such report.")
    return case.id, wanted, row.validated_at is not None


async def final_file(house: House, audit_id: UUID, kind: Kind) -> bytes:
    """A file of the validated report, made of what was validated and of who did so; the same bytes each time, until
    the delegate answers or a ruling is given. For whoever was found to read this audit: the house reads the names."""
    said, language, edition = await house.itself(lambda session: _final(session, house, audit_id))
    files = await house.press.make(lambda: audit_files(said, language, edition))
    return files.pdf if kind == "pdf" else files.xlsx


def _final(session: Session, house: House, audit_id: UUID) -> tuple[AuditReport, str, Edition]:
    version = session.get_one(AuditRow, audit_id).report_version
    assert version is not None
    said, language = kept_content(session, audit_id, version)
    return said, language, audit_edition(session, session.get_one(Case, audit_id), house.book)
