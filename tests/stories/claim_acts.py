"""What people do with claims in a story, one act each, over HTTP: who does it comes first, as in a sentence."""

from typing import Any

import httpx2

from tests.factories import bodies
from tests.factories.insured import Insured, insure, provide
from tests.factories.uploads import a_form
from tests.stories.acts import completes
from tests.stories.house import StoryHouse


def insured(house: StoryHouse, *numbers: int) -> list[Insured]:
    """These members of the demo are insured, and somebody gives care of every category."""
    with house.house.sessions.begin() as session:
        provide(session)
        return [insure(session, number) for number in numbers]


async def enters_claim(house: StoryHouse, login: str, **changes: Any) -> dict[str, Any]:
    """A benefit request that has arrived today is entered; what is said of it at once."""
    answer = await house.as_(login, "POST", "/claims", bodies.a_claim(house.house.today(), **changes))
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def claim_of(house: StoryHouse, login: str, reference: str) -> dict[str, Any]:
    """Everything on the file."""
    claim: dict[str, Any] = await house.get(login, f"/claims/{reference}")
    return claim


async def decides(house: StoryHouse, login: str, reference: str, **changes: Any) -> str:
    """The first controller goes through the checklist, and decides."""
    checklist = (await claim_of(house, login, reference))["checklist"]["items"]
    return await completes(house, login, reference, "control", bodies.a_decision(checklist, **changes))


async def confirms(house: StoryHouse, login: str, reference: str) -> str:
    """The second controller stands for the decision that they have just read."""
    return await completes(
        house, login, reference, "confirm", bodies.a_confirmation(await read_by(house, login, reference))
    )


async def sends_claim_back(house: StoryHouse, login: str, reference: str, reason: str) -> str:
    """The second controller wants another decision."""
    body = {"outcome": "send_back", "decision_hash": await read_by(house, login, reference), "reason": reason}
    return await completes(house, login, reference, "confirm", body)


async def read_by(house: StoryHouse, login: str, reference: str) -> str:
    """The hash of the decision that lies before the second controller."""
    [task] = [task for task in await house.inbox(login, reference) if task["kind"] == "confirm"]
    decision_hash: str = task["detail"]["decision_hash"]
    return decision_hash


async def asks_documents(house: StoryHouse, login: str, reference: str, *kinds: str, **changes: Any) -> str:
    """A document is lacking: the member is asked for it."""
    return await completes(house, login, reference, "control", bodies.some_documents(*kinds, **changes))


async def adds_document(
    house: StoryHouse, login: str, reference: str, content: bytes, name: str, kind: str
) -> httpx2.Response:
    """A document of the member's comes in."""
    body, told = a_form(content, name, kind=kind)
    return await house.sends(login, f"/claims/{reference}/documents", body, told)
