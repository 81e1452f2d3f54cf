"""Who is asking: token for a person, person for their rights of today."""

from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.house import House, TheHouse
from api.tokens import TokenUse, new_token, owner_of
from db.behalf import Side, work_for
from db.queries.people import actor_on
from domain.people import Actor
from domain.permissions import Action, check_allowed

__all__ = ["Allowed", "TheActor", "TheToken", "actor_of", "new_token", "the_actor"]

bearer = HTTPBearer(auto_error=False, description="The token of POST /api/v1/token")
Given = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


def the_actor(house: TheHouse, given: Given) -> Actor:
    """Whoever the token belongs to, with their rights of today; 401 without a valid one."""
    actor = actor_of(house, given.credentials, TokenUse.API) if given else None
    if actor is None:
        raise HTTPException(
            401,
            "The token is missing, wrong or at its end: sign in with POST /api/v1/token.",
            {"WWW-Authenticate": "Bearer"},
        )
    return actor


def actor_of(house: House, token: str, use: TokenUse, *, renew: bool = True) -> Actor | None:
    """Whoever a token belongs to, with their rights of today; None when it is none for this use.

    It is the one place where a request learns who asks: from here on it works for a delegate's side, if it is theirs.
    """
    with house.own_sessions.begin() as session:
        person_id = owner_of(session, token, use, renew=renew)
        actor = actor_on(session, person_id, house.today()) if person_id else None
    if actor is not None and actor.delegate is not None:
        work_for(Side(actor.delegate, actor.id, house.now()))
    return actor


TheActor = Annotated[Actor, Depends(the_actor)]


def the_token(_actor: TheActor, given: Given) -> str:
    """The token that was given, once it is known to be good."""
    assert given is not None
    return given.credentials


TheToken = Annotated[str, Depends(the_token)]


class Allowed:
    """A dependency: lets through who may do the action. Every route names one, or the rights test fails."""

    def __init__(self, action: Action) -> None:
        self.action = action

    def __call__(self, actor: TheActor) -> Actor:
        """The actor, or RoleMissing."""
        check_allowed(actor, self.action)
        return actor
