"""Whom something is offered to, in words: names of people, names of roles, of their poles and skills."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from api.pages.words import Words
from db.queries.people import names_of
from domain.people import is_borrower_hat
from domain.policy import PolicyBook
from domain.roles import Role

_PERSON = "person:"


def names_of_hats(session: Session, hats: Iterable[str], words: Words, book: PolicyBook) -> Mapping[str, str]:
    """Each hat in words."""
    known = set(hats)
    names = names_of(session, {UUID(hat.removeprefix(_PERSON)) for hat in known if hat.startswith(_PERSON)})
    poles = {pole.id: words.name_of("Pole", pole.id, pole.label) for pole in book.insurer.poles}
    skills = {skill.id: words.name_of("Skill", skill.id, skill.label) for skill in book.insurer.skills}
    return {hat: _told(hat, names, poles | skills, words) for hat in known}


def offered_to(session: Session, hats: Iterable[str], words: Words, book: PolicyBook) -> list[str]:
    """The hats in words, in their order."""
    known = list(hats)
    told = names_of_hats(session, known, words, book)
    return [told[hat] for hat in known]


def _told(hat: str, names: Mapping[UUID, str], parts: Mapping[str, str], words: Words) -> str:
    """A person, a role, a role of one pole or with one skill, a borrower; `parts` has the names of poles and skills."""
    if hat.startswith(_PERSON):
        return names.get(UUID(hat.removeprefix(_PERSON)), "?")
    if is_borrower_hat(hat):
        return words.say("the volunteer to whom it is lent")
    role, _, part = hat.replace("+", "@").partition("@")
    return f"{words.label(Role(role))} ({parts.get(part, part)})" if part else words.label(Role(role))
