"""The register is brought up to date: what arrives meanwhile is found afterwards, and what was known stays so."""

from datetime import date, datetime, timedelta
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from db.models import LoanRow, OperationRow, SessionRow, SignUpRow, StaffMember
from db.session import MIGRATIONS, driver_url
from tests.factories.complaints import NOON, TODAY
from tests.factories.figures import an_activity
from tests.factories.register import Desk, open_desk
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


def somebody_known(session: Session) -> UUID:
    """A volunteer, as the register of before terms kept them."""
    known = {"id": uuid4(), "at": NOON, "week": '{"0": [["09:00", "17:00"]]}'}
    person = dict.fromkeys(("login", "password_hash", "name", "title", "email", "phone"), "x")
    session.add(StaffMember(id=known["id"], active=True, roles=[], skills=[], **person))
    session.flush()
    session.execute(text("INSERT INTO volunteers VALUES (:id, 2100, 1650, :week, :id, :at)"), known)
    return UUID(str(known["id"]))


def test_what_was_known_of_a_volunteer_has_always_held(empty_database: str) -> None:
    bring_to(empty_database, "0029")
    with open_desk(empty_database) as desk:
        with desk.sessions.begin() as session:
            known = {"id": somebody_known(session)}
        bring_to(empty_database, "0030")
        kept = desk.sql(
            "SELECT person_id, from_on, contract_minutes, hourly_cents, entered_by, entered_at FROM volunteer_terms"
        )
        assert [tuple(row) for row in kept] == [(known["id"], None, 2100, 1650, known["id"], NOON)]
        assert desk.sql("SELECT timetable ->> '0' FROM volunteer_terms") == [('[["09:00", "17:00"]]',)]


LENDS = {"activity": "live", "objective": "x", "put_aside": [], "standard": 5, "hours": 7, "plan": {}, "plan_hash": "x"}
DAYS = {"starts_on": TODAY, "ends_on": TODAY + timedelta(days=14), "budget_cents": 1, "state": "running"}
LENT = ("operations", "operation_sessions", "sign_ups", "loans", "daily_points", "cases")


def an_operation_of_before(session: Session, who: UUID) -> None:
    """It runs: a session of the evening, a place that nobody knows since when and one taken once it had begun, a loan
    of a case that is nobody's to lend any more, and two points."""
    an_activity(session, "live", procedure="complaint")
    lent = a_case_row(session, "REC-2031-000001", TODAY, NOON)
    session.execute(text("UPDATE complaints SET category = 'sensitive'"))
    case_id = a_case_row(session, "OPE-2031-000001", TODAY, NOON)
    session.execute(text("SET LOCAL session_replication_role = replica"))
    told = {"case_id": case_id, "proposed_by": who, "planned_by": who, "proposed_at": NOON}
    session.execute(insert(OperationRow).values(**LENDS, **DAYS, **told))
    one, other = (_session(session, case_id, number) for number in (1, 2))
    _place(session, one, who, None)
    _place(session, other, who, NOON + timedelta(days=1))
    loan = {"id": uuid4(), "case_id": lent, "person_id": who, "operation_id": case_id, "session_id": one}
    session.execute(insert(LoanRow).values(**loan, asked_at=NOON, lent_at=NOON))
    for ahead in (0, 1):
        point = {"id": case_id, "day": TODAY + timedelta(days=ahead), "at": NOON}
        session.execute(text("INSERT INTO daily_points VALUES (:id, :day, 3, 2.5, NULL, true, false, :at)"), point)


def _session(session: Session, operation_id: UUID, number: int) -> UUID:
    held = {"id": uuid4(), "operation_id": operation_id, "number": number, "day": TODAY, "added_at": NOON}
    spans = [{"starts_at": "18:00", "ends_at": "20:00"}]
    session.execute(insert(SessionRow).values(**held, spans=spans, minutes=120, places=2, no_show=0))
    return UUID(str(held["id"]))


def _place(session: Session, session_id: UUID, who: UUID, since: datetime | None) -> None:
    place = {"id": uuid4(), "session_id": session_id, "person_id": who, "status": "seated", "seat": 1}
    session.execute(insert(SignUpRow).values(**place, asked_at=NOON, seated_at=since))


def _kept(desk: Desk) -> dict[str, list[Any]]:
    return {table: sorted(desk.sql(f"SELECT (to_jsonb(t) - 'judged_on')::text FROM {table} t")) for table in LENT}  # noqa: S608


def test_an_operation_that_runs_stays_as_it_was_and_new_rules_bind_what_comes(empty_database: str) -> None:
    bring_to(empty_database, "0029")
    with open_desk(empty_database) as desk:
        with desk.sessions.begin() as session:
            an_operation_of_before(session, somebody_known(session))
        before = _kept(desk)
        assert all(before.values())
        for revision in ("0030", "0031", "0032", "0033"):
            bring_to(empty_database, revision)
            assert _kept(desk) == before, revision
        assert desk.sql("SELECT count(*) FROM daily_points WHERE judged_on = day") == [(2,)]
        for statement, rule in REFUSED.items():
            with pytest.raises(DBAPIError, match=rule):
                desk.sql(statement)
        desk.sql("UPDATE loans SET ended_at = lent_at, why = 'signed_off'")


REFUSED = {
    "UPDATE daily_points SET judged_on = day": "daily_points is written once",
    "UPDATE sign_ups SET seat = 2 WHERE seated_at IS NULL": "since some instant",
    "INSERT INTO loans (id, case_id, person_id, operation_id, session_id, asked_at, lent_at) "
    "SELECT gen_random_uuid(), case_id, person_id, operation_id, session_id, asked_at, lent_at FROM loans": "asked for",
    "DELETE FROM volunteer_notices": "volunteer_notices is written once",
    "DELETE FROM volunteer_terms": "volunteer_terms is written once",
}
