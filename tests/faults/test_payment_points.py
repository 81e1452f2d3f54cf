"""Programs die between any two steps of a payment: one batch, one file with the bank, one reading of its answer."""

import signal
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

import faultpoints
from activities.bank_folder import BankFileConflict, lay
from activities.whole_files import write_whole
from bank.stand_in import accept_all
from faultpoints import Fault
from local.home import PROJECT
from local.sink import Sink
from tests.api.counter import NOON
from tests.factories.payments import BUILDER, FIRST, SECOND, cashier_of
from tests.faults.dying import die, dies
from tests.stories.house import open_house, settles
from tests.stories.payment_acts import laid, releases, state

FILE = b"<Document/>"
LAY = (
    "import sys; from pathlib import Path; from activities.bank_folder import lay; "
    "lay(Path(sys.argv[1]), 'VIR-1', b'<Document/>')"
)


def lay_and_die(folder: Path, point: str) -> None:
    """A program lays the file and is killed at this point."""
    program = [sys.executable, "-c", LAY, str(folder)]
    ended = subprocess.run(program, cwd=PROJECT, env={"ECHEANCE_FAULT": point}, capture_output=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def outgoing(folder: Path) -> dict[str, bytes]:
    """What the bank's programs find."""
    return {file.name: file.read_bytes() for file in (folder / "outgoing").glob("*")}


def test_a_worker_that_dies_before_it_lays_the_file_lays_it_the_next_time(tmp_path: Path) -> None:
    lay_and_die(tmp_path, "bank_file_made")
    lay_and_die(tmp_path, "bank_file_ready")
    assert outgoing(tmp_path) == {}
    lay_and_die(tmp_path, "bank_file_laid")
    assert outgoing(tmp_path) == {"VIR-1.xml": FILE}
    assert list((tmp_path / "ready").iterdir()) == [], "what the first one had made is cleared away"


@pytest.mark.parametrize("taken_away", [False, True])
def test_a_file_that_was_laid_is_not_laid_again_even_when_the_bank_has_taken_it(
    tmp_path: Path, taken_away: bool
) -> None:
    lay_and_die(tmp_path, "bank_file_laid")
    if taken_away:
        (tmp_path / "outgoing" / "VIR-1.xml").unlink()
    lay(tmp_path, "VIR-1", FILE)
    assert outgoing(tmp_path) == ({} if taken_away else {"VIR-1.xml": FILE})


def test_another_file_is_never_laid_under_a_name_that_was_used(tmp_path: Path) -> None:
    lay(tmp_path, "VIR-1", FILE)
    with pytest.raises(BankFileConflict):
        lay(tmp_path, "VIR-1", b"<Other/>")
    assert outgoing(tmp_path) == {"VIR-1.xml": FILE}


def test_what_a_power_cut_left_half_made_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "ready").mkdir()
    (tmp_path / "ready" / "VIR-1.0.xml").write_bytes(b"<Docu")
    lay(tmp_path, "VIR-1", FILE)
    assert outgoing(tmp_path) == {"VIR-1.xml": FILE}


def test_a_worker_that_hung_does_not_lay_a_file_that_another_has_laid_since(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It held the batch's lock; the register was lost and came back, and with it the lock went to another."""

    def hang(path: Path, content: Iterable[bytes]) -> None:
        monkeypatch.undo()
        lay(tmp_path, "VIR-1", FILE)
        (tmp_path / "outgoing" / "VIR-1.xml").unlink()  # the bank's programs have taken it away
        write_whole(path, content)

    monkeypatch.setattr("activities.bank_folder.write_whole", hang)
    lay(tmp_path, "VIR-1", FILE)
    assert outgoing(tmp_path) == {}
    assert list((tmp_path / "ready").iterdir()) == []


def test_many_workers_at_once_lay_one_file(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as workers:
        list(workers.map(lambda _: lay(tmp_path, "VIR-1", FILE), range(40)))
    assert outgoing(tmp_path) == {"VIR-1.xml": FILE}
    assert list((tmp_path / "ready").iterdir()) == []


async def test_whoever_dies_at_a_step_of_a_payment_it_happens_once(
    skipping_environment: WorkflowEnvironment,
    insurer: str,
    sink: Sink,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(faultpoints, "die", die)
    async with open_house(skipping_environment, insurer, sink, tmp_path, NOON) as house:
        cashier = cashier_of(house.house.sessions, NOON)
        cashier.claim(5_000)
        today = {"executes_on": "2031-03-03"}
        for point in ("batch_kept", "batch_decided"):
            await dies(house, monkeypatch, point, BUILDER, "/payments", today)
            cashier.claim(7_000)
        told = await house.as_(BUILDER, "POST", "/payments", today, **{"Idempotency-Key": "batch_kept"})
        reference = told.json()["reference"]
        await house.relay()
        assert len((await house.get(BUILDER, "/payments"))["payments"]) == 2

        monkeypatch.setattr(faultpoints, "armed", Fault("bank_file_laid"))
        for login in (FIRST, SECOND):
            await releases(house, login, reference)
        await settles(lambda: state(house, reference), "handed_over", 30)
        [file] = laid(house)

        report = {"file": accept_all(file.read_bytes(), "B1", house.house.now()).decode()}
        await dies(house, monkeypatch, "bank_report_kept", BUILDER, f"/payments/{reference}/status-report", report)
        assert await state(house, reference) == "handed_over"
        read = await house.as_(BUILDER, "POST", f"/payments/{reference}/status-report", report)
        assert read.json()["state"] == "settled"
        assert [line.status for line in cashier.lines(cashier.payment_of(reference))] == ["paid"]
