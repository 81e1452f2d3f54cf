"""The role of delegates' requests: it belongs to the server, and whoever owns a register need not be its superuser."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from db.behalf import DELEGATE_ROLE, ROLE_IS_THERE, Side, one_request, work_for
from db.session import close_engine, migrate, open_engine, open_sessions
from tests.factories.complaints import NOON
from tests.servers import administer, beside


@dataclass(frozen=True)
class Owner:
    """A role that owns a register, and the register's address for it."""

    name: str
    url: str


@pytest.fixture
def owner(postgres: str) -> Iterator[Owner]:
    """Somebody who may sign in to the server, and owns one new database of it: no superuser."""
    name = f"owner_{uuid4().hex}"
    administer(postgres, f"CREATE ROLE {name} LOGIN PASSWORD 'an-owner' NOSUPERUSER")
    administer(postgres, f"CREATE DATABASE {name} OWNER {name} TEMPLATE template0")
    place = beside(postgres, name).partition("@")[2]
    try:
        yield Owner(name, f"postgresql://{name}:an-owner@{place}")
    finally:
        administer(postgres, f"DROP DATABASE {name} WITH (FORCE)")
        administer(postgres, f"DROP ROLE {name}")


def test_an_owner_who_may_take_the_role_migrates_and_takes_it(postgres: str, owner: Owner) -> None:
    administer(postgres, ROLE_IS_THERE)
    administer(postgres, f"GRANT {DELEGATE_ROLE} TO {owner.name}")
    migrate(owner.url)
    engine = open_engine(owner.url)
    try:
        with one_request(), open_sessions(engine)() as session:
            work_for(Side("ARMOR", uuid4(), NOON))
            assert session.scalar(text("SELECT current_user")) == DELEGATE_ROLE
            assert session.execute(text("SELECT id FROM staff")).all() == []
    finally:
        close_engine(engine)


def test_an_owner_who_may_not_is_told_what_the_server_s_administrator_does(postgres: str, owner: Owner) -> None:
    administer(postgres, ROLE_IS_THERE)
    with pytest.raises(DBAPIError, match=f"GRANT {DELEGATE_ROLE} TO {owner.name}"):
        migrate(owner.url)
    with psycopg.connect(owner.url) as connection:
        left = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        assert left == (0,)


@pytest.mark.parametrize("power", ["BYPASSRLS", "CREATEROLE", "LOGIN", "SUPERUSER"])
def test_a_role_that_can_do_more_is_not_taken(postgres: str, empty_database: str, power: str) -> None:
    """Within a transaction that is given up: the server's other registers use the role meanwhile."""
    from importlib import import_module

    migration = import_module("migrations.versions.0018_delegate_access")
    with psycopg.connect(empty_database) as connection:
        connection.execute(ROLE_IS_THERE.encode())
        connection.execute(sql.SQL("ALTER ROLE {} WITH {}").format(sql.Identifier(DELEGATE_ROLE), sql.SQL(power)))
        with pytest.raises(psycopg.errors.RaiseException, match="can do more than it may"):
            connection.execute(migration.ROLE_IS_POWERLESS.encode())
        connection.rollback()
