"""`echeance deadlines`: by when a complaint must be acknowledged and answered, and why. Needs no database."""

from pathlib import Path
from typing import Annotated

import typer

from domain.complaint.words import Channel

deadlines_app = typer.Typer(help="By when something is due, and why that day.", no_args_is_help=True)

_WRONG_USE = 2


@deadlines_app.callback()
def deadlines() -> None:
    """By when something is due, and why that day."""


@deadlines_app.command()
def complaint(
    received: Annotated[str, typer.Option(metavar="DATE", help="Day of reception: 2025-04-29.")],
    sent: Annotated[str | None, typer.Option(metavar="DATE", help="Day of sending, where it is known.")] = None,
    channel: Annotated[str, typer.Option(help=f"How it came in: {', '.join(Channel)}.")] = Channel.LETTER.value,
    policy_on: Annotated[str | None, typer.Option(metavar="DATE", help="Take the policy of another day.")] = None,
    policy: Annotated[Path | None, typer.Option(help="Another policy file than the insurer's.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """The five deadlines of a complaint, each with its day-by-day count."""
    from cli.told_deadlines import Asked, CannotTellError, tell_complaint

    try:
        told = tell_complaint(Asked(received, sent, channel, policy_on, policy))
    except CannotTellError as refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(_WRONG_USE) from refusal
    if told.notice:
        typer.echo(told.notice, err=True)
    typer.echo(told.as_json() if as_json else told.as_text())
