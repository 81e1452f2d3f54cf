"""The batches of the demo's past: accounting builds them, two others release them, the stand-in bank answers."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from random import Random
from uuid import UUID

from sqlalchemy import select

from bank.stand_in import accept_all, receive, reject_some
from db.commands.command import Ask
from db.commands.payment_batch import build_batch
from db.commands.payment_report import keep_report
from db.models import ClaimRow, CommandRow, TaskRow
from db.queries.payment import bank_file
from db.queries.people import staff_on
from db.queries.standing import as_task
from domain.commands import CommandRef
from domain.payment.commands import Build, ConfirmAnswer, ReadStatusReport, Release
from domain.payment.words import PaymentTask
from local.demo.claims_cast import ClaimsCast
from local.demo.claims_plan import ANSWERED_AT, BATCHES, BUILT_AT, RELEASED_AT, Batch
from local.demo.doing import doer, keep
from local.demo.past import Does
from local.demo_staff import person_id

BUILDER = "solene.guivarch"
REJECTED_FOR = "AC04"


@dataclass
class Batches:
    """Those who pay, and the bank."""

    claims: ClaimsCast
    cases: dict[Batch, UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        past = self.claims.past
        others = past.told

        def told(case_id: UUID, at: datetime) -> None:
            if case_id not in self.cases.values():
                others(case_id, at)

        past.told = told

    def plan(self) -> None:
        """Each batch is built, released, and answered two working days later."""
        for batch in BATCHES:
            self._at(batch.days_ago, BUILT_AT, self._building(batch))
            for number in range(batch.releases):
                self._at(batch.days_ago, RELEASED_AT[number], self._releasing(batch, number))
            if batch.releases == len(RELEASED_AT):
                self._at(batch.days_ago - 2, ANSWERED_AT, self._answering(batch))

    def _at(self, days_ago: int, time_of_day: time, does: Does) -> None:
        self.claims.past.at(self.claims.instant(days_ago, time_of_day), does)

    def _building(self, batch: Batch) -> Does:
        past = self.claims.past

        async def build(at: datetime) -> None:
            form = Build(executes_on=past.calendar.next_working_day(self.claims.day(at)))
            ask = Ask("register", form.model_dump(mode="json"), f"demo:batch:{batch.days_ago}")
            with past.sessions.begin() as session:
                actor = staff_on(session, self.claims.day(at)).actor(person_id(BUILDER))
                case = build_batch(session, form, ask, actor, at, past.book).case
                assert case is not None, "nothing is to be paid"
                command = session.scalars(select(CommandRow).where(CommandRow.case_id == case.id)).one()
                ref = CommandRef(command.id, case.id, "register")
            self.cases[batch] = ref.case_id
            past.settle(ref, at)
            past.decide_waiting(at)

        return build

    def _releasing(self, batch: Batch, number: int) -> Does:
        past = self.claims.past

        async def release(at: datetime) -> None:
            case_id, chance = self.cases[batch], Random(f"release:{batch.days_ago}:{number}")  # noqa: S311  (a plan)
            opened = select(TaskRow).where(TaskRow.case_id == case_id, TaskRow.closed_at.is_(None))
            with past.sessions.begin() as session:
                task = as_task(session.scalars(opened.where(TaskRow.kind == PaymentTask.RELEASE)).one())
                actor = doer(session, task, self.claims.day(at), chance)
                assert actor is not None, "nobody may release"
                form = Release(file_sha256=str((task.detail or {})["file_sha256"]))
                ref = keep(session, case_id, "release", form, actor, at, task.id)
            past.settle(ref, at)

        return release

    def _answering(self, batch: Batch) -> Does:
        past = self.claims.past

        async def answer(at: datetime) -> None:
            case_id = self.cases[batch]
            with past.sessions.begin() as session:
                file = bank_file(session, case_id)[1]
                rejected = self._rejected(receive(file).orders)
                name = f"BANQUE-{batch.days_ago}"
                report = reject_some(file, name, at, rejected) if rejected else accept_all(file, name, at)
                actor = staff_on(session, self.claims.day(at)).actor(person_id(BUILDER))
                form = ReadStatusReport(report_id=keep_report(session, case_id, report, actor, at))
                ref = keep(session, case_id, "read_status_report", form, actor, at)
            past.settle(ref, at)
            if rejected:
                self._confirm(case_id, form.report_id, at)
            past.decide_waiting(at)

        return answer

    def _confirm(self, case_id: UUID, report_id: UUID, at: datetime) -> None:
        """A second person of accounting reads what the bank rejects, and confirms it."""
        past, chance = self.claims.past, Random(f"confirm:{report_id}")  # noqa: S311  (a plan)
        opened = select(TaskRow).where(TaskRow.case_id == case_id, TaskRow.closed_at.is_(None))
        with past.sessions.begin() as session:
            task = as_task(session.scalars(opened.where(TaskRow.kind == PaymentTask.CONFIRM_ANSWER)).one())
            actor = doer(session, task, self.claims.day(at), chance)
            assert actor is not None, "nobody may confirm"
            ref = keep(session, case_id, "confirm_answer", ConfirmAnswer(answer_id=report_id), actor, at, task.id)
        past.settle(ref, at)

    def _rejected(self, orders: Iterable[str]) -> dict[str, str]:
        """The orders of the claims whose course says so."""
        wanted = [case_id for case_id, course in self.claims.courses.items() if course.rejected]
        with self.claims.past.sessions() as session:
            references = session.scalars(select(ClaimRow.reference).where(ClaimRow.case_id.in_(wanted))).all()
        return {order: REJECTED_FOR for order in orders if order.rpartition("-")[0] in references}
