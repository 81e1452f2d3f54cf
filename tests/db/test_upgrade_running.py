"""The register is brought up to date: what arrives meanwhile is found afterwards, and what was known stays so."""

from datetime import date
from threading import Thread
from uuid import uuid4

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from db.models import StaffMember
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


def test_what_was_known_of_a_volunteer_has_always_held(empty_database: str) -> None:
    bring_to(empty_database, "0029")
    known = {"id": uuid4(), "at": NOON, "week": '{"0": [["09:00", "17:00"]]}'}
    person = dict.fromkeys(("login", "password_hash", "name", "title", "email", "phone"), "x")
    with open_desk(empty_database) as desk:
        with desk.sessions.begin() as session:
            session.add(StaffMember(id=known["id"], active=True, roles=[], skills=[], **person))
            session.flush()
            session.execute(text("INSERT INTO volunteers VALUES (:id, 2100, 1650, :week, :id, :at)"), known)
        bring_to(empty_database, "0030")
        kept = desk.sql(
            "SELECT person_id, from_on, contract_minutes, hourly_cents, entered_by, entered_at FROM volunteer_terms"
        )
        assert [tuple(row) for row in kept] == [(known["id"], None, 2100, 1650, known["id"], NOON)]
        assert desk.sql("SELECT timetable ->> '0' FROM volunteer_terms") == [('[["09:00", "17:00"]]',)]
