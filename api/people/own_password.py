"""One's own password: changed with the old one, counted like signing in."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field, StringConstraints
from sqlalchemy.orm import Session

from api.auth import TheActor
from api.commands import key_or_new
from api.house import House, TheHouse
from api.passwords import hashed, is_right
from api.sign_in import WAIT, BearerToken, source_of, too_often
from api.tokens import TokenUse, new_token, wall_now
from db.commands.administration import Act
from db.commands.command import Ask
from db.commands.people import choose_password
from db.commands.sign_in import Attempt, count_attempt, forgive_attempt
from db.models import StaffMember
from db.queries.people import with_password
from domain.accounts import LONGEST_PASSWORD, SHORTEST_PASSWORD, check_new_password
from domain.forms import Form
from domain.people import Actor
from domain.refusals import WrongPassword

router = APIRouter(tags=["accounts"])
Typed = Annotated[str, StringConstraints(max_length=LONGEST_PASSWORD)]


class PasswordChange(Form):
    """The password of now, and the one to come: at least twelve characters, not made of login or name."""

    old: Typed = Field(examples=["pgkm-4xwt-jh7r-vn2d"])
    new: Annotated[Typed, StringConstraints(min_length=SHORTEST_PASSWORD)] = Field(
        examples=["quatre mots choisis au hasard"]
    )


@router.put("/me/password", responses=WAIT)
async def choose(asked: PasswordChange, request: Request, house: TheHouse, actor: TheActor) -> BearerToken:
    """Choose a password of my own. All my tokens end; the answer holds a new one. Wrong guesses of the old one are
    counted with those of signing in.
    """
    return BearerToken(access_token=await choose_own(house, actor, asked, source_of(request)))


async def choose_own(
    house: House, actor: Actor, asked: PasswordChange, address: str, use: TokenUse = TokenUse.API
) -> str:
    """A new token for whoever has chosen a password of their own. Raises Invalid, WrongPassword; HTTPException 429."""
    person = await house.itself(lambda session: with_password(session, actor.id))
    assert person is not None
    check_new_password(asked.new, person.login, person.name, asked.old)
    attempt = Attempt(person.login, address)
    wait = await house.itself(lambda session: count_attempt(session, attempt, wall_now()))
    if wait is not None:
        raise too_often(wait, attempt)
    token = None
    if await is_right(asked.old, person.password_hash):
        kept_hash = await hashed(asked.new)
        token = await house.itself(lambda session: _chosen(session, house, actor, person, attempt, kept_hash, use))
    if token is None:
        raise WrongPassword("The old password is wrong.", "Type the one that you signed in with.", field="old")
    return token


def _chosen(
    session: Session,
    house: House,
    actor: Actor,
    looked_at: StaffMember,
    attempt: Attempt,
    kept_hash: str,
    use: TokenUse,
) -> str | None:
    """A new token, unless the account has changed since it was looked at."""
    row = session.get_one(StaffMember, actor.id, with_for_update={"key_share": True})
    if not row.active or row.password_hash != looked_at.password_hash:
        return None
    choose_password(
        session, row, kept_hash, Act(actor, Ask("choose_password", {}, key_or_new(None)), house.now(), house.today())
    )
    forgive_attempt(session, attempt, wall_now())
    return new_token(session, row, use)
