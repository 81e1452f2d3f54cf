"""What the processes of one session need alike and is costly to make: the first one makes it, the others read it."""

import fcntl
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

_folder: list[Path] = []


def share(folder: Path) -> None:
    """From now on this process shares what is in this folder with the others of its session."""
    _folder[:] = [folder]


def once(name: str, make: Callable[[], Any]) -> Any:
    """What `make` makes, as JSON tells it: made by whoever asks first, while the others wait for it."""
    if not _folder:
        return make()
    kept = _folder[0] / f"{name}.json"
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_text(json.dumps(make()))
    return json.loads(kept.read_text())
