"""What a page says after a command: that it is kept for later, that nothing had to change, or what was done."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy.orm import Session

from api.commands import CommandView
from api.house import House
from db.queries.journal import has_changed_nothing
from domain.commands import CommandStatus

Nothing = Callable[[Session, UUID], bool]
"""Whether this command found everything as it asks: a delegate's people read no journal, and look at their files."""


async def said_of(house: House, done: CommandView, said: str, nothing: Nothing | None = has_changed_nothing) -> str:
    """The same file delivered again was there already: whoever sent it is told so, not that it has come.

    Source: procedures, section 3 step 2
    """
    if done.status == CommandStatus.RECEIVED:
        return "kept"
    if nothing is not None and await house.transact(lambda session: nothing(session, done.id)):
        return "nothing_changed"
    return said
