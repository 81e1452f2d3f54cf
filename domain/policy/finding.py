"""What one version of the policy says of findings.

Source: procedures, section 3 step 6
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from domain.finding.words import FindingDeadline, RiskLevel
from domain.policy.parts import Days, Model, Slug, TimeOfDay, WorkingDays, check_unique
from domain.policy.timing import RungAddressee
from domain.roles import Role
from domain.sources import Source

ACCEPTERS = 2


class Validator(Model):
    """Whoever has this role decides."""

    role: Role
    source: Source


class FindingRung(Model):
    """One reminder: so many civil days after the due day (-5 is before it, 0 the due instant), and to whom.

    `of` are the deadlines that it belongs to, `risks` the levels that it is for; empty means all of them.
    """

    name: Slug
    after_days: int
    to: Annotated[tuple[RungAddressee, ...], Field(min_length=1)]
    of: Annotated[tuple[FindingDeadline, ...], Field(min_length=1)]
    risks: tuple[RiskLevel, ...] = ()
    source: Source

    @field_validator("to")
    @classmethod
    def speaks_to_somebody(cls, to: tuple[RungAddressee, ...]) -> tuple[RungAddressee, ...]:
        """A finding has no owner and no pole: it would speak to nobody."""
        if strangers := sorted({RungAddressee.OWNER, RungAddressee.POLE_MANAGER}.intersection(to)):
            raise ValueError(f"a finding has no {', '.join(strangers)}: take an auditor, the delegate or a director")
        return to

    def holds_for(self, deadline: str, risk: RiskLevel) -> bool:
        """Whether it is one of this deadline's rungs, at this risk."""
        return deadline in self.of and (not self.risks or risk in self.risks)


class FindingLadder(Model):
    """The reminders of a finding's deadlines, by risk.

    Source: procedures, section 3 step 6
    """

    fires_at: TimeOfDay
    rungs: Annotated[tuple[FindingRung, ...], Field(min_length=1)]

    @field_validator("rungs")
    @classmethod
    def rungs_are_told_apart(cls, rungs: tuple[FindingRung, ...]) -> tuple[FindingRung, ...]:
        """A reminder is sent once per rung: two rungs of one name would be one."""
        check_unique((rung.name for rung in rungs), "rung")
        return rungs

    @model_validator(mode="after")
    def what_is_major_and_overdue_reaches_the_general_director(self) -> Self:
        """The one escalation that no policy may leave out. Source: procedures, section 3 step 6"""
        reached = any(
            RungAddressee.GENERAL_DIRECTOR in rung.to and rung.after_days >= 0
            for rung in self.rungs
            if rung.holds_for(FindingDeadline.REMEDIATION, RiskLevel.MAJOR)
        )
        if not reached:
            raise ValueError(
                "what is major and overdue reaches the general director: give remediation a rung at 0 days or later"
            )
        return self

    @model_validator(mode="after")
    def the_end_of_an_acceptance_is_a_rung(self) -> Self:
        """It is the rung itself that reopens the finding."""
        ends = [rung for rung in self.rungs if FindingDeadline.RISK_ACCEPTANCE in rung.of and rung.after_days == 0]
        if not ends or any(rung.risks for rung in ends):
            raise ValueError("the end of an acceptance reopens the finding: give risk_acceptance a rung at 0 days")
        return self


class FindingPolicy(Model):
    """What one version of the policy says of findings.

    Source: procedures, section 3 step 6
    """

    remediation: Mapping[RiskLevel, Days]
    plan: Days
    verification: WorkingDays
    confirmation: WorkingDays
    confirmed_by: Validator
    postponement: Mapping[RiskLevel, Validator]
    postponed_at_most: Days
    risk_accepted_by: tuple[Validator, ...]
    risk_accepted_at_most: Days
    ladder: FindingLadder

    def latest_day(self, agreed_on: date, risk: RiskLevel) -> date:
        """The last day that a risk allows without a validator, in civil days from the restitution: major 30, very low
        270. Source: policy
        """
        return agreed_on + timedelta(days=self.remediation[risk].days)

    @field_validator("remediation", "postponement")
    @classmethod
    def every_risk_has_its_own(cls, by_risk: Mapping[RiskLevel, Model]) -> Mapping[RiskLevel, Model]:
        """A level that is left out would have no date, or nobody to decide."""
        if missing := [risk for risk in RiskLevel if risk not in by_risk]:
            raise ValueError(f"every risk has its own: add {', '.join(missing)}")
        return by_risk

    @field_validator("remediation")
    @classmethod
    def the_higher_the_risk_the_sooner(cls, days: Mapping[RiskLevel, Days]) -> Mapping[RiskLevel, Days]:
        """What is worse does not wait longer."""
        counted = [days[risk].days for risk in RiskLevel]
        if counted != sorted(counted, reverse=True):
            raise ValueError("the higher the risk, the sooner it is put right: order the days by risk")
        return days

    @field_validator("risk_accepted_by")
    @classmethod
    def two_accept_a_risk(cls, who: tuple[Validator, ...]) -> tuple[Validator, ...]:
        """Fewer than two would be no second pair of eyes."""
        if len(who) != ACCEPTERS:
            raise ValueError(f"a risk is accepted by {ACCEPTERS} people, not {len(who)}: list them all")
        return who
