"""Accounts: closed when somebody leaves, opened again, given another provisional password. Never by their owner."""

from asyncio import to_thread
from collections.abc import Callable

from fastapi import APIRouter
from sqlalchemy.orm import Session

from api.commands import Key, key_or_new
from api.house import House, TheHouse
from api.passwords import hashed, provisional_password
from api.people.staff import Manager
from api.people.views import PasswordGiven, PersonChanged, changed, known, with_password
from db.commands import people as commands
from db.commands.administration import Act, once
from db.commands.command import Ask
from db.models import AdministrationLine, StaffMember
from domain.people import Actor

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
    return await _with_new_password(
        house, actor, login, Ask("return", {"login": login}, key_or_new(key)), commands.come_back
    )


@router.post("/people/{login}/password")
async def give_password(login: str, house: TheHouse, actor: Manager, key: Key = None) -> PasswordGiven:
    """Another provisional password for somebody who has lost theirs: told once, and all their tokens end."""
    ask = Ask("give_password", {"login": login}, key_or_new(key))
    return await _with_new_password(house, actor, login, ask, commands.give_password)


Opening = Callable[[Session, StaffMember, str, Act], AdministrationLine]
"""What is done to an account that gets a password with this hash."""


async def _with_new_password(house: House, actor: Actor, login: str, ask: Ask, opening: Opening) -> PasswordGiven:
    """Do it with a provisional password, which is told once."""
    password = provisional_password()
    kept_hash = await hashed(password)

    def work(session: Session, row: StaffMember, act: Act) -> AdministrationLine:
        return opening(session, row, kept_hash, act)

    return await to_thread(with_password, house, actor, login, ask, password, work)
