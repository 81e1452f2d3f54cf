"""What somebody does to the register who may do everything with the database, but has not the keys."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text

from activities.checkpoints import Checkpoints
from db.queries.verification.chains import Read
from db.queries.verification.register import verify_register
from domain.rounds import Round, RoundKind
from tests.factories.register import Desk


def as_superuser(desk: Desk, *statements: str, **values: Any) -> None:
    """Execute SQL past every trigger and foreign key."""
    with desk.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            assert connection.execute(text(statement), values).rowcount > 0, statement


def findings(desk: Desk, folder: Path | None = None) -> list[str]:
    """What is found of it."""
    return [str(one) for one in verify_register(desk.sessions, folder, Read())]


def reference(desk: Desk, case_id: UUID) -> str:
    """The case's reference."""
    ((found,),) = desk.sql("SELECT reference FROM cases WHERE id = :id", id=case_id)
    return str(found)


def before_last_command(desk: Desk, case_id: UUID) -> int:
    """The line before those of the last command."""
    first = (
        "SELECT min(line) FROM journal WHERE case_id = :id AND command_id = "
        "(SELECT command_id FROM journal WHERE case_id = :id ORDER BY line DESC LIMIT 1)"
    )
    ((line,),) = desk.sql(first, id=case_id)
    return int(line) - 1


def a_night_passes(desk: Desk, folder: Path, day: date) -> None:
    """The checkpoint of this day is made, and its file laid."""
    Checkpoints(desk.sessions, folder).make(Round(RoundKind.CHECKPOINT, day, desk.at + timedelta(hours=10)))


CUT = (
    "DELETE FROM journal WHERE case_id = :id AND line > :last",
    "UPDATE cases SET lines = :last, head = j.mac FROM journal j "
    "WHERE cases.id = :id AND j.case_id = :id AND j.line = :last",
)
"""A journal ends with its line `last`, and the case is made to agree with it."""
FORGET = (
    "DELETE FROM commands WHERE case_id = :id AND NOT EXISTS "
    "(SELECT FROM journal j WHERE j.case_id = :id AND j.command_id = commands.id)",
)
"""The commands that lost their lines are taken away too."""
REMOVE = (
    "DELETE FROM journal WHERE case_id = :id",
    "DELETE FROM commands WHERE case_id = :id",
    "DELETE FROM kept_keys WHERE case_id = :id",
    "DELETE FROM letters WHERE case_id = :id",
    "DELETE FROM complaints WHERE case_id = :id",
    "DELETE FROM cases WHERE id = :id",
)
"""A case that has never been there."""
