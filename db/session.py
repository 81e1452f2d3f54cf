"""The way to the register: engine, sessions, migrations. `DATABASE_URL` says where it is."""

import os
from pathlib import Path
from time import monotonic, sleep

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session, sessionmaker

from db.behalf import OWN, narrow
from keys.ring import Keys

Sessions = sessionmaker[Session]

MIGRATIONS = Path(__file__).parent.parent / "migrations"


class NoDatabaseError(Exception):
    """Nobody has said where the register is."""


def database_url() -> str:
    """The address of the register, from the environment."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        raise NoDatabaseError("DATABASE_URL is not set: give the address of a PostgreSQL database, or use `make run`.")
    return url


def driver_url(url: str) -> URL:
    """The same address with the driver that this project uses.

    Raises NoDatabaseError; what is wrong with the address is not repeated, as it may be the password.
    """
    scheme, _, rest = url.partition("://")
    try:
        return make_url(f"postgresql+psycopg://{rest}" if scheme in {"postgresql", "postgres"} else url)
    except (ArgumentError, ValueError):
        raise NoDatabaseError("DATABASE_URL reads postgresql://user:password@host:port/name.") from None


def open_engine(url: str | None = None, *, pool: int = 10) -> Engine:
    """A pool of connections; each is tested before use, so that a restarted server is no error.

    Errors do not repeat the values that were sent: they reach the logs, and the values are people's.
    """
    return create_engine(
        driver_url(url or database_url()),
        pool_size=pool,
        max_overflow=pool,
        pool_timeout=5,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": 3},
    )


def close_engine(engine: Engine, patience: float = 10.0) -> None:
    """Close all connections. A thread that a cancelled task has left behind ends first: it gives its own back.

    Given back later, a connection belongs to a pool that is gone, and nobody closes it.
    """
    give_up_at = monotonic() + patience
    while isinstance(engine.pool, QueuePool) and engine.pool.checkedout() and monotonic() < give_up_at:
        sleep(0.01)
    engine.dispose()


def open_sessions(engine: Engine, keys: Keys | None = None) -> Sessions:
    """Sessions on this engine; what they have read stays readable after the commit.

    The keys open what the register keeps sealed, and chain the journal (`db.vault`): whoever does neither goes
    without. Within the request of a delegate's person, each transaction is their side's (`db.behalf`).
    """
    return _narrowed(sessionmaker(engine, expire_on_commit=False, info={"keys": keys}))


def own_sessions(sessions: Sessions) -> Sessions:
    """The same, for what the house itself does within somebody's request: look who asks, deliver what they gave."""
    return sessionmaker(**(sessions.kw | {"info": sessions.kw["info"] | {OWN: True}}))


def _narrowed(sessions: Sessions) -> Sessions:
    event.listen(sessions, "after_begin", narrow)
    return sessions


def sessions_within(connection: Connection, keys: Keys) -> Sessions:
    """Sessions inside the transaction that this connection has begun: what each commits is kept when that is.

    What one of them rolls back, all lose.
    """
    within = sessionmaker(
        connection, expire_on_commit=False, join_transaction_mode="rollback_only", info={"keys": keys}
    )
    return _narrowed(within)


def migrate(url: str | None = None) -> None:
    """Bring the register to the newest version of its tables."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = driver_url(url or database_url())
    command.upgrade(config, "head")
