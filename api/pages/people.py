"""Whom something is offered to, in words: names of people, names of roles and of their poles."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from api.pages.words import Words
from db.queries.people import names_of
from domain.policy import PolicyBook
from domain.roles import Role

_PERSON = "person:"


def names_of_hats(session: Session, hats: Iterable[str], words: Words, book: PolicyBook) -> Mapping[str, str]:
    """Each hat in words."""
    known = set(hats)
    names = names_of(session, {UUID(hat.removeprefix(_PERSON)) for hat in known if hat.startswith(_PERSON)})
    poles = {pole.id: words.name_of("Pole", pole.id, pole.label) for pole in book.insurer.poles}
    return {hat: _told(hat, names, poles, words) for hat in known}


def offered_to(session: Session, hats: Iterable[str], words: Words, book: PolicyBook) -> list[str]:
    """The hats in words, in their order."""
    known = list(hats)
    told = names_of_hats(session, known, words, book)
    return [told[hat] for hat in known]


def _told(hat: str, names: Mapping[UUID, str], poles: Mapping[str, str], words: Words) -> str:
    if hat.startswith(_PERSON):
        return names.get(UUID(hat.removeprefix(_PERSON)), "?")
    role, _, pole = hat.partition("@")
    return f"{words.label(Role(role))} ({poles.get(pole, pole)})" if pole else words.label(Role(role))
