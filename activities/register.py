"""Commit: decide one command and write what follows, in one transaction. A local activity, for every procedure."""

from typing import Any

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from temporalio import activity
from temporalio.exceptions import ApplicationError

from db.commands.settle import settle
from db.session import Sessions
from domain.commands import CommandRef, MachineCommand, Outcome
from domain.policy import PolicyBook
from faultpoints import fault_point

log = structlog.get_logger()


class Register:
    """The register, as the workflows reach it."""

    def __init__(self, sessions: Sessions, book: PolicyBook) -> None:
        self._sessions = sessions
        self._book = book

    @activity.defn(name="commit")
    def commit(self, command: CommandRef | MachineCommand) -> Outcome[Any]:
        """Apply or refuse a command. While the database is away the engine tries again.

        A person's command that meets a mistake of ours fails at once, so that it holds up nobody else's: it stays
        received, and the relay brings it again later. The system's own are tried until the mistake is mended.
        """
        try:
            outcome = settle(self._sessions, command, self._book)
        except (OperationalError, InterfaceError, PoolExhausted) as error:
            log.warning("register_away", command=str(command.id), error=type(error).__name__)
            raise ApplicationError("the register is away", type=type(error).__name__) from None
        except Exception as error:
            log.exception("commit_failed", command=str(command.id), kind=command.kind)
            final = isinstance(command, CommandRef)
            raise ApplicationError(
                "the command could not be decided", type=type(error).__name__, non_retryable=final
            ) from None
        fault_point("decision_committed")
        return outcome
