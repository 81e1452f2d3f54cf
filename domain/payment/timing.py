"""Time on a batch: reminders while the bank does not answer, a calendar that changes.

Source: policy; procedures, section 0
"""

from collections.abc import Iterable
from uuid import UUID

from domain.delivery_window import leaves_at
from domain.events import DeadlineMoved, DeadlineOpened, Event, ReminderDue
from domain.house import House
from domain.ladder import overdue
from domain.payment.case import Payment
from domain.payment.deadlines import bank_answer, bank_answer_rungs
from domain.payment.machine import Recount, Remind
from domain.payment.words import PaymentDeadline
from domain.people import role_hat
from domain.policy import RungAddressee
from domain.roles import Role
from domain.tasks import offer


def await_answer(case: Payment, house: House) -> DeadlineOpened:
    """The bank has the file: by when it has to have answered."""
    deadline = bank_answer(case.executes_on, house.today, house.calendar, house.version)
    return DeadlineOpened(deadline, 1, bank_answer_rungs(deadline, house.calendar, house.version))


def remind(case: Payment, command: Remind, house: House) -> list[Event]:
    """Accounting is reminded, then the operations director is told; nothing once every line is answered for."""
    deadline = case.deadline(command.deadline)
    if deadline is None or deadline.generation != command.generation:
        return []
    rung = overdue(deadline.planned, deadline.fired_until, house.now)
    if rung is None:
        return []
    to = _people(rung.to, case, house)
    copies = tuple(person for person in _people(rung.copies, case, house) if person not in to)
    leaves = leaves_at(house.now, house.calendar, house.version.office, at_once=rung.at_once)
    return [
        ReminderDue(
            deadline.name,
            deadline.generation,
            rung.names,
            deadline.due_at,
            rung.fires_at,
            to,
            copies,
            leaves,
            leaves == house.now,
        )
    ]


def recount(case: Payment, command: Recount, house: House) -> list[Event]:
    """What is not yet due moves with the calendar. Source: procedures, section 0"""
    known = case.deadline(PaymentDeadline.BANK_ANSWER)
    if known is None or known.due_at <= house.now:
        return []
    counted = bank_answer(known.starts_on, known.starts_on, house.calendar, house.version)
    if counted.due_on == known.due_on or counted.due_at <= house.now:
        return []
    planned = bank_answer_rungs(counted, house.calendar, house.version)
    return [DeadlineMoved(counted, known.generation, planned, known.due_on, command.because)]


def _people(addressees: Iterable[RungAddressee], case: Payment, house: House) -> tuple[UUID, ...]:
    """Who they are today: a deputy in place of somebody absent, one level up where nobody is there."""
    found: dict[UUID, None] = {}
    for addressee in addressees:
        reached = offer({role_hat(Role(addressee))}, house.staff, house.up, case.kept_out, case.pole)
        found |= dict.fromkeys(person.id for person in house.staff.present_under(reached.hats, reached.excluded))
    return tuple(found)
