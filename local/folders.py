"""Folders with exactly the mode that is meant: the person's umask would keep others out who must come in."""

from pathlib import Path


def make_folder(path: Path, mode: int) -> None:
    """Create a folder and those above it that are missing, each with this mode; what is there already is left alone."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for folder in missing:
        folder.chmod(mode)
