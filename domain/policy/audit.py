"""What one version of the policy says of audits of delegates.

Source: procedures, section 3
"""

from collections.abc import Mapping
from datetime import time
from typing import Annotated, Self

from pydantic import Field, PositiveInt, field_validator, model_validator

from domain.audit.words import AuditAddressee, AuditDeadline
from domain.policy.parts import Days, Model, Slug, TimeOfDay, check_unique
from domain.risk import RiskLevel
from domain.roles import Role
from domain.sources import Source

VALIDATORS = 2


class AuditRung(Model):
    """One reminder: so many civil days after the deadline starts, before it is due, or after; or at its due instant.

    One that would fall before the deadline has started is left out.
    """

    name: Slug
    days_after_start: PositiveInt | None = None
    days_before_due: PositiveInt | None = None
    days_after_due: PositiveInt | None = None
    at_due_instant: bool = False
    to: Annotated[tuple[AuditAddressee, ...], Field(min_length=1)]
    copies: tuple[AuditAddressee, ...] = ()
    source: Source

    @model_validator(mode="after")
    def fires_once(self) -> Self:
        """A reminder has one moment."""
        moments = (self.days_after_start, self.days_before_due, self.days_after_due, self.at_due_instant or None)
        if sum(one is not None for one in moments) != 1:
            raise ValueError(f"rung {self.name} has one moment: keep one of days_after_start, days_before_due, …")
        return self


class AuditLadder(Model):
    """The reminders of one deadline."""

    rungs: Annotated[tuple[AuditRung, ...], Field(min_length=1)]

    @field_validator("rungs")
    @classmethod
    def rungs_are_told_apart(cls, rungs: tuple[AuditRung, ...]) -> tuple[AuditRung, ...]:
        """A reminder is sent once per rung."""
        check_unique((rung.name for rung in rungs), "rung")
        return rungs

    def named(self, names: tuple[str, ...]) -> tuple[AuditRung, ...]:
        """The rungs of these names, in the ladder's order."""
        return tuple(rung for rung in self.rungs if rung.name in names)


class ReportLink(Model):
    """One validator: whoever has any of these roles."""

    any_of: Annotated[tuple[Role, ...], Field(min_length=1)]


class ReportChain(Model):
    """Who validates a report: two people, neither of whom has written any of it.

    Source: procedures, section 3 step 4
    """

    links: tuple[ReportLink, ...]
    source: Source

    @field_validator("links")
    @classmethod
    def two_links(cls, links: tuple[ReportLink, ...]) -> tuple[ReportLink, ...]:
        """One alone could let a report go."""
        if len(links) != VALIDATORS:
            raise ValueError(f"a report has {VALIDATORS} validators, not {len(links)}: list them all")
        return links


class MissingPieces(Model):
    """How grave it is that a piece was not delivered. Source: policy"""

    risk: RiskLevel
    source: Source


class MeetingHours(Model):
    """When a meeting begins, where the insurer is: both instants included."""

    earliest: time
    latest: time
    source: Source

    @model_validator(mode="after")
    def earliest_comes_first(self) -> Self:
        """Otherwise no meeting could be fixed."""
        if self.earliest > self.latest:
            raise ValueError("a meeting begins between earliest and latest: exchange them")
        return self


class AuditPolicy(Model):
    """What one version of the policy says of audits: civil days, from the step before.

    `delivery` counts from the launch meeting; `report` from the end of the delivery; `restitution` from the validated
    report; the delegate answers within `answers` of it; no date of a recommendation is further ahead than
    `expected_within`. They are brought back to a working day, but `delivery`, which is promised.

    Source: procedures, section 3
    """

    delivery: Days
    report: Days
    restitution: Days
    answers: Days
    missing_pieces: MissingPieces
    expected_within: Days
    meetings: MeetingHours
    report_chain: ReportChain
    fires_at: TimeOfDay
    ladders: Mapping[AuditDeadline, AuditLadder]

    @field_validator("ladders")
    @classmethod
    def every_deadline_has_its_ladder(
        cls, ladders: Mapping[AuditDeadline, AuditLadder]
    ) -> Mapping[AuditDeadline, AuditLadder]:
        """A deadline without a reminder would be forgotten for a year."""
        if missing := [name for name in AuditDeadline if name not in ladders]:
            raise ValueError(f"every deadline has its ladder: add {', '.join(missing)}")
        return ladders
