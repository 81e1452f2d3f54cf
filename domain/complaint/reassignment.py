"""Whose complaints somebody's become when they are away or leave: proposed by the rule that gave them out at first.

Nothing is decided here: a manager reads the proposal, changes what they like, and gives one command per complaint.
Source: Memo (one owner, unless absence or conflict of interest); procedures, section 1 step 3
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.complaint.assignment import choose_owner
from domain.house import House
from domain.people import Person, Staff
from domain.roles import Role


class Fit(StrEnum):
    """Why somebody is proposed."""

    HAS_THE_SKILLS = "has_the_skills"
    LACKS_A_SKILL = "lacks_a_skill"
    EXPERT = "expert"
    SAME_POLE = "same_pole"
    OTHER_POLE = "other_pole"
    FEWEST_CASES = "fewest_cases"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _LABELS[self]


@dataclass(frozen=True)
class Owned:
    """A complaint of theirs, open and unanswered; `due_at` is the earliest of its open deadlines, called `deadline`."""

    id: UUID
    reference: str
    state: str
    pole: str
    skills: frozenset[str]
    about_id: UUID | None = None
    deadline: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True)
class Proposal:
    """Who is to own a complaint, and why; None where no handler at all is at work. `load` is theirs with it."""

    case: Owned
    to: Person | None
    why: tuple[Fit, ...] = ()
    missing_skills: tuple[str, ...] = ()
    load: int | None = None


@dataclass(frozen=True)
class Plan:
    """All proposals, the most urgent first, and everybody's load before and after."""

    proposals: tuple[Proposal, ...]
    before: Staff
    after: Staff


def propose(cases: Iterable[Owned], leaving: UUID, house: House) -> Plan:
    """Deal the complaints out by the rule of intake, the most urgent first; each counts at once in its owner's load.

    Source: Memo; procedures, section 1 step 3
    """
    staff, dealt = _without(house.staff, leaving), []
    for case in sorted(cases, key=_urgency):
        to = choose_owner(case, house.with_staff(staff))
        staff = _moved(staff, leaving, to.id) if to else staff
        dealt.append(_proposal(case, to, house))
    return Plan(tuple(dealt), house.staff, staff)


def _urgency(case: Owned) -> tuple[bool, float, str]:
    return case.due_at is None, case.due_at.timestamp() if case.due_at else 0.0, case.reference


def _without(staff: Staff, leaving: UUID) -> Staff:
    """Whoever leaves is taken for absent, so that nothing comes back to them."""
    return Staff(tuple(replace(p, absent=True) if p.id == leaving else p for p in staff))


def _moved(staff: Staff, leaving: UUID, to: UUID) -> Staff:
    changes = {leaving: -1, to: 1}
    return Staff(tuple(replace(p, load=p.load + changes[p.id]) if p.id in changes else p for p in staff))


def _proposal(case: Owned, to: Person | None, house: House) -> Proposal:
    if to is None:
        return Proposal(case, None)
    missing = case.skills - to.skills
    expert = bool(case.skills & house.expert_skills) and Role.EXPERT_HANDLER in to.roles
    why = (
        *((Fit.LACKS_A_SKILL,) if missing else (Fit.HAS_THE_SKILLS,) if case.skills else ()),
        *((Fit.EXPERT,) if expert else ()),
        Fit.SAME_POLE if to.pole == case.pole else Fit.OTHER_POLE,
        Fit.FEWEST_CASES,
    )
    return Proposal(case, to, why, tuple(sorted(missing)), to.load + 1)


_LABELS = {
    Fit.HAS_THE_SKILLS: "a les compétences demandées",
    Fit.LACKS_A_SKILL: "personne de présent n’a toutes les compétences",
    Fit.EXPERT: "gestionnaire expert",
    Fit.SAME_POLE: "même pôle",
    Fit.OTHER_POLE: "autre pôle, faute de mieux",
    Fit.FEWEST_CASES: "le moins de dossiers parmi eux",
}
