"""Hand a bank file over: the very file that two people have released, under the name of its message id, once."""

from hashlib import sha256
from pathlib import Path
from uuid import UUID

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.bank_folder import BankFileConflict, make_ready, put
from db.commands.payment_laying import begin_laying, record_nothing_laid
from db.models import PaymentRow
from db.queries.payment import bank_file
from db.session import Sessions
from domain.payment.handover import FileToHandOver
from faultpoints import fault_point

log = structlog.get_logger()


class BankFiles:
    """The way of bank files to the bank."""

    def __init__(self, sessions: Sessions, folder: Path) -> None:
        self._sessions = sessions
        self._folder = folder

    @activity.defn(name="hand_over_bank_file")
    def hand_over(self, asked: FileToHandOver) -> None:
        """Lay the file, unless the batch was stopped. That it is being laid is written before, so that from then on
        nobody stops it; and taken back when nothing was laid for certain.

        Raises ApplicationError, and is tried again: while the folder is away, or until a conflict there is mended.
        """
        with self._sessions.begin() as session:
            row, file = bank_file(session, asked.case_id, lock=True)
            if row.handed_over_at is not None or row.cancelled_at is not None:
                return
            if row.released_at is None or sha256(file).hexdigest() != row.file_sha256:
                raise ApplicationError("this is not the file that two people have released", type="NotReleased")
            name, laying_id = row.message_id, begin_laying(session, asked.case_id)
        fault_point("bank_file_claimed")
        self._lay(asked.case_id, laying_id, name, file)

    def _lay(self, case_id: UUID, laying_id: UUID, name: str, file: bytes) -> None:
        try:
            ready = make_ready(self._folder, name, file)
        except (OSError, BankFileConflict) as error:
            with self._sessions.begin() as session:
                record_nothing_laid(session, laying_id)
            raise _not_laid(case_id, error) from None
        if not self._still_to_be_laid(case_id, laying_id):
            return
        try:
            put(self._folder, name, ready)
        except OSError as error:
            raise _not_laid(case_id, error) from None

    def _still_to_be_laid(self, case_id: UUID, laying_id: UUID) -> bool:
        """Whether nobody has concluded meanwhile that it never was, however long this attempt has taken so far."""
        with self._sessions.begin() as session:
            row = session.get_one(PaymentRow, case_id)
            if row.handed_over_at is None:
                return True
            record_nothing_laid(session, laying_id)
            return False


def _not_laid(case_id: UUID, error: Exception) -> ApplicationError:
    log.warning("bank_file_not_laid", payment=str(case_id), error=type(error).__name__)
    return ApplicationError("the bank file cannot be laid", type=type(error).__name__)
