"""The house in which a command is decided: what the insurer has laid down, and who is at work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from domain.calendar import Calendar
from domain.people import Staff
from domain.policy import PolicyBook, PolicyVersion
from domain.roles import Role


@dataclass(frozen=True)
class House:
    """What the insurer has laid down, and who is at work, at the instant of the command (business time)."""

    book: PolicyBook
    version: PolicyVersion
    look_up_staff: Callable[[], Staff]
    look_up_calendar: Callable[[], Calendar]
    now: datetime
    today: date

    @cached_property
    def staff(self) -> Staff:
        """Everyone of the insurer; what the system itself does to letters needs nobody."""
        return self.look_up_staff()

    def with_staff(self, staff: Staff) -> "House":
        """The same house with these people in it."""
        return replace(self, look_up_staff=lambda: staff)

    @cached_property
    def calendar(self) -> Calendar:
        """Public holidays and closing days; most commands count no days, and need none."""
        return self.look_up_calendar()

    @property
    def up(self) -> Mapping[Role, Role]:
        """Who stands one level above whom."""
        return self.book.insurer.one_level_up

    @property
    def expert_skills(self) -> frozenset[str]:
        """The skills that only expert handlers have."""
        return frozenset(skill.id for skill in self.book.insurer.skills if skill.expert)
