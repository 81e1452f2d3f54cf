"""A visit: who looks at a page, in which language, and the mark that their forms carry.

The cookie is a token that counts on pages only, out of reach of scripts. Each form carries a mark made with it:
another site's page, which does not know the cookie, cannot make one.
"""

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request

from api.auth import actor_of
from api.house import House, TheHouse
from api.pages.words import LANGUAGES, Words, words_in
from api.tokens import TokenUse
from db.models import StaffMember
from domain.people import Actor
from domain.permissions import Action, check_allowed, is_allowed
from domain.refusals import InsurersOnly

SESSION = "echeance_session"
LANGUAGE = "echeance_language"
BY_ITSELF = "x-by-itself"
"""The header of what a page asks for by itself: it keeps no session alive."""
_STREAMS = {"/board/moves"}
OF_THE_SPACE = frozenset({Action.READ_DELEGATE_SPACE, Action.ANSWER_AS_DELEGATE})
"""What the pages of the delegate's space take: no other page is open to a delegate's people, whatever their task is."""


class NotSignedInError(Exception):
    """Nobody is signed in, or not any more: the page is shown after signing in."""


@dataclass(frozen=True)
class Visit:
    """Somebody looks at a page. `token` is the cookie's: it makes the marks of their forms."""

    actor: Actor
    name: str
    token: str
    words: Words

    def may(self, action: str) -> bool:
        """Whether a role of theirs permits it, or what is lent to them does."""
        return is_allowed(self.actor, Action(action))

    def mark(self) -> str:
        """A mark for a form: another one each time, all of them good as long as the session."""
        return mark_of(self.token)

    def has_made(self, mark: str) -> bool:
        """Whether this session has made the mark."""
        nonce, _, seal = mark.partition(".")
        return hmac.compare_digest(seal.encode(), _seal(self.token, nonce).encode())


def mark_of(token: str) -> str:
    """A mark that only whoever knows the session's token can make."""
    nonce = secrets.token_urlsafe(12)
    return f"{nonce}.{_seal(token, nonce)}"


def _seal(token: str, nonce: str) -> str:
    return hmac.new(token.encode(), f"form {nonce}".encode(), sha256).hexdigest()


def language_of(request: Request) -> str:
    """The language that was chosen, or the one that the browser asks for first, or French."""
    chosen = request.cookies.get(LANGUAGE)
    if chosen in LANGUAGES:
        return chosen
    asked = request.headers.get("accept-language", "")[:2].lower()
    return asked if asked in LANGUAGES else LANGUAGES[0]


def words_of(request: Request, house: House) -> Words:
    """How this browser is spoken to."""
    return words_in(language_of(request), house.book.in_force_on(house.now().date()).office.zone)


def the_visit(request: Request, house: TheHouse) -> Visit:
    """Whoever looks. Raises NotSignedInError."""
    return visit_of(request, house, request.cookies.get(SESSION, ""))


def visit_of(request: Request, house: House, token: str) -> Visit:
    """The visit of whoever this token belongs to. Raises NotSignedInError."""
    by_itself = BY_ITSELF in request.headers or request.url.path in _STREAMS
    actor = actor_of(house, token, TokenUse.PAGES, renew=not by_itself) if token else None
    if actor is None:
        raise NotSignedInError
    with house.sessions() as session:
        name = session.get_one(StaffMember, actor.id).name
    return Visit(actor, name, token, words_of(request, house))


TheVisit = Annotated[Visit, Depends(the_visit)]


class Admitted:
    """A dependency: lets look who may do the action, by the same table as the API. Every page names one."""

    def __init__(self, action: Action) -> None:
        self.action = action

    def __call__(self, visit: TheVisit) -> Visit:
        """The visit, or RoleMissing; InsurersOnly where a delegate's person asks for a page of the insurer's."""
        if visit.actor.delegate is not None and self.action not in OF_THE_SPACE:
            raise InsurersOnly("This page is the insurer’s.", "Go on to your delegate’s space.")
        check_allowed(visit.actor, self.action)
        return visit


def address_of(request: Request) -> str:
    """Where the page is, with its filters: never a host."""
    query = f"?{request.url.query}" if request.url.query else ""
    return quote(request.url.path) + query


def safe_address(given: str | None, otherwise: str = "/") -> str:
    """An address of this house to go on to: nothing that leads elsewhere."""
    if given and given.startswith("/") and not given.startswith(("//", "/\\")) and given.isprintable():
        return given
    return otherwise
