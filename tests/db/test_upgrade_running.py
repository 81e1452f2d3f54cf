"""The register is brought up to date while the house runs: what arrives meanwhile is found afterwards as well."""

from datetime import date
from threading import Thread

import psycopg
from alembic import command
from alembic.config import Config

from db.session import MIGRATIONS, driver_url
from tests.factories.complaints import NOON, TODAY
from tests.factories.register import open_desk
from tests.factories.rows import a_case_row


def bring_to(url: str, revision: str) -> None:
    """As `echeance migrate` does, so far only."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = driver_url(url)
    command.upgrade(config, revision)


def test_a_complaint_that_arrives_while_words_are_made_is_found_by_its_words(empty_database: str) -> None:
    bring_to(empty_database, "0006")
    upgrading = Thread(target=bring_to, args=(empty_database, "0007"))
    with open_desk(empty_database) as desk:
        with desk.sessions.begin() as session:
            a_case_row(session, "REC-2031-000001", TODAY, NOON)
            upgrading.start()
            upgrading.join(1.5)
            assert upgrading.is_alive()  # it waits for whoever is writing a complaint, and only then reads them
        upgrading.join()
        with desk.sessions.begin() as session:
            a_case_row(session, "REC-2031-000002", date(2031, 3, 4), NOON)
    with psycopg.connect(empty_database) as connection:
        found = connection.execute("SELECT number FROM complaint_words ORDER BY number").fetchall()
    assert found == [("1",), ("2",)]
