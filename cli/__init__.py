"""The `echeance` command. Commands import what they need when they are called, so that help comes at once."""

import os

import typer

from cli.administrator import administrator
from cli.backup import backup, restore
from cli.calendar import calendar_app
from cli.deadlines import deadlines_app
from cli.doctor import doctor
from cli.house import COMMANDS
from cli.imports import import_file
from cli.keys import keys_app
from cli.rehearse import rehearse
from cli.sentences import Sentences
from cli.size import size_app
from cli.verify_journal import verify_journal
from local.home import home_folder, read_variables

app = typer.Typer(
    cls=Sentences,
    help="Complaints, claims, audit findings and backlogs of an insurer, carried to proof, on time.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def join_running_house(context: typer.Context) -> None:
    """Work on the data of the house that runs on this machine, unless the environment names another."""
    running = home_folder() / "running.env"
    if context.invoked_subcommand != "run" and running.exists():
        for name, value in read_variables(running).items():
            os.environ.setdefault(name, value)


for command in COMMANDS:
    app.command()(command)
app.command()(rehearse)
app.command()(doctor)
app.command()(administrator)
app.command()(backup)
app.command()(restore)
app.command("import")(import_file)
app.command("verify-journal")(verify_journal)
app.add_typer(calendar_app, name="calendar")
app.add_typer(deadlines_app, name="deadlines")
app.add_typer(keys_app, name="keys")
app.add_typer(size_app, name="size")
