"""Secrets come from the environment and stay there: failing paths are driven, and all that they say is searched."""

import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import psycopg
import pytest

from activities.mail import MailServer
from api.app import create_app
from local.home import PROJECT
from local.ports import HOST, free_port
from local.process import Child, start
from tests.local.processes import wait_until

KEY = b64encode(b"planted-key-planted-key-planted!").decode()
PASSWORD = "planted-database-password"
SMTP_PASSWORD = "planted-smtp-password"
TYPED = "planted-typed-password"
TOKEN = "planted-token-in-an-address"
NAME = "Philippine Quelennec-Strzelecki"
PLANTED = (KEY, PASSWORD, SMTP_PASSWORD, TYPED, TOKEN, NAME)


def planted_in(text: str) -> list[str]:
    """What should not stand there."""
    return [secret for secret in PLANTED if secret in text]


def echeance(*arguments: str, **environment: str) -> str:
    """What a command says that cannot succeed."""
    ended = subprocess.run(
        [sys.executable, "-m", "cli", *arguments],
        cwd=PROJECT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode != 0
    return ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("command", "environment"),
    [
        ("migrate", {"DATABASE_URL": f"postgresql://somebody:{PASSWORD}@{HOST}:1/nowhere"}),
        ("migrate", {"DATABASE_URL": PASSWORD}),
        ("worker", {"DATABASE_URL": f"postgresql://somebody:{PASSWORD}@{HOST}:1/x", "ECHEANCE_KEYS": f"a:{KEY[:-8]}"}),
        ("worker", {"DATABASE_URL": "postgresql://h/x", "ECHEANCE_KEYS": KEY}),
        ("worker", {"DATABASE_URL": f"postgresql://somebody@{HOST}:{PASSWORD}/x", "ECHEANCE_KEYS": f"a:{KEY}"}),
        ("migrate", {"DATABASE_URL": f"postgresql://somebody@{HOST}:{PASSWORD}/x"}),
        ("worker", {"DATABASE_URL": "postgresql://h/x", "SMTP_URL": f"ftp://somebody:{SMTP_PASSWORD}@h"}),
    ],
)
def test_a_command_that_fails_says_why_without_the_secret(
    tmp_path: Path, command: str, environment: dict[str, str]
) -> None:
    keys = {"ECHEANCE_KEYS": f"named:{KEY}", "ECHEANCE_HOME": str(tmp_path)}
    said = echeance(command, **{**keys, **environment})
    assert said.strip()
    assert planted_in(said) == []


@pytest.mark.parametrize(
    "url", [f"smtp://u:{SMTP_PASSWORD}/@h:25", f"smtp://h:{SMTP_PASSWORD}", f"smtps://u:{SMTP_PASSWORD}#@h"]
)
def test_a_mail_server_that_cannot_be_read_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="SMTP_URL reads") as refused:
        MailServer.parse(url)
    assert planted_in(str(refused.value)) == []


def test_a_mail_server_that_is_shown_keeps_its_password_to_itself() -> None:
    server = MailServer.parse(f"smtps://somebody:{SMTP_PASSWORD}@mail.example")
    assert server.password == SMTP_PASSWORD
    assert planted_in(f"{server!r} {server}") == []


@dataclass(frozen=True)
class RunningApi:
    """The API as `echeance api` runs it, with its log."""

    child: Child
    address: str
    database: str

    def ask(self, method: str, path: str, **more: object) -> httpx2.Response:
        """What it answers."""
        return httpx2.request(method, f"{self.address}{path}", timeout=30, **more)  # type: ignore[arg-type]

    def sql(self, statement: str) -> None:
        """Something happens to its register."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture
def running(insurer: str, tmp_path: Path) -> Iterator[RunningApi]:
    """The API as a program, with secrets in its environment."""
    port = free_port()
    role = urlsplit(insurer)
    with psycopg.connect(insurer, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE planted LOGIN SUPERUSER PASSWORD '{PASSWORD}'".encode())
    planted = role._replace(netloc=f"planted:{PASSWORD}@{role.hostname}:{role.port}").geturl()
    environment = os.environ | {
        "DATABASE_URL": planted,
        "ECHEANCE_KEYS": f"named:{KEY}",
        "SMTP_URL": f"smtp://somebody:{SMTP_PASSWORD}@{HOST}:1",
        "TEMPORAL_ADDRESS": f"{HOST}:{free_port()}",
        "ECHEANCE_API_PORT": str(port),
        "ECHEANCE_HOME": str(tmp_path),
    }
    child = start(
        [sys.executable, "-m", "cli", "api"], log=tmp_path / "api.log", environment=environment, folder=PROJECT
    )
    running = RunningApi(child, f"http://{HOST}:{port}", insurer)
    try:
        wait_until(lambda: "Uvicorn running" in child.words() or child.exit_code is not None)
        yield running
    finally:
        child.stop(10)
        with psycopg.connect(insurer, autocommit=True) as connection:
            connection.execute(b"DROP ROLE planted")


def test_a_running_api_that_fails_in_every_way_tells_no_secret(running: RunningApi) -> None:
    answers = [
        running.ask("POST", "/api/v1/token", json={"login": TYPED, "password": TYPED}),
        running.ask("POST", "/api/v1/token", json={"login": "claire.morvan", "password": [TYPED], "x": TYPED}),
        running.ask("POST", "/api/v1/token", content=f'{{"password": "{TYPED}"'.encode()),
        running.ask("GET", f"/api/v1/me?token={TOKEN}"),
        running.ask("GET", f"/api/v1/{TOKEN}"),
        running.ask("GET", "/api/v1/me", headers={"Authorization": f"Bearer {TOKEN}"}),
    ]
    token = running.ask("POST", "/api/v1/token", json={"login": "malo.quere", "password": "embruns-2026"}).json()
    passes = {"Authorization": f"Bearer {token['access_token']}"}
    complaint = {
        "channel": "letter",
        "received_on": "2026-01-05",
        "complainant": {"name": NAME},
        "subject": NAME,
        "text": NAME,
        "pole": "benefits",
    }
    running.sql("ALTER TABLE complaints RENAME TO elsewhere")
    broken = running.ask("POST", "/api/v1/complaints", json=complaint, headers=passes)
    assert broken.status_code == 500
    running.sql("ALTER ROLE planted NOLOGIN")
    running.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'planted'")
    away = running.ask("POST", "/api/v1/complaints", json=complaint, headers=passes)
    assert away.status_code == 503
    answers += [broken, away, running.ask("GET", "/health/ready"), running.ask("GET", "/openapi.json")]
    told = [f"{answer.text} {answer.headers}" for answer in answers]
    log = running.child.words()
    assert [found for one in told for found in planted_in(one)] == []
    assert "mistake" in log
    assert "register_away" in log
    assert planted_in(log) == []
    assert token["access_token"] not in log
    assert all(answer.headers.get("server") is None for answer in answers)


def test_the_description_of_the_api_holds_no_value_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, secret in (("ECHEANCE_KEYS", KEY), ("DATABASE_URL", PASSWORD), ("SMTP_URL", SMTP_PASSWORD)):
        monkeypatch.setenv(name, secret)
    assert planted_in(str(create_app().openapi())) == []
