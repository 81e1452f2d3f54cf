"""One owner, from the first day to the last: by skill, then by load.

Source: Memo (one owner); Protélis (expert handlers); procedures, section 1 step 3
"""

from typing import Protocol
from uuid import UUID

from domain.house import House
from domain.people import Person
from domain.roles import Role


class ToBeOwned(Protocol):
    """What a complaint asks of its owner."""

    @property
    def pole(self) -> str:
        """The department that it belongs to."""

    @property
    def skills(self) -> frozenset[str]:
        """What its owner should be able to do."""

    @property
    def about_id(self) -> UUID | None:
        """Whom it is about, if it is about somebody of the staff."""


def choose_owner(case: ToBeOwned, house: House) -> Person | None:
    """The present handler with the needed skills, of the case's pole if one has them, and the fewest open cases.

    Skills that nobody present has are not waited for: the best match takes the case. Never the person whom the
    complaint is about. None when no handler at all is at work.
    """
    candidates = [p for p in house.staff if _may_own(p, case)]
    return min(candidates, key=lambda p: _misfit(p, case, house), default=None)


def _may_own(person: Person, case: ToBeOwned) -> bool:
    handles = not person.roles.isdisjoint({Role.HANDLER, Role.EXPERT_HANDLER})
    return handles and not person.absent and person.id != case.about_id


def _misfit(person: Person, case: ToBeOwned, house: House) -> tuple[int, int, bool, bool, int, str]:
    """What a person lacks for the case, worst first; the login settles a tie."""
    missing = case.skills - person.skills
    needs_expert = bool(case.skills & house.expert_skills)
    is_expert = Role.EXPERT_HANDLER in person.roles
    return (
        len(missing & house.expert_skills),
        len(missing),
        needs_expert != is_expert,
        person.pole != case.pole,
        person.load,
        person.login,
    )
