"""The night: the day's checkpoint over all journals is made in the register and laid as a file where others can take
it away; drafts and kept searches that nobody has come back to are swept away.
"""

from datetime import UTC, datetime
from pathlib import Path

from temporalio import activity

from activities.whole_files import write_whole
from db.checkpoint_file import file_name, written
from db.commands.checkpoint import make_checkpoint
from db.commands.sweep import sweep_all
from db.models import Checkpoint
from db.queries.checkpoint import newest_checkpoints
from db.session import Sessions
from domain.rounds import Round
from faultpoints import fault_point

CATCH_UP = 10
"""So many of the newest checkpoints are laid again, where their files are missing."""


class Checkpoints:
    """The checkpoints and their folder."""

    def __init__(self, sessions: Sessions, folder: Path) -> None:
        self._sessions = sessions
        self._folder = folder

    @activity.defn(name="make_checkpoint")
    def make(self, due: Round) -> None:
        """Make the day's checkpoint, and lay its file; tried again, both are there once. Then the night's sweep."""
        make_checkpoint(self._sessions, due.day, due.at)
        fault_point("checkpoint_made")
        self.lay_newest(CATCH_UP)
        fault_point("checkpoint_laid")
        sweep_all(self._sessions, wall_now=datetime.now(UTC))

    def lay_newest(self, most: int) -> None:
        """Lay the files of the newest checkpoints that are missing in the folder."""
        with self._sessions() as session:
            for checkpoint in newest_checkpoints(session, most):
                self._lay(checkpoint)

    def _lay(self, checkpoint: Checkpoint) -> None:
        """A file that is there already stays as it is: if it differs, `echeance verify-journal` says so."""
        path = self._folder / file_name(checkpoint.day)
        if not path.exists():
            with self._sessions() as session:
                write_whole(path, written(session, checkpoint))
