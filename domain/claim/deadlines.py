"""A claim's deadlines: by when it is decided, and by when the documents are awaited; each with its why.

The decision's clock stands still while documents are awaited. A pause is measured in the deadline's own unit, working
days, and the ledger of pauses is on the case: the deadline can be counted again from it at any time.
Source: procedures, section 2 steps 3 and 6
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.calendar import Calendar, Reason, Step, count_days
from domain.claim.words import CareCategory, ClaimDeadline, ClaimKind, DocumentsRung
from domain.deadlines import Deadline, due_instant
from domain.ladder import Rung
from domain.policy import PolicyVersion, Unit


@dataclass(frozen=True)
class Pause:
    """The clock stood still from one local day to another; `until_on` is None while it does."""

    from_on: date
    until_on: date | None = None


@dataclass(frozen=True)
class DecisionDates:
    """What the decision's deadline is counted from: reception, or the day of the last reopening, and the pauses."""

    category: CareCategory
    kind: ClaimKind
    received_on: date
    pauses: tuple[Pause, ...] = ()
    reopened_on: date | None = None

    @property
    def starts_on(self) -> date:
        """The day that the clock started."""
        return self.reopened_on or self.received_on

    @property
    def ended_pauses(self) -> tuple[Pause, ...]:
        """The pauses since then that have ended, in their order."""
        return tuple(one for one in self.pauses if one.until_on is not None and one.from_on >= self.starts_on)


def decision_deadline(dates: DecisionDates, calendar: Calendar, version: PolicyVersion) -> Deadline:
    """So many working days from reception (5, for a hospital's commitment 2), without those of the pauses.

    The day of reception does not count, nor does the day on which the clock goes on. What was left when it stopped is
    left when it goes on, one working day at least: nobody is late the moment that a document arrives.
    Raises DateNotCoveredError when the calendar does not reach far enough.
    Source: procedures, section 2 steps 3 and 6; policy
    """
    rule = version.claim.deadlines.rule(dates.category, dates.kind)
    start, left = dates.starts_on, rule.working_days
    steps = [Step(start, None, Reason.REOPENING_DAY if dates.reopened_on else Reason.RECEPTION_DAY)]
    for pause in dates.ended_pauses:
        used = calendar.working_days_between(start, pause.from_on)
        steps += calendar.count_working_days(start, min(used, left)).steps
        steps += _stood_still(pause)
        start, left = pause.until_on or start, max(1, left - used)
    count = calendar.count_working_days(start, left)
    return Deadline(
        name=ClaimDeadline.DECISION,
        due_on=count.lands_on,
        due_at=due_instant(count.lands_on, version.office),
        unit=Unit.WORKING_DAYS,
        count=left,
        starts_on=start,
        source=rule.source,
        explanation=(*steps, *count.steps),
    )


def _stood_still(pause: Pause) -> list[Step]:
    return [
        Step(pause.from_on, None, Reason.CLOCK_STOPPED),
        Step(pause.until_on or pause.from_on, None, Reason.CLOCK_RESUMED),
    ]


def documents_deadline(asked_on: date, version: PolicyVersion) -> Deadline:
    """Sixty civil days after the member was asked: what arrives on the last of them, by the due time, is in time.

    Source: policy
    """
    rule = version.claim.documents.closing
    count = count_days(asked_on, rule.after_days)
    return Deadline(
        name=ClaimDeadline.DOCUMENTS,
        due_on=count.lands_on,
        due_at=due_instant(count.lands_on, version.office),
        unit=Unit.DAYS,
        count=rule.after_days,
        starts_on=asked_on,
        source=rule.source,
        explanation=(Step(asked_on, None, Reason.REQUEST_DAY), *count.steps),
    )


def documents_rungs(deadline: Deadline, version: PolicyVersion) -> tuple[Rung, ...]:
    """Two reminders to the member in the morning of their day, and the closing at the due instant; nobody of the staff
    is told.

    Source: policy
    """
    return tuple(Rung((rung.value,), _fires_at(rung, deadline, version), to=()) for rung in DocumentsRung)


def _fires_at(rung: DocumentsRung, deadline: Deadline, version: PolicyVersion) -> datetime:
    if rung is DocumentsRung.CLOSING:
        return deadline.due_at
    rules = version.claim.documents
    day = deadline.starts_on + timedelta(days=rules.days_to(rung))
    return datetime.combine(day, rules.fires_at.at, tzinfo=ZoneInfo(version.office.zone))
