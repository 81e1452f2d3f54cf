"""The procedures that the register knows: how a command on a case of each is read, decided and answered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

import db.commands.complaint  # noqa: F401  (registers how its events are written)
from db.models import Case, CommandRow
from db.queries import complaint as complaint_queries
from db.queries.calendar import calendar
from db.queries.people import staff_on
from domain.complaint.case import Complaint
from domain.complaint.commands import CASE_COMMANDS, OUTCOMES
from domain.complaint.decide import decide
from domain.complaint.machine import MACHINE_COMMANDS, Register
from domain.complaint.states import ComplaintState
from domain.events import Event
from domain.house import House
from domain.people import Actor
from domain.policy import PolicyBook


@dataclass(frozen=True)
class Procedure:
    """One procedure: `decide` turns a command into events or raises Refusal; `position` is where its run stands."""

    name: str
    ended: frozenset[str]
    decide: Callable[[Session, Case, CommandRow, Actor | None, PolicyBook, date], Sequence[Event]]
    position: Callable[[Session, Case, PolicyBook], Any]


_FORMS = {
    **{form.model_fields["outcome"].default: form for forms in OUTCOMES.values() for form in forms},
    **CASE_COMMANDS,
    **MACHINE_COMMANDS,
}


def _decide_complaint(
    session: Session, case: Case, command: CommandRow, actor: Actor | None, book: PolicyBook, today: date
) -> Sequence[Event]:
    form = _FORMS[command.kind].model_validate(command.body)
    known = complaint_queries.complaint(session, case, book, command.task_id)
    staff = partial(staff_on, session, today, with_load=isinstance(form, Register))
    house = House(book, book.version(case.policy), staff, partial(calendar, session), command.at, today)
    return decide(known, form, _task_of(known, command.task_id), actor, house)


def _task_of(known: Complaint, task_id: UUID | None) -> Any:
    return next((task for task in known.tasks if task.id == task_id), None)


PROCEDURES: Mapping[str, Procedure] = MappingProxyType(
    {
        "complaint": Procedure(
            "complaint",
            frozenset(ComplaintState.ended()),
            _decide_complaint,
            complaint_queries.position,
        )
    }
)
