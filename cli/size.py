"""`echeance size`: how many people a day's files or an hour's calls take, step by step. Needs no database."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from domain.backlog.sizing import SizedCalls, SizedFiles

size_app = typer.Typer(help="How many people it takes, step by step.", no_args_is_help=True)

_WRONG_USE = 2
_LANGUAGES = ("en", "fr")

Language = Annotated[str, typer.Option(help="Words of the steps: en or fr.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@size_app.callback()
def size() -> None:
    """How many people it takes, step by step."""


@size_app.command()
def files(
    volume: Annotated[str, typer.Option(metavar="NUMBER", help="Files a day: 300.")],
    minutes: Annotated[str, typer.Option(metavar="NUMBER", help="Minutes per file: 12.")],
    hours: Annotated[str, typer.Option(metavar="NUMBER", help="Hours that one person works a day: 7.")],
    absence: Annotated[str, typer.Option(metavar="SHARE", help="Share of the staff who are away: 0.40.")] = "0",
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Full-time staff for a day's files, which can wait: volume × minutes ÷ (hours × (1 − absence))."""
    from domain.backlog.sizing import FilesAsked, size_files

    _answer(
        lambda: size_files(
            FilesAsked(
                volume=_number("volume", volume),
                minutes=_number("minutes", minutes),
                hours=_number("hours", hours),
                absence=_number("absence", absence),
            )
        ),
        language,
        as_json=as_json,
    )


@size_app.command()
def calls(
    per_hour: Annotated[str, typer.Option(metavar="NUMBER", help="Calls an hour: 60.")],
    seconds: Annotated[str, typer.Option(metavar="NUMBER", help="Seconds per call: 300.")],
    target_seconds: Annotated[str, typer.Option(metavar="NUMBER", help="Answered within so many seconds: 20.")],
    service: Annotated[str, typer.Option(metavar="SHARE", help="Share of calls that is to be: 0.80.")],
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Agents for an hour's calls, which cannot wait: Erlang C."""
    from domain.backlog.sizing import CallsAsked, size_calls

    _answer(
        lambda: size_calls(
            CallsAsked(
                per_hour=_number("per_hour", per_hour),
                seconds=_number("seconds", seconds),
                target_seconds=_number("target_seconds", target_seconds),
                service=_number("service", service),
            )
        ),
        language,
        as_json=as_json,
    )


def _answer(compute: Callable[[], "SizedFiles | SizedCalls"], language: str, *, as_json: bool) -> None:
    from domain.refusals import Invalid

    try:
        _check_language(language)
        sized = compute()
    except Invalid as refusal:
        option = f"--{(refusal.field or '').replace('_', '-')}"
        typer.echo(f"{option}: {refusal}", err=True)
        raise typer.Exit(_WRONG_USE) from refusal
    told = sized.as_json(language)
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2) if as_json else _lines(told))


def _check_language(language: str) -> None:
    from domain.refusals import Invalid

    if language not in _LANGUAGES:
        raise Invalid(f"{language!r} is not a language of these words.", "Write en or fr.", field="language")


def _number(field: str, typed: str) -> Decimal:
    """A number as people type it, with a point or a French comma."""
    from domain.refusals import Invalid

    if not re.fullmatch(r"[+-]?\d+([.,]\d+)?", typed, re.ASCII):
        raise Invalid(f"{typed!r} is not a number.", "Write one such as 12 or 0.40.", field=field)
    return Decimal(typed.replace(",", "."))


def _lines(told: dict[str, object]) -> str:
    steps = told["steps"]
    assert isinstance(steps, list)
    numbered = [f"{number}. {step['text']}" for number, step in enumerate(steps, start=1)]
    return "\n".join([*numbered, f"Source: {told['source']}"])
