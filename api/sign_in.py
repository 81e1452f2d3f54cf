"""Sign in, sign out, and who I am. Attempts are counted; a wrong login and a wrong password say and cost the same."""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address
from math import ceil
from typing import Any

import structlog
from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.auth import TheActor, TheToken
from api.errors import Problem
from api.house import House, TheHouse
from api.passwords import is_right
from api.tokens import LIFETIME, TokenUse, end_token, end_tokens_of, new_token, wall_now
from db.commands.sign_in import Attempt, count_attempt, forgive_attempt
from db.models import StaffMember
from db.queries.people import with_password

log = structlog.get_logger()
router = APIRouter(tags=["accounts"])
WAIT: dict[int | str, dict[str, Any]] = {429: {"model": Problem, "description": "Too many attempts: wait"}}
_HOME_BITS = 64
"""An IPv6 address is one of the many that its holder has: these bits say whose."""


class SignIn(BaseModel):
    """Login and password."""

    model_config = ConfigDict(extra="forbid")

    login: str = Field(max_length=60, examples=["claire.morvan"])
    password: str = Field(max_length=200, examples=["embruns-2026"])


class BearerToken(BaseModel):
    """A token for the Authorization header; it ends after `expires_in` seconds, or when it is not used for long.

    Whoever `must_change_password` can do that with it, and nothing else.
    """

    access_token: str
    token_type: str = "bearer"  # noqa: S105
    expires_in: int = int(LIFETIME.total_seconds())
    must_change_password: bool = False


class Me(BaseModel):
    """Who I am, and what I may do today, for myself or in place of somebody who is away."""

    login: str
    name: str
    title: str
    roles: list[str]
    pole: str | None
    skills: list[str]
    hats: list[str]
    must_change_password: bool = Field(description="until then nothing else may be done: PUT /api/v1/me/password")


@router.post("/token", responses=WAIT)
async def sign_in(asked: SignIn, request: Request, house: TheHouse) -> BearerToken:
    """Sign in. Whoever has failed too often waits, even with the right password; wrong and unknown are the same."""
    entry = await let_in(house, asked, source_of(request), TokenUse.API)
    return BearerToken(access_token=entry.token, must_change_password=entry.must_change_password)


@dataclass(frozen=True)
class Entry:
    """Somebody has come in: their token, and whether it only opens the change of their password."""

    token: str
    must_change_password: bool


async def let_in(house: House, asked: SignIn, address: str, use: TokenUse) -> Entry:
    """A token for whoever knows the password. Raises HTTPException: 401 for a wrong one, 429 after too many."""
    attempt = Attempt(asked.login, address)
    person = await house.transact(lambda session: with_password(session, asked.login))
    wait = await house.transact(lambda session: count_attempt(session, attempt, wall_now()))
    if wait is not None:
        raise too_often(wait, attempt)
    kept_hash = person.password_hash if person and person.active else None
    token = None
    if await is_right(asked.password, kept_hash) and person is not None:
        token = await house.transact(lambda session: _token(session, person, attempt, use))
    if token is None:
        raise HTTPException(401, "Login or password is wrong.", {"WWW-Authenticate": "Bearer"})
    return Entry(token, must_change_password=person is not None and person.password_provisional)


def _token(session: Session, looked_at: StaffMember, attempt: Attempt, use: TokenUse) -> str | None:
    """A token, unless the account has changed since it was looked at."""
    person = session.get_one(StaffMember, looked_at.id, with_for_update={"read": True})
    if not person.active or person.password_hash != looked_at.password_hash:
        return None
    forgive_attempt(session, attempt, wall_now())
    return new_token(session, person, use)


def too_often(wait: timedelta, attempt: Attempt) -> HTTPException:
    """What is said, and logged, of an attempt that has to wait."""
    log.warning("sign_in_blocked", address=attempt.address, seconds=ceil(wait.total_seconds()))
    minutes = ceil(wait.total_seconds() / 60)
    return HTTPException(
        429,
        f"Too many failed attempts for this login or from this address: no password is looked at for {minutes} min.",
        {"Retry-After": str(ceil(wait.total_seconds()))},
    )


def source_of(request: Request) -> str:
    """Where somebody is: their address, or of an IPv6 address the part that says whose it is."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return host
    return str(address.ipv4_mapped or IPv6Network((address, _HOME_BITS), strict=False).network_address)


@router.delete("/token", status_code=204)
def sign_out(token: TheToken, house: TheHouse) -> Response:
    """Sign out: this token ends."""
    with house.sessions.begin() as session:
        end_token(session, token)
    return Response(status_code=204)


@router.delete("/tokens", status_code=204)
def sign_out_everywhere(actor: TheActor, house: TheHouse) -> Response:
    """Sign out everywhere: all my tokens end, this one too."""
    with house.sessions.begin() as session:
        end_tokens_of(session, actor.id)
    return Response(status_code=204)


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
        must_change_password=actor.must_change_password,
    )
