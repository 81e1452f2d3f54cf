"""`echeance administrator` as it is typed: the first one, and no second."""

from sqlalchemy import select
from typer.testing import CliRunner

from cli import app
from db.models import AdministrationLine, StaffMember
from db.session import open_engine, open_sessions

TYPED = ["--name", "Mme Maëlle Corlay", "--email", "maelle@mutuelle.example", "--phone", "02 61 91 00 60"]


def typed(database: str, login: str) -> tuple[int, str]:
    """What `echeance administrator` says, and how it ends."""
    environment = {"ECHEANCE_HOME": "/nowhere", "DATABASE_URL": database}
    ended = CliRunner().invoke(app, ["administrator", login, *TYPED], env=environment)
    return ended.exit_code, ended.output


def test_a_house_without_administrator_gets_one_and_then_no_second(database: str) -> None:
    assert typed(database, "Maelle") == (1, "These values cannot be right: login.\n")
    code, said = typed(database, "maelle.corlay")
    assert code == 0
    assert said.startswith("maelle.corlay signs in with ")
    engine = open_engine(database)
    with open_sessions(engine)() as session:
        row = session.scalars(select(StaffMember)).one()
        line = session.scalars(select(AdministrationLine)).one()
    engine.dispose()
    assert (row.roles, row.password_provisional, line.actor_id, line.event) == (["administrator"], True, None, "hired")
    assert said.split()[4] not in str(line.changes)
    code, said = typed(database, "another.one")
    assert code == 1
    assert said.startswith("This house has an administrator.")
