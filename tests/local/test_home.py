"""The data folder: made once, kept private, refused when it is not ours."""

import base64
import json
from pathlib import Path

import pytest

from local.cluster import major_version
from local.errors import LocalError
from local.home import home_folder, open_home, read_variables, write_variables


def test_a_new_folder_gets_its_mark_and_its_places(tmp_path: Path) -> None:
    home = open_home(tmp_path / "data")
    assert json.loads((home.root / "version.json").read_text()) == {"format": 1, "postgres": major_version()}
    assert home.mails.is_dir()
    assert home.post.is_dir()
    assert home.log("api").parent.is_dir()


def test_secrets_are_made_once_and_are_for_their_owner_alone(tmp_path: Path) -> None:
    first, second = open_home(tmp_path), open_home(tmp_path)
    assert first.secrets() == second.secrets()
    assert (tmp_path / "secrets.env").stat().st_mode & 0o777 == 0o600


def test_the_keys_are_of_32_bytes_and_the_first_is_named(tmp_path: Path) -> None:
    secrets = open_home(tmp_path).secrets()
    name, _, key = secrets["ECHEANCE_KEYS"].partition(":")
    assert name == "key1"
    assert len(base64.b64decode(key)) == 32


@pytest.mark.parametrize("mark", ['{"format": 2, "postgres": 18}', "[]", "not JSON"])
def test_a_folder_of_another_format_is_refused_with_the_remedy(tmp_path: Path, mark: str) -> None:
    open_home(tmp_path)
    (tmp_path / "version.json").write_text(mark)
    with pytest.raises(LocalError, match="this Échéance reads format 1: use the version that wrote it, or set"):
        open_home(tmp_path)


def test_a_folder_of_another_postgresql_is_refused_with_the_remedy(tmp_path: Path) -> None:
    home = open_home(tmp_path)
    home.postgres.mkdir()
    (tmp_path / "version.json").write_text('{"format": 1, "postgres": 12}')
    with pytest.raises(LocalError, match=r"written with PostgreSQL 12 .* pg_dump"):
        open_home(tmp_path)


def test_somebody_else_s_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(LocalError, match=r"holds thesis\.txt and is no data folder"):
        open_home(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_lost_secrets_are_never_replaced_in_silence(tmp_path: Path) -> None:
    (open_home(tmp_path).root / "secrets.env").unlink()
    with pytest.raises(LocalError, match="put it back"):
        open_home(tmp_path)


def test_a_folder_that_cannot_be_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LocalError, match="set ECHEANCE_HOME to another folder"):
        open_home(tmp_path / "file" / "data")


def test_one_run_at_a_time(tmp_path: Path) -> None:
    home = open_home(tmp_path)
    with home.lock(), pytest.raises(LocalError, match="already runs on"), home.lock():
        pass
    with home.lock():
        pass


def test_the_folder_is_the_environment_s_or_the_project_s(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ECHEANCE_HOME", str(tmp_path))
    assert home_folder() == tmp_path
    monkeypatch.delenv("ECHEANCE_HOME")
    assert home_folder().name == "data"


def test_an_environment_file_gives_back_what_was_written(tmp_path: Path) -> None:
    variables = {"KEY": "a=b==", "URL": "postgresql://u:p@127.0.0.1:1/d"}
    write_variables(tmp_path / "x.env", variables, "A comment.")
    assert read_variables(tmp_path / "x.env") == variables
