"""The chain of controllers: experts of the category, or the pole's own people.

Source: Protélis (optical, dental, hospital go to experts); policy (the others)
"""

from dataclasses import dataclass

from domain.claim.words import CareCategory
from domain.people import Hat, role_hat, skill_hat
from domain.policy.claim import ClaimPolicy, Controller
from domain.policy.claim import ControlLink as LinkRule


@dataclass(frozen=True)
class ControlLink:
    """One controller of the chain: the hats of which one is enough."""

    number: int
    hats: frozenset[Hat]


def chain(policy: ClaimPolicy, category: CareCategory, pole: str) -> tuple[ControlLink, ControlLink]:
    """The first controller and the second of a category, for a claim of this pole."""
    first, second = policy.chains[category].links
    return ControlLink(1, hats(first, pole)), ControlLink(2, hats(second, pole))


def hats(link: LinkRule, pole: str) -> frozenset[Hat]:
    """The hats of a link: also those of the people who release a batch."""
    return frozenset(_hat(one, pole) for one in link.any_of)


def _hat(one: Controller, pole: str) -> Hat:
    if one.skill is not None:
        return skill_hat(one.role, one.skill)
    return role_hat(one.role, pole if one.of_case_pole else None)
