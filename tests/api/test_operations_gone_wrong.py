"""When things go wrong with an operation: each has one outcome over HTTP, with the rule and what to do about it."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.api.contract import rule_of
from tests.stories.acts import kinds_before
from tests.stories.backlog_acts import (
    ACTIVITY,
    GENERAL,
    MANAGER,
    OPERATIONS,
    WHY,
    YANN,
    a_proposal,
    a_session,
    approves,
    has_activity,
    hours,
    is_known,
    operation_of,
    proposes,
    signs,
    tells,
)
from tests.stories.house import StoryHouse

CONTROL = "katell.rolland"
FRIDAY, MONDAY = date(2031, 2, 28), date(2031, 3, 3)


@pytest.fixture(scope="module", autouse=True)
def _activity(house: StoryHouse) -> None:
    has_activity(house)


async def test_days_without_figures_are_named_and_the_report_counts_them(house: StoryHouse) -> None:
    await tells(house, date(2031, 2, 25), 2100)
    watched = await house.get(MANAGER, f"/activities/{ACTIVITY}/watch")
    [missing] = [one for one in watched["alerts"] if one["kind"] == "missing_figures"]
    assert missing["days"] == ["2031-02-26", "2031-02-27", "2031-02-28"]


async def test_a_stock_below_zero_is_refused_with_its_line_and_what_to_count_again(house: StoryHouse) -> None:
    line = {"activity": ACTIVITY, "stock": -1, "inflow": 0, "handled": 0}
    answer = await house.as_(MANAGER, "PUT", f"/figures/{FRIDAY}", {"figures": [line]})
    assert (answer.status_code, answer.json()["field"]) == (422, "figures.0.stock")
    assert answer.json()["detail"]


async def test_an_activity_that_is_renamed_keeps_its_operations(house: StoryHouse) -> None:
    reference = await proposes(house)
    known = await house.get(MANAGER, f"/backlog?activity={ACTIVITY}")
    assert reference in [one["reference"] for one in known["operations"]], "found by the id that it has for life"
    assert (await house.get(OPERATIONS, f"/backlog/{reference}/report"))["final"] is False


@pytest.mark.parametrize(
    ("day", "words"), [(date(2031, 3, 15), None), (date(2031, 11, 1), "public holiday"), (date(2031, 3, 16), "Sunday")]
)
async def test_a_saturday_that_is_a_public_holiday_is_refused_before_anybody_signs_up(
    house: StoryHouse, day: date, words: str | None
) -> None:
    monday = day - timedelta(days=day.weekday())
    asked = a_proposal(house, starts_on=monday.isoformat(), sessions=[a_session(day)])
    answer = await house.as_(MANAGER, "POST", "/backlog", asked)
    if words is None:
        assert answer.status_code == 201
        return
    assert rule_of(answer) == "against_labour_law"
    assert words in answer.json()["detail"]
    assert answer.json()["remedy"]


async def test_where_the_director_proposes_it_internal_control_approves_first_and_the_file_says_so(
    house: StoryHouse,
) -> None:
    reference = await proposes(house, OPERATIONS)
    assert await kinds_before(house, OPERATIONS, reference) == []
    assert await kinds_before(house, GENERAL, reference) == [], "he is kept for the second approval"
    [task] = await house.inbox(CONTROL, reference)
    assert (task["kind"], task["detail"]["instead_of"]) == ("approve_operation", "operations_director")
    assert await approves(house, CONTROL, reference) == "approving"
    assert await approves(house, GENERAL, reference) == "planned"
    decided = (await house.get(GENERAL, f"/backlog/{reference}/report"))["decisions"]
    assert [(one["kind"], one["by"], one["instead_of"]) for one in decided] == [
        ("plan_proposed", ["operations_director", "process_pilot"], None),
        ("plan_approved", ["internal_control"], "operations_director"),
        ("plan_approved", ["general_director"], None),
    ]


async def test_a_volunteer_who_drops_out_an_hour_before_is_replaced_by_whoever_is_next(house: StoryHouse) -> None:
    saturday = date(2031, 3, 15)
    reference = await proposes(house, sessions=[a_session(saturday, places=1)])
    for login in (OPERATIONS, GENERAL):
        await approves(house, login, reference)
    [session] = (await operation_of(house, reference))["sessions"]
    for login, wanted in ((YANN, "seated"), ("tangi.riou", "waiting")):
        await is_known(house, login)
        assert (await signs(house, login, reference, session["number"])).json()["status"] == wanted
    assert (await signs(house, YANN, reference, session["number"], "off")).json()["status"] == "given_back"
    [session] = (await operation_of(house, reference))["sessions"]
    assert [(one["login"], one["status"]) for one in session["people"]] == [("tangi.riou", "seated")]


async def test_the_document_of_a_running_operation_is_provisional_and_can_be_had_in_both_languages(
    house: StoryHouse,
) -> None:
    reference = await proposes(house)
    for language in ("fr", "en"):
        answer = await house.as_(MANAGER, "GET", f"/backlog/{reference}/report.pdf?language={language}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        again = await house.as_(MANAGER, "GET", f"/backlog/{reference}/report.pdf?language={language}")
        assert again.content == answer.content
    assert (await house.as_(MANAGER, "GET", f"/backlog/{reference}/report.pdf?language=de")).status_code == 422


async def test_where_the_director_is_away_the_general_director_is_asked_to_name_somebody_and_does_not_approve_twice(
    house: StoryHouse,
) -> None:
    away = {"from_on": MONDAY.isoformat(), "back_on": (MONDAY + timedelta(days=2)).isoformat()}
    answer = await house.as_(OPERATIONS, "POST", f"/people/{OPERATIONS}/absences", away)
    assert answer.status_code == 201, answer.text
    reference = await proposes(house)
    assert await kinds_before(house, GENERAL, reference) == ["unblock"]
    [task] = await house.inbox(GENERAL, reference)
    assert task["detail"]["blocked"] == "approve_operation"
    assert (await operation_of(house, reference, MANAGER))["approvals"] == []


async def test_after_its_first_day_it_is_too_late_to_approve_and_another_plan_is_asked_for(house: StoryHouse) -> None:
    reference = await proposes(house)
    plan_hash = (await operation_of(house, reference))["plan_hash"]
    await house.sleep_until(house.house.now() + timedelta(days=7))
    body: dict[str, Any] = {"outcome": "approve", "plan_hash": plan_hash}
    answer = await house.complete(OPERATIONS, reference, "approve_operation", **body)
    assert (answer.status_code, rule_of(answer)) == (409, "wrong_step")
    assert "too late to approve it" in answer.json()["detail"]
    assert "planned anew" in answer.json()["remedy"]
    session = a_session(house.house.today() + timedelta(days=12), hours=hours(("08:30", "12:30")))
    anew = {"starts_on": (house.house.today() + timedelta(days=7)).isoformat(), "sessions": [session]}
    plan = {**a_proposal(house, **anew)}
    for name in ("activity", "pole", "objective"):
        plan.pop(name)
    answer = await house.as_(MANAGER, "POST", f"/backlog/{reference}/replan", plan)
    assert answer.status_code == 200, answer.text
    assert await approves(house, OPERATIONS, reference) == "approving", WHY
