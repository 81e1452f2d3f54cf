"""What a page says after a command: that it is kept for later, that nothing had to change, or what was done."""

from api.commands import CommandView
from api.house import House
from db.queries.journal import has_changed_nothing
from domain.commands import CommandStatus


async def said_of(house: House, done: CommandView, said: str) -> str:
    """The same file delivered again was there already: whoever sent it is told so, not that it has come.

    Source: procedures, section 3 step 2
    """
    if done.status == CommandStatus.RECEIVED:
        return "kept"
    nothing = await house.transact(lambda session: has_changed_nothing(session, done.id))
    return "nothing_changed" if nothing else said
