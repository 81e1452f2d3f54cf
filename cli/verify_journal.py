"""`echeance verify-journal`: is the journal what was written, whole, and does the engine say the same?"""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from temporalio.client import Client

    from db.queries.verification.chains import Read
    from db.queries.verification.findings import Finding
    from db.session import Sessions

_CANNOT_VERIFY = 2


class CannotVerifyError(Exception):
    """Something that is needed is not there: one sentence that names the remedy."""


@dataclass
class Report:
    """What was found, how much was read, in how many seconds."""

    read: "Read"
    seconds: float = 0.0
    findings: "list[Finding]" = field(default_factory=list)

    def as_json(self) -> str:
        """One object, for programs."""
        told = {
            "cases": self.read.cases,
            "lines": self.read.lines,
            "seconds": round(self.seconds, 3),
            "findings": [one.as_json() for one in self.findings],
        }
        return json.dumps(told, ensure_ascii=False, indent=2)

    def __str__(self) -> str:
        """The sum, for people."""
        pace = [round(count / max(self.seconds, 0.001)) for count in (self.read.cases, self.read.lines)]
        found = f"{len(self.findings)} findings" if self.findings else "nothing found"
        return (
            f"{self.read.cases} cases, {self.read.lines} lines read in {self.seconds:.1f} s "
            f"({pace[0]} cases, {pace[1]} lines a second): {found}."
        )


def verify_journal(
    checkpoints: Annotated[
        Path | None,
        typer.Option(envvar="ECHEANCE_CHECKPOINTS_FOLDER", help="The folder of the exported checkpoints."),
    ] = None,
    engine: Annotated[bool, typer.Option(help="Ask the engine as well what it has decided.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check every line of every journal; one finding a line. Exit code 0: nothing found, 1: findings, 2: cannot say."""
    try:
        report = _verify(checkpoints, engine, as_json)
    except CannotVerifyError as refusal:
        typer.secho(str(refusal), fg=typer.colors.RED, err=True)
        raise typer.Exit(_CANNOT_VERIFY) from refusal
    if as_json:
        typer.echo(report.as_json())
    typer.echo(str(report), err=True)
    raise typer.Exit(1 if report.findings else 0)


def _verify(checkpoints: Path | None, engine: bool, as_json: bool) -> Report:
    """Raises CannotVerifyError."""
    from sqlalchemy.exc import SQLAlchemyError
    from temporalio.service import RPCError

    from cli.keys import opened_register
    from db.queries.verification.chains import Read
    from db.session import NoDatabaseError
    from keys.ring import KeysError

    report = Report(Read())
    _check_folder(checkpoints)
    try:
        with opened_register() as sessions:
            for finding in _findings(sessions, checkpoints, engine, report):
                report.findings.append(finding)
                if not as_json:
                    typer.echo(str(finding))
    except (KeysError, NoDatabaseError) as error:
        raise CannotVerifyError(str(error)) from error
    except SQLAlchemyError as error:
        raise CannotVerifyError(f"The register cannot be read ({type(error).__name__}): try again.") from error
    except (RPCError, RuntimeError) as error:
        raise CannotVerifyError("The engine does not answer: try again, or say --no-engine.") from error
    return report


def _check_folder(checkpoints: Path | None) -> None:
    if checkpoints is None:
        typer.echo("Without --checkpoints FOLDER, nobody says whether the last checkpoints are there.", err=True)
    elif not checkpoints.is_dir():
        raise CannotVerifyError(f"There is no folder {checkpoints}: give the one of the exported checkpoints.")


def _findings(sessions: "Sessions", checkpoints: Path | None, engine: bool, report: Report) -> "Iterator[Finding]":
    from db.queries.verification.register import verify_register

    begun = perf_counter()
    yield from verify_register(sessions, checkpoints, report.read)
    report.seconds = perf_counter() - begun
    if engine:
        yield from asyncio.run(_compare(sessions))


async def _compare(sessions: "Sessions") -> "list[Finding]":
    from engine.client import connect

    return await compare(sessions, await connect())


async def compare(sessions: "Sessions", client: "Client") -> "list[Finding]":
    """What the engine has taken or decided, as far as it still knows, and the register says otherwise."""
    from db.queries.verification.witness import verify_witnessed
    from engine.witness import witness

    found: list[Finding] = []
    async for told in witness(client):
        with sessions() as session:
            found += verify_witnessed(session, told.case_id, told.taken, told.decided)
    return found
