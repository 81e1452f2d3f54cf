"""The same request twice is one command: Idempotency-Key, on an intake and on a task."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select

from db.models import Case, CommandRow
from domain.complaint.intake import Intake
from tests.api.contract import rule_of
from tests.api.counter import NOON, Counter
from tests.factories.bodies import a_complaint, an_acknowledgement
from tests.stories.acts import enters
from tests.stories.house import StoryHouse

FRONT_DESK, OTHER, OWNER = "malo.quere", "rozenn.abgrall", "claire.morvan"
BODY = a_complaint(NOON.date())


def counted(counter: Counter) -> tuple[int, int]:
    """How many complaints and commands the register holds."""
    with counter.house.sessions() as session:
        cases = session.scalar(select(func.count()).select_from(Case)) or 0
        return cases, session.scalar(select(func.count()).select_from(CommandRow)) or 0


async def enter(counter: Counter, login: str, body: dict[str, Any], key: str) -> Any:
    """Enter a complaint under a key."""
    return await counter.ask(login, "POST", "/complaints", body, Idempotency_Key=key)


async def test_the_same_key_and_body_gives_the_first_answer_again(counter: Counter) -> None:
    first = await enter(counter, FRONT_DESK, BODY, "again")
    before = counted(counter)
    again = await enter(counter, FRONT_DESK, BODY, "again")
    assert (again.status_code, again.json()) == (201, first.json())
    assert counted(counter) == before


async def test_the_same_body_written_otherwise_is_the_same_body(counter: Counter) -> None:
    first = await enter(counter, FRONT_DESK, BODY | {"skills": ["optical", "dental"]}, "otherwise")
    shuffled = dict(reversed(BODY.items())) | {"skills": ["dental", "optical"], "language": "fr", "about": None}
    again = await enter(counter, FRONT_DESK, shuffled, "otherwise")
    assert (again.status_code, again.json()) == (201, first.json())


def test_the_same_body_is_the_same_for_every_process_of_the_api() -> None:
    """Each process would keep a set in an order of its own."""
    skills = ["optical", "dental", "hospital", "hearing", "german", "spanish", "arabic"]
    intake = Intake.model_validate(BODY | {"skills": skills})
    assert intake.model_dump(mode="json")["skills"] == sorted(skills)


async def test_the_same_key_with_another_body_is_refused(counter: Counter) -> None:
    await enter(counter, FRONT_DESK, BODY, "other body")
    before = counted(counter)
    answer = await enter(counter, FRONT_DESK, BODY | {"text": "Autre chose."}, "other body")
    assert (answer.status_code, rule_of(answer)) == (409, "key_reused")
    assert "Take a new key" in answer.json()["remedy"]
    assert counted(counter) == before


async def test_a_key_belongs_to_whoever_used_it(counter: Counter) -> None:
    mine = await enter(counter, FRONT_DESK, BODY, "shared")
    theirs = await enter(counter, OTHER, BODY, "shared")
    assert theirs.status_code == 201
    assert theirs.json()["reference"] != mine.json()["reference"]


async def test_without_a_key_every_request_is_a_new_complaint(counter: Counter) -> None:
    references = [(await counter.ask(FRONT_DESK, "POST", "/complaints", BODY)).json()["reference"] for _ in range(2)]
    assert len(set(references)) == 2


async def test_ten_requests_with_one_key_at_once_are_one_complaint(counter: Counter) -> None:
    before = counted(counter)
    answers = await asyncio.gather(*(enter(counter, FRONT_DESK, BODY, "at once") for _ in range(10)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["reference"] for answer in answers}) == 1
    assert counted(counter) == (before[0] + 1, before[1] + 1)


async def test_a_refused_intake_does_not_use_up_its_key(counter: Counter) -> None:
    assert (await enter(counter, FRONT_DESK, BODY | {"pole": "kitchen"}, "mended")).status_code == 422
    assert (await enter(counter, FRONT_DESK, BODY, "mended")).status_code == 201


@pytest.mark.parametrize("key", ["k" * 201, "k" * 5_000])
async def test_a_key_that_is_too_long_is_refused(counter: Counter, key: str) -> None:
    assert (await enter(counter, FRONT_DESK, BODY, key)).status_code == 422


async def acknowledge(house: StoryHouse, reference: str, key: str, **changes: Any) -> Any:
    """The owner acknowledges under a key."""
    tasks = (await house.get(OWNER, f"/cases/{reference}/state"))["tasks"]
    [task_id] = [task["id"] for task in tasks if task["kind"] == "acknowledge"]
    body = an_acknowledgement(**changes)
    return await house.as_(OWNER, "POST", f"/tasks/{task_id}/complete", body, **{"Idempotency-Key": key})


async def test_a_task_completed_twice_under_one_key_is_completed_once(house: StoryHouse) -> None:
    reference = await enters(house, FRONT_DESK, skills=["english"])
    first = await acknowledge(house, reference, "twice")
    again = await acknowledge(house, reference, "twice")
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    other = await acknowledge(house, reference, "twice", dispatch="email")
    assert (other.status_code, rule_of(other)) == (409, "key_reused")


async def test_a_refusal_under_a_key_is_told_again_in_the_same_words(house: StoryHouse) -> None:
    reference = await enters(house, FRONT_DESK, skills=["english"], complainant={"name": "M. Sans Adresse"})
    refused = await acknowledge(house, reference, "no address", dispatch="post")
    again = await acknowledge(house, reference, "no address", dispatch="post")
    assert (refused.status_code, refused.json()["field"]) == (422, "dispatch")
    assert again.json() == refused.json()


async def test_one_key_names_one_command_whatever_it_is_about(house: StoryHouse) -> None:
    reference = await enters(house, FRONT_DESK, skills=["english"])
    asked = {"requalified_as": "information_request", "reason": "Un relevé."}
    path = f"/cases/{reference}/requalify"
    assert (await house.as_(OWNER, "POST", path, asked, **{"Idempotency-Key": "about"})).status_code == 200
    other = await enters(house, FRONT_DESK, skills=["english"])
    answer = await house.as_(OWNER, "POST", f"/cases/{other}/requalify", asked, **{"Idempotency-Key": "about"})
    assert (answer.status_code, rule_of(answer)) == (409, "key_reused")
