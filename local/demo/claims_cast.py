"""The people of the demo's claims: they enter, control and confirm them; members send what was asked for."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.commands.claim_document import Document, keep_document
from db.commands.claim_file import Giving, take_in_file
from db.commands.claim_intake import register_claim
from db.commands.command import Ask
from db.commands.reference.imports import File
from db.models import Case, ClaimRow, TaskRow
from db.queries.standing import as_task
from domain.claim.commands import AddDocument, AskDocuments, Confirm, Decide, SendBack
from domain.claim.intake import ClaimIntake
from domain.claim.words import CareCategory, CheckName, ClaimKind, ClaimTask, DocumentKind, Verdict
from domain.forms import Form
from domain.tasks import Task
from local.demo.claims_day import THRESHOLD_CENTS, World, jsonl, rows_of, world
from local.demo.claims_plan import FILE_AT, FILES, LEFT_FROM, LINES, TOLD, ClaimCourse
from local.demo.doing import clerk, doer, keep
from local.demo.past import Does, Past
from local.demo.texts_claims import LACKING, REFUSED, REFUSED_FOR, SENT_BACK, a_page
from local.demo.working_time import soon

_PACE = {ClaimTask.CONTROL: (0, 1, 1, 2), ClaimTask.CONFIRM: (0, 0, 1)}
_DONE_BY_THEMSELVES = frozenset({ClaimTask.CONTROL, ClaimTask.CONFIRM})


@dataclass
class ClaimsCast:
    """Everyone who acts on claims in a past; `today` is the day from which its plan counts backwards."""

    past: Past
    zone: ZoneInfo
    today: date
    courses: dict[UUID, ClaimCourse] = field(default_factory=dict)
    world: World = field(init=False)
    _planned: set[UUID] = field(default_factory=set)
    _done: Counter[tuple[UUID, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        with self.past.sessions() as session:
            self.world = world(session)
        others = self.past.told
        self.past.told = lambda case_id, at: self.look(case_id, at) if self.knows(case_id) else others(case_id, at)

    def knows(self, case_id: UUID) -> bool:
        """Whether it is a claim."""
        return case_id in self.courses

    def plan(self) -> None:
        """Everything that comes from outside: what is entered by hand, and the files."""
        for number, course in enumerate(TOLD):
            chance = Random(f"claim:{number}")  # noqa: S311  (a plan)
            minutes = timedelta(minutes=chance.randrange(20, 400))
            self.past.at(self.instant(course.days_ago, time(9)) + minutes, self._entering(number, course, chance))
        for days_ago in FILES:
            self.past.at(self.instant(days_ago, FILE_AT), self._sending(days_ago))

    def instant(self, days_ago: int, at: time) -> datetime:
        """A time of a working day before today."""
        return datetime.combine(self.past.calendar.add_working_days(self.today, -days_ago), at, self.zone)

    def day(self, at: datetime) -> date:
        """The day on which it is this instant."""
        return at.astimezone(self.zone).date()

    def _entering(self, number: int, course: ClaimCourse, chance: Random) -> Does:
        async def enter(at: datetime) -> None:
            intake = self._intake(number, course, self.day(at))
            with self.past.sessions.begin() as session:
                ask = Ask("register", intake.model_dump(mode="json"), f"demo:claim:{number}")
                row = register_claim(
                    session, intake, ask, clerk(session, "benefits", self.day(at), chance), at, self.past.book
                )
                assert row.case_id is not None, f"{course} needs no control"
                self.courses[row.case_id] = course
            self.past.decide_waiting(at)

        return enter

    def _intake(self, number: int, course: ClaimCourse, today: date) -> ClaimIntake:
        member = f"M{course.member:07d}"
        who = next(one for one in self.world.insured if one.beneficiary == member)
        care = timedelta(days=24) if course.kind is ClaimKind.COMMITMENT else -timedelta(days=5 + number % 9)
        return ClaimIntake(
            number=f"D{number:04d}",
            member_number=member,
            beneficiary_number=member,
            contract_number=who.contract,
            category=course.category,
            kind=course.kind,
            act=course.act,
            care_on=today + care,
            provider_number=self.world.providers[course.category][0],
            amount_cents=course.cents,
            iban=who.iban,
            received_on=today,
            pole="benefits",
        )

    def _sending(self, days_ago: int) -> Does:
        """The file of a day: small claims, most of which nobody has to look at."""

        async def send(at: datetime) -> None:
            day = self.day(at)
            small = (row for row in rows_of(self.world, day, LINES) if row["amount_cents"] <= THRESHOLD_CENTS)
            file = File(f"prestations-{day}.jsonl", jsonl(small))
            take_in_file(self.past.sessions, file, Giving(at, self.past.book))
            self._take_up(days_ago)
            self.past.decide_waiting(at)

        return send

    def _take_up(self, days_ago: int) -> None:
        """What the file has brought under control: paid if nothing stops it, but for the latest, which are left."""
        wanted = select(ClaimRow, Case.id).join(Case, Case.id == ClaimRow.case_id).where(Case.state == "registered")
        with self.past.sessions() as session:
            for row, case_id in session.execute(wanted):
                stops = [CheckName(one["name"]) for one in row.checks if one["result"] == "stop"]
                self.courses[case_id] = ClaimCourse(
                    days_ago,
                    CareCategory(row.category),
                    row.act,
                    row.amount_cents,
                    0,
                    verdict=Verdict.REFUSE if stops else Verdict.PAY,
                    reason=REFUSED_FOR.get(stops[0], REFUSED) if stops else None,
                    stops_at=ClaimTask.CONTROL if days_ago <= LEFT_FROM else None,
                    hasty=False,
                )

    def look(self, case_id: UUID, at: datetime) -> None:
        """Look at the claim's open tasks: each new one is done in its time, unless its course leaves it."""
        with self.past.sessions() as session:
            opened = select(TaskRow).where(TaskRow.case_id == case_id, TaskRow.closed_at.is_(None))
            tasks = [as_task(row) for row in session.scalars(opened) if row.id not in self._planned]
        for task in tasks:
            self._planned.add(task.id)
            if task.kind in _DONE_BY_THEMSELVES and not self._is_left(case_id, task):
                self._plan(case_id, task, at)

    def _is_left(self, case_id: UUID, task: Task) -> bool:
        """Whether nobody does this task; of a rejected claim, the control that follows."""
        course, before = self.courses[case_id], self._done[(case_id, task.kind)]
        return task.kind == course.stops_at or (course.rejected and before > 0)

    def _plan(self, case_id: UUID, task: Task, at: datetime) -> None:
        course, before = self.courses[case_id], self._done[(case_id, task.kind)]
        chance = Random(f"{course.member}:{course.act}:{task.kind}:{before}")  # noqa: S311  (a plan)
        days = 0 if course.hasty else chance.choice(_PACE[ClaimTask(task.kind)])
        self.past.at(soon(at, days, self.past.calendar, self.zone, chance), self._doing(case_id, task.id, chance))

    def _doing(self, case_id: UUID, task_id: UUID, chance: Random) -> Does:
        async def do(at: datetime) -> None:
            with self.past.sessions.begin() as session:
                task = as_task(session.get_one(TaskRow, task_id))
                actor = doer(session, task, self.day(at), chance) if task.closed_at is None else None
                if actor is None:
                    return
                form = self._form(session, case_id, task)
                ref = keep(session, case_id, form.model_dump()["outcome"], form, actor, at, task.id)
            self._done[(case_id, task.kind)] += 1
            self.past.settle(ref, at)
            if isinstance(form, AskDocuments):
                self._plan_documents(case_id, form.documents, at)

        return do

    def _form(self, session: Session, case_id: UUID, task: Task) -> Form:
        """What is sent to complete the task."""
        course, before = self.courses[case_id], self._done[(case_id, task.kind)]
        if task.kind == ClaimTask.CONFIRM:
            read = str((task.detail or {})["decision_hash"])
            if course.sent_back and before == 0:
                return SendBack(decision_hash=read, reason=SENT_BACK)
            return Confirm(decision_hash=read)
        if course.lacks and before == 0:
            return AskDocuments(documents=course.lacks, note=LACKING)
        return Decide.model_validate(self._decision(session, case_id, course))

    def _decision(self, session: Session, case_id: UUID, course: ClaimCourse) -> dict[str, Any]:
        policy = self.past.book.version(session.get_one(Case, case_id).policy)
        items = policy.claim.checklists[course.category].items
        wrong = course.verdict is not Verdict.PAY
        answers = [{"item": item.id, "answer": "ok"} for item in items]
        if wrong:
            answers[-1] |= {"answer": "not_ok", "note": str(course.reason)}
        return {
            "decision": course.verdict,
            "amount_cents": course.pays_cents,
            "reason": course.reason,
            "checklist": answers,
        }

    def _plan_documents(self, case_id: UUID, kinds: tuple[DocumentKind, ...], at: datetime) -> None:
        course = self.courses[case_id]
        if course.comes_after is not None:
            chance = Random(f"{course.member}:documents")  # noqa: S311  (a plan)
            when = soon(at, course.comes_after, self.past.calendar, self.zone, chance)
            self.past.at(when, self._bringing(case_id, kinds, chance))

    def _bringing(self, case_id: UUID, kinds: tuple[DocumentKind, ...], chance: Random) -> Does:
        """Somebody adds what the member has sent."""

        async def bring(at: datetime) -> None:
            for kind in kinds:
                content = a_page(kind.label)
                name, told = f"{kind.value}.pdf", sha256(content).hexdigest()
                with self.past.sessions.begin() as session:
                    actor = clerk(session, "benefits", self.day(at), chance)
                    form = AddDocument(kind=kind, name=name, sha256=told)
                    ref = keep(session, case_id, "add_document", form, actor, at)
                    document = Document(kind, name, "application/pdf", told, content, actor.id)
                    keep_document(session, case_id, ref.id, document)
                self.past.settle(ref, at)

        return bring
