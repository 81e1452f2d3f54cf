"""Those who pay: accounting builds batches, two people release them, and a bank takes the files away and answers.

The bank is a stand-in (`bank.stand_in`) with a folder of its own: what it has taken it keeps, so that a file that was
laid twice is there twice. It takes most lines, rejects some, and refuses a whole file once.
"""

from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import count
from pathlib import Path
from threading import Event

from bank.stand_in import accept_all, receive, refuse_whole, reject_some
from tests.api.contract import rule_of
from tests.factories.bodies import Body
from tests.factories.payments import BUILDER, FIRST, SECOND
from tests.faults.people import People

REJECTED_EACH = 9
"""Of so many first attempts the bank rejects one line: its account is closed."""
REFUSED_BATCH, REFUSED_FILE = 3, 2
"""The batch that a releaser refuses, and the file that the bank refuses whole: the third, the second."""
MAY_BE_REFUSED = frozenset({"wrong_step", "refused_by_register"})
"""What a releaser may be told when an account changes, or a claim has not learnt of its batch."""
TRIES = 8
_PAUSE_SECONDS = 0.5


class Treasury:
    """Accounting, and those who release. `home` says when they may go."""

    def __init__(self, people: People, home: Event, executes_on: date) -> None:
        self._people = people
        self._home = home
        self._executes_on = executes_on

    def pay(self) -> None:
        """Build one batch after the other, and have each released, until they may go home."""
        for nth in count(1):
            reference = self._build(f"batch {nth}")
            if reference is None:
                return
            self._have_released(reference, refused=nth == REFUSED_BATCH)

    def _build(self, key: str) -> str | None:
        """A batch of what may leave, as soon as there is something; under one key it is one batch."""
        while not self._home.wait(_PAUSE_SECONDS):
            body = {"executes_on": self._executes_on.isoformat()}
            answer = self._people.ask(BUILDER, "POST", "/payments", body, key)
            if answer.status_code == 201:
                reference: str = answer.json()["reference"]
                return reference
            assert rule_of(answer) == "nothing_to_pay", answer.text
        return None

    def _have_released(self, reference: str, *, refused: bool) -> None:
        """Each releases what they have read. A batch whose claims do not stand in it, or not yet, is tried a few times;
        then it is refused, as is one of whose lines the account has changed.
        """
        tries = count(1)
        while (told := self._people.read(BUILDER, f"/payments/{reference}"))["state"] in {"built", "releasing"}:
            for login in (FIRST, SECOND):
                for task in self._tasks(login, reference):
                    nth = next(tries)
                    gives_up = nth > TRIES or (refused and login == SECOND)
                    self._release(login, task, {} if gives_up else {"file_sha256": told["file_sha256"]}, nth)
            self._people.pause()

    def _tasks(self, login: str, reference: str) -> list[str]:
        tasks = self._people.read(login, "/tasks?limit=200")["tasks"]
        return [task["id"] for task in tasks if task["case"] == reference and task["kind"] == "release"]

    def _release(self, login: str, task_id: str, read: Body, nth: int) -> None:
        """Release what was read; or refuse it, where nothing was."""
        body = {"outcome": "release", **read} if read else {"outcome": "refuse", "reason": "Un doute."}
        answer = self._people.command(login, f"/tasks/{task_id}/complete", body, f"{task_id} {nth}")
        expected = MAY_BE_REFUSED if read else frozenset[str]()
        assert answer.status_code == 200 or rule_of(answer) in expected, answer.text


class StandInBank:
    """Takes the files away from the folder where the house lays them, and answers each."""

    def __init__(self, people: People, home: Event, folder: Path) -> None:
        self._people = people
        self._home = home
        self._outgoing = folder / "outgoing"
        self._taken = folder / "taken"

    def serve(self) -> None:
        """Take and answer until there is nothing left and everybody may go home."""
        self._taken.mkdir(exist_ok=True)
        answered: set[str] = set()
        while not self._home.wait(_PAUSE_SECONDS):
            for file in self._take():
                answered.add(file.stem)
                self._answer(file, whole=len(answered) == REFUSED_FILE)

    def _take(self) -> list[Path]:
        """Everything that lies there; what was taken before under the same name is kept beside, never replaced."""
        found = sorted(self._outgoing.glob("*.xml")) if self._outgoing.exists() else []
        taken = []
        for file in found:
            again = len(list(self._taken.glob(f"{file.stem}*")))
            taken.append(file.rename(self._taken / (f"{file.stem}.again{again}.xml" if again else file.name)))
        return [file for file in taken if ".again" not in file.name]

    def _answer(self, file: Path, *, whole: bool) -> None:
        """First that it has the file, then what it has done with it; twice the same, as banks do."""
        reference, content, now = file.stem, file.read_bytes(), datetime.now(UTC)
        while self._people.read(BUILDER, f"/payments/{reference}")["state"] == "released":
            self._people.pause()
        self._send(reference, accept_all(content, f"{reference}-A", now, "ACCP"), "A")
        final = self._final(content, f"{reference}-B", now, whole=whole)
        self._send(reference, final, "B")
        self._send(reference, final, "B again", rule="/problems/report_read_already")

    def _final(self, content: bytes, message_id: str, at: datetime, *, whole: bool) -> bytes:
        if whole:
            return refuse_whole(content, message_id, at)
        closed = {one: "AC04" for one in receive(content).orders if _is_closed(one)}
        return reject_some(content, message_id, at, closed) if closed else accept_all(content, message_id, at)

    def _send(self, reference: str, report: bytes, nth: str, rule: str | None = None) -> None:
        path, body = f"/payments/{reference}/status-report", {"file": report.decode()}
        answer = self._people.command(BUILDER, path, body, f"{reference} report {nth}")
        assert answer.json().get("type") == rule, answer.text
        for task in self._people.read(FIRST, "/tasks?limit=200")["tasks"]:
            if (task["case"], task["kind"]) == (reference, "confirm_answer"):
                self._confirm(task)

    def _confirm(self, task: Body) -> None:
        """A second person of accounting confirms what rejects anything."""
        body = {"outcome": "confirm_answer", "answer_id": task["detail"]["answer_id"]}
        answer = self._people.command(FIRST, f"/tasks/{task['id']}/complete", body, f"{task['id']} confirmed")
        assert answer.status_code == 200, answer.text


def _is_closed(end_to_end_id: str) -> bool:
    """Whether the bank rejects this line: a few first attempts, the same ones in every storm."""
    drawn = int(sha256(end_to_end_id.encode()).hexdigest(), 16) % REJECTED_EACH
    return end_to_end_id.endswith("-1") and drawn == 0
