"""Payments: build a batch, read one, list them, its file for the bank, the bank's reports on it."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends, HTTPException, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy import Row, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.auth import Allowed
from api.commands import LATER, CommandView, Key, give, key_or_new
from api.errors import Problem
from api.house import House, TheHouse
from api.payment_answers import ToConfirmView, to_confirm
from db.commands.command import Ask, already_received
from db.commands.payment_batch import build_batch
from db.commands.payment_report import keep_report
from db.models import Case, CommandRow
from db.queries import payment_lists
from db.queries.payment import bank_file
from db.queries.people import names_of
from domain.forms import Form
from domain.payment.bank_words import reason_in_words
from domain.payment.commands import Build
from domain.payment.states import PaymentState
from domain.payment.words import InstructionStatus, LeftOut, PartTaken
from domain.people import Actor
from domain.permissions import Action
from domain.reference.iban import last_four
from domain.refusals import NothingToPay
from faultpoints import fault_point
from tracing.parts import chosen_id, part, say_command

router = APIRouter(tags=["payments"])
Reader = Annotated[Actor, Depends(Allowed(Action.READ_PAYMENTS))]
XML: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/xml": {"schema": {"type": "string", "format": "binary"}}}},
    410: {"model": Problem, "description": "The key of the batch has been erased, and with it the file."},
}
LONGEST_REPORT = 8_000_000
EXAMPLE_REPORT = (
    '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10">'
    "<CstmrPmtStsRpt><GrpHdr><MsgId>BANK-1</MsgId><CreDtTm>2026-11-28T07:30:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts>"
    "<OrgnlMsgId>VIR-2026-000001</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>ACSC</GrpSts>"
    "</OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>"
)


class BankReport(Form):
    """A bank's answer (pain.002) as it came: the text of the file, unchanged."""

    file: Annotated[str, Field(min_length=1, max_length=LONGEST_REPORT)]


class LeftOutView(BaseModel):
    """A claim that is not in the batch, and why."""

    claim: str = Field(examples=["PRE-2026-000017"])
    reason: str = Field(examples=["iban_changed"])
    label: str


class TotalView(BaseModel):
    """How many lines have a status, and how much they come to."""

    status: str
    label: str
    count: int
    cents: int


class ReleaseView(BaseModel):
    """Who has released the file."""

    link: int
    person: str
    at: datetime


class ReleaserView(BaseModel):
    """Somebody whom the open release is for: whether they may do it, and if not, why."""

    person: str
    may: bool
    absent: bool
    because: list[str] = Field(description="what they had to do with the batch", examples=[["entered"]])
    labels: list[str]


class ReportView(BaseModel):
    """A report of the bank's: when it came, and when it was carried out."""

    message_id: str
    received_at: datetime
    read_at: datetime | None


class PaymentLine(BaseModel):
    """A batch in a list."""

    reference: str = Field(examples=["VIR-2026-000001"])
    state: str
    label: str
    executes_on: date
    count: int
    total_cents: int
    built_by: str
    built_at: datetime


class PaymentView(PaymentLine):
    """All that is known of one batch; its lines are read page by page."""

    file_sha256: str = Field(description="what a release names")
    released_at: datetime | None
    handed_over_at: datetime | None
    cancelled_at: datetime | None
    totals: list[TotalView]
    left_out: list[LeftOutView]
    releases: list[ReleaseView]
    releasers: list[ReleaserView]
    reports: list[ReportView]
    to_confirm: list[ToConfirmView] = Field(description="what the bank is said to have answered, before it counts")


class PaymentPage(BaseModel):
    """Some batches, the newest first; `next` is the cursor of the following ones."""

    payments: list[PaymentLine]
    next: str | None


class InstructionView(BaseModel):
    """One line: the order to pay one claim. Of the account, its last four signs; of one's own claim, the amount."""

    position: int
    claim: str | None
    claim_state: str | None = Field(description="where the claim stands by now: a rejected one is controlled again")
    end_to_end_id: str | None
    name: str | None
    iban_ends: str | None
    amount_cents: int
    status: str | None
    label: str | None
    bank_code: str | None
    bank_says: str | None = Field(description="the code in words")
    bank_reason: str | None = Field(description="what the bank adds in its own words")
    decided_at: datetime | None


class InstructionPage(BaseModel):
    """Some lines, in the order of the file; `next` is the position after which the others follow."""

    lines: list[InstructionView]
    next: int | None


@router.post("/payments", status_code=201, response_model=PaymentView)
async def build(
    form: Annotated[Build, Body(examples=[{"executes_on": "2026-11-27"}])],
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.BUILD_PAYMENT))],
    key: Key = None,
) -> Response:
    """Build a batch of what may leave. Answered 201 even while the engine is down: its releasers are then asked later.

    What may not leave is told with its reason, and sent back to control where its account has changed.
    """
    case_id = await build_and_deliver(house, form, key_or_new(key), actor)
    view = await house.transact(lambda session: _built(session, house, case_id, actor))
    return JSONResponse(view.model_dump(mode="json"), 201, headers={"Location": f"/api/v1/payments/{view.reference}"})


async def build_and_deliver(house: House, form: Build, key: str, actor: Actor) -> UUID:
    """Build a batch and ask its first releaser; its case. Raises NothingToPay, or Invalid for the date."""
    ask = Ask("register", form.model_dump(mode="json"), key, id=chosen_id())
    with part("keep", {"echeance.command.kind": ask.kind}) as told:
        kept = await house.transact(lambda session: _keep(session, house, form, ask, actor))
        if kept is None:
            raise NothingToPay(
                "There is no claim that may leave in a batch.",
                "Look at the claims that are to be paid: each says what it waits for.",
            )
        say_command(told, *kept)
    fault_point("batch_kept")
    await house.delivery.deliver(*kept, house.patience)
    fault_point("batch_decided")
    return kept[0]


def _keep(session: Session, house: House, form: Build, ask: Ask, actor: Actor) -> tuple[UUID, UUID] | None:
    """Build it; the same request again, or twice at once, is the same batch. None when nothing may leave."""
    known = already_received(session, actor, ask)
    if known is None:
        try:
            with session.begin_nested():
                case = build_batch(session, form, ask, actor, house.now(), house.book).case
        except IntegrityError:
            known = already_received(session, actor, ask)
            if known is None:
                raise
        else:
            if case is None:
                return None
            known = session.scalars(select(CommandRow).where(CommandRow.case_id == case.id)).one()
    return known.case_id, known.id


def _built(session: Session, house: House, case_id: UUID, actor: Actor) -> PaymentView:
    return payment_view(session, session.get_one(Case, case_id).reference, house, actor)


@router.get("/payments")
def payments(
    house: TheHouse,
    _actor: Reader,
    state: PaymentState | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> PaymentPage:
    """The batches, the newest first."""
    with house.sessions() as session:
        rows = payment_lists.listed(session, state, cursor, limit)
        names = names_of(session, {row.built_by for row in rows})
    some = [PaymentLine(**_told(row, names)) for row in rows[:limit]]
    return PaymentPage(payments=some, next=payment_lists.next_page(rows, limit))


@router.get("/payments/{reference}")
def payment(reference: str, house: TheHouse, actor: Reader) -> PaymentView:
    """One batch: totals, what was left out and why, who has released it, who may and why not the others."""
    with house.reading() as session:
        return payment_view(session, reference, house, actor)


@router.get("/payments/{reference}/lines")
def lines(
    reference: str,
    house: TheHouse,
    actor: Reader,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> InstructionPage:
    """The orders of a batch, in the order of its file, and what the bank says of each."""
    with house.sessions() as session:
        return line_page(session, one_batch(session, reference).case_id, actor, after, limit)


def line_page(
    session: Session, case_id: UUID, actor: Actor, after: int = 0, limit: int = 200, language: str = "fr"
) -> InstructionPage:
    """Some lines of a batch; of one's own claim, the amount alone."""
    rows = payment_lists.lines(session, case_id, actor, after, limit + 1)
    some = [_line(one, language) for one in rows[:limit]]
    return InstructionPage(lines=some, next=some[-1].position if len(rows) > limit else None)


def _line(one: payment_lists.Line, language: str) -> InstructionView:
    row, hidden = one.row, one.own
    return InstructionView(
        position=row.position,
        claim=None if hidden else one.claim,
        claim_state=None if hidden else one.claim_state,
        end_to_end_id=None if hidden else row.end_to_end_id,
        name=None if hidden else row.name,
        iban_ends=None if hidden else last_four(row.iban),
        amount_cents=row.amount_cents,
        status=None if hidden else row.status,
        label=None if hidden else InstructionStatus(row.status).label,
        bank_code=None if hidden else row.bank_code,
        bank_says=None if hidden else reason_in_words(row.bank_code, language),
        bank_reason=None if hidden else row.bank_reason,
        decided_at=None if hidden else row.decided_at,
    )


@router.get("/payments/{reference}/file", response_class=Response, responses=XML)
def file(
    reference: str, house: TheHouse, _actor: Annotated[Actor, Depends(Allowed(Action.READ_BANK_FILE))]
) -> Response:
    """The bank file, byte for byte: SEPA credit transfers (pain.001.001.09)."""
    with house.sessions() as session:
        row, content = bank_file(session, one_batch(session, reference).case_id)
    name = f'attachment; filename="{row.message_id}.xml"'
    return Response(content, media_type="application/xml", headers={"Content-Disposition": name})


@router.post("/payments/{reference}/status-report", response_model=CommandView, responses=LATER)
async def status_report(
    reference: str,
    report: Annotated[BankReport, Body(examples=[{"file": EXAMPLE_REPORT}])],
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.READ_STATUS_REPORT))],
    key: Key = None,
) -> Any:
    """Read the bank's answer to the file (pain.002): whole, or not at all, and once."""
    case_id, report_id = await house.transact(
        lambda session: keep_bank_report(session, house, reference, report.file.encode("utf-8", "replace"), actor)
    )
    fault_point("bank_report_kept")
    ask = Ask("read_status_report", {"report_id": str(report_id)}, key_or_new(key), case_id=case_id)
    return await give(house, case_id, ask, actor)


def keep_bank_report(session: Session, house: House, reference: str, content: bytes, actor: Actor) -> tuple[UUID, UUID]:
    """Keep a bank's report; the batch's case, and the report. Raises HTTPException 404, UnreadableReport."""
    case_id = one_batch(session, reference).case_id
    return case_id, keep_report(session, case_id, content, actor, house.now())


def one_batch(session: Session, reference: str) -> Row[*tuple[Any, ...]]:
    """The batch with this reference. Raises HTTPException 404."""
    row = payment_lists.one(session, reference)
    if row is None:
        raise HTTPException(404, f"There is no batch {reference[:40]!r}.")
    return row


def _told(row: Row[*tuple[Any, ...]], names: dict[UUID, str]) -> dict[str, Any]:
    same = ("reference", "state", "executes_on", "count", "total_cents", "built_at")
    told = {name: getattr(row, name) for name in same}
    return {**told, "label": PaymentState(row.state).label, "built_by": names[row.built_by]}


def payment_view(session: Session, reference: str, house: House, actor: Actor, language: str = "fr") -> PaymentView:
    """A batch as it is told; nobody is named their own claims."""
    row = one_batch(session, reference)
    released = payment_lists.releases(session, row.case_id)
    releasers = payment_lists.may_release(session, row.case_id, house.today())
    people = {row.built_by, *(one.person_id for one in released), *(one.person_id for one in releasers)}
    names = names_of(session, people)
    return PaymentView(
        **_told(row, names),
        file_sha256=row.file_sha256,
        released_at=row.released_at,
        handed_over_at=row.handed_over_at,
        cancelled_at=row.cancelled_at,
        totals=_totals(session, row.case_id),
        left_out=[
            LeftOutView(claim=one.reference, reason=one.reason, label=LeftOut(one.reason).label)
            for one in payment_lists.left_out(session, row.case_id, actor)
        ],
        releases=[ReleaseView(link=one.link, person=names[one.person_id], at=one.at) for one in released],
        releasers=[_releaser(one, names) for one in releasers],
        reports=[
            ReportView(message_id=one.message_id, received_at=one.received_at, read_at=one.read_at)
            for one in payment_lists.reports(session, row.case_id)
        ],
        to_confirm=to_confirm(session, session.get_one(Case, row.case_id), house, actor, language),
    )


def _totals(session: Session, payment_id: UUID) -> list[TotalView]:
    return [
        TotalView(status=one.status, label=InstructionStatus(one.status).label, count=one.count, cents=one.cents)
        for one in payment_lists.totals(session, payment_id)
    ]


def _releaser(one: payment_lists.MayRelease, names: dict[UUID, str]) -> ReleaserView:
    parts = sorted(one.parts, key=list(PartTaken).index)
    return ReleaserView(
        person=names[one.person_id],
        may=one.may,
        absent=one.absent,
        because=list(parts),
        labels=[taken.label for taken in parts],
    )
