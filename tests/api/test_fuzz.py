"""Schemathesis on every operation: no 5xx, no status, body or header that the OpenAPI document doesn't know.

Against a real server on a real register, once for each of these people, on objects that are theirs. `make test` sends
some hundred requests, always the same; `make fuzz` sends many, and always others.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from api.tokens import new_token
from db.models import StaffMember
from db.session import open_engine, open_sessions
from tests.api.contract import description
from tests.api.counter import NOON
from tests.api.matrix_things import Asker, Parts, Planting
from tests.api.served import served
from tests.conftest import Ask
from tests.factories.keys import STORY_KEYS
from tests.servers import INSURER, fresh_database

HANDLER, MANAGER, ADMINISTRATOR = "soizic.le.dantec", "anne.le.goff", "alexis.cozic"
NOT_CHECKED = "positive_data_acceptance"
"""The schema can't say what the procedure knows: a date of tomorrow, an unknown pole, another task's outcome."""
REFUSED = (
    "[checks.negative_data_rejection]\n"
    "expected-statuses = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429]\n"
)
"""How what is wrong is refused: too long a text may be too large a body."""
NOT_READY = "/health/ready"
"""Answers 503, as it should, where no engine is."""
SOME = ("--generation-deterministic", "--max-examples=3")
FEW = ("--generation-deterministic", "--max-examples=1")
"""For those who see the same operations as the handler; `make fuzz` sends as many for each of them."""
MANY = (
    f"--max-examples={os.environ.get('ECHEANCE_FUZZ_EXAMPLES', '200')}",
    *([f"--seed={os.environ['ECHEANCE_FUZZ_SEED']}"] if "ECHEANCE_FUZZ_SEED" in os.environ else []),
)
"""Others each time; the same ones where a seed is given, as CI does: what is red there is red again."""


@dataclass(frozen=True)
class Target:
    """Where requests are sent, and who can sign in there."""

    address: str
    folder: Path
    token_of: Callable[[str], str]
    parts: Parts

    def fuzz(self, login: str, *options: str) -> str:
        """Send requests as this person; what Schemathesis says when it has found nothing."""
        (self.folder / "schemathesis.toml").write_text(
            REFUSED + "[parameters]\n" + "".join(f'"path.{name}" = "{value}"\n' for name, value in self.parts.items())
        )
        told = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "run", f"{self.address}/openapi.json"),
                *("--header", f"Authorization: Bearer {self.token_of(login)}"),
                *("--checks=all", f"--exclude-checks={NOT_CHECKED}", "--no-color", "--warnings=off"),
                *options,
            ],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode == 0, told.stdout + told.stderr
        return told.stdout


@pytest.fixture(scope="module")
def target(postgres: str, ask: Ask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """A server with a case, a task, a letter and a command of the handler's."""
    with fresh_database(ask("insurer").open(), INSURER) as url, served(url) as address:
        engine = open_engine(url)
        sessions = open_sessions(engine, STORY_KEYS)

        def token_of(login: str) -> str:
            with sessions.begin() as session:
                return new_token(session, session.scalars(select(StaffMember).where(StaffMember.login == login)).one())

        with sessions.begin() as session:
            person = session.scalars(select(StaffMember).where(StaffMember.login == HANDLER)).one()
            planting = Planting(session, Asker(None, person.id, person.login), NOON)
            parts = {
                **planting.case(person.id)[1],
                **planting.task(person.id, kind="draft_answer"),
                **planting.letter(),
                **planting.command(person.id),
                **planting.search(person.id),
                **planting.absence(10, 20),
                "login": "tangi.riou",
            }
        yield Target(address, tmp_path_factory.mktemp("fuzz"), token_of, parts)
        engine.dispose()


OFFERED = {
    one["operationId"]: (method, path)
    for path, operations in description()["paths"].items()
    for method, one in operations.items()
}
SIGNS_OUT = [name for name, (method, path) in OFFERED.items() if method == "delete" and "token" in path]
LEFT_OUT = [*SIGNS_OUT, *(name for name, (_, path) in OFFERED.items() if path == NOT_READY)]
OTHERS = [f"--exclude-operation-id={name}" for name in LEFT_OUT]


def number_tested(told: str) -> int:
    """How many operations Schemathesis has tested."""
    found = re.search(r"Tested: (\d+)", told)
    assert found, told
    return int(found.group(1))


@pytest.mark.proof
def test_no_request_breaks_an_operation_or_its_description(target: Target) -> None:
    told = target.fuzz(HANDLER, *SOME, *OTHERS, "--phases=examples,coverage,fuzzing")
    assert number_tested(told) == len(OFFERED) - len(LEFT_OUT)


@pytest.mark.proof
@pytest.mark.parametrize("login", [MANAGER, ADMINISTRATOR])
def test_whoever_asks_gets_what_is_described(target: Target, login: str) -> None:
    told = target.fuzz(login, *FEW, *OTHERS, "--phases=fuzzing")
    assert number_tested(told) == len(OFFERED) - len(LEFT_OUT)


def test_signing_out_is_answered_as_described(target: Target) -> None:
    only = [f"--include-operation-id={name}" for name in SIGNS_OUT]
    assert number_tested(target.fuzz(MANAGER, *SOME, *only, "--phases=coverage,fuzzing")) == len(SIGNS_OUT)


@pytest.mark.proof
@pytest.mark.parametrize("login", [HANDLER, MANAGER, ADMINISTRATOR])
def test_of_many_requests_none_breaks_anything(target: Target, login: str) -> None:
    told = target.fuzz(login, *MANY, *OTHERS, "--phases=examples,coverage,fuzzing,stateful")
    assert number_tested(told) == len(OFFERED) - len(LEFT_OUT)
