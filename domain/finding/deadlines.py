"""The deadlines of a finding, and their ladders: each with its why.

Source: procedures, section 3 step 6; the policy file
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.calendar import Calendar, Count, Reason, Step, count_days
from domain.deadlines import Deadline, due_instant
from domain.finding.words import FindingDeadline, RiskLevel
from domain.ladder import Rung, merged
from domain.policy import PolicyVersion, Unit
from domain.policy.finding import FindingRung
from domain.sources import Source


def remediation_deadline(
    from_on: date, due_on: date, version: PolicyVersion, why: Reason = Reason.AGREEMENT_DAY
) -> Deadline:
    """It is put right by the agreed date: evidence that is delivered by then is in time.

    Source: procedures, section 3 step 6
    """
    count = count_days(from_on, (due_on - from_on).days)
    return _deadline(FindingDeadline.REMEDIATION, from_on, count, why, version, Source.POLICY)


def plan_deadline(asked_on: date, version: PolicyVersion) -> Deadline:
    """The delegate says within fifteen days what it will do. Source: policy"""
    rule = version.finding.plan
    count = count_days(asked_on, rule.days)
    return _deadline(FindingDeadline.PLAN, asked_on, count, Reason.PLAN_REQUEST_DAY, version, rule.source)


def verification_deadline(from_on: date, calendar: Calendar, version: PolicyVersion) -> Deadline:
    """The auditor answers a plan, or evidence, within ten working days. Source: policy"""
    rule = version.finding.verification
    count = calendar.count_working_days(from_on, rule.working_days)
    return _deadline(FindingDeadline.VERIFICATION, from_on, count, Reason.DELIVERY_DAY, version, rule.source)


def confirmation_deadline(from_on: date, calendar: Calendar, version: PolicyVersion) -> Deadline:
    """The second validator answers within ten working days. Source: policy"""
    rule = version.finding.confirmation
    count = calendar.count_working_days(from_on, rule.working_days)
    return _deadline(FindingDeadline.CONFIRMATION, from_on, count, Reason.VERIFICATION_DAY, version, rule.source)


def acceptance_deadline(accepted_on: date, until: date, version: PolicyVersion) -> Deadline:
    """The risk is accepted until this day. Source: procedures, section 3 step 6"""
    count = count_days(accepted_on, (until - accepted_on).days)
    why = Reason.ACCEPTANCE_DAY
    return _deadline(FindingDeadline.RISK_ACCEPTANCE, accepted_on, count, why, version, Source.POLICY)


def _deadline(
    name: FindingDeadline, from_on: date, count: Count, why: Reason, version: PolicyVersion, source: Source
) -> Deadline:
    in_working_days = name in {FindingDeadline.VERIFICATION, FindingDeadline.CONFIRMATION}
    return Deadline(
        name=name,
        due_on=count.lands_on,
        due_at=due_instant(count.lands_on, version.office),
        unit=Unit.WORKING_DAYS if in_working_days else Unit.DAYS,
        count=count.steps[-1].counted or 0,
        starts_on=from_on,
        source=source,
        explanation=(Step(from_on, None, why), *count.steps),
    )


def finding_rungs(
    deadline: Deadline, risk: RiskLevel, calendar: Calendar, version: PolicyVersion, known_on: date
) -> tuple[Rung, ...]:
    """The reminders of a deadline at a risk, in their order; those of one day are one message.

    `known_on` is the day on which the deadline is opened. What would have come before the due day and no longer fits is
    left out; an escalation that this day has overtaken is not lost: it waits for the first working morning after it.
    Source: procedures, section 3 step 6
    """
    rules = [rule for rule in version.finding.ladder.rungs if rule.holds_for(deadline.name, risk)]
    return merged(rung for rule in rules for rung in _fitting(rule, deadline, calendar, version, known_on))


def _fitting(
    rule: FindingRung, deadline: Deadline, calendar: Calendar, version: PolicyVersion, known_on: date
) -> Iterator[Rung]:
    day = deadline.due_on + timedelta(days=rule.after_days)
    if rule.after_days == 0 and day >= known_on:
        yield Rung((rule.name,), deadline.due_at, rule.to, at_once=True)
    elif day > known_on:
        yield Rung((rule.name,), _morning(day, version), rule.to)
    elif rule.after_days >= 0:
        yield Rung((rule.name,), _morning(calendar.next_working_day(known_on), version), rule.to)


def _morning(day: date, version: PolicyVersion) -> datetime:
    return datetime.combine(day, version.finding.ladder.fires_at.at, tzinfo=ZoneInfo(version.office.zone))
