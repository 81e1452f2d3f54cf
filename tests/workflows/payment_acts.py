"""What people and the bank do with a batch in a workshop, in one line each."""

import asyncio
from collections.abc import Iterator
from itertools import count
from uuid import UUID

from sqlalchemy import select

from db.commands.command import Ask
from db.commands.payment_batch import build_batch
from db.commands.payment_report import keep_report
from db.models import ClaimRow, CommandRow, InstructionRow, MemberIban, PaymentRow
from db.queries.calendar import calendar
from db.queries.payment import bank_file
from domain.commands import CommandRef, CommandStatus
from domain.payment.commands import Build, ConfirmAnswer, ReadStatusReport, Refuse, Release
from tests.factories.insured import insure, provide
from tests.factories.payments import ASKED, BUILDER, FIRST, SECOND, claim_facts
from tests.workflows.acts import does
from tests.workflows.workshop import Workshop

MEMBER = 43
_NUMBERS: Iterator[int] = count(900_000)


async def builds(shop: Workshop, *cents: int) -> UUID:
    """So much is to be paid to a member, without control; a batch of it is built, and its first releaser asked."""
    command = await asyncio.to_thread(_build, shop, cents)
    assert await shop.decided(command) is CommandStatus.APPLIED
    return command.case_id


def _build(shop: Workshop, cents: tuple[int, ...]) -> CommandRef:
    desk = shop.desk
    with desk.sessions.begin() as session:
        account = session.scalar(select(MemberIban).where(MemberIban.member_number == f"M{MEMBER:07d}"))
        if account is None:
            provide(session)
            insure(session, MEMBER)
            account = session.scalars(select(MemberIban).where(MemberIban.member_number == f"M{MEMBER:07d}")).one()
        for one in cents:
            session.add(ClaimRow(**claim_facts(f"PRE-2026-{next(_NUMBERS)}", one, desk.at, account)))
        session.flush()
        days = calendar(session)
        form = Build(executes_on=days.next_working_day(desk.at.date()))
        ask = Ask("register", form.model_dump(mode="json"), f"key {next(desk.keys)}")
        case = build_batch(session, form, ask, desk.actor(BUILDER), desk.at, desk.book).case
        assert case is not None
        command = session.scalars(select(CommandRow).where(CommandRow.case_id == case.id)).one()
        return CommandRef(command.id, case.id, "register")


async def releases(shop: Workshop, case_id: UUID, login: str) -> None:
    """A releaser lets the very file go."""
    await does(shop, case_id, login, "release", Release(file_sha256=_payment(shop, case_id).file_sha256))


async def refuses(shop: Workshop, case_id: UUID, login: str) -> None:
    """A releaser cancels the batch."""
    await does(shop, case_id, login, "release", Refuse(reason="Un bénéficiaire manque."))


async def hands_over(shop: Workshop, case_id: UUID) -> bytes:
    """Two release it, and the workflow lays the file in the bank's folder; the file."""
    for login in (FIRST, SECOND):
        await releases(shop, case_id, login)
    await shop.until_state(case_id, "handed_over")
    with shop.desk.sessions() as session:
        return bank_file(session, case_id)[1]


async def answers(shop: Workshop, case_id: UUID, report: bytes) -> None:
    """The bank's report is sent to us by one and, where it rejects anything, confirmed by another."""
    with shop.desk.sessions.begin() as session:
        report_id = keep_report(session, case_id, report, shop.desk.actor(BUILDER), shop.desk.at)
    body = ReadStatusReport(report_id=report_id)
    assert await shop.do(case_id, BUILDER, body, None, "read_status_report") is CommandStatus.APPLIED
    if shop.desk.sql(ASKED, id=case_id):
        await does(shop, case_id, FIRST, "confirm_answer", ConfirmAnswer(answer_id=report_id))


def orders(shop: Workshop, case_id: UUID) -> list[str]:
    """The names of the orders in the file."""
    wanted = select(InstructionRow.end_to_end_id).where(InstructionRow.payment_id == case_id)
    with shop.desk.sessions() as session:
        return list(session.scalars(wanted.order_by(InstructionRow.position)))


def _payment(shop: Workshop, case_id: UUID) -> PaymentRow:
    with shop.desk.sessions() as session:
        return session.get_one(PaymentRow, case_id)
