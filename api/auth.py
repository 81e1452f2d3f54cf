"""Who is asking: password for a short-lived token, token for a person, person for their rights of today."""

import secrets
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pwdlib import PasswordHash
from pydantic import BaseModel, Field
from sqlalchemy import delete
from sqlalchemy.orm import Session

from api.house import TheHouse
from db.models import StaffMember, Token
from db.queries.people import actor_on, person_by_login
from domain.people import Actor
from domain.permissions import Action, check_allowed

LIFETIME = timedelta(hours=1)
PASSWORDS = PasswordHash.recommended()


@cache
def _nobodys_hash() -> str:
    """What an unknown login's password is compared with, so that it takes as long as a known one's."""
    return PASSWORDS.hash(secrets.token_urlsafe(16))


router = APIRouter(tags=["accounts"])
bearer = HTTPBearer(auto_error=False, description="The token of POST /api/v1/token")


class SignIn(BaseModel):
    """Login and password."""

    login: str = Field(max_length=60, examples=["claire.morvan"])
    password: str = Field(max_length=200, examples=["embruns-2026"])


class BearerToken(BaseModel):
    """A token for the Authorization header; it ends after `expires_in` seconds."""

    access_token: str
    token_type: str = "bearer"  # noqa: S105
    expires_in: int = int(LIFETIME.total_seconds())


class Me(BaseModel):
    """Who I am, and what I may do today, for myself or in place of somebody who is away."""

    login: str
    name: str
    title: str
    roles: list[str]
    pole: str | None
    skills: list[str]
    hats: list[str]


def _wall_now() -> datetime:
    return datetime.now(UTC)


@router.post("/token")
def sign_in(asked: SignIn, house: TheHouse) -> BearerToken:
    """Sign in. A wrong login and a wrong password take as long and say the same."""
    with house.sessions.begin() as session:
        person = person_by_login(session, asked.login)
        known = PASSWORDS.verify(asked.password, person.password_hash if person else _nobodys_hash())
        if person is None or not known or not person.active:
            raise HTTPException(401, "Login or password is wrong.", {"WWW-Authenticate": "Bearer"})
        return BearerToken(access_token=new_token(session, person))


def new_token(session: Session, person: StaffMember) -> str:
    """A token for this person; those that have ended are swept away."""
    token = secrets.token_urlsafe(32)
    session.execute(delete(Token).where(Token.expires_wall < _wall_now()))
    session.add(Token(hash=_hash(token), person_id=person.id, expires_wall=_wall_now() + LIFETIME))
    return token


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()


def the_actor(house: TheHouse, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Actor:
    """Whoever the token belongs to, with their rights of today; 401 without a valid one."""
    if credentials is not None:
        with house.sessions() as session:
            token = session.get(Token, _hash(credentials.credentials))
            if token is not None and token.expires_wall > _wall_now():
                actor = actor_on(session, token.person_id, house.today())
                if actor is not None:
                    return actor
    raise HTTPException(
        401,
        "The token is missing, wrong or at its end: sign in with POST /api/v1/token.",
        {"WWW-Authenticate": "Bearer"},
    )


TheActor = Annotated[Actor, Depends(the_actor)]


class Allowed:
    """A dependency: lets through who may do the action. Every route names one, or the rights test fails."""

    def __init__(self, action: Action) -> None:
        self.action = action

    def __call__(self, actor: TheActor) -> Actor:
        """The actor, or RoleMissing."""
        check_allowed(actor, self.action)
        return actor


@router.get("/me")
def me(actor: TheActor, house: TheHouse) -> Me:
    """Who I am, and what I may do today."""
    with house.sessions() as session:
        person = session.get_one(StaffMember, actor.id)
    return Me(
        login=person.login,
        name=person.name,
        title=person.title,
        roles=sorted(actor.roles),
        pole=person.pole,
        skills=sorted(person.skills),
        hats=sorted(actor.hats),
    )
