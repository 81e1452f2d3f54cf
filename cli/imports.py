"""`echeance import`: reference data, claims, figures or volunteers out of a file, with a report line by line."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from local.errors import LocalError

if TYPE_CHECKING:
    from db.commands.claim_lines import Kept
    from db.models import Import, ImportRefusal
    from db.session import Sessions
    from domain.policy import PolicyBook

    Heard = Callable[[str, int, int], None]
    """Hears what is being done, how much of it is done, and how much there is."""

SHOWN = 50
"""So many refused lines are printed; `--json` tells all."""


class Kind(StrEnum):
    """What a file holds: claims, figures, volunteers, or a `domain.reference.words.ReferenceKind`, without what that
    would load."""

    MEMBERS = "members"
    CONTRACTS = "contracts"
    CONTRIBUTIONS = "contributions"
    IBANS = "ibans"
    PROVIDERS = "providers"
    GUARANTEES = "guarantees"
    STAFF = "staff"
    CLAIMS = "claims"
    FIGURES = "figures"
    VOLUNTEERS = "volunteers"


def import_file(
    kind: Annotated[Kind, typer.Argument(help="what the file holds")],
    file: Annotated[Path, typer.Argument(help="CSV with a header, or JSON with one object a line")],
    as_json: Annotated[bool, typer.Option("--json", help="tell the whole report as JSON")] = False,
) -> None:
    """Take in a file of reference data, claims, figures or volunteers: its good lines; the bad ones are told. The same
    again changes nothing; claims that were cut off in the middle go on.

    Ends with 0 where every line was taken in or was there already, with 1 where one was refused.
    """
    if not file.is_file():
        raise LocalError(f"{file} is no file: give the path of a CSV file, or of JSON with one object a line.")
    row, refusals, kept = _taken_in(kind, file, quiet=as_json)
    typer.echo(_as_json(row, refusals, kept) if as_json else "\n".join(_as_lines(row, refusals, kept)))
    raise typer.Exit(1 if row.refused else 0)


def _taken_in(
    kind: Kind, file: Path, *, quiet: bool
) -> "tuple[Import, Sequence[ImportRefusal], Sequence[Kept] | None]":
    from cli.keys import opened_register
    from db.policy_in_force import open_policy
    from db.queries.reference.imports import refusals_of
    from db.session import NoDatabaseError
    from domain.refusals import Refusal
    from keys.ring import KeysError

    book, taken = open_policy(), _TAKING.get(kind) or partial(_reference, kind)
    try:
        with opened_register() as sessions, _progress(quiet=quiet) as heard:
            row, kept = taken(sessions, file, book, heard)
            with sessions() as session:
                return row, refusals_of(session, row.id), kept
    except (Refusal, KeysError, NoDatabaseError) as error:
        raise LocalError(str(error)) from error


def _reference(
    kind: Kind, sessions: "Sessions", file: Path, book: "PolicyBook", heard: "Heard"
) -> "tuple[Import, None]":
    from db.commands.reference.imports import File, take_in
    from domain.reference.reading import Reading
    from domain.reference.words import ReferenceKind

    now, size = datetime.now(UTC), file.stat().st_size
    reading = Reading(ReferenceKind(kind), now, ZoneInfo(book.in_force_on(now.date()).office.zone))

    def seen(read: int) -> None:
        heard("Comparing and writing" if read >= size else "Reading", read, size)

    with sessions.begin() as session, file.open("rb") as lines:
        return take_in(session, reading, File(file.name, lines), seen), None


def _claims(sessions: "Sessions", file: Path, book: "PolicyBook", heard: "Heard") -> "tuple[Import, Sequence[Kept]]":
    from db.commands.claim_file import Giving, take_in_file
    from db.commands.reference.imports import File

    size = file.stat().st_size
    giving = Giving(
        datetime.now(UTC),
        book,
        seen=lambda read: heard("Reading", read, size),
        taken=lambda done, of: heard("Checking and keeping", done, of),
    )
    with file.open("rb") as lines:
        return take_in_file(sessions, File(file.name, lines), giving)


def _figures(sessions: "Sessions", file: Path, book: "PolicyBook", heard: "Heard") -> "tuple[Import, None]":
    from db.commands.figures import Author
    from db.commands.figures_file import take_in_figures
    from db.commands.reference.imports import File

    now, size = datetime.now(UTC), file.stat().st_size
    with sessions.begin() as session, file.open("rb") as lines:
        row, missing = take_in_figures(
            session, File(file.name, lines), Author(now, _today(now, book)), lambda read: heard("Reading", read, size)
        )
        for activity, days in missing.items():
            typer.echo(f"No figures yet of {activity}: {', '.join(map(str, days))}.", err=True)
        return row, None


def _volunteers(sessions: "Sessions", file: Path, book: "PolicyBook", heard: "Heard") -> "tuple[Import, None]":
    from db.commands.backlog_volunteer import Writer
    from db.commands.reference.imports import File
    from db.commands.volunteer_file import take_in_volunteers

    now, size = datetime.now(UTC), file.stat().st_size
    writer = Writer(now, _today(now, book))
    with sessions.begin() as session, file.open("rb") as lines:
        taken = File(file.name, lines)
        return take_in_volunteers(session, taken, writer, book, lambda read: heard("Reading", read, size)), None


def _today(now: datetime, book: "PolicyBook") -> date:
    return now.astimezone(ZoneInfo(book.in_force_on(now.date()).office.zone)).date()


_TAKING: "dict[Kind, Callable[..., tuple[Import, Sequence[Kept] | None]]]" = {
    Kind.CLAIMS: _claims,
    Kind.FIGURES: _figures,
    Kind.VOLUNTEERS: _volunteers,
}


@contextmanager
def _progress(*, quiet: bool) -> "Iterator[Heard]":
    """How far it is, where somebody looks on."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=quiet or not console.is_terminal) as progress:
        task = progress.add_task("Reading", total=None)
        yield lambda what, done, of: progress.update(task, completed=done, total=of, description=what)


def _as_lines(row: "Import", refusals: "Sequence[ImportRefusal]", kept: "Sequence[Kept] | None") -> Iterator[str]:
    """The refused lines, then the sum."""
    for one in refusals[:SHOWN]:
        field = f", {one.field}" if one.field else ""
        yield f"Line {one.line}{field}: {one.problem} {one.remedy}"
    if len(refusals) > SHOWN:
        yield f"… and {len(refusals) - SHOWN} more: --json tells all."
    yield f"{row.lines} lines: {row.accepted} taken in, {row.unchanged} unchanged, {row.refused} refused."
    if kept:
        controlled = sum(one.is_controlled for one in kept)
        yield f"{len(kept)} claims are new: {len(kept) - controlled} payable, {controlled} to be controlled."
    if row.lines == row.unchanged:
        yield "Nothing has changed."


def _as_json(row: "Import", refusals: "Sequence[ImportRefusal]", kept: "Sequence[Kept] | None") -> str:
    """One object, for programs."""
    told: dict[str, Any] = {
        name: getattr(row, name)
        for name in ("kind", "file_name", "file_sha256", "lines", "accepted", "unchanged", "refused")
    }
    told["refusals"] = [
        {"line": one.line, "field": one.field, "problem": one.problem, "remedy": one.remedy} for one in refusals
    ]
    if kept is not None:
        told["claims"] = [{"reference": one.reference, "reasons": one.reasons} for one in kept]
    return json.dumps({"id": str(row.id), **told}, ensure_ascii=False, indent=2)
