"""What was worked is paid: a file is made, two people stand for its very hash, and it goes to payroll.

Source: procedures, section 4 step 5
"""

from datetime import datetime
from uuid import UUID

from domain.backlog.case import Operation, PayVersion
from domain.backlog.commands import Prepare, PreparePay, SendBack, Validate
from domain.backlog.events import PayPrepared, PaySentBack, PayValidated, PayVoided, ReportKept, become
from domain.backlog.leave import NamedLeave, leave_of
from domain.backlog.payfile import PayFile
from domain.backlog.payroll import Worker, payroll_of
from domain.backlog.states import BacklogState
from domain.backlog.words import BacklogDeadline, BacklogTask
from domain.desk import done, met, open_task, withdraw
from domain.events import Event
from domain.house import House
from domain.people import Actor, role_hat
from domain.refusals import FourEyes, Invalid, StaleVersion, WrongStep
from domain.roles import Role
from domain.tasks import Task


def ask_for_pay(case: Operation, house: House, due: datetime | None = None) -> list[Event]:
    """Accounting makes the pay file."""
    due_at = due or case.open_deadlines.get(BacklogDeadline.PAY)
    return open_task(case, house, BacklogTask.PREPARE_PAY, {role_hat(Role.ACCOUNTING)}, due=due_at)


def prepare(case: Operation, command: Prepare, task: Task, actor: Actor, house: House) -> list[Event]:
    """The operation has ended: the file of all that was worked lies before its validators."""
    return [done(task, command.outcome), *_made(case, command, actor, house)]


def prepare_early(case: Operation, command: PreparePay, actor: Actor, house: House) -> list[Event]:
    """While it goes on: the file of all that was worked up to now, for the payroll of the month."""
    check_may_prepare(case, actor, house)
    return _made(case, command, actor, house)


def check_may_prepare(case: Operation, _actor: Actor, _house: House) -> None:
    """While it goes on, and no file is before its validators. Raises WrongStep."""
    if case.state is not BacklogState.RUNNING:
        raise WrongStep(
            f"Pay is made early while an operation is running; this one is {case.state}.",
            "Do the task that asks for the pay file, once it has ended.",
        )
    if case.tasks_of(BacklogTask.VALIDATE_PAY):
        raise WrongStep("A pay file is before its validators already.", "Have it validated, or sent back.")
    if not case.minutes_worked:
        raise WrongStep("Nobody has worked in a session yet.", "Enter who came, then have the pay made.")


def _made(case: Operation, command: PreparePay, actor: Actor, house: House) -> list[Event]:
    leave = leave_of(command, case.look_up_named())
    workers = case.look_up_workers(leave.days, None)
    version = case.pay.version + 1 if case.pay else 1
    payroll = payroll_of(workers, house.version.backlog.pay)
    made = PayFile(case.reference, version, payroll, case.look_up_validated(), leave)
    entered_by = frozenset[UUID]().union(*(one.entered_by for one in workers))
    asked = PayVersion(version, made.sha256, actor.id, made.people, entered_by=entered_by)
    return [PayPrepared(version, actor.id, made, entered_by), *_ask_link(case, asked, 1, house)]


def _ask_link(case: Operation, pay: PayVersion, link: int, house: House, *before: UUID) -> list[Event]:
    validator = house.version.backlog.pay.validated_by[link - 1]
    return open_task(
        case,
        house,
        BacklogTask.VALIDATE_PAY,
        {role_hat(validator.role)},
        due=case.open_deadlines.get(BacklogDeadline.PAY),
        detail={"link": link, "version": pay.version, "sha256": pay.sha256},
        excluded=pay.kept_out.union(before),
    )


def validate(case: Operation, command: Validate, task: Task, actor: Actor, house: House) -> list[Event]:
    """One of the two lets the very file go; with the second it is payroll's, and an operation that has ended is
    closed, its report kept.

    Source: procedures, section 4 step 5
    """
    pay, link = _before_validators(case, task, actor)
    if command.sha256 != pay.sha256:
        raise StaleVersion(
            "Another pay file has replaced the one that was read.", "Read it, and validate its own hash."
        )
    _check_still_right(case, pay, house)
    said: list[Event] = [done(task, command.outcome), PayValidated(pay.version, link, pay.sha256, actor.id)]
    if link < len(house.version.backlog.pay.validated_by):
        return [*said, *_ask_link(case, pay, link + 1, house, actor.id)]
    if case.state is not BacklogState.CLOSING:
        return said
    closed = become(case.state, BacklogState.CLOSED)
    return [*said, *met(case, BacklogDeadline.PAY), ReportKept(case.look_up_report(None)), closed]


def _check_still_right(case: Operation, pay: PayVersion, house: House) -> None:
    """A file is validated while it is what would be made of the same sessions today: of the terms that held, of the
    absences. Raises StaleVersion. Source: procedures, section 4 step 5
    """
    leave = case.look_up_leave(pay.version)
    if leave is None:
        return
    payroll = payroll_of(_workers_of(case, leave, pay), house.version.backlog.pay)
    if PayFile(case.reference, pay.version, payroll, case.look_up_validated()).sha256 != pay.sha256:
        raise _changed_since()


def _workers_of(case: Operation, leave: NamedLeave, pay: PayVersion) -> tuple[Worker, ...]:
    try:
        return case.look_up_workers(leave.days, pay.made_at)
    except Invalid:  # a day of leave is no absence any more
        raise _changed_since() from None


def _changed_since() -> StaleVersion:
    return StaleVersion(
        "What this pay file is made of has changed since: hours, pay or absences of those whom it pays.",
        "Send it back, and have it made anew.",
    )


def send_back(case: Operation, command: SendBack, task: Task, actor: Actor, house: House) -> list[Event]:
    """The file will not do: it is made anew."""
    pay, link = _before_validators(case, task, actor)
    again = ask_for_pay(case, house) if case.state is BacklogState.CLOSING else []
    return [done(task, command.outcome), PaySentBack(pay.version, link, actor.id, command.reason), *again]


def _before_validators(case: Operation, task: Task, actor: Actor) -> tuple[PayVersion, int]:
    pay = case.pay
    if pay is None or pay.void:
        raise WrongStep("No pay file is before its validators.", "Have it made.")
    if actor.id in pay.kept_out:
        raise FourEyes(
            "Whoever has made a pay file, entered what it is made of, is paid by it, or has validated it already, "
            "does not validate it.",
            "Leave this task to somebody else.",
        )
    return pay, int((task.detail or {})["link"])


def no_longer_right(case: Operation, house: House) -> list[Event]:
    """Attendance has changed: a file before its validators is void; an operation that has ended gets a new one.

    Source: procedures, section 4 step 5
    """
    waiting = case.tasks_of(BacklogTask.VALIDATE_PAY)
    if case.pay is None or not waiting:
        return []
    again = ask_for_pay(case, house) if case.state is BacklogState.CLOSING else []
    return [PayVoided(case.pay.version), *withdraw(waiting), *again]
