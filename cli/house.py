"""The commands that run the house, whole or one program at a time."""

import os
import runpy
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from cli.importing import modules_are_no_garbage
from local.errors import LocalError
from local.ports import HOST, port_from, require_free


def run() -> None:
    """Run everything on this machine; Ctrl-C stops it in order."""
    from local.run import run as run_house

    run_house()


def api() -> None:
    """Serve the API and the pages."""
    _require_database()
    port = port_from("ECHEANCE_API_PORT", 8000)
    with modules_are_no_garbage():
        import uvicorn

        from api.app import create_app

    uvicorn.run(
        create_app,
        factory=True,
        host=HOST,
        port=port,
        access_log=False,  # it would keep whatever stands in an address; the proxy in front has its own
        server_header=False,
        timeout_graceful_shutdown=8,
    )


def relay() -> None:
    """Deliver to the engine the commands that the API could not deliver."""
    _require_database()
    with modules_are_no_garbage():
        from api.relay import main

    main()


def worker() -> None:
    """Carry out the steps of the procedures."""
    _require_database()
    runpy.run_module("worker", run_name="__main__")


def sink() -> None:
    """Receive mails instead of the world, and show them."""
    from local.home import open_home
    from local.settings import Ports
    from local.sink_page import serve

    ports = Ports.asked()
    require_free(ports.smtp, "ECHEANCE_SMTP_PORT")
    require_free(ports.sink, "ECHEANCE_SINK_PORT")
    serve(open_home().mails, smtp_port=ports.smtp, port=ports.sink)


def migrate() -> None:
    """Bring the register to the newest version of its tables, and seal what is older than its keys."""
    from db.session import migrate as migrate_register

    _require_database()
    migrate_register()
    _seal()


def demo(
    accounts: Annotated[bool, typer.Option("--accounts", help="Only print who can log in.")] = False,
    history: Annotated[
        bool,
        typer.Option("--history", help="Beside the running house: load all its staff and two months of complaints."),
    ] = False,
) -> None:
    """Load the demo insurer; doing it twice changes nothing."""
    from local import demo as insurer
    from local.demo.colleagues import COLLEAGUES
    from local.demo_staff import STAFF

    if accounts:
        for account in insurer.accounts((*STAFF, *COLLEAGUES)):
            typer.echo(f"{account.login}\t{account.password}\t{account.title}")
        return
    _require_database()
    _load_history() if history else _seed()


COMMANDS = (run, api, relay, worker, sink, migrate, demo)


def _seed() -> None:
    """The insurer; where there are keys, for accounts are hashed, its reference data, activities and volunteers."""
    from db.policy_in_force import open_policy
    from db.session import open_engine, open_sessions
    from keys.ring import Keys
    from local.demo import seed
    from local.demo.figures import load_figures
    from local.demo.reference import load
    from local.demo.volunteers import load_volunteers

    engine = open_engine()
    with open_sessions(engine).begin() as session:
        seed(session)
    if os.environ.get("ECHEANCE_KEYS"):
        now, book = datetime.now(UTC), open_policy()
        zone = ZoneInfo(book.in_force_on(now.date()).office.zone)
        with open_sessions(engine, Keys.from_environment()).begin() as session:
            load(session, now, zone)
            load_figures(session, now, book)
            load_volunteers(session, now)
    engine.dispose()


def _load_history() -> None:
    from local.demo.history import main

    main(typer.echo)


def _seal() -> None:
    from cli.keys import seal_register
    from db.commands.seal import is_clear
    from db.session import open_engine, open_sessions
    from keys.ring import Keys

    engine = open_engine()
    with open_sessions(engine)() as session:
        clear = is_clear(session)
    if clear and os.environ.get("ECHEANCE_KEYS"):
        typer.echo(seal_register(open_sessions(engine, Keys.from_environment())))
    elif clear:
        typer.echo("What is there is neither chained nor sealed yet: set ECHEANCE_KEYS and run `echeance keys seal`.")
    engine.dispose()


def _require_database() -> None:
    """Raise LocalError, with the remedy, when nobody has said where the register is."""
    if not os.environ.get("DATABASE_URL"):
        raise LocalError(
            "No database is known: start the house with `make run`, or set DATABASE_URL to a PostgreSQL database."
        )
