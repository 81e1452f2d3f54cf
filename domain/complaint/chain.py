"""A-priori control by two validators: which links a version needs, and whose turn it is.

Source: Sheet (two validators); Policy (who they are); procedures, section 1 step 7
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from domain.complaint.case import AnswerVersion, Complaint
from domain.complaint.words import Category
from domain.house import House
from domain.people import Hat, role_hat
from domain.policy import ComplaintPolicy
from domain.tasks import Offer, offer


@dataclass(frozen=True)
class Link:
    """One validator of the chain: the hats of which one is enough."""

    number: int
    hats: frozenset[Hat]


def chain(policy: ComplaintPolicy, category: Category, pole: str, compensation_cents: int) -> tuple[Link, ...]:
    """The links that an answer needs; a compensation above a threshold (150.00 € is not above 150 €) raises the last.

    Amounts in euro cents.
    """
    return tuple(
        Link(number, frozenset(role_hat(who.role, pole if who.of_case_pole else None) for who in link.any_of))
        for number, link in enumerate(policy.chain(category, compensation_cents), start=1)
    )


def next_link(links: tuple[Link, ...], approvals: Mapping[int, UUID]) -> Link | None:
    """The first link that has not approved the version; None when all have."""
    return next((link for link in links if link.number not in approvals), None)


def offer_link(
    link: Link, case: Complaint, answer: AnswerVersion, approvals: Mapping[int, UUID], house: House
) -> Offer:
    """Offer a link to its validators, without the authors of the version, those who approved it, and whoever the
    complaint is about.

    An absent validator's deputy comes first, then one level up.
    """
    kept_out = answer.authors | frozenset(approvals.values()) | case.kept_out
    return offer(link.hats, house.staff, house.up, kept_out, case.pole)
