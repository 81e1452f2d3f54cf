"""Operations as they go through the house: over HTTP, on the real parts, with nothing but the clock moved by hand."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from temporalio.testing import WorkflowEnvironment

from db.models import Case
from local.sink import Sink
from tests.api.contract import rule_of
from tests.stories.acts import completes, kinds_before
from tests.stories.backlog_acts import (
    ACCOUNTANT,
    CLAIRE,
    GENERAL,
    MANAGER,
    OPERATIONS,
    OTHER_ACCOUNTANT,
    REFERENT,
    TANGI,
    WHY,
    YANN,
    a_plan,
    a_session,
    approves,
    has_activity,
    hours,
    is_known,
    operation_of,
    proposes,
    says_who_came,
    signs,
    tells,
    validates,
)
from tests.stories.house import StoryHouse, open_house, settles

PARIS = ZoneInfo("Europe/Paris")


def at(day: int, hour: int, minute: int = 0, *, month: int = 3) -> datetime:
    """An instant of 2031 in Paris. 3 March is a Monday."""
    return datetime(2031, month, day, hour, minute, tzinfo=PARIS)


async def state(house: StoryHouse, reference: str) -> str:
    """Where the operation stands."""
    told: str = (await operation_of(house, reference))["state"]
    return told


async def test_an_operation_is_approved_by_two_held_paid_by_two_and_closed(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, at(3, 9)) as house:
        has_activity(house)
        # Monday 3 March: a manager proposes it. Neither she nor anybody out of turn approves it.
        reference = await proposes(house)
        assert await kinds_before(house, OPERATIONS, reference) == ["approve_operation"]
        assert await kinds_before(house, GENERAL, reference) == []
        assert await approves(house, OPERATIONS, reference) == "approving"
        assert await kinds_before(house, OPERATIONS, reference) == []

        # Another plan takes its place: what was approved is void.
        plan = a_plan(house, budget_cents=1_500_000)
        answer = await house.as_(MANAGER, "POST", f"/backlog/{reference}/replan", plan)
        assert answer.status_code == 200, answer.text
        assert await approves(house, OPERATIONS, reference) == "approving"
        assert await approves(house, GENERAL, reference) == "planned"
        told = await operation_of(house, reference)
        assert [(one["plan_version"], one["link"]) for one in told["approvals"]] == [(1, 1), (2, 1), (2, 2)]
        assert [one["number"] for one in told["sessions"]] == [4, 5, 6]

        # Volunteers: whoever is not known hears so; two places, a waiting list, a place that is given back.
        assert rule_of(await signs(house, CLAIRE, reference, 4)) == "not_a_volunteer"
        for login, pay in ((CLAIRE, 1650), (YANN, 1712), (TANGI, 1899)):
            await is_known(house, login, hourly_cents=pay)
        seats = [(await signs(house, login, reference, 4)).json() for login in (CLAIRE, YANN, TANGI)]
        assert [(one["status"], one["seat"], one["turn"]) for one in seats] == [
            ("seated", 1, None),
            ("seated", 2, None),
            ("waiting", None, 1),
        ]
        assert (await signs(house, CLAIRE, reference, 4)).json() == seats[0]
        assert (await signs(house, YANN, reference, 4, "off")).json()["status"] == "given_back"
        [first] = [one for one in (await operation_of(house, reference))["sessions"] if one["number"] == 4]
        assert [(one["login"], one["seat"]) for one in first["people"]] == [(CLAIRE, 1), (TANGI, 2)]

        # Monday 10 March: it begins by itself. Saturday evening: whoever runs the session says who came.
        await house.sleep_until(at(10, 9))
        await settles(lambda: state(house, reference), "running")
        assert (
            rule_of(await house.as_(OPERATIONS, "POST", f"/backlog/{reference}/cancel", {"reason": WHY}))
            == "wrong_step"
        )
        await house.sleep_until(at(15, 21))
        await settles(lambda: kinds_before(house, REFERENT, reference), ["enter_attendance"])
        await says_who_came(house, REFERENT, reference, claire_morvan=420, tangi_riou=0)

        # The director stops it; accounting makes the pay; a correction makes it void, and it is made anew.
        stopped = await house.as_(OPERATIONS, "POST", f"/backlog/{reference}/stop", {"reason": WHY})
        assert (stopped.status_code, stopped.json()["state"]) == (200, "closing")
        assert await completes(house, ACCOUNTANT, reference, "prepare_pay", {"outcome": "prepare"}) == "closing"
        assert await validates(house, OPERATIONS, reference) == "closing"
        assert await kinds_before(house, ACCOUNTANT, reference) == [], "whoever made it does not validate it"
        correction = {"session": 4, "login": CLAIRE, "minutes": 390, "reason": WHY}
        corrected = await house.as_(MANAGER, "POST", f"/backlog/{reference}/correct-attendance", correction)
        assert corrected.status_code == 200, corrected.text
        assert await kinds_before(house, OTHER_ACCOUNTANT, reference) == ["prepare_pay"]
        assert await completes(house, ACCOUNTANT, reference, "prepare_pay", {"outcome": "prepare"}) == "closing"
        assert await validates(house, OPERATIONS, reference) == "closing"
        assert await validates(house, OTHER_ACCOUNTANT, reference) == "closed"

        # Claire: 35 hours of her week, then 6 h 30 at 125 % of 16.50 €, and 40 € for her first Saturday.
        pay = await house.get(ACCOUNTANT, f"/backlog/{reference}/pay/2")
        [slip] = pay["slips"]
        assert (slip["login"], slip["cents"]) == (CLAIRE, 13_406 + 4_000)
        [change] = pay["differences"]
        assert (pay["compared_with"], change["login"], change["cents"]) == (1, CLAIRE, 13_406 - 14_438)
        file = await house.as_(ACCOUNTANT, "GET", f"/backlog/{reference}/pay/2/file")
        assert (
            f"{reference};2;;claire.morvan;Mme Claire Morvan;heures_supplementaires;2031-03-10;390;125;134,06;;;"
            in file.text
        )
        void = await house.as_(ACCOUNTANT, "GET", f"/backlog/{reference}/pay/1/file")
        assert rule_of(void) == "wrong_step", "a void file is never paid"
        await house.client.get_workflow_handle(f"backlog-{_case(house, reference)}").result()


THREE_SATURDAYS = (date(2031, 3, 15), date(2031, 3, 22), date(2031, 3, 29))
STOCKS = {
    **dict.fromkeys((10, 11, 12, 13, 14), 3200),
    17: 2700,
    **dict.fromkeys((18, 19, 21), 2350),  # of the 20th nobody says anything
    **dict.fromkeys((24, 25, 26, 27, 28), 1830),
}
"""What waits on the evening of each day of March: five days of work are 2,100 files."""


@pytest.mark.proof
async def test_the_reference_operation_is_back_under_its_standard_after_three_saturdays(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, at(3, 9)) as house:
        # Monday 3 March: 40 % of the staff are away, 3,000 files wait; decided in two days, for next Monday.
        has_activity(house)
        reference = await proposes(house, sessions=[a_session(day, places=12) for day in THREE_SATURDAYS])
        await approves(house, OPERATIONS, reference)
        await house.sleep(timedelta(days=1))
        assert await approves(house, GENERAL, reference) == "planned"

        # Three volunteers: full-time, full-time and away for a day, 39 hours a week.
        late = [{"weekday": day, "starts_at": "08:30", "ends_at": "12:30"} for day in range(5)]
        late += [{"weekday": day, "starts_at": "13:30", "ends_at": "17:30" if day < 4 else "16:30"} for day in range(5)]
        await is_known(house, CLAIRE, hourly_cents=1650)
        await is_known(house, YANN, hourly_cents=1712)
        await is_known(house, TANGI, hourly_cents=1899, contract_minutes=2340, timetable=late)
        for login, numbers in {CLAIRE: (1, 2, 3), TANGI: (1, 2), YANN: (2,)}.items():
            for number in numbers:
                assert (await signs(house, login, reference, number)).json()["status"] == "seated"
        away = {"from_on": "2031-03-21", "back_on": "2031-03-22"}
        assert (await house.as_(MANAGER, "POST", f"/people/{YANN}/absences", away)).status_code == 201

        # Each evening the stock is compared with the plan; on the third evening off it, the director decides.
        for day in (10, 11, 12):
            await tells_at(house, day)
        assert await kinds_before(house, OPERATIONS, reference) == []
        await settles_at(house, at(12, 20), OPERATIONS, reference, ["decide_off_track"])
        go_on = {"outcome": "go_on", "reason": "Le premier samedi n’a pas eu lieu."}
        assert await completes(house, OPERATIONS, reference, "decide_off_track", go_on) == "running"
        for day in (13, 14):
            await tells_at(house, day)
        await settles_at(house, at(15, 20), REFERENT, reference, ["enter_attendance"])
        assert await kinds_before(house, OPERATIONS, reference) == []
        await says_who_came(house, REFERENT, reference, claire_morvan=420, tangi_riou=420)

        # Off it again: one more session, on an evening, in which Claire signs up as well.
        await tells_at(house, 17)
        await settles_at(house, at(17, 20), OPERATIONS, reference, ["decide_off_track"])
        evening = {"day": "2031-03-27", "hours": hours(("17:30", "19:30")), "places": 12}
        more = {"outcome": "strengthen", "sessions": [evening]}
        assert await completes(house, OPERATIONS, reference, "decide_off_track", more) == "running"
        assert (await signs(house, CLAIRE, reference, 4)).json()["status"] == "seated"
        for day in (18, 19, 21):
            await tells_at(house, day)
        await settles_at(house, at(22, 20), REFERENT, reference, ["enter_attendance"])
        await says_who_came(house, REFERENT, reference, claire_morvan=420, tangi_riou=420, yann_kerloch=420)

        # A week under the standard: the director may close. The third Saturday is held all the same.
        for day in (24, 25, 26, 27):
            await tells_at(house, day)
        await settles_at(house, at(27, 20), REFERENT, reference, ["enter_attendance"])
        await says_who_came(house, REFERENT, reference, claire_morvan=120)
        assert await kinds_before(house, OPERATIONS, reference) == []
        await tells_at(house, 28)
        await settles_at(house, at(28, 20), OPERATIONS, reference, ["close_operation"])
        await settles_at(house, at(29, 20), REFERENT, reference, ["enter_attendance"])
        closing = {"outcome": "close", "lessons": "Trois samedis ont suffi."}
        [task] = await house.inbox(OPERATIONS, reference)
        early = await house.as_(OPERATIONS, "POST", f"/tasks/{task['id']}/complete", closing)
        assert rule_of(early) == "wrong_step", "nobody has said who came"
        await says_who_came(house, REFERENT, reference, claire_morvan=420)
        assert await completes(house, OPERATIONS, reference, "close_operation", closing) == "closing"

        # The pay, to the cent, as computed by hand.
        assert await completes(house, ACCOUNTANT, reference, "prepare_pay", {"outcome": "prepare"}) == "closing"
        pay = await house.get(ACCOUNTANT, f"/backlog/{reference}/pay/1")
        by_login = {
            slip["login"]: [(one["kind"], one["minutes"], one["cents"]) for one in slip["lines"]]
            for slip in pay["slips"]
        }
        assert by_login == {
            # 35 h a week. 7 h at 125 % of 16.50 €, twice; then 9 h, of which 8 at 125 % and one at 150 %.
            CLAIRE: [
                ("overtime", 420, 144_38),
                ("overtime", 420, 144_38),
                ("overtime", 480, 165_00),
                ("overtime", 60, 24_75),
                ("saturday_bonus", 0, 40_00),
                ("saturday_bonus", 0, 80_00),
                ("recovery_day", 0, 0),
            ],
            # 39 h a week: 4 h at 125 % of 18.99 € up to the 43rd, then 3 h at 150 %.
            TANGI: [
                ("overtime", 240, 94_95),
                ("overtime", 180, 85_46),
                ("overtime", 240, 94_95),
                ("overtime", 180, 85_46),
                ("saturday_bonus", 0, 40_00),
                ("saturday_bonus", 0, 80_00),
            ],
            # Away on Friday: 28 h that week, so that 7 h more are the 35 that are paid at 100 % of 17.12 €.
            YANN: [("ordinary", 420, 119_84), ("saturday_bonus", 0, 40_00)],
        }
        assert pay["cents"] == 598_51 + 480_82 + 159_84
        recovery = pay["slips"][0]["lines"][-1]
        assert (recovery["days_off"], recovery["first"], recovery["last"]) == (1, "2031-06-01", "2031-09-30")
        assert await validates(house, OPERATIONS, reference) == "closing"
        assert await validates(house, OTHER_ACCOUNTANT, reference) == "closed"

        # The closing report, and what is kept of each day.
        report = await house.get(GENERAL, f"/backlog/{reference}/report")
        assert (report["final"], report["deadlines"]) == (True, None)
        assert (await house.get(MANAGER, f"/backlog/{reference}/report"))["cost"] is None, "she reads no pay"
        document = await house.as_(GENERAL, "GET", f"/backlog/{reference}/report.pdf?language=en")
        assert (document.status_code, document.headers["content-type"]) == (200, "application/pdf")
        assert (report["before"], report["after"]["stock"], report["after"]["backlog_days"]) == (None, 1830, 4.36)
        assert (report["days_over"], report["days_within"], report["days_without_figures"]) == (9, 5, 1)
        assert (report["sessions"], report["came"], report["minutes"]) == (4, 7, 2640)
        cost = report["cost"]
        assert (cost["pay_cents"], cost["recovery_days"], cost["within_budget"]) == (1_239_17, 1, True)
        told = await operation_of(house, reference)
        assert (told["end_reason"], told["lessons"]) == ("under_standard", "Trois samedis ont suffi.")
        shown = {one["day"]: (one["stock"], one["off_track"], one["under_standard"]) for one in told["days"]}
        assert shown["2031-03-12"] == (3200, True, False)
        assert shown["2031-03-15"] == (None, False, False)
        assert shown["2031-03-20"] == (None, False, False)
        assert shown["2031-03-28"] == (1830, False, True)
        await house.client.get_workflow_handle(f"backlog-{_case(house, reference)}").result()


async def tells_at(house: StoryHouse, day: int) -> None:
    """In the afternoon of a day of March, its figures are typed."""
    await house.sleep_until(at(day, 18))
    await tells(house, date(2031, 3, day), STOCKS[day])


async def settles_at(house: StoryHouse, instant: datetime, login: str, reference: str, wanted: list[str]) -> None:
    """By this instant, that is what somebody is asked to do."""
    await house.sleep_until(instant)
    await settles(lambda: kinds_before(house, login, reference), wanted)


def _case(house: StoryHouse, reference: str) -> str:
    with house.house.sessions() as session:
        return str(session.scalars(select(Case.id).where(Case.reference == reference)).one())
