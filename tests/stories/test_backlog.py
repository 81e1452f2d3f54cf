"""Operations as they go through the house: over HTTP, on the real parts, with nothing but the clock moved by hand."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

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
    approves,
    is_known,
    operation_of,
    proposes,
    says_who_came,
    signs,
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
        file = await house.as_(ACCOUNTANT, "GET", f"/backlog/{reference}/pay/2/file")
        assert "claire.morvan;Mme Claire Morvan;overtime;2031-03-10;390;125;134,06;;;" in file.text
        await house.client.get_workflow_handle(f"backlog-{_case(house, reference)}").result()


def _case(house: StoryHouse, reference: str) -> str:
    with house.house.sessions() as session:
        return str(session.scalars(select(Case.id).where(Case.reference == reference)).one())
