"""`echeance keys`: the register's own keys follow the ring, and what is older than they is sealed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from local.errors import LocalError

if TYPE_CHECKING:
    from db.session import Sessions

keys_app = typer.Typer(help="The keys that letters and journal are kept under.", no_args_is_help=True)


@keys_app.command()
def rotate() -> None:
    """Seal the register's keys under the first key of ECHEANCE_KEYS; the house may run meanwhile."""
    from db.commands.keys import rewrap_all, wrapped_by
    from db.vault import ring

    with _register() as sessions:
        done = rewrap_all(sessions)
        with sessions() as session:
            keys, used = ring(session), wrapped_by(session)
    typer.echo(f"{done} keys sealed anew under {keys.current!r}, {used[keys.current]} in all.")
    for name in sorted(set(keys.ciphers) - set(used) - {keys.current}):
        typer.echo(
            f"{name!r} is no longer used by the register. Keep it behind {keys.current!r} until the engine's retention "
            "has passed since every program runs with the new ring: what Temporal keeps may still need it."
        )


@keys_app.command()
def seal() -> None:
    """Take journals that are older than the chains into them, and seal letters that lie in clear; once is enough."""
    with _register() as sessions:
        typer.echo(seal_register(sessions))


@keys_app.command("new-journal-key")
def new_journal_key() -> None:
    """Chain the journal with a new key from now on; what is chained already is still checked with the old one."""
    from db.commands.keys import renew_journal_key

    with _register() as sessions, sessions.begin() as session:
        made = renew_journal_key(session)
    typer.echo(f"From its next line on the journal is chained with the key {made}.")


def seal_register(sessions: "Sessions") -> str:
    """Seal what is older than the keys; what was done."""
    from db.commands.seal import seal_all

    sealed = seal_all(sessions, datetime.now(UTC))
    return f"{sealed.journals} journals taken into the chain, {sealed.letters} letters sealed."


@contextmanager
def opened_register() -> "Iterator[Sessions]":
    """The register, with the ring. Raises NoDatabaseError, KeysError."""
    from db.session import open_engine, open_sessions
    from keys.ring import Keys

    keys, engine = Keys.from_environment(), open_engine()
    try:
        yield open_sessions(engine, keys)
    finally:
        engine.dispose()


@contextmanager
def _register() -> "Iterator[Sessions]":
    """The same; what is missing is told in one sentence."""
    from db.session import NoDatabaseError
    from keys.ring import KeysError

    try:
        with opened_register() as sessions:
            yield sessions
    except (KeysError, NoDatabaseError) as error:
        raise LocalError(str(error)) from error
