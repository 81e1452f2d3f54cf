"""One complaint as people carry it over HTTP, in a benchmark: what they do, and how long each command takes."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from bench.house import Staff
from local.demo_staff import STAFF

FRONT_DESK, REFERENT, MANAGER = "malo.quere", "gwenola.prigent", "anne.le.goff"
_LOGINS = {person.name: person.login for person in STAFF}
_ANALYSE = {
    "outcome": "analyse",
    "category": "business",
    "finding": "founded",
    "theme": "reimbursement_delay",
    "cause": "Dossier resté sans suite",
    "facts": "Le devis a été reçu et n’a pas été traité.",
}
_DRAFT = {
    "outcome": "draft",
    "dispatch": "email",
    "asked": "Vous demandez le remboursement de vos lunettes.",
    "found": "Votre dossier est resté sans suite.",
    "decision": "Nous vous remboursons sans délai.",
    "reasons": "Le retard est de notre fait.",
    "next_steps": "Le virement part cette semaine.",
    "apology": "apologies",
}


class Complaint:
    """A complaint on its way; `taken` are the seconds of each command on it."""

    def __init__(self, staff: Staff, reference: str = "", owner: str = "") -> None:
        self._staff = staff
        self.reference = reference
        self.owner = owner
        self.taken: list[float] = []

    async def enter(self) -> None:
        """It arrives today."""
        body = {
            "channel": "letter",
            "received_on": datetime.now(UTC).date().isoformat(),
            "complainant": {"member_number": "M0000042"},
            "subject": "Remboursement de lunettes en attente",
            "text": "J’attends depuis six semaines le remboursement de mes lunettes, malgré deux appels.",
            "pole": "benefits",
        }
        entered = await self._timed(lambda: self._staff.ask(FRONT_DESK, "POST", "/complaints", body))
        self.reference, self.owner = entered["reference"], _LOGINS[entered["owner"]]

    async def acknowledge(self, dispatch: str = "email") -> None:
        """A letter leaves, unless it is a `recorded_call`."""
        await self._complete(self.owner, "acknowledge", {"outcome": "acknowledge", "dispatch": dispatch})

    async def answer(self) -> None:
        """Looked into, answered, approved by two: the answer leaves."""
        await self._complete(self.owner, "analyse", _ANALYSE)
        await self._complete(self.owner, "draft_answer", _DRAFT)
        for validator in (REFERENT, MANAGER):
            await self._complete(validator, "validate", {"outcome": "approve"})

    async def is_closed(self) -> bool:
        """Whether nothing is outstanding."""
        return str((await self._state())["state"]) == "closed"

    async def _complete(self, login: str, kind: str, body: dict[str, Any]) -> None:
        [task] = [t for t in (await self._state())["tasks"] if t["kind"] == kind and t["closed_at"] is None]
        if kind == "validate":
            body = body | {"version_hash": task["detail"]["version_hash"]}
        await self._timed(lambda: self._staff.ask(login, "POST", f"/tasks/{task['id']}/complete", body))

    async def _state(self) -> Any:
        return await self._staff.ask(MANAGER, "GET", f"/cases/{self.reference}/state")

    async def _timed(self, act: Callable[[], Awaitable[Any]]) -> Any:
        begin = perf_counter()
        answer = await act()
        self.taken.append(perf_counter() - begin)
        return answer
