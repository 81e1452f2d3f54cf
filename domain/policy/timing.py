"""The policy's deadlines and its ladder of reminders."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, PositiveInt, field_validator

from domain.policy.parts import Model, Slug, TimeOfDay, check_unique
from domain.sources import Source


class Unit(StrEnum):
    """What a deadline counts."""

    WORKING_DAYS = "working_days"
    JOURS_OUVRABLES = "jours_ouvrables"
    MONTHS = "months"
    DAYS = "days"


class DeadlineName(StrEnum):
    """The deadlines of a complaint, in the order in which people think of them.

    Source: procedures, section 1, steps 4 and 6.
    """

    ACKNOWLEDGEMENT = "acknowledgement"
    ACKNOWLEDGEMENT_LIMIT = "acknowledgement_limit"
    ANSWER = "answer"
    ANSWER_LIMIT = "answer_limit"
    ANSWER_TARGET = "answer_target"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _LABELS[self]


class StartingEvent(StrEnum):
    """What a deadline counts from: reception, sending, or the earlier of the two."""

    RECEPTION = "reception"
    SENDING = "sending"
    EARLIER = "earlier"


class DeadlineRule(Model):
    """So many units from an event; the day of the event does not count."""

    count: PositiveInt
    unit: Unit
    starts_on: StartingEvent
    source: Source


class TargetRule(Model):
    """The last working day on or before a limit that must not be passed."""

    brings_back: Literal[DeadlineName.ANSWER_LIMIT]
    source: Source


class ComplaintDeadlines(Model):
    """The five deadlines of a complaint.

    Source: procedures, section 1, steps 4 and 6.
    """

    acknowledgement: DeadlineRule
    acknowledgement_limit: DeadlineRule
    answer: DeadlineRule
    answer_limit: DeadlineRule
    answer_target: TargetRule


class RungAddressee(StrEnum):
    """Whom a rung speaks to, from the nearest to the highest."""

    OWNER = "owner"
    DELEGATE_USER = "delegate_user"
    AUDITOR = "auditor"
    ACCOUNTING = "accounting"
    POLE_MANAGER = "pole_manager"
    DELEGATE_DIRECTOR = "delegate_director"
    OPERATIONS_DIRECTOR = "operations_director"
    GENERAL_DIRECTOR = "general_director"

    @property
    def height(self) -> int:
        """0 for the owner, then one more per level."""
        return list(RungAddressee).index(self)

    @classmethod
    def beside_delegates(cls) -> frozenset[Self]:
        """Those whom only what concerns a delegate speaks to."""
        return frozenset({cls.DELEGATE_USER, cls.AUDITOR, cls.DELEGATE_DIRECTOR})


class RungMoment(StrEnum):
    """A moment of a deadline that is not a number of working days before or after it."""

    HALF_WAY = "half_way"
    DUE_INSTANT = "due_instant"


class RungRule(Model):
    """One reminder: when, counted in working days from the due day (-1 is the day before), and to whom.

    `only` restricts it to some of the ladder's deadlines; empty means all of them.
    """

    name: Slug
    at: RungMoment | int
    to: Annotated[tuple[RungAddressee, ...], Field(min_length=1)]
    only: tuple[DeadlineName, ...] = ()
    source: Source

    @field_validator("to")
    @classmethod
    def speaks_to_the_house(cls, to: tuple[RungAddressee, ...]) -> tuple[RungAddressee, ...]:
        """A complaint is no delegate's business."""
        if strangers := sorted(RungAddressee.beside_delegates().intersection(to)):
            raise ValueError(f"a complaint's rung does not speak to {', '.join(strangers)}: take somebody of the house")
        return to

    @field_validator("at")
    @classmethod
    def due_day_is_named(cls, at: RungMoment | int) -> RungMoment | int:
        """0 working days from the due day is the due instant, which has a name of its own."""
        if at == 0:
            raise ValueError("a rung on the due day is the due instant: write due_instant instead of 0")
        return at


class Ladder(Model):
    """The reminders of a deadline, from half-way to the director.

    Source: procedures, the ladder.
    """

    deadlines: Annotated[tuple[DeadlineName, ...], Field(min_length=1)]
    fires_at: TimeOfDay
    rungs: Annotated[tuple[RungRule, ...], Field(min_length=1)]

    @field_validator("rungs")
    @classmethod
    def rungs_are_told_apart(cls, rungs: tuple[RungRule, ...]) -> tuple[RungRule, ...]:
        """A reminder is sent once per rung: two rungs of one name would be one."""
        check_unique((rung.name for rung in rungs), "rung")
        return rungs

    def rungs_of(self, deadline: DeadlineName) -> tuple[RungRule, ...]:
        """The rungs that apply to this deadline; none when the ladder does not run on it."""
        if deadline not in self.deadlines:
            return ()
        return tuple(rung for rung in self.rungs if not rung.only or deadline in rung.only)


_LABELS = {
    DeadlineName.ACKNOWLEDGEMENT: "accusé de réception",
    DeadlineName.ACKNOWLEDGEMENT_LIMIT: "limite de l’accusé de réception",
    DeadlineName.ANSWER: "réponse",
    DeadlineName.ANSWER_LIMIT: "limite de la réponse",
    DeadlineName.ANSWER_TARGET: "dernier jour utile pour répondre",
}
