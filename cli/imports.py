"""`echeance import`: reference data out of a file, with a report line by line."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from local.errors import LocalError

if TYPE_CHECKING:
    from db.models import Import, ImportRefusal

SHOWN = 50
"""So many refused lines are printed; `--json` tells all."""


class Kind(StrEnum):
    """What a file holds; the words of `domain.reference.words.ReferenceKind`, without what that would load for help."""

    MEMBERS = "members"
    CONTRACTS = "contracts"
    CONTRIBUTIONS = "contributions"
    IBANS = "ibans"
    PROVIDERS = "providers"
    GUARANTEES = "guarantees"
    STAFF = "staff"


def import_file(
    kind: Annotated[Kind, typer.Argument(help="what the file holds")],
    file: Annotated[Path, typer.Argument(help="CSV with a header, or JSON with one object a line")],
    as_json: Annotated[bool, typer.Option("--json", help="tell the whole report as JSON")] = False,
) -> None:
    """Take in a file of reference data: its good lines; the bad ones are told. Twice the same file changes nothing.

    Ends with 0 where every line was taken in or was there already, with 1 where one was refused.
    """
    if not file.is_file():
        raise LocalError(f"{file} is no file: give the path of a CSV file, or of JSON with one object a line.")
    row, refusals = _taken_in(kind, file, quiet=as_json)
    typer.echo(_as_json(row, refusals) if as_json else "\n".join(_as_lines(row, refusals)))
    raise typer.Exit(1 if row.refused else 0)


def _taken_in(kind: Kind, file: Path, *, quiet: bool) -> "tuple[Import, Sequence[ImportRefusal]]":
    from cli.keys import opened_register
    from db.commands.reference.imports import File, take_in
    from db.policy_in_force import open_policy
    from db.queries.reference.imports import refusals_of
    from db.session import NoDatabaseError
    from domain.reference.reading import Reading
    from domain.reference.words import ReferenceKind
    from domain.refusals import Refusal
    from keys.ring import KeysError

    now = datetime.now(UTC)
    zone = ZoneInfo(open_policy().in_force_on(now.date()).office.zone)
    reading = Reading(ReferenceKind(kind), now, zone)
    try:
        with opened_register() as sessions, _progress(file, quiet=quiet) as seen, file.open("rb") as lines:
            with sessions.begin() as session:
                row = take_in(session, reading, File(file.name, lines), seen)
            with sessions() as session:
                return row, refusals_of(session, row.id)
    except (Refusal, KeysError, NoDatabaseError) as error:
        raise LocalError(str(error)) from error


@contextmanager
def _progress(file: Path, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """How far the file has been read, where somebody looks on."""
    from rich.console import Console
    from rich.progress import Progress

    size = file.stat().st_size
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=quiet or not console.is_terminal) as progress:
        task = progress.add_task("Reading", total=size)

        def seen(read: int) -> None:
            done = read >= size
            progress.update(task, completed=read, description="Comparing and writing" if done else "Reading")

        yield seen


def _as_lines(row: "Import", refusals: "Sequence[ImportRefusal]") -> Iterator[str]:
    """The refused lines, then the sum."""
    for one in refusals[:SHOWN]:
        field = f", {one.field}" if one.field else ""
        yield f"Line {one.line}{field}: {one.problem} {one.remedy}"
    if len(refusals) > SHOWN:
        yield f"… and {len(refusals) - SHOWN} more: --json tells all."
    yield f"{row.lines} lines: {row.accepted} taken in, {row.unchanged} unchanged, {row.refused} refused."
    if row.lines == row.unchanged:
        yield "Nothing has changed."


def _as_json(row: "Import", refusals: "Sequence[ImportRefusal]") -> str:
    """One object, for programs."""
    told: dict[str, Any] = {
        name: getattr(row, name)
        for name in ("kind", "file_name", "file_sha256", "lines", "accepted", "unchanged", "refused")
    }
    told["refusals"] = [
        {"line": one.line, "field": one.field, "problem": one.problem, "remedy": one.remedy} for one in refusals
    ]
    return json.dumps({"id": str(row.id), **told}, ensure_ascii=False, indent=2)
