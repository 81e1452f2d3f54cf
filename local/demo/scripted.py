"""Cases of the demo's past that are told one by one: who does what on which day stands in the telling itself."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.commands.command import Ask
from db.models import Case, CommandRow, TaskRow
from db.queries.people import staff_on
from db.queries.standing import as_task
from domain.commands import CommandRef
from domain.forms import Form
from domain.people import Actor
from domain.tasks import Task
from local.demo.doing import doer, keep
from local.demo.past import Does, Past
from local.demo_staff import person_id


@dataclass
class Scripted:
    """Some cases of a past; nobody acts on them but as they are told to. `today` is the day it counts back from."""

    past: Past
    zone: ZoneInfo
    today: date
    cases: set[UUID] = field(default_factory=set)

    def __post_init__(self) -> None:
        others = self.past.told

        def told(case_id: UUID, at: datetime) -> None:
            if case_id not in self.cases:
                others(case_id, at)

        self.past.told = told

    def at(self, day: date, time_of_day: time, does: Does) -> None:
        """Something happens on a day."""
        self.past.at(datetime.combine(day, time_of_day, self.zone), does)

    def working_day(self, days_ago: int, since: date | None = None) -> date:
        """So many working days before today, or before another day."""
        return self.past.calendar.add_working_days(since or self.today, -days_ago)

    def actor(self, session: Session, login: str, at: datetime) -> Actor:
        """Somebody with the rights of that day."""
        return staff_on(session, at.astimezone(self.zone).date()).actor(person_id(login))

    def opened(self, session: Session, case: Case) -> CommandRef:
        """A case that has just been kept is one of these; the command that opens it."""
        self.cases.add(case.id)
        command = session.scalars(select(CommandRow).where(CommandRow.case_id == case.id)).one()
        return CommandRef(command.id, case.id, command.kind)

    def gives(self, case_id: UUID, login: str, kind: str, form: Form, at: datetime) -> None:
        """Somebody gives a command on a case."""
        with self.past.sessions.begin() as session:
            ref = keep(session, case_id, kind, form, self.actor(session, login, at), at)
        self.past.settle(ref, at)

    def open_tasks(self, case_id: UUID, kind: str) -> list[Task]:
        """What waits for somebody, of a kind."""
        wanted = select(TaskRow).where(TaskRow.case_id == case_id, TaskRow.kind == kind, TaskRow.closed_at.is_(None))
        with self.past.sessions() as session:
            return [as_task(row) for row in session.scalars(wanted.order_by(TaskRow.id))]

    def completes(self, case_id: UUID, kind: str, form: Form, at: datetime) -> None:
        """Whoever it was meant for does the open task of a kind, where there is one."""
        for task in self.open_tasks(case_id, kind)[:1]:
            with self.past.sessions.begin() as session:
                chance = Random(f"{case_id.int % 97}:{kind}")  # noqa: S311  (a plan)
                actor = doer(session, task, at.astimezone(self.zone).date(), chance)
                assert actor is not None, f"nobody may do {kind}"
                ref = keep(session, case_id, form.model_dump()["outcome"], form, actor, at, task.id)
            self.past.settle(ref, at)


def an_ask(key: str, form: Form) -> Ask:
    """What opens a case, under a key that is the same in every demo."""
    return Ask("register", form.model_dump(mode="json"), f"demo:{key}")
