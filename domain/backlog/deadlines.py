"""The deadlines of an operation, and their ladders: each with its why. Its first day, each day's point and its last day
are instants at which the procedure itself goes on.

Source: procedures, section 4 steps 3 to 6; the policy file
"""

from collections.abc import Container, Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.backlog.words import BacklogDeadline
from domain.calendar import Calendar, Count, Reason, Step, count_days
from domain.deadlines import Deadline, due_instant
from domain.ladder import Rung, merged
from domain.policy import PolicyVersion, RungAddressee, Unit
from domain.policy.backlog import BacklogRung
from domain.sources import Source

_GOES_ON = {BacklogDeadline.OPERATION_START: "operation_starts", BacklogDeadline.DAILY_POINT: "point_of_the_day"}
"""What happens at these instants is told to nobody: it is not late, it is done then."""


def approval_deadline(asked_on: date, starts_on: date, calendar: Calendar, version: PolicyVersion) -> Deadline:
    """It is approved on the last working day before its first day; or on the day itself on which it is asked for.

    Source: procedures, section 4 step 3
    """
    count = calendar.bring_back(starts_on - timedelta(days=1))
    due_on = max(asked_on, count.lands_on)
    steps = count.steps if due_on == count.lands_on else ()
    return _deadline(BacklogDeadline.APPROVAL, asked_on, Count(due_on, steps), Reason.PLANNING_DAY, version)


def start_deadline(approved_on: date, starts_on: date, version: PolicyVersion) -> Deadline:
    """Its first day begins. Source: procedures, section 4 step 3"""
    count = count_days(approved_on, (starts_on - approved_on).days)
    at = version.backlog.run.begins_at.at
    return _deadline(BacklogDeadline.OPERATION_START, approved_on, count, Reason.PLANNING_DAY, version, at)


def point_deadline(
    after: date, calendar: Calendar, version: PolicyVersion, session_days: Container[date] = ()
) -> Deadline:
    """The next working day, or the next day with a session, whichever comes first, is looked back on.

    Source: procedures, section 4 step 4
    """
    day = after + timedelta(days=1)
    while not (calendar.is_working_day(day) or day in session_days):
        day += timedelta(days=1)
    count = count_days(after, (day - after).days)
    at = version.backlog.run.daily_point.at
    return _deadline(BacklogDeadline.DAILY_POINT, after, count, Reason.PLANNING_DAY, version, at)


def end_deadline(from_on: date, ends_on: date, version: PolicyVersion) -> Deadline:
    """It ends after six weeks, or on the day until which it was extended. Source: Memo; procedures, section 4 step 6"""
    count = count_days(from_on, (ends_on - from_on).days)
    return _deadline(BacklogDeadline.OPERATION_END, from_on, count, Reason.PLANNING_DAY, version, source=Source.MEMO)


def pay_deadline(ended_on: date, calendar: Calendar, version: PolicyVersion) -> Deadline:
    """What was worked is validated for payroll within ten working days of the end. Source: policy"""
    count = calendar.count_working_days(ended_on, version.backlog.run.pay_within.working_days)
    return _deadline(BacklogDeadline.PAY, ended_on, count, Reason.DELIVERY_END_DAY, version)


def decided_by(asked_on: date, ends_on: date, calendar: Calendar, version: PolicyVersion) -> datetime:
    """By when the director decides what cannot wait for the operation's end. Source: policy"""
    within = version.backlog.run.decided_within.working_days
    return due_instant(min(calendar.add_working_days(asked_on, within), ends_on), version.office)


def _deadline(
    name: BacklogDeadline,
    from_on: date,
    count: Count,
    why: Reason,
    version: PolicyVersion,
    at: time | None = None,
    source: Source = Source.POLICY,
) -> Deadline:
    due_on, office = count.lands_on, version.office
    in_working_days = name in {BacklogDeadline.APPROVAL, BacklogDeadline.PAY}
    return Deadline(
        name=name,
        due_on=due_on,
        due_at=datetime.combine(due_on, at, ZoneInfo(office.zone)) if at else due_instant(due_on, office),
        unit=Unit.WORKING_DAYS if in_working_days else Unit.DAYS,
        count=(count.steps[-1].counted or 0) if count.steps else 0,
        starts_on=from_on,
        source=source,
        explanation=(Step(from_on, None, why), *count.steps),
    )


def backlog_rungs(deadline: Deadline, calendar: Calendar, version: PolicyVersion, known_on: date) -> tuple[Rung, ...]:
    """The reminders of a deadline, in their order; and the instant itself, where the procedure goes on at it.

    `known_on` is the day on which it is opened: what would have come before the due day and no longer fits is left out;
    what comes after it waits for the first working morning. Source: policy
    """
    if deadline.name in _GOES_ON:
        return (Rung((_GOES_ON[BacklogDeadline(deadline.name)],), deadline.due_at, (), at_once=True),)
    rules = [rule for rule in version.backlog.ladder.rungs if deadline.name in rule.of]
    told = [rung for rule in rules for rung in _fitting(rule, deadline, calendar, version, known_on)]
    if deadline.name == BacklogDeadline.OPERATION_END:
        told.append(Rung(("operation_ends",), deadline.due_at, (RungAddressee.OPERATIONS_DIRECTOR,), at_once=True))
    return merged(told)


def _fitting(
    rule: BacklogRung, deadline: Deadline, calendar: Calendar, version: PolicyVersion, known_on: date
) -> Iterator[Rung]:
    day = deadline.due_on + timedelta(days=rule.after_days)
    if rule.after_days == 0 and day >= known_on:
        yield Rung((rule.name,), deadline.due_at, rule.to, at_once=True)
    elif day > known_on:
        yield Rung((rule.name,), _morning(day, version), rule.to)
    elif rule.after_days >= 0:
        yield Rung((rule.name,), _morning(calendar.next_working_day(known_on), version), rule.to)


def _morning(day: date, version: PolicyVersion) -> datetime:
    return datetime.combine(day, version.backlog.ladder.fires_at.at, tzinfo=ZoneInfo(version.office.zone))
