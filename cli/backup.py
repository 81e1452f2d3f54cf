"""`echeance backup` and `echeance restore`: a house into a folder, and back into another house."""

import os
from pathlib import Path
from typing import Annotated

import typer

from local.errors import LocalError
from local.folders import make_folder


def backup(
    folder: Annotated[Path, typer.Argument(help="a new folder")],
) -> None:
    """Write register, post and checkpoints into a new folder. The house may run meanwhile. The keys are not in it."""
    from local.backup import FOLDERS, back_up
    from local.home import open_home

    home = open_home()
    database = os.environ.get("DATABASE_URL")
    if not database:
        raise LocalError("No database is known: back up beside the running house (`make run`), or set DATABASE_URL.")
    made = back_up(folder.absolute(), database, {name: _folder_of(name, home.root) for name in FOLDERS})
    typer.echo(f"{folder} holds {made.told()}")
    typer.echo(f"Keep the keys elsewhere ({home.root / 'secrets.env'}): without them what is sealed cannot be read.")


def restore(
    folder: Annotated[Path, typer.Argument(help="what `echeance backup` wrote")],
    keys: Annotated[
        Path | None, typer.Option(help="the secrets.env of the house that was backed up, for a new data folder")
    ] = None,
) -> None:
    """Put a backup into a new data folder (ECHEANCE_HOME), or into the empty database that DATABASE_URL names."""
    from local.backup import FOLDERS, read_backup, serving
    from local.backup import restore as put_back
    from local.home import home_folder, open_home

    read_backup(folder)
    if os.environ.get("DATABASE_URL"):
        home = open_home()
        made = put_back(folder, os.environ["DATABASE_URL"], {name: _folder_of(name, home.root) for name in FOLDERS})
    else:
        _begin_home(home_folder(), keys)
        home = open_home()
        with serving(home.postgres, home.log("postgres")) as url:
            made = put_back(folder, url, {name: home.root / name for name in FOLDERS})
    typer.echo(f"Restored: {made.told()}")
    typer.echo("Now start the house, then run `echeance doctor --mend`: it starts every open case from its row.")


def _begin_home(root: Path, keys: Path | None) -> None:
    """A new data folder with the keys that the backup was sealed with."""
    if (root / "version.json").exists():
        raise LocalError(f"{root} is in use: set ECHEANCE_HOME to a new folder, a backup is never restored over data.")
    if keys is None:
        raise LocalError("Give the keys: --keys FILE, the secrets.env of the house that was backed up.")
    if not keys.is_file():
        raise LocalError(f"There is no {keys}: give the secrets.env of the house that was backed up.")
    make_folder(root, 0o711)
    kept = root / "secrets.env"
    kept.touch(mode=0o600)
    kept.write_bytes(keys.read_bytes())


def _folder_of(name: str, home: Path) -> Path:
    """Where the house keeps its post, or its checkpoints."""
    return Path(os.environ.get(f"ECHEANCE_{name.upper()}_FOLDER") or home / name)
