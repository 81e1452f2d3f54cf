"""Deadlines of a complaint: due dates as pure functions of its dates, the calendar and the policy version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from domain.calendar import Calendar, Count, Reason, Step, count_days, count_months
from domain.complaint.words import Channel
from domain.deadlines import Deadline, due_instant
from domain.policy import (
    ComplaintPolicy,
    DeadlineName,
    DeadlineRule,
    PolicyVersion,
    StartingEvent,
    Unit,
)


@dataclass(frozen=True)
class ComplaintDates:
    """The events that a complaint's deadlines count from: local dates, `sent_on` None where it is unknown.

    Through a delegate, `received_on` is the delegate's reception. For an oral or chat complaint `sent_on` is the
    date of the written complaint that follows it; a written one that was sent after its reception raises ValueError.
    Source: procedures, section 1, step 1.
    """

    received_on: date
    sent_on: date | None = None
    channel: Channel = Channel.LETTER

    def __post_init__(self) -> None:
        """Refuse dates that cannot be."""
        if self.channel.is_written and self.sent_on is not None and self.sent_on > self.received_on:
            raise ValueError(
                f"A complaint cannot be received ({self.received_on}) before it was sent ({self.sent_on}): "
                "check the postmark, or leave the sent date out where it is unknown."
            )


def complaint_deadlines(dates: ComplaintDates, calendar: Calendar, version: PolicyVersion) -> tuple[Deadline, ...]:
    """The five deadlines of a complaint under its policy version, in the order of `DeadlineName`.

    Raises DateNotCoveredError when the calendar does not reach far enough.
    Source: procedures, section 1, steps 4 and 6; the policy file.
    """
    policy = version.complaint
    counted = {name: _counted(name, rule, dates, calendar, version) for name, rule in _rules(policy).items()}
    limit = counted[policy.deadlines.answer_target.brings_back]
    target = _target(limit, calendar, version)
    return (*counted.values(), target)


def _rules(policy: ComplaintPolicy) -> Mapping[DeadlineName, DeadlineRule]:
    rules = policy.deadlines
    return {
        DeadlineName.ACKNOWLEDGEMENT: rules.acknowledgement,
        DeadlineName.ACKNOWLEDGEMENT_LIMIT: rules.acknowledgement_limit,
        DeadlineName.ANSWER: rules.answer,
        DeadlineName.ANSWER_LIMIT: rules.answer_limit,
    }


def _counted(
    name: DeadlineName,
    rule: DeadlineRule,
    dates: ComplaintDates,
    calendar: Calendar,
    version: PolicyVersion,
) -> Deadline:
    start = _start(rule.starts_on, dates)
    count = _count(calendar, start[-1].on, rule)
    return Deadline(
        name=name,
        due_on=count.lands_on,
        due_at=due_instant(count.lands_on, version.office),
        unit=rule.unit,
        count=rule.count,
        starts_on=start[-1].on,
        source=rule.source,
        explanation=(*start, *count.steps),
    )


def _target(limit: Deadline, calendar: Calendar, version: PolicyVersion) -> Deadline:
    """The last working day on or before the limit; it counts what the limit counts."""
    back = calendar.bring_back(limit.due_on)
    return Deadline(
        name=DeadlineName.ANSWER_TARGET,
        due_on=back.lands_on,
        due_at=due_instant(back.lands_on, version.office),
        unit=limit.unit,
        count=limit.count,
        starts_on=limit.starts_on,
        source=version.complaint.deadlines.answer_target.source,
        explanation=(*limit.explanation, *back.steps),
    )


def _count(calendar: Calendar, start: date, rule: DeadlineRule) -> Count:
    if rule.unit is Unit.WORKING_DAYS:
        return calendar.count_working_days(start, rule.count)
    if rule.unit is Unit.JOURS_OUVRABLES:
        return calendar.count_jours_ouvrables(start, rule.count)
    if rule.unit is Unit.DAYS:
        return count_days(start, rule.count)
    return count_months(start, rule.count)


def _start(event: StartingEvent, dates: ComplaintDates) -> tuple[Step, ...]:
    """The first lines of an explanation; the last of them is the day that the deadline counts from."""
    reception = Step(dates.received_on, None, Reason.RECEPTION_DAY)
    if event is StartingEvent.RECEPTION:
        return (reception,)
    if dates.sent_on is None:
        return (Step(dates.received_on, None, _why_unsent(dates.channel)), reception)
    if event is StartingEvent.EARLIER and dates.received_on < dates.sent_on:
        return (reception,)
    return (Step(dates.sent_on, None, Reason.SENDING_DAY),)


def _why_unsent(channel: Channel) -> Reason:
    return Reason.SENT_DATE_UNKNOWN if channel.is_written else Reason.WRITTEN_COMPLAINT_AWAITED
