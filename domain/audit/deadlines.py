"""An audit's deadlines: the launch, the six weeks of the delivery, the report, the restitution, the follow-up at the
year's end; each with its why and its reminders. All count civil days.

Source: procedures, section 3 steps 2 to 7; policy
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.audit.words import AuditDeadline
from domain.calendar import Calendar, Reason, Step, count_days
from domain.deadlines import Deadline, due_instant
from domain.ladder import Rung
from domain.policy import PolicyVersion, Unit
from domain.policy.audit import AuditRung
from domain.policy.parts import Days
from domain.sources import Source


def launch_deadline(on: date, fixed_on: date, version: PolicyVersion) -> Deadline:
    """The launch meeting is held on the day that was fixed. Source: Memo"""
    steps = (Step(fixed_on, None, Reason.PLANNING_DAY), Step(on, None, Reason.MEETING_DAY))
    due_at, count = due_instant(on, version.office), (on - fixed_on).days
    return Deadline(AuditDeadline.LAUNCH, on, due_at, Unit.DAYS, count, fixed_on, Source.MEMO, steps)


def delivery_deadline(launched_on: date, version: PolicyVersion) -> Deadline:
    """Six weeks from the launch meeting, to the due time of the last day; nothing brings it forward.

    Source: Memo
    """
    rule = version.audit.delivery
    count = count_days(launched_on, rule.days)
    steps = (Step(launched_on, None, Reason.LAUNCH_DAY), *count.steps)
    return _deadline(AuditDeadline.DELIVERY, count.lands_on, launched_on, rule, steps, version)


def report_deadline(ended_on: date, calendar: Calendar, version: PolicyVersion) -> Deadline:
    """So many days from the end of the delivery, brought back to a working day. Source: policy"""
    return _brought_back(
        AuditDeadline.REPORT, ended_on, Reason.DELIVERY_END_DAY, version.audit.report, calendar, version
    )


def restitution_deadline(validated_on: date, calendar: Calendar, version: PolicyVersion) -> Deadline:
    """So many days from the validated report, brought back to a working day. Source: policy"""
    rule = version.audit.restitution
    return _brought_back(AuditDeadline.RESTITUTION, validated_on, Reason.VALIDATION_DAY, rule, calendar, version)


def follow_up_deadline(agreed_on: date, year: int, calendar: Calendar, version: PolicyVersion) -> Deadline:
    """The last working day of the audit's year; where the restitution comes later, that of its own next one.

    Source: Memo (follow-up meeting at the year's end)
    """
    on = calendar.bring_back(date(year, 12, 31))
    while on.lands_on <= agreed_on:
        year += 1
        on = calendar.bring_back(date(year, 12, 31))
    steps = (Step(agreed_on, None, Reason.MEETING_DAY), Step(date(year, 12, 31), None, Reason.END_OF_YEAR), *on.steps)
    days = Days(days=(on.lands_on - agreed_on).days, source=Source.MEMO)
    return _deadline(AuditDeadline.FOLLOW_UP, on.lands_on, agreed_on, days, steps, version)


def _brought_back(
    name: AuditDeadline, start: date, reason: Reason, rule: Days, calendar: Calendar, version: PolicyVersion
) -> Deadline:
    """A target is brought back to a working day, never rolled forward. Source: procedures, section 0"""
    count = count_days(start, rule.days)
    back = calendar.bring_back(count.lands_on)
    steps = (Step(start, None, reason), *count.steps, *back.steps)
    return _deadline(name, back.lands_on, start, rule, steps, version)


def _deadline(
    name: AuditDeadline, due_on: date, start: date, rule: Days, steps: tuple[Step, ...], version: PolicyVersion
) -> Deadline:
    due_at = due_instant(due_on, version.office)
    return Deadline(name, due_on, due_at, Unit.DAYS, rule.days, start, rule.source, steps)


def audit_rungs(deadline: Deadline, version: PolicyVersion) -> tuple[Rung, ...]:
    """The reminders of a deadline in their order. Whom each speaks to, the policy says when it fires.

    One that would fire on the day that the deadline starts, or before, is left out: nothing to remind of yet.
    Source: procedures, section 3 step 2
    """
    ladder = version.audit.ladders[AuditDeadline(deadline.name)]
    zone = ZoneInfo(version.office.zone)
    planned = [
        Rung((rung.name,), _fires_at(rung, deadline, version, zone), to=(), at_once=rung.at_due_instant)
        for rung in ladder.rungs
    ]
    return tuple(sorted((r for r in planned if r.fires_on > deadline.starts_on), key=lambda rung: rung.fires_at))


def _fires_at(rung: AuditRung, deadline: Deadline, version: PolicyVersion, zone: ZoneInfo) -> datetime:
    if rung.at_due_instant:
        return deadline.due_at
    if rung.days_after_start is not None:
        day = deadline.starts_on + timedelta(days=rung.days_after_start)
    else:
        day = deadline.due_on + timedelta(days=(rung.days_after_due or 0) - (rung.days_before_due or 0))
    return datetime.combine(day, version.audit.fires_at.at, tzinfo=zone)
