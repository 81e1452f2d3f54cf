"""What people and the bank do with batches in a story, one act each, over HTTP: who does it comes first."""

from pathlib import Path
from typing import Any

import httpx2

from bank.stand_in import accept_all, reject_some
from tests.factories.payments import BUILDER
from tests.factories.payments import FIRST as CONFIRMER
from tests.stories.house import StoryHouse, settles


async def builds(house: StoryHouse, login: str = BUILDER, **changes: Any) -> dict[str, Any]:
    """A batch for today is built, and the cases of its claims learn of it."""
    body = {"executes_on": house.house.today().isoformat()} | changes
    answer = await house.as_(login, "POST", "/payments", body)
    assert answer.status_code == 201, answer.text
    await house.relay()
    told: dict[str, Any] = answer.json()
    return told


async def releases(house: StoryHouse, login: str, reference: str) -> str:
    """Somebody reads the batch and releases its file; the state that it has reached."""
    read = await house.get(login, f"/payments/{reference}")
    answer = await house.complete(login, reference, "release", outcome="release", file_sha256=read["file_sha256"])
    assert answer.status_code == 200, answer.text
    state: str = answer.json()["state"]
    return state


async def hands_over(house: StoryHouse, reference: str, *releasers: str) -> bytes:
    """These two release it, and it is laid in the bank's folder; the file."""
    for login in releasers:
        await releases(house, login, reference)
    await settles(lambda: state(house, reference), "handed_over")
    return (house.bank_folder / "outgoing" / f"{reference}.xml").read_bytes()


async def gives(house: StoryHouse, reference: str, report: bytes) -> httpx2.Response:
    """The bank's answer is sent to us."""
    body = {"file": report.decode()}
    return await house.as_(BUILDER, "POST", f"/payments/{reference}/status-report", body)


async def reads(house: StoryHouse, reference: str, report: bytes) -> httpx2.Response:
    """The bank's answer is sent to us and, where it rejects anything, confirmed by a second person."""
    given = await gives(house, reference, report)
    for task in await house.inbox(CONFIRMER, reference):
        if given.status_code == 200 and task["kind"] == "confirm_answer":
            answer_id = task["detail"]["answer_id"]
            done = {"outcome": "confirm_answer", "answer_id": answer_id}
            return await house.complete(CONFIRMER, reference, "confirm_answer", **done)
    return given


async def is_answered(house: StoryHouse, reference: str, file: bytes, **rejected: str) -> str:
    """The bank pays the file's orders, but for those named (`claim` → reason); the state that the batch has reached.

    What follows for the claims, the relay brings.
    """
    ids = {f"{claim.replace('_', '-')}": code for claim, code in rejected.items()}
    at, message_id = house.house.now(), f"BANK-{reference}"
    report = reject_some(file, message_id, at, ids) if ids else accept_all(file, message_id, at)
    answer = await reads(house, reference, report)
    assert answer.status_code == 200, answer.text
    await house.relay()
    told: str = answer.json()["state"]
    return told


async def state(house: StoryHouse, reference: str) -> str:
    """Where the batch stands."""
    told: str = (await house.get(BUILDER, f"/payments/{reference}"))["state"]
    return told


def laid(house: StoryHouse) -> list[Path]:
    """What lies in the bank's folder."""
    return sorted((house.bank_folder / "outgoing").glob("*")) if house.bank_folder.exists() else []
