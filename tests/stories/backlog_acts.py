"""What people do with an operation in a story, one act each, over HTTP: who does it comes first, as in a sentence."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx2

from tests.factories.figures import an_activity
from tests.stories.acts import completes
from tests.stories.house import StoryHouse

MANAGER, OTHER_MANAGER, REFERENT = "anne.le.goff", "annaig.le.berre", "gwenola.prigent"
OPERATIONS, GENERAL = "isabelle.kermarrec", "francois.le.bihan"
ACCOUNTANT, OTHER_ACCOUNTANT = "solene.guivarch", "ronan.postec"
ADMINISTRATOR = "alexis.cozic"
CLAIRE, YANN, TANGI = "claire.morvan", "yann.kerloch", "tangi.riou"
MORNING_AND_AFTERNOON = (("08:30", "12:30"), ("13:15", "16:15"))
"""Seven hours, with their break."""
ACTIVITY = "benefits-mail"
WHY = "Les relances saturent le standard."


def hours(*spans: tuple[str, str]) -> list[dict[str, str]]:
    """Spans of a day, as a body names them."""
    return [{"starts_at": starts, "ends_at": ends} for starts, ends in spans]


def a_session(day: date, places: int = 2, **changes: Any) -> dict[str, Any]:
    """Seven hours of a day."""
    return {"day": day.isoformat(), "hours": hours(*MORNING_AND_AFTERNOON), "places": places} | changes


def a_week(starts: str = "09:00", ends: str = "17:00") -> list[dict[str, Any]]:
    """Seven hours a day, Monday to Friday, an hour's break at noon."""
    halves = ((starts, "12:30"), ("13:30", ends))
    return [{"weekday": day, "starts_at": a, "ends_at": b} for day in range(5) for a, b in halves]


def a_plan(house: StoryHouse, **changes: Any) -> dict[str, Any]:
    """From next Monday on, three Saturdays; 40 % of the staff are away."""
    today = house.house.today()
    monday = today + timedelta(days=7 - today.weekday())
    return {
        "starts_on": monday.isoformat(),
        "budget_cents": 2_000_000,
        "situation": {
            "as_of": (today - timedelta(days=3 if today.weekday() == 0 else 1)).isoformat(),
            "stock": 3000,
            "inflow": "400",
            "minutes": "12",
            "staff": "20",
            "hours": "7",
            "absence": "0.40",
            "standard": "5",
        },
        "sessions": [a_session(monday + timedelta(days=5 + 7 * week)) for week in range(3)],
    } | changes


def has_activity(house: StoryHouse) -> None:
    """The house knows the activity: 12 minutes a file, seven hours a day, five days of work may wait."""
    with house.house.sessions.begin() as session:
        an_activity(session, ACTIVITY, staff=Decimal(20))


async def tells(house: StoryHouse, day: date, stock: int, handled: int = 420) -> None:
    """A manager types the figures of a day: 8 of 20 people are away."""
    line = {"activity": ACTIVITY, "stock": stock, "inflow": 400, "handled": handled, "minutes": 12}
    body = {"figures": [line | {"planned": 20, "present": 12}]}
    answer = await house.as_(MANAGER, "PUT", f"/figures/{day}", body)
    assert answer.status_code == 200, answer.text


async def proposes(house: StoryHouse, login: str = MANAGER, **changes: Any) -> str:
    """An operation is proposed; its reference."""
    answer = await house.as_(login, "POST", "/backlog", a_proposal(house, **changes))
    assert answer.status_code == 201, answer.text
    reference: str = answer.json()["reference"]
    return reference


def a_proposal(house: StoryHouse, **changes: Any) -> dict[str, Any]:
    """Benefits by mail are far behind."""
    plan = a_plan(house)
    named = {"activity": ACTIVITY, "pole": "benefits", "objective": "Revenir sous cinq jours."}
    return plan | named | changes


async def operation_of(house: StoryHouse, reference: str, login: str = OPERATIONS) -> dict[str, Any]:
    """Everything on the file."""
    told: dict[str, Any] = await house.get(login, f"/backlog/{reference}")
    return told


async def approves(house: StoryHouse, login: str, reference: str) -> str:
    """A director approves the plan that they have just read."""
    plan_hash = (await operation_of(house, reference))["plan_hash"]
    body = {"outcome": "approve", "plan_hash": plan_hash}
    return await completes(house, login, reference, "approve_operation", body)


async def is_known(house: StoryHouse, login: str, **changes: Any) -> None:
    """The administrator enters somebody's contract, week and pay."""
    body = {"contract_minutes": 2100, "hourly_cents": 1650, "timetable": a_week()} | changes
    answer = await house.as_(ADMINISTRATOR, "PUT", f"/volunteers/{login}", body)
    assert answer.status_code == 200, answer.text


async def sessions(house: StoryHouse, reference: str) -> list[dict[str, Any]]:
    """The operation's sessions, by day."""
    told: list[dict[str, Any]] = (await operation_of(house, reference))["sessions"]
    return told


async def signs(house: StoryHouse, login: str, reference: str, number: int, what: str = "up") -> httpx2.Response:
    """Somebody signs up for the session of this number, or gives their place back (`off`)."""
    [session] = [one for one in await sessions(house, reference) if one["number"] == number]
    return await house.as_(login, "POST", f"/backlog/{reference}/sessions/{session['id']}/sign-{what}")


async def says_who_came(house: StoryHouse, login: str, reference: str, **minutes: int) -> str:
    """Whoever runs the session says how long each has worked; a login's dot is written `_`."""
    attended = [{"login": one.replace("_", "."), "minutes": told} for one, told in minutes.items()]
    return await completes(house, login, reference, "enter_attendance", {"outcome": "enter", "attended": attended})


async def validates(house: StoryHouse, login: str, reference: str) -> str:
    """A validator lets the very file go that lies before them."""
    [task] = [task for task in await house.inbox(login, reference) if task["kind"] == "validate_pay"]
    body = {"outcome": "validate", "sha256": task["detail"]["sha256"]}
    return await completes(house, login, reference, "validate_pay", body)
