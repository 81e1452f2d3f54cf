"""The demo's two months on the real servers: whole, true, loaded once, and begun again where they were cut off."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bench.house import RunningHouse, house_in
from domain.claim.states import ClaimState
from domain.claim.words import ControlReason
from domain.complaint.states import ComplaintState
from domain.complaint.words import TaskKind
from local.demo.colleagues import COLLEAGUES
from local.demo.operations_cast import FEW_PLACES, FULL
from local.demo.volunteers import WORK
from local.demo_staff import STAFF
from local.home import PROJECT
from tests.local.conftest import open_folder
from tests.local.processes import wait_until

pytestmark = pytest.mark.proof
PATIENCE = 1800
FEW = 20
FEWEST_LENT = 3


@dataclass(frozen=True)
class Look:
    """Looks into the register of a running house."""

    house: RunningHouse

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with psycopg.connect(self.house.environment()["DATABASE_URL"]) as connection:
            return connection.execute(query.encode()).fetchall()

    def one(self, query: str) -> Any:
        """The one value of a query."""
        return self.rows(query)[0][0]

    def log(self) -> str:
        """What the loading has said so far."""
        file = self.house.home / "logs" / "history.log"
        return file.read_text() if file.exists() else ""

    def loader(self) -> int | None:
        """The process that loads the past."""
        found = subprocess.run(["pgrep", "-f", "cli demo --history"], capture_output=True, text=True, check=False)
        for pid in map(int, found.stdout.split()):
            environment = Path(f"/proc/{pid}/environ").read_bytes()
            if f"ECHEANCE_HOME={self.house.home}".encode() in environment.split(b"\0"):
                return pid
        return None

    def echeance(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """A command typed beside the house."""
        command = [sys.executable, "-m", "cli", *arguments]
        told = self.house.environment() | {"ECHEANCE_HOME": str(self.house.home)}
        return subprocess.run(command, cwd=PROJECT, env=told, capture_output=True, text=True, check=False)


@contextmanager
def demo_house(home: Path) -> Iterator[Look]:
    """The house of this folder, with the demo's two months."""
    with house_in(home, ECHEANCE_DEMO="1") as house:
        yield Look(house)


def loaded(look: Look, times: int) -> bool:
    """Whether the loading has said so many times that it is done."""
    return look.log().count("two months are loaded") == times


def test_two_months_are_true_loaded_once_and_begun_again_where_they_were_cut_off() -> None:
    with open_folder() as folder:
        home = folder / "data"
        with demo_house(home) as look:
            wait_until(lambda: "Demo: 20 of" in look.log(), seconds=PATIENCE)
            os.kill(look.loader() or 0, signal.SIGKILL)
            wait_until(lambda: look.loader() is None)
            assert look.one("SELECT count(*) FROM cases") == 0
        begun = time.monotonic()
        with demo_house(home) as look:
            wait_until(lambda: loaded(look, 1), seconds=PATIENCE)
            print(f"\nready and loaded {time.monotonic() - begun:.0f} s after the start")  # noqa: T201
            count = look.one("SELECT count(*) FROM cases")
            assert count > 140
            check_every_situation(look)
            check_truth(look)
        with demo_house(home) as look:
            wait_until(lambda: look.loader() is None and look.one("SELECT count(*) FROM staff") > 0)
            assert loaded(look, 1)
            assert look.one("SELECT count(*) FROM cases") == count
            check_truth(look)


def check_every_situation(look: Look) -> None:
    """Everything that the pages can show is there to be seen."""
    assert states_of(look, "complaint") == set(ComplaintState) - {"registered"}, "it is over within a second"
    assert states_of(look, "claim") == set(ClaimState) - {"registered"}
    assert states_of(look, "payment") == {"settled", "releasing"}
    kinds = {kind for (kind,) in look.rows("SELECT DISTINCT kind FROM tasks WHERE closed_at IS NULL")}
    assert kinds >= {*TaskKind, "control", "confirm", "release"}
    assert kinds >= {"approve_operation", "approve_message", "decide_off_track", "validate_pay"}
    assert kinds >= {"deliver_pieces", "accept_plan", "deliver_evidence"}
    check_operations_and_audits(look)
    check_money(look)
    ours = [one for one in STAFF if one.delegate is None]
    assert look.one("SELECT count(*) FROM staff WHERE delegate IS NULL") == len(ours) + len(COLLEAGUES) == 70
    assert look.one("SELECT count(*) FROM absences WHERE from_on <= current_date AND back_on > current_date") >= 4
    assert look.one("SELECT count(*) FROM tasks WHERE closed_at IS NULL AND nobody_left") == 1
    findings = {found for (found,) in look.rows("SELECT DISTINCT finding FROM complaints WHERE finding IS NOT NULL")}
    assert findings == {"founded", "partly_founded", "unfounded"}
    assert look.one("SELECT count(*) FROM deadlines WHERE generation = 2") > 3
    late = "met_at IS NULL AND cancelled_at IS NULL AND due_at < now()"
    assert look.one(f"SELECT count(*) FROM deadlines WHERE name = 'answer_limit' AND {late}") == 2  # noqa: S608
    assert look.one(f"SELECT count(*) FROM deadlines WHERE name = 'answer' AND {late}") > 3  # noqa: S608
    assert look.one("SELECT count(*) FROM letters WHERE last_error LIKE '550%'") == 1
    assert look.one("SELECT count(*) FROM commands WHERE status <> 'applied'") == 0
    kinds = {kind for (kind,) in look.rows("SELECT DISTINCT complainant_kind FROM complaints")}
    assert {"member", "lawyer", "association", "prospect"} <= kinds
    assert look.one("SELECT count(*) FROM complaints WHERE language = 'en'") > 3


def check_operations_and_audits(look: Look) -> None:
    """An operation with Saturdays to come and one to approve; an audit with a late piece; findings; volunteers."""
    assert states_of(look, "backlog") == {"approving", "running"}
    assert states_of(look, "audit") == {"launched"}
    assert states_of(look, "finding") == {"open", "planned"}
    assert look.one("SELECT count(*) FROM volunteers") == len(WORK)
    assert look.one("SELECT count(*) FROM sign_ups WHERE status = 'waiting'") == len(FULL) - FEW_PLACES
    assert look.one("SELECT count(*) FROM loans WHERE lent_at IS NOT NULL AND ended_at IS NULL") >= FEWEST_LENT
    assert look.rows("SELECT status FROM delay_messages ORDER BY proposed_at") == [("approved",), ("waiting",)]
    assert look.one("SELECT count(*) FROM delay_notices WHERE status = 'told'") > 0
    assert look.one("SELECT count(*) FROM audit_files WHERE late") == 1
    assert look.one("SELECT count(*) FROM activity_alerts WHERE kind = 'over_standard' AND ended_at IS NULL") > 0


def states_of(look: Look, procedure: str) -> set[str]:
    """Where the cases of a procedure stand."""
    rows = look.rows(f"SELECT DISTINCT state FROM cases WHERE procedure = '{procedure}'")  # noqa: S608
    return {state for (state,) in rows}


def check_money(look: Look) -> None:
    """Some hundred claims that nobody had to look at, some thirty that somebody had to, two batches and a third."""
    assert look.one("SELECT count(*) FROM claims WHERE case_id IS NULL") > 250
    assert look.one("SELECT count(*) FROM claims WHERE case_id IS NOT NULL") > 30
    assert {reason for (reason,) in look.rows("SELECT DISTINCT unnest(reasons) FROM claims")} == set(ControlReason)
    assert look.one("SELECT count(*) FROM instructions WHERE status = 'rejected'") == 1
    paid = "SELECT sum(total_cents) FROM payments p JOIN cases c ON c.id = p.case_id WHERE state = 'settled'"
    rejected = "SELECT sum(amount_cents) FROM instructions WHERE status = 'rejected'"
    of_claims = "SELECT sum(payable_cents) FROM claims WHERE state = 'paid'"
    assert look.one(of_claims) == look.one(paid) - look.one(rejected)
    assert look.one("SELECT count(*) FROM deadlines WHERE name = 'documents' AND met_at IS NULL") >= 3
    assert list((look.house.home / "bank").rglob("*.xml")) == [], "the bank has taken away what was laid"


def check_truth(look: Look) -> None:
    """The doctor knows of letters to repair only, the journal is whole, nobody's mailbox was filled with the past."""
    examined = look.echeance("doctor", "--grace", "4", "--json")
    found = {(one["kind"], one["outcome"]) for one in json.loads(examined.stdout)["ailments"]}
    assert found == {("letter_with_owner", "to know")}, examined.stdout
    assert examined.returncode == 0
    verified = look.echeance("verify-journal", "--checkpoints", str(look.house.home / "checkpoints"))
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert len(list((look.house.home / "mails").glob("*.eml"))) < FEW
    old = datetime.now(UTC) - timedelta(days=4)
    unsent = "SELECT count(*) FROM staff_messages WHERE sent_at IS NULL AND leaves_at < %s"
    with psycopg.connect(look.house.environment()["DATABASE_URL"]) as connection:
        assert connection.execute(unsent, (old,)).fetchall() == [(0,)]
