"""Files that appear whole or not at all, and survive a power cut once the function that wrote them has returned."""

import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path


def write_whole(path: Path, content: Iterable[bytes]) -> None:
    """Write beside, flush, rename, flush the folder: a crash leaves the file whole or absent."""
    _write(path, content, lambda beside: beside.replace(path))


def write_first(path: Path, content: Iterable[bytes]) -> bool:
    """The same, unless the file is there: of many at once, one is the first, and the others change nothing."""
    try:
        _write(path, content, path.hardlink_to)
    except FileExistsError:
        return False
    return True


def _write(path: Path, content: Iterable[bytes], put: Callable[[Path], object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part", delete=False) as beside:
        try:
            beside.writelines(content)
            beside.flush()
            os.fsync(beside.fileno())
            put(Path(beside.name))
        finally:
            Path(beside.name).unlink(missing_ok=True)
    for changed in (path.parent, path.parent.parent):
        _flush_folder(changed)


def move_whole(path: Path, to: Path) -> None:
    """The file is here, or there, and a power cut never makes it both or neither. Raises FileNotFoundError."""
    to.parent.mkdir(parents=True, exist_ok=True)
    path.rename(to)
    for changed in (to.parent, path.parent):
        _flush_folder(changed)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
