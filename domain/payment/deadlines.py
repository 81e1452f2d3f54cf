"""By when the bank has to have answered for every line, and who is told when it has not.

Source: policy (docs/decisions/0037)
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.calendar import Calendar, Reason, Step
from domain.deadlines import Deadline, due_instant
from domain.ladder import Rung
from domain.payment.words import PaymentDeadline
from domain.policy import PolicyVersion, RungAddressee, Unit


def bank_answer(executes_on: date, laid_on: date, calendar: Calendar, version: PolicyVersion) -> Deadline:
    """So many working days after the day of execution, or after the file was laid, if that was later.

    The day itself does not count. Raises DateNotCoveredError when the calendar does not reach far enough.
    """
    rule, starts_on = version.claim.bank_answer.within, max(executes_on, laid_on)
    count = calendar.count_working_days(starts_on, rule.working_days)
    return Deadline(
        name=PaymentDeadline.BANK_ANSWER,
        due_on=count.lands_on,
        due_at=due_instant(count.lands_on, version.office),
        unit=Unit.WORKING_DAYS,
        count=rule.working_days,
        starts_on=starts_on,
        source=rule.source,
        explanation=(Step(starts_on, None, Reason.EXECUTION_DAY), *count.steps),
    )


def bank_answer_rungs(deadline: Deadline, calendar: Calendar, version: PolicyVersion) -> tuple[Rung, ...]:
    """Accounting is reminded at the due instant; in the morning some working days later the operations director is
    told, and accounting again.
    """
    rules = version.claim.bank_answer
    escalated_on = calendar.add_working_days(deadline.due_on, rules.escalated_after.working_days)
    morning = datetime.combine(escalated_on, rules.fires_at.at, tzinfo=ZoneInfo(version.office.zone))
    accounting, director = (RungAddressee.ACCOUNTING,), (RungAddressee.OPERATIONS_DIRECTOR,)
    return (
        Rung(("due",), deadline.due_at, accounting, at_once=True),
        Rung(("escalation",), morning, director, accounting),
    )
