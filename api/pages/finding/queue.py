"""Findings in a list: the late ones first, then the earliest due; and the same list as a workbook."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.finding_views import finding_line
from api.house import House, TheHouse
from api.pages.choices import Options, options
from api.pages.form import FormView
from api.pages.show import page
from api.pages.typed import Typed
from api.pages.visit import Admitted, Visit
from db.models import DelegateRow
from db.queries import finding_export, finding_lists
from db.queries.finding_lists import WantedFindings
from domain.finding.states import FindingState
from domain.finding.words import FindingOrigin, RiskLevel
from domain.permissions import Action
from domain.uploads import XLSX
from reports.findings import FindingLine, findings_workbook

router = APIRouter(include_in_schema=False)
Reader = Annotated[Visit, Depends(Admitted(Action.READ_FINDINGS))]
_FILTERS = ("delegate", "risk", "state", "audit", "overdue")
_ENDED = "ended"
_PAGE = 50


def wanted_findings(
    delegate: Annotated[str | None, Query(max_length=20)] = None,
    risk: Annotated[str | None, Query(max_length=20)] = None,
    state: Annotated[str | None, Query(max_length=20)] = None,
    audit: Annotated[str | None, Query(max_length=40)] = None,
    overdue: Annotated[str | None, Query(max_length=5)] = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> WantedFindings:
    """The filters of the address; what is no word of ours filters nothing, and without a step none that has ended."""
    step = state if state in list(FindingState) else None
    return WantedFindings(
        delegate=delegate or None,
        risk=risk if risk in list(RiskLevel) else None,
        state=step,
        audit=(audit or "").strip().upper() or None,
        overdue=True if overdue else None,
        ended=None if step or overdue else state == _ENDED,
        cursor=cursor,
        limit=_PAGE,
    )


Wanted = Annotated[WantedFindings, Depends(wanted_findings)]


@router.get("/findings")
def queue(request: Request, visit: Reader, house: TheHouse, wanted: Wanted) -> Response:
    """What is late, and what is due."""
    now = house.now()
    with house.reading() as session:
        late: finding_lists.Rows = []
        if wanted.overdue is None and wanted.ended is not True and wanted.cursor is None:
            late = finding_lists.listed(session, finding_lists.only_overdue(wanted), now)
        rows = finding_lists.listed(session, finding_lists.without_overdue(wanted), now)
        delegates = delegate_names(session)
    filters = _filters(request)
    following = finding_lists.next_page(rows, _PAGE)
    return page(
        request,
        visit,
        "finding/queue.html",
        form=FormView("/findings", Typed({name: [value] for name, value in filters.items()})),
        filters=filters,
        late=[finding_line(row) for row in late[:_PAGE]],
        more_late=len(late) > _PAGE,
        lines=[finding_line(row) for row in rows[:_PAGE]],
        more=f"/findings?{urlencode({**filters, 'cursor': following})}" if following else None,
        delegates=delegates,
        risks=options(visit.words, RiskLevel)[::-1],
        states=[*options(visit.words, FindingState), (_ENDED, visit.words.say("ended"))],
    )


@router.get("/findings.xlsx")
async def workbook(visit: Reader, house: TheHouse, wanted: Wanted) -> Response:
    """The list as a workbook, with the same filters, whole."""
    today, insurer = house.today(), house.book.insurer.letterhead.name
    rows = await house.transact(lambda session: _lines(session, house, wanted))
    content = await house.press.make(lambda: findings_workbook(rows, visit.words.language, today, insurer))
    name = f"{visit.words.say('findings')}-{today.isoformat()}.xlsx"
    return Response(content, media_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def delegate_names(session: Session) -> Options:
    """The delegates, each with its name."""
    rows = session.execute(select(DelegateRow.code, DelegateRow.name).order_by(DelegateRow.name))
    return [(row.code, row.name) for row in rows]


def _filters(request: Request) -> dict[str, str]:
    return {name: value for name, value in request.query_params.items() if name in _FILTERS and value}


def _lines(session: Session, house: House, wanted: WantedFindings) -> list[FindingLine]:
    rows = finding_export.exported(session, wanted, house.now())
    return [_line(row, house) for row in rows]


def _line(row: Any, house: House) -> FindingLine:
    known = row.FindingRow
    return FindingLine(
        reference=row.reference,
        audit=row.carried_to or known.audit_reference or "",
        delegate=row.delegate_name,
        contract=known.contract,
        origin=FindingOrigin(known.origin),
        piece=known.piece,
        subject=known.subject,
        words=known.words,
        risk=RiskLevel(known.risk),
        agreed_on=known.agreed_on,
        due_on=known.due_on,
        accepted_until=row.accepted_until,
        state=FindingState(known.state),
        plan=row.plan,
        postponements=known.postponements,
        ended_on=_local_day(row.ended_at, house),
    )


def _local_day(at: Any, house: House) -> date | None:
    ended: date | None = at.astimezone(house.zone).date() if at else None
    return ended
