"""Where the tests' servers keep their files: in memory when there is room, and never left behind."""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 - `mkdtemp` chooses the name inside
_ROOM_BYTES = 2_000_000_000
_PREFIX = "echeance-tests-"


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder that every account can walk through, removed afterwards.

    What earlier sessions have left because they were killed is removed first: the kernel has freed their lock.
    """
    parent = _parent()
    _sweep(parent)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    folder.chmod(0o711)  # as root, PostgreSQL runs as another user, who must get in
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder
        shutil.rmtree(folder)


def _parent() -> Path:
    """Memory makes a database ten times as fast to copy; containers often have little of it."""
    in_memory = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES
    return _MEMORY if in_memory else Path(tempfile.gettempdir())


def _sweep(parent: Path) -> None:
    for left in parent.glob(f"{_PREFIX}*"):
        try:
            with (left / "lock").open() as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left)
        except OSError:  # in use, or somebody else's
            continue
