"""`echeance calendar`: public holidays and the insurer's own closing days."""

import os
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from local.errors import LocalError

calendar_app = typer.Typer(help="Public holidays and the insurer's closing days.", no_args_is_help=True)


@calendar_app.command()
def fill(
    first_year: Annotated[int, typer.Option("--from", min=1983, max=2100)] = 2015,
    last_year: Annotated[int, typer.Option("--to", min=1983, max=2100)] = 2036,
) -> None:
    """Put the public holidays of these years into the calendar; doing it twice changes nothing. Places in sessions on
    what is a holiday by that are taken back at once."""
    from db.commands import calendar as commands
    from db.commands.backlog_morning import judge_places
    from db.policy_in_force import open_policy
    from db.session import open_engine, open_sessions
    from keys.ring import Keys

    book, keys = open_policy(), Keys.from_environment() if os.environ.get("ECHEANCE_KEYS") else None
    with open_sessions(open_engine(), keys).begin() as session:
        added = commands.fill(session, first_year, last_year, alsace_moselle=book.insurer.alsace_moselle)
        if added:
            judge_places(session, datetime.now(UTC), book)
    typer.echo(f"{added} public holidays added, {first_year} to {last_year}.")


@calendar_app.command("add-closing-day")
def add_closing_day(
    day: Annotated[str, typer.Argument(help="the day, as YYYY-MM-DD")],
    name: Annotated[str, typer.Argument(help="what people will read as the reason")],
) -> None:
    """The insurer is closed on that day: what is not yet due moves, never past a legal limit."""
    from db.commands import calendar as commands
    from db.policy_in_force import open_policy
    from db.session import open_engine, open_sessions
    from domain.civil import local_date
    from domain.refusals import Refusal

    now = datetime.now(UTC)
    today = local_date(now, open_policy().in_force_on(now.date()).office.zone)
    try:
        with open_sessions(open_engine()).begin() as session:
            cases = commands.add_closing_day(session, _day(day), name, at=now, today=today)
    except Refusal as refusal:
        raise LocalError(str(refusal)) from refusal
    typer.echo(f"{day} is a closing day. {cases} open cases are counted again; their journals say what moved.")


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise LocalError(f"{written} is no date: write it as 2031-05-02.") from None
