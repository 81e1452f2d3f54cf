"""What people do in a story, one act each, over HTTP: who does it comes first, as in a sentence."""

from typing import Any

from tests.factories import bodies
from tests.factories.bodies import Body
from tests.stories.house import StoryHouse


async def enters(house: StoryHouse, login: str, **changes: Any) -> str:
    """A complaint that has arrived today is entered; its reference."""
    body = bodies.a_complaint(house.house.today(), **changes)
    answer = await house.as_(login, "POST", "/complaints", body)
    assert answer.status_code == 201, answer.text
    reference: str = answer.json()["reference"]
    return reference


async def completes(house: StoryHouse, login: str, reference: str, kind: str, body: Body) -> str:
    """The person's task of this kind is done; the state that the case has reached."""
    answer = await house.complete(login, reference, kind, **body)
    assert answer.status_code == 200, answer.text
    state: str = answer.json()["state"]
    return state


async def acknowledges(house: StoryHouse, login: str, reference: str, dispatch: str = "recorded_call") -> str:
    """The complainant is told that the complaint has arrived."""
    return await completes(house, login, reference, "acknowledge", bodies.an_acknowledgement(dispatch=dispatch))


async def analyses(house: StoryHouse, login: str, reference: str, **changes: Any) -> str:
    """The complaint is looked into."""
    return await completes(house, login, reference, "analyse", bodies.an_analysis(**changes))


async def drafts(house: StoryHouse, login: str, reference: str, **changes: Any) -> str:
    """The owner writes the answer."""
    return await completes(house, login, reference, "draft_answer", bodies.an_answer(**changes))


async def approves(house: StoryHouse, login: str, reference: str) -> str:
    """A validator approves the version that they have just read."""
    body = bodies.an_approval(await version_before(house, login, reference))
    return await completes(house, login, reference, "validate", body)


async def amends(house: StoryHouse, login: str, reference: str, **changes: Any) -> str:
    """A validator writes another version, and approves it."""
    body = bodies.an_amendment(await version_before(house, login, reference), **changes)
    return await completes(house, login, reference, "validate", body)


async def sends_back(house: StoryHouse, login: str, reference: str, reason: str) -> str:
    """A validator wants another version."""
    body = bodies.a_return(await version_before(house, login, reference), reason=reason)
    return await completes(house, login, reference, "validate", body)


async def version_before(house: StoryHouse, login: str, reference: str) -> str:
    """The hash of the version that lies before this validator."""
    [task] = [task for task in await house.inbox(login, reference) if task["kind"] == "validate"]
    version_hash: str = task["detail"]["version_hash"]
    return version_hash


async def answers(house: StoryHouse, owner: str, reference: str, *validators: str, **answer: Any) -> str:
    """From the acknowledgement by a recorded call to the approved answer, without an incident."""
    await acknowledges(house, owner, reference)
    await analyses(house, owner, reference)
    state = await drafts(house, owner, reference, **answer)
    for login in validators:
        state = await approves(house, login, reference)
    return state


async def state_of(house: StoryHouse, login: str, reference: str) -> str:
    """Where the case stands."""
    state: str = (await house.get(login, f"/cases/{reference}/state"))["state"]
    return state


async def letters_of(house: StoryHouse, login: str, reference: str) -> list[dict[str, Any]]:
    """The letters of the case, in the order in which they were asked for."""
    letters: list[dict[str, Any]] = await house.get(login, f"/cases/{reference}/letters")
    return letters


async def pdf_of(house: StoryHouse, login: str, letter: dict[str, Any]) -> bytes:
    """The letter as the register keeps it."""
    answer = await house.as_(login, "GET", letter["pdf"].removeprefix("/api/v1"))
    assert answer.status_code == 200, answer.text
    return answer.content


async def journal_of(house: StoryHouse, login: str, reference: str) -> list[dict[str, Any]]:
    """The lines of the journal."""
    lines: list[dict[str, Any]] = (await house.get(login, f"/cases/{reference}/journal"))["lines"]
    return lines


async def deadlines_of(house: StoryHouse, login: str, reference: str) -> dict[str, dict[str, Any]]:
    """The deadlines of the case by name."""
    state = await house.get(login, f"/cases/{reference}/state")
    return {deadline["name"]: deadline for deadline in state["deadlines"]}


async def kinds_before(house: StoryHouse, login: str, reference: str) -> list[str]:
    """What this person is asked to do on the case."""
    return [task["kind"] for task in await house.inbox(login, reference)]
