"""The people of the demo's past: they enter complaints, do their tasks, go away and come back."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from db.commands.absence import Away, record_absence
from db.commands.command import Ask
from db.commands.intake import register_complaint
from db.models import Case, CommandRow, ComplaintRow, TaskRow
from db.queries.people import staff_on
from db.queries.standing import as_task
from domain.commands import CommandRef
from domain.complaint.commands import CASE_COMMANDS, OUTCOMES
from domain.complaint.words import Category
from domain.forms import Form
from domain.people import person_hat
from local.demo.acts import Scene, body, days_until, holding_letter, is_left
from local.demo.doing import clerk, doer, keep
from local.demo.past import Does, Past
from local.demo.plan import Story
from local.demo.texts import REQUALIFIED_REASONS
from local.demo.working_time import soon
from local.demo_staff import person_id

ADMINISTRATOR = "alexis.cozic"
_FORMS = {form.model_fields["outcome"].default: form for forms in OUTCOMES.values() for form in forms} | CASE_COMMANDS


def _form(kind: str, told: dict[str, Any]) -> Form:
    return _FORMS[kind].model_validate(told)


@dataclass
class Cast:
    """Everyone who acts in a past, and what each story has seen done."""

    past: Past
    zone: ZoneInfo
    stories: dict[UUID, Story] = field(default_factory=dict)
    _planned: set[UUID] = field(default_factory=set)
    _done: Counter[tuple[UUID, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.past.told = self.look

    def enters(self, story: Story, heard: Callable[[], None]) -> None:
        """Somebody of the pole enters this complaint at its instant; what its course asks of itself is planned."""

        async def enter(at: datetime) -> None:
            with self.past.sessions.begin() as session:
                enters = clerk(session, story.intake.pole, self._day(at), Random(story.key))  # noqa: S311  (a plan)
                ask = Ask("register", story.intake.model_dump(mode="json"), story.key)
                case = register_complaint(session, story.intake, ask, enters, at, self.past.book)
                command_id = session.scalars(select(CommandRow.id).where(CommandRow.case_id == case.id)).one()
            self.stories[case.id] = story
            self._plan_case_commands(case.id, story, at)
            self.past.settle(CommandRef(command_id, case.id, "register"), at)
            heard()

        self.past.at(story.arrives_at, enter)

    def goes_away(self, login: str, recorded_at: datetime, away: Away) -> None:
        """The administrator records an absence."""

        async def record(at: datetime) -> None:
            today = at.astimezone(self.zone).date()
            with self.past.sessions.begin() as session:
                actor = staff_on(session, today).actor(person_id(ADMINISTRATOR))
                ask = Ask(
                    "absence", {"login": login, "from_on": away.from_on, "back_on": away.back_on}, f"demo:{login}"
                )
                record_absence(session, away, ask, actor, at, today, self.past.book)

        self.past.at(recorded_at, record)

    def look(self, case_id: UUID, at: datetime) -> None:
        """Look at the case's open tasks: each new one is done in its time, unless its story leaves it."""
        story = self.stories[case_id]
        with self.past.sessions() as session:
            opened = select(TaskRow).where(TaskRow.case_id == case_id, TaskRow.closed_at.is_(None))
            tasks = [
                as_task(row) for row in session.scalars(opened.order_by(TaskRow.id)) if row.id not in self._planned
            ]
        for task in tasks:
            self._planned.add(task.id)
            scene = Scene(story, task, self._done[(case_id, task.kind)])
            if not is_left(scene):
                self._plan(case_id, scene, at)

    def takes_up(self, case_id: UUID, person_id: UUID, at: datetime) -> None:
        """A volunteer whom the case is lent to does what was left to volunteers; from there it goes its way."""
        story = self.stories.get(case_id)
        if story is None or not story.course.volunteers:
            return
        open_task = (TaskRow.case_id == case_id, TaskRow.closed_at.is_(None), TaskRow.kind == story.course.stops_at)
        with self.past.sessions.begin() as session:
            row = session.scalars(select(TaskRow).where(*open_task)).one_or_none()
            if row is None:
                return
            task, actor = as_task(row), staff_on(session, self._day(at)).actor(person_id)
            told = body(Scene(story, task, 0), Category(session.get_one(ComplaintRow, case_id).category))
            ref = keep(session, case_id, told["outcome"], _form(told["outcome"], told), actor, at, task.id)
        self._done[(case_id, task.kind)] += 1
        self.past.settle(ref, at)

    def _plan(self, case_id: UUID, scene: Scene, at: datetime) -> None:
        chance = Random(f"{scene.story.number}:{scene.kind}:{scene.link}:{scene.before}")  # noqa: S311  (a plan)
        when = soon(at, days_until(scene, chance), self.past.calendar, self.zone, chance)
        self.past.at(when, self._doing(case_id, scene, chance))

    def _doing(self, case_id: UUID, scene: Scene, chance: Random) -> Does:
        async def do(at: datetime) -> None:
            with self.past.sessions.begin() as session:
                task = as_task(session.get_one(TaskRow, scene.task.id))
                actor = doer(session, task, self._day(at), chance) if task.closed_at is None else None
                if actor is None:
                    return
                category = Category(session.get_one(ComplaintRow, case_id).category)
                told = body(Scene(scene.story, task, scene.before), category)
                ref = keep(session, case_id, told["outcome"], _form(told["outcome"], told), actor, at, task.id)
            self._done[(case_id, scene.task.kind)] += 1
            self.past.settle(ref, at)

        return do

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def _plan_case_commands(self, case_id: UUID, story: Story, at: datetime) -> None:
        chance, course = Random(story.key), story.course  # noqa: S311  (a plan)
        if course.holding_after is not None:
            when = soon(at, course.holding_after, self.past.calendar, self.zone, chance)
            self.past.at(when, self._by_owner(case_id, "send_holding_letter", holding_letter(story)))
        if course.requalified is not None:
            reason = REQUALIFIED_REASONS[story.number % len(REQUALIFIED_REASONS)]
            when = soon(at, 2, self.past.calendar, self.zone, chance) + timedelta(minutes=7)
            told = {"requalified_as": course.requalified, "reason": reason}
            self.past.at(when, self._by_owner(case_id, "requalify", told))

    def _by_owner(self, case_id: UUID, kind: str, told: dict[str, Any]) -> Does:
        async def give(at: datetime) -> None:
            with self.past.sessions.begin() as session:
                owner = session.get_one(Case, case_id).owner_id
                staff = staff_on(session, at.astimezone(self.zone).date())
                able = staff.present_under({person_hat(owner)}) if owner else []
                if not able:
                    return
                ref = keep(session, case_id, kind, _form(kind, told), staff.actor(able[0].id), at)
            self.past.settle(ref, at)

        return give
