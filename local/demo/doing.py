"""Who of the demo's people does a task, and how what they ask is kept."""

from datetime import date, datetime
from random import Random
from uuid import UUID

from sqlalchemy.orm import Session

from db.commands.command import Ask, receive
from db.queries.people import staff_on
from domain.commands import CommandRef
from domain.forms import Form
from domain.people import Actor, Person
from domain.roles import Role
from domain.tasks import Task


def doer(session: Session, task: Task, on: date, chance: Random) -> Actor | None:
    """Whoever the task was meant for if at work, otherwise one of those who stand in; nobody, if nobody is there."""
    staff = staff_on(session, on)
    able = staff.present_under(task.offered_to, task.excluded)
    meant = [one for one in able if not one.own_hats.isdisjoint(task.meant_for)]
    found: list[Person] = meant or able
    return staff.actor(chance.choice(found).id) if found else None


def clerk(session: Session, pole: str, on: date, chance: Random) -> Actor:
    """A handler of the pole who is at work, or of another."""
    staff = staff_on(session, on)
    handlers = [one for one in staff if Role.HANDLER in one.roles and not one.absent]
    ours = [one for one in handlers if one.pole == pole]
    return staff.actor(chance.choice(ours or handlers).id)


def keep(
    session: Session, case_id: UUID, kind: str, form: Form, actor: Actor, at: datetime, task_id: UUID | None = None
) -> CommandRef:
    """Keep what somebody asks, as the API keeps it. Without a task, the same may be asked on another day."""
    key = f"demo:{case_id}:{kind}:{task_id or at.date()}"
    ask = Ask(kind, form.model_dump(mode="json"), key, task_id, None if task_id else case_id)
    return CommandRef(receive(session, case_id, ask, actor, at).id, case_id, kind)
