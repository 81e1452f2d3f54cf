"""What one version of the policy says of backlog operations.

Source: procedures, section 4
"""

from typing import Annotated, Literal, Self

from pydantic import Field, NonNegativeInt, PositiveInt, field_validator, model_validator

from domain.backlog.words import BacklogDeadline
from domain.policy.parts import Days, Minutes, Model, Slug, TimeOfDay, WorkingDays, check_unique
from domain.policy.timing import RungAddressee
from domain.roles import Role
from domain.sources import Source

APPROVERS = 2
PAY_VALIDATORS = 2


class AtMostMinutes(Model):
    """So many minutes of work, or of a day, included."""

    at_most_minutes: PositiveInt
    source: Source


class AtLeastMinutes(Model):
    """So many minutes of rest, included."""

    at_least_minutes: PositiveInt
    source: Source


class Weeks(Model):
    """Weeks, one after the other."""

    weeks: PositiveInt
    source: Source


class Forbidden(Model):
    """Days on which nobody works."""

    work: Literal["forbidden"]
    source: Source


class Rate(Model):
    """So many hundredths of the hourly pay: 125 is a quarter more."""

    percent: Annotated[int, Field(ge=100, le=400)]
    source: Source


class Share(Model):
    """So many hundredths; 0 is none."""

    percent: NonNegativeInt
    source: Source


class Month(Model):
    """A month of the year, 1 to 12."""

    month: Annotated[int, Field(ge=1, le=12)]
    source: Source


class Bonus(Model):
    """Money for a Saturday, in euro cents."""

    bonus_cents: PositiveInt
    source: Source


class Recovery(Model):
    """Days off for a Saturday."""

    recovery_days: PositiveInt
    source: Source


class Validator(Model):
    """Whoever has this role decides."""

    role: Role
    source: Source


class WatchRules(Model):
    """When the watch is alarmed: over the standard for so long, or soon to be; all in working days.

    `forecast_from` are the last days whose mean the forecast goes on with.
    Source: procedures, section 4 step 1
    """

    over_standard: WorkingDays
    forecast: WorkingDays
    forecast_from: WorkingDays


class RunRules(Model):
    """How long an operation lasts, when it has reached its end, and when it is off its plan.

    Source: procedures, section 4 steps 4 and 6
    """

    lasts: Weeks
    ends_under_standard: WorkingDays
    off_track: WorkingDays
    off_track_above: Share
    begins_at: TimeOfDay
    daily_point: TimeOfDay
    extended_at_most: Weeks
    pay_within: WorkingDays
    decided_within: WorkingDays

    @model_validator(mode="after")
    def a_day_begins_before_its_point(self) -> Self:
        """The point looks back on the day."""
        if self.begins_at.at >= self.daily_point.at:
            raise ValueError("the daily point comes after the day has begun: exchange begins_at and daily_point")
        return self


class MessageRules(Model):
    """Who is told that they wait long, where nobody says otherwise; and for how long after a letter nobody is told.

    Source: procedures, section 4 step 4
    """

    waits_more_than: Days
    quiet_after_letter: Days


class BacklogRung(Model):
    """One reminder: so many civil days after the due day (-5 is before it, 0 the due instant), and to whom.

    `of` are the deadlines that it belongs to.
    """

    name: Slug
    after_days: int
    to: Annotated[tuple[RungAddressee, ...], Field(min_length=1)]
    of: Annotated[tuple[BacklogDeadline, ...], Field(min_length=1)]
    source: Source

    @field_validator("to")
    @classmethod
    def speaks_to_the_house(cls, to: tuple[RungAddressee, ...]) -> tuple[RungAddressee, ...]:
        """An operation has no owner, and is no delegate's business."""
        strange = {RungAddressee.OWNER, *RungAddressee.beside_delegates()}.intersection(to)
        if strange:
            raise ValueError(f"an operation's rung does not speak to {', '.join(sorted(strange))}: take a director")
        return to


class BacklogLadder(Model):
    """The reminders of an operation's deadlines. Source: policy"""

    fires_at: TimeOfDay
    rungs: Annotated[tuple[BacklogRung, ...], Field(min_length=1)]

    @field_validator("rungs")
    @classmethod
    def rungs_are_told_apart(cls, rungs: tuple[BacklogRung, ...]) -> tuple[BacklogRung, ...]:
        """A reminder is sent once per rung: two rungs of one name would be one."""
        check_unique((rung.name for rung in rungs), "rung")
        return rungs


class LabourRules(Model):
    """What the law allows; an insurer may be stricter than the law, never more generous with other people's time.

    Source: Code du travail; procedures, section 4 step 4
    """

    daily: AtMostMinutes
    weekly: AtMostMinutes
    average: AtMostMinutes
    average_over: Weeks
    full_week: Minutes
    complementary: Share
    daily_rest: AtLeastMinutes
    day_span: AtMostMinutes
    weekly_rest: AtLeastMinutes
    break_after: Minutes
    shortest_break: AtLeastMinutes
    sunday: Forbidden
    public_holiday: Forbidden

    @model_validator(mode="after")
    def within_the_law(self) -> Self:
        """A policy that allows what the law forbids would have people work against it."""
        loose = [name for name, most in _AT_MOST.items() if getattr(self, name).at_most_minutes > most]
        loose += [name for name, least in _AT_LEAST.items() if getattr(self, name).at_least_minutes < least]
        loose += ["break_after"] if self.break_after.minutes > BREAK_AFTER else []
        loose += ["average_over"] if self.average_over.weeks > AVERAGE_WEEKS else []
        loose += ["full_week"] if self.full_week.minutes > FULL_WEEK else []
        loose += ["complementary"] if self.complementary.percent > self._most_complementary() else []
        if loose:
            raise ValueError(f"the law is stricter than {', '.join(loose)}: keep to the articles that are its source")
        return self

    def _most_complementary(self) -> int:
        """A tenth of the contract; up to a third where an agreement says so.

        Source: Code du travail (L3123-20, L3123-28)
        """
        return A_THIRD if self.complementary.source is Source.TRAVAIL_L3123_20 else A_TENTH


_AT_MOST = {"daily": 10 * 60, "weekly": 48 * 60, "average": 44 * 60, "day_span": 13 * 60}
_AT_LEAST = {"daily_rest": 11 * 60, "weekly_rest": 35 * 60, "shortest_break": 20}
BREAK_AFTER = 6 * 60
AVERAGE_WEEKS = 12
FULL_WEEK = 35 * 60
A_TENTH, A_THIRD = 10, 33


class OvertimeRules(Model):
    """What the hours of a civil week are paid: so much for the first ones of overtime, more for those beyond.

    Source: Code du travail (L3121-28, L3121-36)
    """

    above: Minutes
    first_rate: Rate
    first_rate_for: Minutes
    then_rate: Rate

    @model_validator(mode="after")
    def later_hours_are_not_paid_less(self) -> Self:
        """The longer the week, the dearer its hours."""
        if self.then_rate.percent < self.first_rate.percent:
            raise ValueError("later hours are not paid less: raise then_rate to first_rate at least")
        return self


class PayRules(Model):
    """What sessions are paid. `saturdays` is what a person's first, second… Saturday is worth; later ones nothing more.

    Days off are taken from the first of `recovery_from` to the last of `recovery_until`.
    Source: Memo; procedures, section 4 step 5
    """

    overtime: OvertimeRules
    saturdays: tuple[Bonus | Recovery, ...]
    recovery_from: Month
    recovery_until: Month
    validated_by: tuple[Validator, ...]

    @field_validator("validated_by")
    @classmethod
    def two_validators(cls, validators: tuple[Validator, ...]) -> tuple[Validator, ...]:
        """One alone could pay whom they like."""
        if len(validators) != PAY_VALIDATORS:
            raise ValueError(f"pay has {PAY_VALIDATORS} validators, not {len(validators)}: list them all")
        return validators

    @model_validator(mode="after")
    def summer_begins_before_it_ends(self) -> Self:
        """Days off could never be taken otherwise."""
        if self.recovery_from.month > self.recovery_until.month:
            raise ValueError("recovery_from comes before recovery_until: exchange them")
        return self


class BacklogPolicy(Model):
    """What one version of the policy says of backlog operations.

    Source: procedures, section 4
    """

    watch: WatchRules
    run: RunRules
    ladder: BacklogLadder
    approved_by: tuple[Validator, ...]
    labour: LabourRules
    pay: PayRules
    message: MessageRules

    @field_validator("approved_by")
    @classmethod
    def two_approvers(cls, approvers: tuple[Validator, ...]) -> tuple[Validator, ...]:
        """The operations director, then the general director.

        Source: procedures, section 4 step 3
        """
        if len(approvers) != APPROVERS:
            raise ValueError(f"an operation has {APPROVERS} approvers, not {len(approvers)}: list them all")
        return approvers
