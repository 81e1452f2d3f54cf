"""What people do on an audit over HTTP: auditors, the delegate's people, those who validate and arbitrate."""

from datetime import datetime
from typing import Any

import httpx2

from tests.factories.audits import AUDITOR, USER
from tests.factories.uploads import a_form
from tests.stories.house import StoryHouse, space_of

PLAN: dict[str, Any] = {
    "delegate": "ARMOR",
    "contracts": ["COL-2019-014"],
    "themes": ["memberships", "contributions", "benefits"],
    "place": "Salle des Goémons, Brest",
}


def an_audit_pdf(words: str) -> bytes:
    """A file that is a PDF by its content, other words being another file."""
    return f"%PDF-1.7\n{words}\n%%EOF".encode()


async def plans(house: StoryHouse, launch_at: datetime, login: str = AUDITOR, **changes: Any) -> dict[str, Any]:
    """Plan an audit; as it is told."""
    answer = await house.as_(login, "POST", "/audits", {**PLAN, "launch_at": launch_at.isoformat(), **changes})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def done(answer: httpx2.Response) -> dict[str, Any]:
    """The command was carried out."""
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def completes(house: StoryHouse, login: str, reference: str, kind: str, **body: Any) -> str:
    """Complete a task; where the audit stands then."""
    return str((await done(await house.complete(login, reference, kind, **body)))["state"])


async def asks(house: StoryHouse, login: str, reference: str, path: str, body: Any) -> httpx2.Response:
    """Give a command on the audit."""
    return await house.as_(login, "POST", f"/audits/{reference}/{path}", body)


async def delivers(
    house: StoryHouse, reference: str, piece: str, content: bytes, login: str = USER, name: str = "piece.pdf"
) -> httpx2.Response:
    """Deliver a file of a piece."""
    body, kind = a_form(content, name=name)
    files = "" if space_of(login) else "/files"
    return await house.sends(login, f"{space_of(login)}/audits/{reference}/pieces/{piece}{files}", body, kind)


async def told(house: StoryHouse, reference: str, login: str = AUDITOR) -> dict[str, Any]:
    """The audit as it is told."""
    seen: dict[str, Any] = await house.get(login, f"/audits/{reference}")
    return seen


async def state(house: StoryHouse, reference: str) -> str:
    """Where it stands."""
    return str((await told(house, reference))["state"])


async def grades_all(house: StoryHouse, reference: str) -> None:
    """The auditor grades every piece that came."""
    for piece in (await told(house, reference))["pieces"]:
        if piece["delivered"]:
            grades = dict.fromkeys(("conformity", "up_to_date", "relevance", "presentation"), "2")
            await done(await asks(house, AUDITOR, reference, "analysis", {"piece": piece["id"], **grades}))


async def makes_report(house: StoryHouse, reference: str, login: str = AUDITOR) -> str:
    """The report's files are made and kept; the hash of its PDF."""
    answer = await house.as_(login, "POST", f"/audits/{reference}/report")
    return str((await done(answer))["pdf_sha256"])
