"""`echeance rehearse FILE`: what would have happened? A whole procedure, played in seconds on the production code."""

import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from cli.importing import modules_are_no_garbage
from local.errors import LocalError


def rehearse(
    file: Annotated[Path, typer.Argument(help="the scenario, a YAML file (docs/rehearsal.md)")],
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object instead of lines")] = False,
    policy: Annotated[Path | None, typer.Option(help="another policy file")] = None,
    database: Annotated[
        str | None, typer.Option(help="an empty PostgreSQL database, instead of one of its own")
    ] = None,
) -> None:
    """Play a scenario and print what happened, minute by minute. Nothing of the running house is touched."""
    with _database(database) as url:
        _play(file, policy, url, as_json)


def _play(file: Path, policy: Path | None, url: Callable[[], str], as_json: bool) -> None:
    with modules_are_no_garbage():
        from db.policy_file import DEFAULT_PATH, PolicyFileError
        from db.policy_file import load as load_policy
        from rehearsal.play import PastStartError
        from rehearsal.play import rehearse as play
        from rehearsal.scenario import ScenarioError, load

    try:
        scenario = load(file)
        book = load_policy(policy or DEFAULT_PATH)
        with _progress(len(scenario.scenes)) as progress:
            lines = play(scenario, book, url(), progress)
    except (ScenarioError, PolicyFileError, PastStartError) as error:
        raise LocalError(str(error)) from error
    if as_json:
        typer.echo(json.dumps({"title": scenario.title, "timeline": [line.as_json() for line in lines]}, indent=2))
        return
    typer.echo(f"# {scenario.title}")
    for line in lines:
        typer.echo(str(line))


@contextmanager
def _database(given: str | None) -> Iterator[Callable[[], str]]:
    """A database that is nobody's: one of its own, or an empty one; never the configured one."""
    if given is not None:
        _refuse_configured(given)
        yield lambda: given
        return
    with TemporaryDirectory(prefix="echeance-rehearsal-") as folder, ThreadPoolExecutor(1) as thread:
        Path(folder).chmod(0o711)
        server = thread.submit(_start, Path(folder))
        try:
            yield lambda: server.result().url
        finally:
            server.result().stop()


def _start(folder: Path) -> Any:
    from local.postgres import start_postgres

    return start_postgres(folder / "postgres", log=folder / "postgres.log", durable=False)


def _refuse_configured(given: str) -> None:
    from sqlalchemy import inspect

    from db.session import open_engine

    if given == os.environ.get("DATABASE_URL"):
        raise LocalError("That is the database of the house itself: a rehearsal takes an empty one, or none.")
    if inspect(open_engine(given)).get_table_names():
        raise LocalError("That database is not empty: a rehearsal takes an empty one, or none.")


@contextmanager
def _progress(scenes: int) -> Iterator[Any]:
    """A bar on the terminal, for long scenarios only; the timeline itself goes to standard output."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True, disable=scenes == 0) as bar:
        row = bar.add_task("rehearsing", total=None)
        yield lambda done, total: bar.update(row, completed=done, total=total)
