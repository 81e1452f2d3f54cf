"""People who carry complaints to their end over HTTP, and send again whatever was not answered, under the same key."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Any

import httpx2

from local.demo import DEMO_PASSWORD
from tests.factories import bodies
from tests.factories.bodies import Body

FRONT_DESK, ACCOUNTING = "malo.quere", "solene.guivarch"
VALIDATORS = ("gwenola.prigent", "anne.le.goff")
OWNERS = {"english": "claire.morvan", "german": "yann.kerloch", "dental": "soizic.le.dantec"}
"""The skill that leads a complaint to each of them."""
PAUSE_SECONDS = 0.3
_NOT_NOW = {500, 503}


class TooLate(AssertionError):
    """Time is up: the house has not done what it has to."""


@dataclass(frozen=True)
class Plan:
    """One complaint, and what is done with it. `waits`: its owner does nothing before a reminder could have fired."""

    name: str
    skill: str
    received_on: date
    acknowledged_by: str = "email"
    answered_by: str = "email"
    compensation_cents: int | None = None
    waits_until: float = 0.0


@dataclass(frozen=True)
class Upload:
    """A form with a file in it, as it is sent."""

    content: bytes
    media_type: str


@dataclass
class Seen:
    """What the people have lived through."""

    accepted: dict[str, str] = field(default_factory=dict)
    """The key of each complaint that was accepted → its reference."""
    claims: dict[str, str] = field(default_factory=dict)
    """The key of each claim that was accepted → its reference."""
    filed: set[str] = field(default_factory=set)
    """The numbers of the claims in the day's file that was accepted."""
    answers: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)

    def note(self, what: str) -> None:
        """One more of these."""
        with self.lock:
            self.answers[what] += 1


class People:
    """The staff at their desks. `give_up_at` (monotonic) ends every patience."""

    def __init__(self, url: str, seen: Seen, give_up_at: float) -> None:
        self._http = httpx2.Client(base_url=f"{url}/api/v1", timeout=20)
        self._seen = seen
        self._give_up_at = give_up_at
        self._tokens: dict[str, str] = {}
        self._token_lock = Lock()

    def hurry(self) -> None:
        """Wait for nothing any more when the storm has failed; those who are done do not mind."""
        self._give_up_at = 0.0

    def close(self) -> None:
        """Go home."""
        self._http.close()

    def carry(self, plan: Plan) -> str:
        """From the letter on the front desk to the closed case, or until a letter waits for the next day's post."""
        reference = self.enter(plan)
        while not self.is_done(reference):
            if not self.act(plan, reference):
                self.pause()
        return reference

    def enter(self, plan: Plan) -> str:
        """Enter the complaint; its reference."""
        body = bodies.a_complaint(plan.received_on, skills=[plan.skill], subject=f"Réclamation {plan.name}")
        answer = self.ask(FRONT_DESK, "POST", "/complaints", body, key=plan.name)
        assert answer.status_code == 201, answer.text
        reference: str = answer.json()["reference"]
        self._seen.accepted[plan.name] = reference
        return reference

    def note_file(self, numbers: Iterable[str]) -> None:
        """The day's file was accepted, with these claims in it."""
        self._seen.filed.update(numbers)

    def note_claim(self, key: str, reference: str) -> None:
        """This claim was accepted."""
        self._seen.claims[key] = reference

    def is_done(self, reference: str) -> bool:
        """Whether the case is closed, or only waits for the post of a later day."""
        if self.state(FRONT_DESK, reference)["state"] == "closed":
            return True
        letters = self.read(FRONT_DESK, f"/cases/{reference}/letters")
        waiting = [letter for letter in letters if letter["handed_over_at"] is None]
        return bool(waiting) and all(letter["posted_on"] for letter in waiting) and not self.open_tasks(reference)

    def open_tasks(self, reference: str) -> list[dict[str, Any]]:
        """What somebody is asked to do on the case."""
        tasks = self.state(FRONT_DESK, reference)["tasks"]
        return [task for task in tasks if task["closed_at"] is None]

    def act(self, plan: Plan, reference: str) -> bool:
        """Do what waits on the case, each by whoever has to; whether there was anything."""
        tasks = [] if time.time() < plan.waits_until else self.open_tasks(reference)
        for task in tasks:
            login, body = self._how(plan, reference, task)
            self.complete(login, task["id"], body)
        return bool(tasks)

    def complete(self, login: str, task_id: str, body: Body) -> None:
        """Complete a task, and wait until that is decided. It is never refused: nobody else does the task."""
        answer = self.command(login, f"/tasks/{task_id}/complete", body, task_id)
        assert answer.status_code == 200, (task_id, answer.text)

    def command(self, login: str, path: str, body: Body | Upload | None, key: str) -> httpx2.Response:
        """Give a command, and wait until it is decided: 200 when it is applied, else the refusal."""
        answer = self.ask(login, "POST", path, body, key)
        while answer.status_code in {200, 202} and answer.json()["status"] == "received":
            self.pause()
            answer = self.ask(login, "GET", f"/commands/{answer.json()['id']}")
        if answer.status_code == 200 and answer.json()["status"] == "refused":
            return httpx2.Response(409, json=answer.json()["refusal"])
        return answer

    def _how(self, plan: Plan, reference: str, task: Mapping[str, Any]) -> tuple[str, Body]:
        """Who completes a task, and how."""
        owner = OWNERS[plan.skill]
        ways: dict[str, Callable[[], tuple[str, Body]]] = {
            "acknowledge": lambda: (owner, bodies.an_acknowledgement(dispatch=plan.acknowledged_by)),
            "analyse": lambda: (owner, bodies.an_analysis()),
            "draft_answer": lambda: (
                owner,
                bodies.an_answer(dispatch=plan.answered_by, compensation_cents=plan.compensation_cents),
            ),
            "validate": lambda: (
                self._whose(reference, task["id"], VALIDATORS),
                bodies.an_approval(task["detail"]["version_hash"]),
            ),
            "pay_compensation": lambda: (ACCOUNTING, {"outcome": "paid", "payment_reference": f"VIR {reference}"}),
        }
        return ways[task["kind"]]()

    def _whose(self, reference: str, task_id: str, logins: tuple[str, ...]) -> str:
        """Who of them may do the task."""
        for login in logins:
            if any(task["id"] == task_id and task["mine"] for task in self.state(login, reference)["tasks"]):
                return login
        raise AssertionError(f"nobody of {logins} may do the task {task_id}")

    def state(self, login: str, reference: str) -> dict[str, Any]:
        """Where the case stands."""
        found: dict[str, Any] = self.read(login, f"/cases/{reference}/state")
        return found

    def read(self, login: str, path: str) -> Any:
        """What this person reads there."""
        answer = self.ask(login, "GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ask(
        self, login: str, method: str, path: str, body: Body | Upload | None = None, key: str = ""
    ) -> httpx2.Response:
        """Ask until there is an answer; a repetition says the same under the same key."""
        headers = {"Authorization": f"Bearer {self._token(login)}"} | ({"Idempotency-Key": key} if key else {})
        if isinstance(body, Upload):
            headers |= {"Content-Type": body.media_type}
            return self._insist(lambda: self._http.request(method, path, content=body.content, headers=headers))
        return self._insist(lambda: self._http.request(method, path, json=body, headers=headers))

    def _token(self, login: str) -> str:
        """Everybody signs in once."""
        with self._token_lock:
            if login not in self._tokens:
                asked = {"login": login, "password": DEMO_PASSWORD}
                answer = self._insist(lambda: self._http.post("/token", json=asked))
                assert answer.status_code == 200, answer.text
                self._tokens[login] = answer.json()["access_token"]
            return self._tokens[login]

    def _insist(self, send: Callable[[], httpx2.Response]) -> httpx2.Response:
        while True:
            try:
                answer = send()
            except httpx2.TransportError as error:
                self._seen.note(type(error).__name__)
            else:
                self._seen.note(str(answer.status_code))
                if answer.status_code not in _NOT_NOW:
                    return answer
            self.pause()

    def pause(self) -> None:
        """Wait a moment; not for ever."""
        if time.monotonic() > self._give_up_at:
            raise TooLate
        time.sleep(PAUSE_SECONDS)
