"""Tasks: whose they are, who has them in hand, and that each is done once."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import httpx2
import pytest
from sqlalchemy import select
from temporalio.client import WorkflowExecutionStatus

from api.delivery import workflow_id
from db.models import Case
from tests.api.contract import rule_of
from tests.factories import bodies
from tests.stories.acts import (
    acknowledges,
    amends,
    analyses,
    answers,
    approves,
    drafts,
    enters,
    journal_of,
    state_of,
    version_before,
)
from tests.stories.house import StoryHouse, settles

FRONT_DESK, OWNER, REFERENT, MANAGER = "malo.quere", "claire.morvan", "gwenola.prigent", "anne.le.goff"
OTHER_REFERENT, OTHER_MANAGER, LAWYER, ADMINISTRATOR = "alan.cadiou", "pierre.jaouen", "odile.bescond", "alexis.cozic"


async def a_complaint_in(house: StoryHouse, state: str, **changes: Any) -> str:
    """A complaint of Claire Morvan's (it takes English) that has been brought to this state."""
    reference = await enters(house, FRONT_DESK, skills=["english"], **changes)
    for reached, act in (("acknowledged", acknowledges), ("analysed", analyses), ("drafted", drafts)):
        if await state_of(house, OWNER, reference) == state:
            break
        assert await act(house, OWNER, reference) == reached
    assert await state_of(house, OWNER, reference) == state
    return reference


async def open_task(house: StoryHouse, reference: str) -> str:
    """The id of the case's one open task."""
    state = await house.get(OWNER, f"/cases/{reference}/state")
    [task_id] = [task["id"] for task in state["tasks"] if task["closed_at"] is None]
    return str(task_id)


async def complete(house: StoryHouse, login: str, task_id: str, body: bodies.Body) -> httpx2.Response:
    """Complete this very task."""
    return await house.as_(login, "POST", f"/tasks/{task_id}/complete", body)


async def standing(house: StoryHouse, reference: str) -> tuple[Any, ...]:
    """All that a refused command must leave as it is: everything but the journal's own line on the refusal."""
    state = await house.get(OWNER, f"/cases/{reference}/state")
    complaint = await house.get(OWNER, f"/complaints/{reference}")
    lines = [line for line in await journal_of(house, OWNER, reference) if line["event"] != "CommandRefused"]
    return state, complaint, [line["event"] for line in lines]


async def refused(house: StoryHouse, reference: str, asked: Awaitable[httpx2.Response]) -> tuple[int, str]:
    """Status and rule of a refusal, which has changed nothing."""
    before = await standing(house, reference)
    answer = await asked
    assert await standing(house, reference) == before
    return answer.status_code, rule_of(answer)


async def run_of(house: StoryHouse, reference: str) -> WorkflowExecutionStatus | None:
    """Whether the workflow of this case runs."""
    with house.house.sessions() as session:
        case_id = session.scalars(select(Case.id).where(Case.reference == reference)).one()
    return (await house.client.get_workflow_handle(workflow_id("complaint", case_id)).describe()).status


async def test_a_second_answer_to_a_completed_task_says_where_to_look_for_the_first(house: StoryHouse) -> None:
    reference = await a_complaint_in(house, "assigned")
    task_id = await open_task(house, reference)
    await acknowledges(house, OWNER, reference)
    answer = await complete(house, OWNER, task_id, bodies.an_acknowledgement())
    assert (answer.status_code, rule_of(answer)) == (409, "task_done")
    assert "journal" in answer.json()["remedy"]
    done = [
        (line["actor"], line["facts"]["outcome"])
        for line in await journal_of(house, OWNER, reference)
        if line["event"] == "TaskCompleted" and line["facts"]["task_id"] == task_id
    ]
    assert done == [("Mme Claire Morvan", "acknowledge")]


async def test_a_task_of_a_closed_complaint_is_refused_and_wakes_nothing(house: StoryHouse) -> None:
    reference = await a_complaint_in(house, "assigned")
    task_id = await open_task(house, reference)
    await answers(house, OWNER, reference, REFERENT, MANAGER)
    await settles(lambda: state_of(house, OWNER, reference), "closed")
    verdict = await refused(house, reference, complete(house, OWNER, task_id, bodies.an_acknowledgement()))
    assert verdict == (409, "task_done")
    state = await house.get(OWNER, f"/cases/{reference}/state")
    assert (state["state"], state["waiting"]) == ("closed", [])
    await settles(lambda: run_of(house, reference), WorkflowExecutionStatus.COMPLETED)


@pytest.mark.parametrize(
    ("login", "verdict"),
    [
        ("yann.kerloch", (403, "not_your_task")),
        (MANAGER, (403, "not_your_task")),
        (LAWYER, (403, "not_your_task")),
        ("katell.rolland", (403, "not_your_task")),
        (ADMINISTRATOR, (403, "role_missing")),
    ],
)
async def test_somebody_elses_task_is_refused(house: StoryHouse, login: str, verdict: tuple[int, str]) -> None:
    reference = await a_complaint_in(house, "assigned")
    task_id = await open_task(house, reference)
    for asked in (
        complete(house, login, task_id, bodies.an_acknowledgement()),
        house.as_(login, "POST", f"/tasks/{task_id}/claim"),
        house.as_(login, "POST", f"/tasks/{task_id}/release"),
        house.as_(login, "GET", f"/tasks/{task_id}"),
    ):
        assert await refused(house, reference, asked) == verdict
    assert await house.inbox(login, reference) == [] if verdict[1] == "not_your_task" else True


async def test_whoever_approved_the_version_may_not_approve_it_again(house: StoryHouse) -> None:
    reference = await a_complaint_in(house, "drafted")
    await approves(house, MANAGER, reference)
    task_id = await open_task(house, reference)
    version_hash = await version_before(house, OTHER_MANAGER, reference)
    for body in (bodies.an_approval(version_hash), bodies.an_amendment(version_hash), bodies.a_return(version_hash)):
        assert await refused(house, reference, complete(house, MANAGER, task_id, body)) == (403, "four_eyes")
    assert await house.inbox(MANAGER, reference) == []
    assert await approves(house, OTHER_MANAGER, reference) == "approved"


async def test_whoever_wrote_the_version_may_not_approve_it(house: StoryHouse) -> None:
    reference = await a_complaint_in(house, "drafted")
    await approves(house, REFERENT, reference)
    await amends(house, MANAGER, reference, decision="Nous vous remboursons demain.")
    task_id = await open_task(house, reference)
    version_hash = await version_before(house, REFERENT, reference)
    asked = complete(house, MANAGER, task_id, bodies.an_approval(version_hash))
    assert await refused(house, reference, asked) == (403, "four_eyes")


async def test_an_approval_of_a_version_that_was_replaced_is_refused(house: StoryHouse) -> None:
    reference = await a_complaint_in(house, "drafted")
    read = await version_before(house, REFERENT, reference)
    await amends(house, MANAGER, reference, decision="Nous vous remboursons demain.")
    task_id = await open_task(house, reference)
    for body in (bodies.an_approval(read), bodies.an_amendment(read), bodies.a_return(read)):
        asked = complete(house, OTHER_MANAGER, task_id, body)
        assert await refused(house, reference, asked) == (409, "stale_version")
    never = bodies.an_approval("0" * 64)
    assert await refused(house, reference, complete(house, OTHER_MANAGER, task_id, never)) == (409, "stale_version")
    assert await approves(house, OTHER_MANAGER, reference) == "approved"


async def test_a_claimed_task_is_its_claimants_until_they_release_it(house: StoryHouse) -> None:
    reference = await a_complaint_in(house, "drafted")
    task_id = await open_task(house, reference)
    version_hash = await version_before(house, MANAGER, reference)
    for _ in range(2):
        claimed = await house.as_(REFERENT, "POST", f"/tasks/{task_id}/claim")
        assert (claimed.status_code, claimed.json()["claimed_by"] is not None) == (200, True)
    assert await house.inbox(MANAGER, reference) == []

    for asked in (
        complete(house, MANAGER, task_id, bodies.an_approval(version_hash)),
        house.as_(MANAGER, "POST", f"/tasks/{task_id}/claim"),
        house.as_(MANAGER, "POST", f"/tasks/{task_id}/release"),
    ):
        assert await refused(house, reference, asked) == (409, "task_taken")

    assert (await house.as_(REFERENT, "POST", f"/tasks/{task_id}/release")).json()["claimed_by"] is None
    assert (await house.as_(REFERENT, "POST", f"/tasks/{task_id}/release")).status_code == 403
    assert (await house.as_(MANAGER, "POST", f"/tasks/{task_id}/claim")).status_code == 200
    assert await approves(house, MANAGER, reference) == "drafted"
    told = [line["event"] for line in await journal_of(house, OWNER, reference)]
    assert (told.count("TaskClaimed"), told.count("TaskReleased")) == (2, 1)


async def test_of_three_validators_who_answer_at_once_one_is_heard(house: StoryHouse) -> None:
    reference = await a_complaint_in(house, "drafted")
    task_id = await open_task(house, reference)
    version_hash = await version_before(house, REFERENT, reference)
    said = {
        REFERENT: bodies.an_approval(version_hash),
        OTHER_REFERENT: bodies.a_return(version_hash),
        MANAGER: bodies.an_amendment(version_hash),
    }
    answered = await asyncio.gather(*(complete(house, login, task_id, body) for login, body in said.items()))
    assert sorted(answer.status_code for answer in answered) == [200, 409, 409]
    assert {rule_of(answer) for answer in answered if answer.status_code == 409} == {"task_done"}
    done = [line for line in await journal_of(house, OWNER, reference) if line["event"] == "TaskCompleted"]
    assert [line["facts"]["task_id"] for line in done].count(task_id) == 1


async def test_a_person_who_presses_the_button_five_times_is_heard_once(house: StoryHouse) -> None:
    reference = await a_complaint_in(house, "assigned")
    task_id = await open_task(house, reference)
    answered = await asyncio.gather(
        *(complete(house, OWNER, task_id, bodies.an_acknowledgement()) for _ in range(5)),
    )
    assert sorted(answer.status_code for answer in answered) == [200, 409, 409, 409, 409]
    events = [line["event"] for line in await journal_of(house, OWNER, reference)]
    assert (events.count("Acknowledged"), events.count("CommandRefused")) == (1, 4)


async def test_of_two_people_who_claim_at_once_one_has_it(house: StoryHouse) -> None:
    reference = await a_complaint_in(house, "drafted")
    task_id = await open_task(house, reference)
    people = (REFERENT, OTHER_REFERENT, MANAGER)
    answered = await asyncio.gather(*(house.as_(login, "POST", f"/tasks/{task_id}/claim") for login in people))
    assert sorted(answer.status_code for answer in answered) == [200, 409, 409]


@pytest.mark.parametrize("outcome", ["", "/claim", "/release", "/complete"])
async def test_a_task_that_does_not_exist_is_not_found(house: StoryHouse, outcome: str) -> None:
    path = f"/tasks/00000000-0000-0000-0000-000000000000{outcome}"
    answer = await house.as_(OWNER, "POST" if outcome else "GET", path, {"outcome": "approve"} if outcome else None)
    assert answer.status_code == 404


async def test_the_schema_served_with_a_task_is_the_one_that_judges_its_answer(house: StoryHouse) -> None:
    reference = await a_complaint_in(house, "drafted")
    [task] = await house.inbox(REFERENT, reference)
    assert sorted(task["outcomes"]) == ["amend", "approve", "send_back"]
    for outcome, schema in task["outcomes"].items():
        required = {"outcome": outcome}
        answer = await complete(house, REFERENT, task["id"], required)
        assert answer.status_code == 422
        missing = {one["field"] for one in answer.json()["errors"] if one["rule"] == "This value is needed."}
        assert missing == set(schema["required"])


async def test_a_letter_that_has_nowhere_to_go_is_refused_with_another_way(house: StoryHouse) -> None:
    reference = await a_complaint_in(house, "assigned", complainant={"name": "M. Ewen Nicolas"})
    task_id = await open_task(house, reference)
    for dispatch in ("email", "post"):
        answer = await complete(house, OWNER, task_id, bodies.an_acknowledgement(dispatch=dispatch))
        assert (answer.status_code, answer.json()["field"]) == (422, "dispatch")
    assert await acknowledges(house, OWNER, reference) == "acknowledged"


async def test_a_command_is_told_to_whoever_gave_it_and_to_nobody_else(house: StoryHouse) -> None:
    reference = await a_complaint_in(house, "assigned")
    given = await complete(house, OWNER, await open_task(house, reference), bodies.an_acknowledgement())
    link = given.json()["link"].removeprefix("/api/v1")
    assert await house.get(OWNER, link) == given.json()
    assert (await house.as_(MANAGER, "GET", link)).status_code == 404


async def test_a_refused_command_is_found_and_says_why(house: StoryHouse) -> None:
    reference = await a_complaint_in(house, "assigned")
    task_id = await open_task(house, reference)
    await acknowledges(house, OWNER, reference)
    answer = await complete(house, OWNER, task_id, bodies.an_acknowledgement())
    [line] = [line for line in await journal_of(house, OWNER, reference) if line["event"] == "CommandRefused"]
    command = await house.get(OWNER, f"/commands/{line['command']}")
    told = {name: value for name, value in command["refusal"].items() if value is not None}
    assert (command["status"], told) == ("refused", answer.json())


async def test_what_is_asked_after_the_answer_is_too_late(house: StoryHouse) -> None:
    reference = await a_complaint_in(house, "drafted")
    await approves(house, REFERENT, reference)
    await approves(house, MANAGER, reference)
    await settles(lambda: state_of(house, OWNER, reference), "closed")
    for path, body in (
        ("requalify", {"requalified_as": "service_request", "reason": "Aucun mécontentement."}),
        ("reassign", {"to": "yann.kerloch", "reason": "conflict_of_interest"}),
    ):
        asked = house.as_(MANAGER, "POST", f"/cases/{reference}/{path}", body)
        assert await refused(house, reference, asked) == (409, "wrong_step")
