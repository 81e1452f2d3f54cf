"""People who enter claims and control them over HTTP: each sends again whatever was not answered, under the same key.

A claim goes a course of its own. Controllers work on what lies in their inbox, as it lies there: an account that
changes meanwhile takes a task away under their hands, which is the only thing that may be refused to them.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from json import dumps
from random import Random
from threading import Event, Lock
from typing import Any

import httpx2

from domain.claim.words import CareCategory
from local.demo.reference import invented_iban
from tests.api.contract import rule_of
from tests.factories import bodies
from tests.factories.bodies import Body
from tests.factories.insured import PROVIDERS
from tests.factories.uploads import A_PDF, a_form
from tests.faults.people import People, TooLate, Upload

ENTERS, CHANGES_IBANS, GIVES_FILES = "malo.quere", "rozenn.abgrall", "alexis.cozic"
CONTROLLERS = ("soizic.le.dantec", "tangi.riou", "gwenola.prigent", "anne.le.goff")
"""Two experts in optical care and hospitals; the referent and the manager of the pole."""
CATEGORIES = (CareCategory.OPTICAL, CareCategory.HOSPITAL, CareCategory.HEARING, CareCategory.ROUTINE)
CENTS = (4_500, 100_000, 100_001, 150_000, 500_000, 500_001, 740_000)
"""Below the threshold of control, on it, above it; the same for the second controller."""
MAY_BE_REFUSED = frozenset({"stale_version", "task_done", "wrong_step", "refused_by_register"})
"""What a controller may be told when an account changes under their hands."""
CORRECTED_BY = 1_000
FILED = 10_001
"""The numbers of the claims that come with a file begin here."""
_LOOK_AGAIN_SECONDS = 0.5
_UNUSUAL = (12, 77, 140, 141, 203, 300, 318, 7, 132, 255, 401, 33, 333)
"""Members of the demo whose claims stop at a check, or are reinforced: a storm has enough without them."""
MEMBERS = [n for n in range(1, 500) if n not in _UNUSUAL and all(n % each for each in (23, 29, 37))]


class Course(StrEnum):
    """What happens to a claim that is controlled; one that needs no control is paid, whatever its course."""

    STRAIGHT = "straight"
    NO_DOCUMENTS = "no_documents"
    CORRECTED = "corrected"
    SENT_BACK = "sent_back"
    DOCUMENTS_COME = "documents_come"
    NOT_WAITED_FOR = "not_waited_for"
    REFUSED = "refused"


@dataclass(frozen=True)
class ClaimPlan:
    """One claim. `iban_changes`: after how many seconds each its member is paid elsewhere; back and forth at times."""

    number: int
    member: int
    category: CareCategory
    amount_cents: int
    course: Course
    received_on: date
    iban_changes: tuple[float, ...] = ()

    @property
    def name(self) -> str:
        """The key under which it is entered; it is its act as well, so that no two are each other's duplicate."""
        return f"ORAGE-{self.number}"

    @property
    def waits_for_ever(self) -> bool:
        """Whether its documents never come, so that it waits for them when the storm is over."""
        return self.course is Course.NO_DOCUMENTS

    @property
    def body(self) -> Body:
        """The request as it is sent; every second one has a number of its own."""
        member = f"M{self.member:07d}"
        return bodies.a_claim(
            self.received_on,
            member_number=member,
            beneficiary_number=member,
            contract_number=f"C{self.member:07d}",
            category=self.category,
            act=self.name,
            provider_number=PROVIDERS[self.category],
            amount_cents=self.amount_cents,
            iban=invented_iban(self.member),
            number=self.name if self.number % 2 else None,
        )


def claim_plans(count: int, dice: Random, today: date, calm_seconds: float) -> list[ClaimPlan]:
    """Claims of as many members, so that every course and amount comes up; of every fourth the account changes."""
    courses = list(Course)
    return [
        ClaimPlan(
            number=number,
            member=MEMBERS[number % len(MEMBERS)],
            category=CATEGORIES[number % len(CATEGORIES)],
            amount_cents=CENTS[number % len(CENTS)],
            course=courses[number // 2 % len(courses)],
            received_on=today,
            iban_changes=tuple(dice.uniform(0, calm_seconds) for _ in range(dice.choice((1, 1, 2))))
            if number % 4 == 2
            else (),
        )
        for number in range(count)
    ]


def filed_plans(count: int, today: date) -> list[ClaimPlan]:
    """The claims of the day's file: small, of other members; the sample may draw one."""
    return [
        ClaimPlan(FILED + number, MEMBERS[-1 - number], CareCategory.ROUTINE, 3_000 + number, Course.STRAIGHT, today)
        for number in range(count)
    ]


class ClaimDesk:
    """Those who enter and control claims. `home` says when they may go."""

    def __init__(self, people: People, home: Event) -> None:
        self._people = people
        self._home = home
        self._plans: dict[str, ClaimPlan] = {}
        self._attempts: Counter[str] = Counter()
        self._lock = Lock()

    def enter(self, plan: ClaimPlan) -> None:
        """Enter the claim; some time later its member's account changes."""
        self._plans[plan.name] = plan
        answer = self._people.ask(ENTERS, "POST", "/claims", plan.body, key=plan.name)
        assert answer.status_code == 201, answer.text
        self._people.note_claim(plan.name, answer.json()["reference"])
        for nth, seconds in enumerate(plan.iban_changes, start=1):
            self._home.wait(seconds)
            self._change_iban(plan, nth)

    def give_file(self, plans: list[ClaimPlan]) -> None:
        """Give the day's file: again and again, until somebody says what became of it."""
        self._plans |= {plan.name: plan for plan in plans}
        lines = [{**plan.body, "number": plan.name, "entered_by": ENTERS} for plan in plans]
        file = Upload("\n".join(map(dumps, lines)).encode(), "application/x-ndjson")
        told = self._people.ask(GIVES_FILES, "POST", "/imports/claims", file)
        assert told.status_code == 201, told.text
        assert told.json()["refused"] == 0, told.text
        self._people.note_file(plan.name for plan in plans)

    def _change_iban(self, plan: ClaimPlan, nth: int) -> None:
        """Elsewhere the first time, back again the second."""
        iban = invented_iban(plan.member + 500_000 if nth % 2 else plan.member)
        body = {"iban": iban, "through": "member"}
        path = f"/members/M{plan.member:07d}/iban"
        answer = self._people.ask(CHANGES_IBANS, "POST", path, body, key=f"{plan.name} account {nth}")
        assert answer.status_code == 200, answer.text

    def control(self, login: str) -> None:
        """Work on what lies in one controller's inbox until they may go home."""
        while not self._home.wait(_LOOK_AGAIN_SECONDS):
            for task in self._people.read(login, "/tasks?limit=200")["tasks"]:
                if task["kind"] in {"control", "confirm"}:
                    self._do(login, task)

    def _do(self, login: str, task: dict[str, Any]) -> None:
        reference: str = task["case"]
        claim = self._people.read(login, f"/claims/{reference}")
        plan = self._plans[claim["act"]]
        body = self._confirms(plan, claim, task) if task["kind"] == "confirm" else self._controls(plan, claim)
        answer = self._people.command(login, f"/tasks/{task['id']}/complete", body, self._key(task["id"]))
        if answer.status_code != 200:
            self._note_refusal(task["id"], answer)
        elif body["outcome"] == "ask_documents":
            self._after_asking(login, plan, reference)

    def _controls(self, plan: ClaimPlan, claim: dict[str, Any]) -> Body:
        """What the first controller says: the first time as planned; what came back is paid as it was asked."""
        waits = plan.course in {Course.DOCUMENTS_COME, Course.NOT_WAITED_FOR, Course.NO_DOCUMENTS}
        if waits and not claim["requests"]:
            return bodies.some_documents("prescription")
        said: dict[Course, Body] = {
            Course.CORRECTED: {
                "decision": "pay_corrected",
                "amount_cents": claim["amount_cents"] - CORRECTED_BY,
                "reason": "Le forfait est moindre.",
            },
            Course.REFUSED: {"decision": "refuse", "reason": "Acte non garanti."},
        }
        stops = any(check["result"] == "stop" for check in claim["checks"])
        why = {"override_reason": "Vérifié auprès du membre."} if stops else {}
        return bodies.a_decision(claim["checklist"]["items"], **(said.get(plan.course, {}) | why))

    def _confirms(self, plan: ClaimPlan, claim: dict[str, Any], task: dict[str, Any]) -> Body:
        """The second controller sends the first version back where that is planned, and confirms the next one."""
        read: str = task["detail"]["decision_hash"]
        if plan.course is Course.SENT_BACK and len(claim["decisions"]) == 1:
            return {"outcome": "send_back", "decision_hash": read, "reason": "Vérifiez le plafond."}
        return bodies.a_confirmation(read)

    def _after_asking(self, login: str, plan: ClaimPlan, reference: str) -> None:
        """The document comes, or is not waited for any longer, or never comes."""
        if plan.course is Course.DOCUMENTS_COME:
            upload = Upload(*a_form(A_PDF, "ordonnance.pdf", kind="prescription"))
            answer = self._people.command(ENTERS, f"/claims/{reference}/documents", upload, f"{plan.name} document")
            assert answer.status_code == 200, answer.text
        if plan.course is Course.NOT_WAITED_FOR:
            path = f"/claims/{reference}/stop-waiting"
            answer = self._people.command(login, path, None, f"{plan.name} no longer")
            assert answer.status_code == 200, answer.text

    def _key(self, task_id: str) -> str:
        """Whoever was refused asks anew; whoever has no answer asks the same again."""
        return f"{task_id} {self._attempts[task_id]}"

    def _note_refusal(self, task_id: str, answer: httpx2.Response) -> None:
        code = rule_of(answer)
        if code not in MAY_BE_REFUSED:
            raise TooLate(f"a controller was told: {answer.text}")
        with self._lock:
            self._attempts[task_id] += 1
