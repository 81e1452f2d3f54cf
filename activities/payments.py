"""Hand a bank file over: the very file that two people have released, under the name of its message id, once."""

from hashlib import sha256
from pathlib import Path

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.bank_folder import BankFileConflict, lay
from db.queries.payment import bank_file
from db.session import Sessions
from domain.payment.handover import FileToHandOver

log = structlog.get_logger()


class BankFiles:
    """The way of bank files to the bank."""

    def __init__(self, sessions: Sessions, folder: Path) -> None:
        self._sessions = sessions
        self._folder = folder

    @activity.defn(name="hand_over_bank_file")
    def hand_over(self, asked: FileToHandOver) -> None:
        """Lay the file. The batch is locked meanwhile, so that nobody else lays it at the same time.

        Raises ApplicationError, and is tried again: while the folder is away, or until a conflict there is mended.
        """
        with self._sessions.begin() as session:
            row, file = bank_file(session, asked.case_id, lock=True)
            if row.handed_over_at is not None:
                return
            if row.released_at is None or sha256(file).hexdigest() != row.file_sha256:
                raise ApplicationError("this is not the file that two people have released", type="NotReleased")
            try:
                lay(self._folder, row.message_id, file)
            except (OSError, BankFileConflict) as error:
                log.warning("bank_file_not_laid", payment=str(asked.case_id), error=type(error).__name__)
                raise ApplicationError("the bank file cannot be laid", type=type(error).__name__) from None
