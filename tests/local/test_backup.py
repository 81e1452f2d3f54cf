"""A backup is whole or not at all, holds what the house held, and goes into nothing but an empty house."""

import json
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from local.backup import DUMP, NOTE, back_up, read_backup, restore
from local.errors import LocalError
from tests.factories.register import Desk, a_complaint_at, open_desk
from tests.factories.tampering import a_night_passes

FOLDERS = ("post", "checkpoints")


@pytest.fixture
def desk(insurer: str) -> Iterator[Desk]:
    """A register with two complaints on their way."""
    with open_desk(insurer) as desk:
        a_complaint_at(desk, "drafted")
        a_complaint_at(desk, "acknowledged")
        yield desk


def folders_in(place: Path) -> dict[str, Path]:
    return {name: place / name for name in FOLDERS}


def tables(url: str) -> dict[str, list[str]]:
    """All rows of all tables, as text."""
    with psycopg.connect(url) as connection:
        names = [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        return {name: sorted(str(row) for row in connection.execute(_all_of(name))) for name in names}


def _all_of(table: str) -> sql.Composed:
    return sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table))


def test_what_is_put_back_is_what_was_there(desk: Desk, insurer: str, empty_database: str, tmp_path: Path) -> None:
    old, new = folders_in(tmp_path / "old"), folders_in(tmp_path / "new")
    a_night_passes(desk, old["checkpoints"], date(2031, 3, 3))
    (old["post"] / "2031-03-03").mkdir(parents=True)
    (old["post"] / "2031-03-03" / "letter.pdf").write_bytes(b"%PDF")
    made = back_up(tmp_path / "backup", insurer, old)
    assert made.counts["open cases"] == 2
    assert made.counts["journal lines"] > 10
    assert restore(tmp_path / "backup", empty_database, new) == made
    assert tables(empty_database) == tables(insurer)
    assert (new["post"] / "2031-03-03" / "letter.pdf").read_bytes() == b"%PDF"
    assert [file.name for file in new["checkpoints"].iterdir()] == [file.name for file in old["checkpoints"].iterdir()]


def test_the_rules_of_the_database_come_back_too(desk: Desk, insurer: str, empty_database: str, tmp_path: Path) -> None:
    back_up(tmp_path / "backup", insurer, folders_in(tmp_path / "old"))
    restore(tmp_path / "backup", empty_database, folders_in(tmp_path / "new"))
    with psycopg.connect(empty_database) as connection, pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        connection.execute("DELETE FROM journal")


def test_the_password_is_not_on_the_command_line(
    desk: Desk, insurer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed: list[str] = []
    run = subprocess.run

    def noting(command: list[object], **options: object) -> object:
        typed.extend(map(str, command))
        return run(command, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", noting)
    back_up(tmp_path / "backup", insurer, folders_in(tmp_path))
    password = psycopg.conninfo.conninfo_to_dict(insurer)["password"]
    assert typed
    assert not any(str(password) in word for word in typed)


def test_a_backup_is_never_overwritten(desk: Desk, insurer: str, tmp_path: Path) -> None:
    back_up(tmp_path / "backup", insurer, folders_in(tmp_path))
    with pytest.raises(LocalError, match="is there already"):
        back_up(tmp_path / "backup", insurer, folders_in(tmp_path))


def test_an_unfinished_one_is_no_backup_and_in_nobodys_way(desk: Desk, insurer: str, tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="cannot be read"):
        back_up(tmp_path / "backup", f"{insurer}_gone", folders_in(tmp_path))
    assert not (tmp_path / "backup").exists()
    back_up(tmp_path / "backup", insurer, folders_in(tmp_path))
    read_backup(tmp_path / "backup")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda backup: (backup / NOTE).unlink(), "no backup"),
        (lambda backup: (backup / NOTE).write_text("{"), "no backup"),
        (lambda backup: (backup / NOTE).write_text(json.dumps({"format": 99})), "another version"),
        (lambda backup: (backup / DUMP).unlink(), f"{DUMP} is missing"),
        (lambda backup: (backup / DUMP).write_bytes(b"PGDMP"), f"{DUMP} is not what was written"),
    ],
)
def test_a_spoilt_backup_is_refused_before_anything_is_touched(
    desk: Desk, insurer: str, empty_database: str, tmp_path: Path, spoil: object, said: str
) -> None:
    back_up(tmp_path / "backup", insurer, folders_in(tmp_path / "old"))
    spoil(tmp_path / "backup")  # type: ignore[operator]
    with pytest.raises(LocalError, match=said):
        restore(tmp_path / "backup", empty_database, folders_in(tmp_path / "new"))
    assert tables(empty_database) == {}


def test_it_goes_into_nothing_that_is_in_use(desk: Desk, insurer: str, empty_database: str, tmp_path: Path) -> None:
    back_up(tmp_path / "backup", insurer, folders_in(tmp_path / "old"))
    with pytest.raises(LocalError, match="not empty"):
        restore(tmp_path / "backup", insurer, folders_in(tmp_path / "new"))
    (tmp_path / "new" / "post").mkdir(parents=True)
    (tmp_path / "new" / "post" / "letter.pdf").touch()
    with pytest.raises(LocalError, match="not empty"):
        restore(tmp_path / "backup", empty_database, folders_in(tmp_path / "new"))
    assert tables(empty_database) == {}
