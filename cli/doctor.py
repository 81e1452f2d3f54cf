"""`echeance doctor`: does each case have its workflow, each deadline its watcher? What is not so is mended."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from db.session import Sessions
    from domain.ailments import Ailment

_CANNOT_EXAMINE = 2
_NO_SUCH_TABLE = {"42P01", "42703"}
"""PostgreSQL's codes for a table, or a column, that is not there."""


@dataclass(frozen=True)
class Report:
    """What was found: mended, or still there; how many cases were looked at, and which were being worked on."""

    cases: int
    mended: "tuple[Ailment, ...]"
    left: "tuple[Ailment, ...]"
    at_work: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        """Whether nobody has anything left to do."""
        return not any(one.is_left_to_do for one in self.left)

    def as_json(self) -> str:
        """One object, for programs."""
        told = {
            "cases": self.cases,
            "well": self.is_well,
            "ailments": [_as_json(one, outcome) for one, outcome in self.outcomes()],
            "at_work": self.at_work,
        }
        return json.dumps(told, indent=2)

    def as_lines(self) -> Iterator[str]:
        """One line for each ailment, then the sum."""
        yield from (_as_line(one, outcome) for one, outcome in self.outcomes())
        if self.at_work:
            yield f"Being worked on, look again in some minutes: {', '.join(self.at_work)}"
        left = sum(one.is_left_to_do for one in self.left)
        yield f"Cases looked at: {self.cases}. Ailments mended: {len(self.mended)}, left: {left}."

    def outcomes(self) -> "Iterator[tuple[Ailment, str]]":
        """What was mended, then what is left, or only told to be known."""
        yield from ((one, "mended") for one in self.mended)
        yield from ((one, "left" if one.is_left_to_do else "to know") for one in self.left)


def doctor(
    mend: Annotated[
        bool, typer.Option("--mend", help="Mend what can be mended; without it, only the result is kept.")
    ] = False,
    grace: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, help="For how long something must look wrong before it is said.")
    ] = 10.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare register and engine case by case; name what is wrong, and mend it when asked to.

    Ends with 0 when nobody has anything left to do, 1 when something is left, 2 when nothing could be examined.
    """
    try:
        report = asyncio.run(_examine(mend, grace))
    except Exception as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        typer.secho(sentence, fg=typer.colors.RED, err=True)
        raise typer.Exit(_CANNOT_EXAMINE) from error
    for line in [report.as_json()] if as_json else report.as_lines():
        typer.echo(line)
    raise typer.Exit(0 if report.is_well else 1)


async def _examine(mend: bool, grace: float) -> Report:
    from api.examination import LOOKS, Examination, Pace
    from api.house import open_house
    from api.treatment import Treated, Treatment

    house = await open_house()
    began_wall = datetime.now(UTC)
    examination = Examination(house, Pace(pause=grace / (LOOKS - 1)), _say)
    try:
        found = await examination.examine()
        treated = Treated((), tuple(found))
        if mend and found:
            treated = await Treatment(house, examination, _say).mend(found)
        at_work = tuple(sorted(examination.at_work))
        report = Report(examination.cases, treated.mended, treated.left, at_work)
        _keep(house.sessions, report, began_wall, mending=mend)
        return report
    finally:
        with house.sessions() as session:
            session.get_bind().engine.dispose()


def _keep(sessions: "Sessions", report: Report, began_wall: datetime, *, mending: bool) -> None:
    """Keep the result, so that a page can show it; a register that takes nothing keeps nobody from reading it here."""
    from sqlalchemy.exc import SQLAlchemyError

    from db.commands.examination import Result, keep_result

    findings = [one.recorded(outcome) for one, outcome in report.outcomes()]
    try:
        with sessions.begin() as session:
            keep_result(session, Result(report.cases, findings, list(report.at_work)), began_wall, mending=mending)
    except SQLAlchemyError as error:
        _say(f"The result could not be kept in the register ({type(error).__name__}).")


def _say(words: str) -> None:
    typer.echo(words, err=True)


def _as_line(ailment: "Ailment", outcome: str) -> str:
    since = f"since {_when(ailment)}: " if ailment.since else ""
    what = " ".join(filter(None, [ailment.kind.meaning, _about(ailment)]))
    return f"{outcome:<7} {ailment.kind:<17} {ailment.reference or '-':<16} {since}{what} → {ailment.kind.remedy}"


def _about(ailment: "Ailment") -> str:
    about = ailment.detail or ailment.about
    return f"[{about}]" if about else ""


def _when(ailment: "Ailment") -> str:
    if isinstance(ailment.since, datetime):
        return ailment.since.astimezone().strftime("%Y-%m-%d %H:%M")
    return str(ailment.since)


def _as_json(ailment: "Ailment", outcome: str) -> dict[str, Any]:
    kind = ailment.kind
    told = ailment.recorded(outcome)
    return {**told, "meaning": kind.meaning, "remedy": kind.remedy, "mended_by": kind.mended_by}


def _sentence(error: Exception) -> str | None:
    """Why nothing could be examined; None for a mistake of ours, which keeps its traceback."""
    from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError
    from sqlalchemy.exc import TimeoutError as PoolExhausted
    from temporalio.service import RPCError

    from db.policy_file import PolicyFileError
    from db.session import NoDatabaseError
    from keys.ring import KeysError

    match error:
        case NoDatabaseError() | KeysError() | PolicyFileError():
            return f"Nothing can be examined: {error}"
        case ProgrammingError() if getattr(error.orig, "sqlstate", "") in _NO_SUCH_TABLE:
            return "The register has no tables of this version: run `echeance migrate`."
        case OperationalError() | InterfaceError() | PoolExhausted():
            return f"The register does not answer ({type(error).__name__}): check DATABASE_URL and PostgreSQL."
        case RPCError() | TimeoutError():
            return f"The engine does not answer ({type(error).__name__}): check Temporal and its settings."
        case RuntimeError() if "client connect" in str(error):
            return "The engine cannot be reached: check Temporal, and TEMPORAL_ADDRESS."
    return None
