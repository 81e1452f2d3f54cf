"""The embedded PostgreSQL: a foreground child of ours on this machine's loopback, entered with a password.

Only the wheel's programs are used; placing them and creating the cluster is `local.cluster`'s.
"""

import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from local import cluster as clusters
from local.account import server_account
from local.cluster import Cluster
from local.errors import LocalError
from local.ports import HOST, free_port, is_free
from local.process import Child, start

DATABASE = "echeance"
STOP_PATIENCE = 60.0
_START_PATIENCE = 120.0
_LEAVE_PATIENCE = 20.0
_ATTEMPTS = 8
_SERVER_SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "logging_collector": "off",
    "log_destination": "stderr",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_FORGETFUL_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "300",
    "max_wal_size": "256MB",
}
_ADDRESS_IN_USE = "Address already in use"
_STILL_LEAVING = "shared memory block"
_NOT_LET_IN = "password authentication failed"


@dataclass(frozen=True)
class Postgres:
    """A PostgreSQL server that answers; `folder` is where its files really are."""

    url: str = field(repr=False)
    port: int
    folder: Path
    child: Child

    def url_of(self, database: str) -> str:
        """The address of another database of this server."""
        return f"{self.url.rpartition('/')[0]}/{database}"

    def stop(self) -> None:
        """Let it finish its writes and end; its files stay."""
        self.child.stop(STOP_PATIENCE)


def start_postgres(home: Path, *, log: Path, port: int | None = None, durable: bool = True) -> Postgres:
    """Start the PostgreSQL whose files are kept in `home`, and return when it answers.

    Without `port` it takes a free one. `durable=False` is for tests: faster, and a kill may lose the last writes.
    Raises LocalError: another version's files, no room or no right to write, port taken, already running.
    """
    if port is not None and not is_free(port):
        raise LocalError(f"Port {port} is taken by another program: give PostgreSQL a free one.")
    cluster = clusters.open_cluster(home, server_account())
    _require_left(cluster.folder)
    for _ in range(_ATTEMPTS):
        server = _launch(cluster, log, port or free_port(), durable)
        if _answers(server):
            _open_to_us(server)
            return server
        _judge_end(server, chosen_port=port)
    raise LocalError(f"PostgreSQL does not start ({server.child.last_words()}): see {log}.")


def _launch(cluster: Cluster, log: Path, port: int, durable: bool) -> Postgres:
    settings = _SERVER_SETTINGS | {"port": str(port)} | ({} if durable else _FORGETFUL_SETTINGS)
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    child = start(
        [cluster.programs / "postgres", "-D", cluster.folder, *options],
        log=log,
        environment=clusters.environment(),
        folder=cluster.folder.parent,
        account=cluster.account,
        stop_signal=signal.SIGINT,  # a fast stop: open transactions are rolled back
    )
    url = f"postgresql://{clusters.USER}:{cluster.password}@{HOST}:{port}/{DATABASE}"
    return Postgres(url, port, cluster.folder, child)


def _answers(server: Postgres) -> bool:
    """Wait until it lets us in; False when it ended instead."""
    give_up_at = time.monotonic() + _START_PATIENCE
    while server.child.exit_code is None:
        refusal = _knock(server)
        if not refusal:
            return True
        if _NOT_LET_IN in refusal or time.monotonic() > give_up_at:
            server.stop()
            raise LocalError(f"PostgreSQL does not let us in ({refusal}): see {server.child.log}.")
        time.sleep(0.05)
    return False


def _knock(server: Postgres) -> str:
    """Try to enter; what refused us, in one line, or nothing."""
    try:
        psycopg.connect(server.url_of("postgres"), connect_timeout=5).close()
    except psycopg.OperationalError as refusal:
        return " ".join(str(refusal).split())
    return ""


def _judge_end(server: Postgres, chosen_port: int | None) -> None:
    """Return when another attempt may succeed; otherwise raise LocalError with what the server said."""
    words = server.child.words()
    lost_the_race = _ADDRESS_IN_USE in words and chosen_port is None
    if not lost_the_race and _STILL_LEAVING not in words:
        raise LocalError(f"PostgreSQL does not start ({server.child.last_words()}): see {server.child.log}.")
    time.sleep(0.5)  # the children of a killed server take a moment to notice


def _open_to_us(server: Postgres) -> None:
    """Make sure that our database is there; raise LocalError when the server is lost meanwhile."""
    try:
        _create_database(server)
    except psycopg.OperationalError as lost:
        server.stop()
        raise LocalError(f"PostgreSQL was lost while it opened: see {server.child.log}.") from lost


def _create_database(server: Postgres) -> None:
    with psycopg.connect(server.url_of("postgres"), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if known is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")


def _require_left(folder: Path) -> None:
    """Clear the trace of a killed server; raise LocalError while one is really serving this folder."""
    trace = folder / "postmaster.pid"
    give_up_at = time.monotonic() + _LEAVE_PATIENCE
    while trace.exists() and _serves(_first_number(trace), folder):
        if time.monotonic() > give_up_at:
            raise LocalError(
                f"A PostgreSQL (process {_first_number(trace)}) already serves {folder}: "
                f"stop it, or set ECHEANCE_HOME to another folder."
            )
        time.sleep(0.1)
    if Path("/proc/self").exists():  # elsewhere PostgreSQL judges by itself
        trace.unlink(missing_ok=True)


def _first_number(trace: Path) -> int:
    """The process id in a postmaster.pid; 0 when it has vanished or is cut short."""
    try:
        return int(trace.read_text().split("\n", 1)[0] or 0)
    except (FileNotFoundError, ValueError):
        return 0


def _serves(pid: int, folder: Path) -> bool:
    """Whether this process works in this folder; a process id that was given away again does not."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == folder.resolve()
    except OSError:
        return False
