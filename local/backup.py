"""A backup of a house: its register, its post and its checkpoints in one folder, whole or not at all; and back.

The keys are not in it: what is sealed stays sealed. The engine is not in it either: after a restore every open case is
started again from its row.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

import psycopg
from psycopg.pq import Conninfo

from db.behalf import DELEGATE_ROLE, ROLE_IS_THERE
from local.cluster import binaries
from local.errors import LocalError

FORMAT = 1
DUMP, NOTE = "register.dump", "backup.json"
FOLDERS = ("post", "checkpoints")
_COUNTED = {
    "cases": "SELECT count(*) FROM cases",
    "open cases": "SELECT count(*) FROM cases WHERE ended_at IS NULL",
    "journal lines": "SELECT count(*) FROM journal",
    "letters": "SELECT count(*) FROM letters",
}


@dataclass(frozen=True)
class Backup:
    """What a backup says of itself."""

    made_at_wall: str
    revision: str
    keys: list[str]
    counts: dict[str, int]
    files: dict[str, str]
    """Each file's SHA-256, by its path in the backup."""

    def told(self) -> str:
        """In one sentence."""
        counted = ", ".join(f"{count} {name}" for name, count in self.counts.items())
        return f"{counted}, as of {self.made_at_wall}; it needs the keys {', '.join(self.keys) or 'of none'}."


def back_up(target: Path, database: str, folders: dict[str, Path]) -> Backup:
    """Write a backup of a house, running or not, into a new folder. Raises LocalError.

    The register is one moment's, whatever goes on meanwhile; post and checkpoints are copied after it, so that they
    hold at least what it knows of.
    """
    if target.exists():
        raise LocalError(f"{target} is there already: give a new folder, a backup is never overwritten.")
    unfinished = target.with_name(f"{target.name}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        unfinished.mkdir(mode=0o700, parents=True)
        counts, revision, keys = _look(database)
        _run("pg_dump", database, "--format=custom", "--no-owner", f"--file={unfinished / DUMP}")
        for name in FOLDERS:
            if folders[name].is_dir():
                shutil.copytree(folders[name], unfinished / name)
        made_at_wall = datetime.now(UTC).isoformat(timespec="seconds")
        backup = Backup(made_at_wall, revision, keys, counts, _hashes(unfinished))
        (unfinished / NOTE).write_text(json.dumps({"format": FORMAT} | vars(backup), indent=1) + "\n")
        unfinished.rename(target)
    except psycopg.Error as error:
        raise LocalError(f"The register cannot be read ({type(error).__name__}): nothing was backed up.") from error
    except OSError as refusal:
        raise LocalError(f"The backup cannot be written to {target} ({refusal.strerror}).") from refusal
    return backup


def read_backup(source: Path) -> Backup:
    """What is in a backup. Raises LocalError when it is none, of another format, incomplete or changed."""
    try:
        note: dict[str, Any] = json.loads((source / NOTE).read_text())
    except (OSError, ValueError):
        raise LocalError(f"{source} is no backup of Échéance: it has no readable {NOTE}.") from None
    if note.pop("format", None) != FORMAT:
        raise LocalError(f"{source} was written by another version of Échéance: restore it with that one.")
    backup = Backup(**note)
    for name, sha256 in backup.files.items():
        if not (source / name).is_file():
            raise LocalError(f"{source} is not whole: {name} is missing.")
        if _sha256(source / name) != sha256:
            raise LocalError(f"{source} has been changed: {name} is not what was written.")
    return backup


def restore(source: Path, database: str, folders: dict[str, Path]) -> Backup:
    """Put a backup into an empty database and empty folders. Raises LocalError, and then nothing is half there."""
    backup = read_backup(source)
    with psycopg.connect(database) as connection:
        if connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone():
            raise LocalError("That database is not empty: a backup is restored into an empty one.")
        _prepare(connection)
    for name in FOLDERS:
        if folders[name].is_dir() and any(folders[name].iterdir()):
            raise LocalError(f"{folders[name]} is not empty: a backup is restored into empty folders.")
    _run("pg_restore", database, "--no-owner", "--single-transaction", "--exit-on-error", str(source / DUMP), into=True)
    for name in FOLDERS:
        if (source / name).is_dir():
            shutil.copytree(source / name, folders[name], dirs_exist_ok=True)
    return backup


def _prepare(connection: "psycopg.Connection[Any]") -> None:
    """The role of delegates' requests belongs to the server, not to the backup. Raises LocalError."""
    try:
        connection.execute(ROLE_IS_THERE.encode())
    except psycopg.errors.InsufficientPrivilege:
        raise LocalError(
            f"The role {DELEGATE_ROLE} is missing here: whoever administers the server does once "
            f"CREATE ROLE {DELEGATE_ROLE} NOLOGIN, and grants it to the owner of the database."
        ) from None


def _look(database: str) -> tuple[dict[str, int], str, list[str]]:
    """How much there is, the revision of the tables, and the names of the keys that it is sealed with."""
    with psycopg.connect(database) as connection:
        counts = {name: _value(connection, query) for name, query in _COUNTED.items()}
        revision = str(_value(connection, "SELECT version_num FROM alembic_version"))
        rows = connection.execute("SELECT DISTINCT wrapped_by FROM kept_keys ORDER BY 1").fetchall()
    return counts, revision, [row[0] for row in rows]


def _value(connection: "psycopg.Connection[Any]", query: str) -> Any:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def _run(program: str, database: str, *options: str, into: bool = False) -> None:
    """Run one of PostgreSQL's programs on a database; its password goes by the environment, where nobody lists it."""
    known = [(option.envvar, option.val) for option in Conninfo.parse(database.encode()) if option.val]
    variables = {name.decode(): value.decode() for name, value in known if name}
    named = [f"--dbname={variables['PGDATABASE']}"] if into else []
    done = subprocess.run(
        [binaries() / "bin" / program, *named, *options],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise LocalError(f"{program} failed: {' '.join(done.stderr.split())[:300]}")


def _hashes(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): _sha256(path) for path in _files(folder)}


def _files(folder: Path) -> Iterable[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


@contextmanager
def serving(home: Path, log: Path) -> Iterator[str]:
    """The embedded PostgreSQL of a data folder that nobody runs, for as long as it takes; its address."""
    from local.postgres import start_postgres

    server = start_postgres(home, log=log)
    try:
        yield server.url
    finally:
        server.stop()
