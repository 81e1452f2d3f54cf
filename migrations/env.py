"""Alembic's entrance: runs the migrations on the address that `db.session.migrate` gives."""

from alembic import context
from sqlalchemy import create_engine

from db.models import Base
from db.session import database_url, driver_url


def run() -> None:
    """Run all in one transaction: a migration that fails leaves nothing behind."""
    url = context.config.attributes.get("url") or driver_url(database_url())
    engine = create_engine(url)
    with engine.begin() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
