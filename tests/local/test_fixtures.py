"""The fixtures themselves: what a test may rely on."""

import psycopg
import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from local.sink import Sink
from tests.servers import missing


def test_every_test_has_an_empty_database_of_its_own(empty_database: str) -> None:
    with psycopg.connect(empty_database) as connection:
        connection.execute("CREATE TABLE mine (id int)")


def test_nothing_is_left_of_another_test_s_database(empty_database: str) -> None:
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("SELECT to_regclass('mine')").fetchone() == (None,)


async def test_the_shared_engine_answers(engine: str) -> None:
    client = await Client.connect(engine)
    assert await client.service_client.check_health()


async def test_the_clock_of_the_skipping_engine_moves_on_demand(skipping_environment: WorkflowEnvironment) -> None:
    before = await skipping_environment.get_current_time()
    await skipping_environment.sleep(86_400)
    after = await skipping_environment.get_current_time()
    assert (after - before).total_seconds() >= 86_400


def test_no_mail_is_left_of_another_test(sink: Sink) -> None:
    assert sink.mailbox.mails() == []


def test_a_missing_server_fails_in_ci_and_skips_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="gone"):
        missing("gone")
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match="gone"):
        missing("gone")


def test_a_database_is_migrated_and_empty(database: str) -> None:
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
