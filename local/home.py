"""The data folder: all that one machine's Échéance keeps, with a mark of its format and its own secrets."""

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.cluster import major_version
from local.errors import LocalError
from local.folders import make_folder

VARIABLE = "ECHEANCE_HOME"
PROJECT = Path(__file__).resolve().parents[1]
FORMAT = 1
_PRIVATE_FOLDERS = ("mails", "post", "checkpoints", "bank", "logs")
_MAY_COME_FIRST = {"secrets.env", "lost+found"}


@dataclass(frozen=True)
class Home:
    """A data folder of the right format; see `open_home`."""

    root: Path

    @property
    def postgres(self) -> Path:
        """What the embedded PostgreSQL keeps."""
        return self.root / "postgres"

    @property
    def engine_file(self) -> Path:
        """What the Temporal dev server keeps."""
        return self.root / "temporal.db"

    @property
    def mails(self) -> Path:
        """Mails the sink has accepted."""
        return self.root / "mails"

    @property
    def post(self) -> Path:
        """Letters on paper, waiting to be posted."""
        return self.root / "post"

    @property
    def bank(self) -> Path:
        """The bank files: the bank's own programs take them from `outgoing`."""
        return self.root / "bank"

    @property
    def checkpoints(self) -> Path:
        """The exported checkpoints of the journal: take copies to where nobody who administers this machine can."""
        return self.root / "checkpoints"

    @property
    def joining(self) -> Path:
        """The environment of the running house, for commands typed beside it; gone when it stops."""
        return self.root / "running.env"

    def log(self, name: str) -> Path:
        """The log file of one program."""
        return self.root / "logs" / f"{name}.log"

    def secrets(self) -> dict[str, str]:
        """The keys made for this folder: variable → value."""
        return read_variables(self.root / "secrets.env")

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep every other `run` out of this folder; the kernel frees it however we end."""
        with (self.root / "lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise LocalError(
                    f"Échéance already runs on {self.root}: use it, stop it, or set {VARIABLE} to another folder."
                ) from None
            yield


def home_folder() -> Path:
    """Where the data folder is: what ECHEANCE_HOME says, otherwise `data` in the project."""
    return Path(os.environ.get(VARIABLE, "") or PROJECT / "data").expanduser().absolute()


def open_home(root: Path | None = None) -> Home:
    """The data folder, created with new secrets on first use.

    Raises LocalError when it is of another version, somebody else's, without its secrets, or cannot be written.
    """
    root = root or home_folder()
    try:
        if not (root / "version.json").exists():
            _create(root)
        _require_our_version(root)
        _require_secrets(root)
        for name in _PRIVATE_FOLDERS:
            (root / name).mkdir(mode=0o700, exist_ok=True)
    except OSError as refusal:
        raise LocalError(
            f"The data folder {root} cannot be used ({refusal.strerror}): "
            f"give the right to write there, or set {VARIABLE} to another folder."
        ) from refusal
    return Home(root)


def read_variables(file: Path) -> dict[str, str]:
    """The variables of an environment file; values are taken as they stand."""
    lines = (line.strip() for line in file.read_text().splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def write_variables(file: Path, variables: Mapping[str, str], comment: str) -> None:
    """Write an environment file that only its owner can read; it appears whole or not at all."""
    unfinished = file.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_text(f"# {comment}\n" + "".join(f"{name}={value}\n" for name, value in variables.items()))
    unfinished.rename(file)


def _create(root: Path) -> None:
    """Secrets first, the mark last: a folder with a mark is whole."""
    make_folder(root, 0o711)  # as root, the database's account must walk through
    strangers = sorted({path.name for path in root.iterdir()} - _MAY_COME_FIRST)
    if strangers:
        raise LocalError(
            f"{root} holds {strangers[0]} and is no data folder of Échéance: "
            f"set {VARIABLE} to an empty or a new folder."
        )
    if not (root / "secrets.env").exists():
        write_variables(root / "secrets.env", _new_secrets(), "Lost, everything encrypted is lost: keep a copy.")
    mark = {"format": FORMAT, "postgres": major_version()}
    (root / "version.json").write_text(json.dumps(mark) + "\n")


def _new_secrets() -> dict[str, str]:
    return {"ECHEANCE_KEYS": f"key1:{_random_key()}"}


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _require_our_version(root: Path) -> None:
    found = _read_mark(root / "version.json")
    if found.get("format") != FORMAT:
        raise LocalError(
            f"{root} has data format {found.get('format')} and this Échéance reads format {FORMAT}: "
            f"use the version that wrote it, or set {VARIABLE} to a new folder."
        )
    if (root / "postgres").exists() and found.get("postgres") != major_version():
        raise LocalError(
            f"{root} was written with PostgreSQL {found.get('postgres')} and this is PostgreSQL {major_version()}: "
            f"bring the data over with pg_dump, or set {VARIABLE} to a new folder."
        )


def _read_mark(mark: Path) -> dict[str, object]:
    """What the mark says; nothing when it is unreadable."""
    try:
        found = json.loads(mark.read_text())
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _require_secrets(root: Path) -> None:
    if not (root / "secrets.env").exists():
        raise LocalError(
            f"{root / 'secrets.env'} is gone, and without it what is encrypted cannot be read: "
            f"put it back, or set {VARIABLE} to a new folder."
        )
