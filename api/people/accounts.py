"""Accounts: closed when somebody leaves, opened again, given another provisional password. Never by their owner."""

from asyncio import to_thread

from fastapi import APIRouter

from api.commands import Key, key_or_new
from api.house import TheHouse
from api.passwords import hashed, provisional_password
from api.people.staff import Manager
from api.people.views import PasswordGiven, PersonChanged, changed, known, with_password
from db.commands import people as commands
from db.commands.administration import Act, once
from db.commands.command import Ask

router = APIRouter(tags=["people"])


@router.post("/people/{login}/leave")
def leave(login: str, house: TheHouse, actor: Manager, key: Key = None) -> PersonChanged:
    """Somebody leaves: the account is closed, its tokens end, their tasks are offered to who is there, their open cases
    are named, and nobody has them as deputy any more.
    """
    ask = Ask("leave", {"login": login}, key_or_new(key))
    with house.sessions.begin() as session:
        act = Act(actor, ask, house.now(), house.today())
        row = known(session, login)
        line, _ = once(session, act, lambda: commands.leave(session, row, act))
        return PersonChanged(**changed(session, login, act, line))


@router.post("/people/{login}/return")
async def come_back(login: str, house: TheHouse, actor: Manager, key: Key = None) -> PasswordGiven:
    """Somebody who had left works here again, with the roles that they had and a provisional password."""
    ask = Ask("return", {"login": login}, key_or_new(key))
    password = provisional_password()
    kept_hash = await hashed(password)
    return await to_thread(
        with_password,
        house,
        actor,
        login,
        ask,
        password,
        lambda session, row, act: commands.come_back(session, row, kept_hash, act),
    )


@router.post("/people/{login}/password")
async def give_password(login: str, house: TheHouse, actor: Manager, key: Key = None) -> PasswordGiven:
    """Another provisional password for somebody who has lost theirs: told once, and all their tokens end."""
    ask = Ask("give_password", {"login": login}, key_or_new(key))
    password = provisional_password()
    kept_hash = await hashed(password)
    return await to_thread(
        with_password,
        house,
        actor,
        login,
        ask,
        password,
        lambda session, row, act: commands.give_password(session, row, kept_hash, act),
    )
