"""The people of the house: who they are, what they may stand for, and who stands in for them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from domain.roles import Role

Hat = str
"""What a task can be offered to: a person, a role, a role of one pole or of one delegate, whoever a case is lent to.
Written as text, so that a list of hats can be indexed: `person:<id>`, `pole_manager`, `pole_manager@benefits`,
`expert_handler+dental`, `delegate_user@ARMOR`, `borrower:<case id>`."""

_BORROWER = "borrower:"


def person_hat(person_id: UUID) -> Hat:
    """The hat that one person alone wears."""
    return f"person:{person_id}"


def role_hat(role: Role, pole: str | None = None) -> Hat:
    """The hat of everyone with the role, or of those of one pole."""
    return f"{role}@{pole}" if pole else str(role)


def delegate_hat(role: Role, delegate: str) -> Hat:
    """The hat of everyone of one delegate with the role."""
    return f"{role}@{delegate}"


def skill_hat(role: Role, skill: str) -> Hat:
    """The hat of everyone who has both the role and the skill, in whatever pole."""
    return f"{role}+{skill}"


def borrower_hat(case_id: UUID) -> Hat:
    """The hat of whoever a case is lent to, for as long as the operation that lends it is running.

    Source: procedures, section 4 step 4 (access that ends with the operation)
    """
    return f"{_BORROWER}{case_id}"


def is_borrower_hat(hat: Hat) -> bool:
    """Whether it is the hat of whoever a case is lent to."""
    return hat.startswith(_BORROWER)


@dataclass(frozen=True)
class Person:
    """Somebody as of one day: `absent` and `deputy_id` hold for that day, `load` counts open cases, `borrowed` are the
    cases that are lent to them by an operation that is running on it.

    `delegate` is the code of the delegate whose person they are; None for the insurer's own people.
    """

    id: UUID
    login: str
    roles: frozenset[Role]
    pole: str | None = None
    skills: frozenset[str] = frozenset()
    absent: bool = False
    deputy_id: UUID | None = None
    load: int = 0
    password_provisional: bool = False
    delegate: str | None = None
    borrowed: frozenset[UUID] = frozenset()

    @property
    def own_hats(self) -> frozenset[Hat]:
        """The hats that are the person's by name and role, and of what is lent to them, absences aside."""
        skilled = {skill_hat(role, skill) for role in self.roles for skill in self.skills}
        return self.hats_to_lend | skilled | frozenset(map(borrower_hat, self.borrowed))

    @property
    def hats_to_lend(self) -> frozenset[Hat]:
        """The hats that a deputy wears while the person is away: all but those that need a skill, and what is borrowed.

        A delegate's person wears hats of this delegate only. Source: procedures, section 3 step 2
        """
        if self.delegate is not None:
            return frozenset({person_hat(self.id)} | {delegate_hat(role, self.delegate) for role in self.roles})
        roles = {role_hat(role) for role in self.roles}
        of_pole = {role_hat(role, self.pole) for role in self.roles if self.pole}
        return frozenset({person_hat(self.id)} | roles | of_pole)


@dataclass(frozen=True)
class Actor:
    """Who acts, with the rights they had when they acted: kept on the command for ever.

    Whoever `must_change_password` may do nothing before they have chosen one of their own. `delegate` is the code of
    the delegate whose person they are.
    """

    id: UUID
    login: str
    roles: frozenset[Role]
    hats: frozenset[Hat]
    must_change_password: bool = False
    delegate: str | None = None

    def borrows(self, case_id: UUID) -> bool:
        """Whether this case is lent to them now."""
        return borrower_hat(case_id) in self.hats

    @property
    def is_borrower(self) -> bool:
        """Whether any case is."""
        return any(map(is_borrower_hat, self.hats))


@dataclass(frozen=True)
class Staff:
    """Everyone of the insurer as of one day."""

    people: tuple[Person, ...] = field(default=())

    def __iter__(self) -> Iterator[Person]:
        return iter(self.people)

    def get(self, person_id: UUID) -> Person:
        """The person with this id; KeyError when there is none."""
        for person in self.people:
            if person.id == person_id:
                return person
        raise KeyError(person_id)

    def actor(self, person_id: UUID) -> Actor:
        """The person with the rights that they have on this day."""
        person = self.get(person_id)
        hats = self.hats_of(person)
        return Actor(person.id, person.login, person.roles, hats, person.password_provisional, person.delegate)

    def hats_of(self, person: Person) -> frozenset[Hat]:
        """A person's own hats and, while those are absent, the hats of whoever named them deputy.

        An administrator has no say on cases, so that they wear nobody else's; nobody stands in across the border
        between the insurer and a delegate, nor between two delegates. Rights can be lent, a skill cannot: who
        stands in for an expert is no expert by that.
        Source: procedures, section 1 step 7; procedures, section 0 (administrator); Protélis (expert handlers)
        """
        if Role.ADMINISTRATOR in person.roles:
            return person.own_hats
        stood_for = (
            p.hats_to_lend
            for p in self.people
            if p.absent and p.deputy_id == person.id and p.delegate == person.delegate
        )
        return person.own_hats.union(*stood_for)

    def present_under(self, hats: Iterable[Hat], excluded: frozenset[UUID] = frozenset()) -> list[Person]:
        """Who is at work and wears one of these hats, their own or as a deputy."""
        wanted = frozenset(hats)
        return [
            p for p in self.people if not p.absent and p.id not in excluded and not wanted.isdisjoint(self.hats_of(p))
        ]
