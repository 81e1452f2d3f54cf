"""Somebody's complaints go to others: what would happen is shown before, and each is decided by itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from db.models import Case, CommandRow, JournalLine
from tests.api.contract import rule_of
from tests.stories.acts import acknowledges, enters
from tests.stories.house import StoryHouse, application, caller, settles

FRONT_DESK, CLAIRE, YANN, ADMINISTRATOR = "malo.quere", "claire.morvan", "yann.kerloch", "alexis.cozic"
MANAGER, DIRECTOR = "anne.le.goff", "isabelle.kermarrec"
WEEK = {"from_on": "2031-03-03", "back_on": "2031-03-10"}


async def preview(house: StoryHouse, login: str = CLAIRE, query: str = "") -> Any:
    """What would happen."""
    return await house.get(MANAGER, f"/people/{login}/reassignment{query}")


async def move(house: StoryHouse, moves: dict[str, str], reason: str = "conflict_of_interest", **headers: str) -> Any:
    """Give these complaints of Claire Morvan's away."""
    body = {"reason": reason, "cases": [{"reference": one, "to": to} for one, to in moves.items()]}
    answer = await house.as_(MANAGER, "POST", f"/people/{CLAIRE}/reassignment", body, **headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["cases"]


async def claires(house: StoryHouse, count: int = 1, **changes: Any) -> list[str]:
    """Complaints of Claire Morvan's: they take English."""
    return [await enters(house, FRONT_DESK, skills=["english"], **changes) for _ in range(count)]


def written(house: StoryHouse) -> tuple[int, int]:
    """How many commands and lines of journals there are."""
    with house.house.sessions() as session:
        commands = session.execute(select(func.count()).select_from(CommandRow)).scalar_one()
        return commands, session.execute(select(func.count()).select_from(JournalLine)).scalar_one()


async def owner_of(house: StoryHouse, reference: str) -> str:
    return str((await house.get(MANAGER, f"/complaints/{reference}"))["owner"])


async def test_a_preview_tells_who_would_get_what_and_writes_nothing(house: StoryHouse) -> None:
    [reference] = await claires(house)
    before = written(house)
    told = await preview(house)
    assert written(house) == before
    [proposal] = [one for one in told["proposals"] if one["reference"] == reference]
    assert proposal["owner"] == CLAIRE
    assert proposal["to"] not in {None, CLAIRE}
    assert (proposal["deadline"], proposal["missing_skills"]) == ("acknowledgement", ["english"])
    assert "lacks_a_skill" in proposal["why"]
    loads = {one["login"]: one for one in told["loads"]}
    given = sum(one["after"] - one["before"] for one in told["loads"] if one["login"] != CLAIRE)
    assert loads[CLAIRE]["before"] - loads[CLAIRE]["after"] == given == len(told["proposals"])


async def test_a_preview_can_be_asked_for_some_of_them(house: StoryHouse) -> None:
    first, second, _ = await claires(house, 3)
    told = await preview(house, query=f"?reference={first}&reference={second}")
    assert {one["reference"] for one in told["proposals"]} == {first, second}


async def test_it_says_which_reason_the_rule_would_take(house: StoryHouse) -> None:
    assert (await preview(house, "soizic.le.dantec"))["reason"] == "conflict_of_interest"
    away = await house.as_(ADMINISTRATOR, "POST", "/people/soizic.le.dantec/absences", WEEK)
    assert away.status_code == 201
    assert (await preview(house, "soizic.le.dantec"))["reason"] == "absence"


async def test_what_was_proposed_is_carried_out_case_by_case(house: StoryHouse) -> None:
    mine = await claires(house, 3)
    proposals = (await preview(house, query="?" + "&".join(f"reference={one}" for one in mine)))["proposals"]
    told = await move(house, {one["reference"]: one["to"] for one in proposals})
    assert [one["outcome"] for one in told] == ["applied"] * 3
    assert {one["reference"] for one in (await preview(house))["proposals"]}.isdisjoint(mine)
    people = {one["login"]: one["name"] for one in (await house.get(MANAGER, "/board/load"))["people"]}
    for proposal in proposals:
        assert await owner_of(house, proposal["reference"]) == people[proposal["to"]]


async def test_one_that_is_refused_does_not_stop_the_others(house: StoryHouse) -> None:
    good, to_herself, to_nobody = await claires(house, 3)
    yanns = await enters(house, FRONT_DESK, skills=["german"])
    moves = {to_herself: CLAIRE, to_nobody: "odile.bescond", "REC-2031-999999": YANN, yanns: FRONT_DESK, good: YANN}
    told = {one["reference"]: one for one in await move(house, moves)}
    refusals = {one: each["refusal"] and each["refusal"]["type"].rpartition("/")[2] for one, each in told.items()}
    assert refusals == {
        to_herself: "invalid",
        to_nobody: "invalid",
        "REC-2031-999999": "unseen",
        yanns: "owner_changed",
        good: None,
    }
    assert {one: each["outcome"] for one, each in told.items() if each["outcome"] != "refused"} == {good: "applied"}
    assert await owner_of(house, yanns) == "M. Yann Kerloch"


async def test_an_absence_is_no_reason_while_the_owner_is_at_work(house: StoryHouse) -> None:
    [reference] = await claires(house)
    [told] = await move(house, {reference: YANN}, reason="absence")
    assert (told["outcome"], told["refusal"]["field"]) == ("refused", "reason")


async def test_the_same_request_again_gives_the_same_answer_and_no_second_command(house: StoryHouse) -> None:
    first, second = await claires(house, 2)
    moves = {first: YANN, second: CLAIRE}
    told = await move(house, moves, **{"Idempotency-Key": "claire-leaves"})
    before = written(house)
    assert await move(house, moves, **{"Idempotency-Key": "claire-leaves"}) == told
    assert written(house) == before
    [other] = await move(house, {first: FRONT_DESK}, **{"Idempotency-Key": "claire-leaves"})
    assert other["refusal"]["type"] == "/problems/key_reused"


async def test_a_case_about_the_manager_is_neither_proposed_nor_moved(house: StoryHouse) -> None:
    [hidden] = await claires(house, about=MANAGER)
    assert hidden not in {one["reference"] for one in (await preview(house))["proposals"]}
    [told] = await move(house, {hidden: YANN})
    assert told["refusal"]["type"] == "/problems/unseen"
    seen = await house.get(DIRECTOR, f"/people/{CLAIRE}/reassignment?reference={hidden}")
    assert len(seen["proposals"]) == 1


@asynccontextmanager
async def hasty(house: StoryHouse) -> AsyncIterator[StoryHouse]:
    """The same house, whose API waits for no decision."""
    waiting = replace(house.house, patience=0.0)
    with application(waiting) as app:
        async with caller(app) as http:
            yield replace(house, house=waiting, http=http)


async def test_what_the_engine_does_not_decide_in_time_waits_and_is_decided_later(house: StoryHouse) -> None:
    [reference] = await claires(house)
    async with hasty(house) as slow:
        [told] = await move(slow, {reference: YANN})
    assert (told["outcome"], told["refusal"]) == ("waiting", None)
    await house.relay()

    async def status() -> str:
        return str((await house.get(MANAGER, told["link"].removeprefix("/api/v1")))["status"])

    await settles(status, "applied")
    assert await owner_of(house, reference) == "M. Yann Kerloch"


async def test_what_is_given_away_meanwhile_is_not_given_away_again(house: StoryHouse) -> None:
    [reference] = await claires(house)
    async with hasty(house) as slow:
        first, second = [await move(slow, {reference: to}) for to in (YANN, FRONT_DESK)]
    assert [one["outcome"] for one in (*first, *second)] == ["waiting"] * 2
    await house.relay()

    async def status() -> str:
        return str((await house.get(MANAGER, second[0]["link"].removeprefix("/api/v1")))["status"])

    await settles(status, "refused")
    told = await house.get(MANAGER, second[0]["link"].removeprefix("/api/v1"))
    assert told["refusal"]["type"] == "/problems/owner_changed"
    assert await owner_of(house, reference) == "M. Yann Kerloch"


async def test_an_answered_complaint_stays_with_its_owner(house: StoryHouse) -> None:
    [reference] = await claires(house)
    assert await acknowledges(house, CLAIRE, reference) == "acknowledged"
    with house.house.sessions() as session:
        assert session.scalars(select(Case.state).where(Case.reference == reference)).one() == "acknowledged"
    assert reference in {one["reference"] for one in (await preview(house))["proposals"]}
    requalified = {"requalified_as": "information_request", "reason": "Aucun mécontentement."}
    await house.as_(CLAIRE, "POST", f"/cases/{reference}/requalify", requalified)
    assert reference not in {one["reference"] for one in (await preview(house))["proposals"]}


@pytest.mark.parametrize(
    "body",
    [
        {"reason": "absence", "cases": []},
        {"reason": "boredom", "cases": [{"reference": "REC-2031-000001", "to": YANN}]},
        {"reason": "absence", "cases": [{"reference": "REC-2031-000001"}]},
        {"reason": "absence", "cases": [{"reference": "REC-2031-000001", "to": YANN}] * 201},
    ],
)
async def test_a_request_that_cannot_be_right_moves_nothing(house: StoryHouse, body: Any) -> None:
    answer = await house.as_(MANAGER, "POST", f"/people/{CLAIRE}/reassignment", body)
    assert (answer.status_code, rule_of(answer)) == (422, "wrong_values")
