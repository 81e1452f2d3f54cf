"""Absences: who is away, who stands in, and what a deputy may do meanwhile."""

from datetime import date, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import delete, func, select, update

from db.models import Absence, StaffMember
from tests.api.counter import Counter

ADMINISTRATOR, CLAIRE, YANN = "alexis.cozic", "claire.morvan", "yann.kerloch"


def recorded(counter: Counter) -> int:
    """How many absences the register holds."""
    with counter.house.sessions() as session:
        return session.scalar(select(func.count()).select_from(Absence)) or 0


async def away(counter: Counter, login: str, **asked: Any) -> httpx2.Response:
    """Record an absence from Monday 3 March 2031 until Monday 10."""
    body = {"from_on": "2031-03-03", "back_on": "2031-03-10"} | asked
    return await counter.ask(ADMINISTRATOR, "POST", f"/people/{login}/absences", body)


async def test_the_usual_deputy_stands_in_unless_another_is_named(counter: Counter) -> None:
    usual = await away(counter, "nolwenn.salaun")
    assert (usual.status_code, usual.json()["deputy"]) == (201, "erwan.tanguy")
    named = await away(counter, "rozenn.abgrall", deputy=CLAIRE)
    assert (named.status_code, named.json()["deputy"]) == (201, CLAIRE)
    nobody = await away(counter, "katell.rolland")
    assert (nobody.status_code, nobody.json()["deputy"]) == (201, None)


async def test_a_deputy_wears_the_absent_persons_hats_for_as_long_as_they_are_away(counter: Counter) -> None:
    own = (await counter.get(YANN, "/me"))["hats"]
    assert (await away(counter, CLAIRE)).status_code == 201
    worn = (await counter.get(YANN, "/me"))["hats"]
    assert set(worn) - set(own) == {f"person:{counter.id_of(CLAIRE)}"}
    at = counter.clock.at
    counter.clock.at = at.replace(day=10)
    try:
        assert (await counter.get(YANN, "/me"))["hats"] == own
    finally:
        counter.clock.at = at


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"back_on": "2031-03-03"}, "back_on"),
        ({"back_on": "2031-03-02"}, "back_on"),
        ({"deputy": "tangi.riou"}, "deputy"),  # oneself
        ({"deputy": "nobody.here"}, "deputy"),
        ({"deputy": "a" * 61}, "deputy"),
        ({"from_on": "2031-02-30"}, "from_on"),
        ({"from_on": "1850-01-01"}, "from_on"),
        ({"back_on": "2200-01-01"}, "back_on"),
        ({"back_on": "9999-12-31"}, "back_on"),
        ({"from_on": "1900-01-01", "back_on": "1900-01-05"}, "back_on"),
        ({"back_on": None}, "back_on"),
    ],
)
async def test_an_impossible_absence_is_refused(counter: Counter, asked: dict[str, Any], field: str) -> None:
    before = recorded(counter)
    answer = await away(counter, "tangi.riou", **asked)
    assert answer.status_code == 422
    told = answer.json()
    assert field in {told.get("field"), *(one["field"] for one in told.get("errors", []))}
    assert recorded(counter) == before


@pytest.mark.parametrize(("login", "status"), [("nobody.here", 404), ("%00", 422), ("..%2fme", 404), ("é", 404)])
async def test_nobody_is_away_who_is_not_there(counter: Counter, login: str, status: int) -> None:
    assert (await away(counter, login)).status_code == status


async def test_whoever_has_left_is_neither_away_nor_a_deputy(counter: Counter) -> None:
    with counter.house.sessions.begin() as session:
        session.execute(update(StaffMember).where(StaffMember.login == "gildas.madec").values(active=False))
    assert (await away(counter, "gildas.madec")).status_code == 404
    refused = await away(counter, "tangi.riou", deputy="gildas.madec")
    assert (refused.status_code, refused.json()["field"]) == (422, "deputy")


async def test_a_deputy_named_with_a_character_that_is_none_is_refused(counter: Counter) -> None:
    assert (await away(counter, "tangi.riou", deputy="a\0")).status_code == 422
    content = b'{"from_on": "2031-03-03", "back_on": "2031-03-10", "deputy": "\\ud800"}'
    assert (await counter.send(ADMINISTRATOR, "/people/tangi.riou/absences", content)).status_code == 422


async def test_an_absence_that_ends_before_today_is_refused(counter: Counter) -> None:
    today = counter.house.today()
    for back_on, status in ((today, 422), (today + timedelta(days=1), 201)):
        days = {"from_on": f"{today - timedelta(days=3)}", "back_on": f"{back_on}"}
        assert (await away(counter, "odile.bescond", **days)).status_code == status


@pytest.mark.parametrize(
    ("from_on", "back_on", "status"),
    [
        ("2032-07-05", "2032-07-10", 409),
        ("2032-07-01", "2032-07-05", 201),
        ("2032-07-01", "2032-07-06", 409),
        ("2032-07-09", "2032-07-12", 409),
        ("2032-07-10", "2032-07-12", 201),
        ("2032-07-01", "2032-07-31", 409),
    ],
)
async def test_nobody_is_away_twice_on_one_day(counter: Counter, from_on: str, back_on: str, status: int) -> None:
    with counter.house.sessions.begin() as session:
        session.execute(delete(Absence).where(Absence.from_on >= date(2032, 7, 1)))
    standing = await away(counter, "odile.bescond", from_on="2032-07-05", back_on="2032-07-10")
    days = {"from_on": from_on, "back_on": back_on}
    answer = await away(counter, "odile.bescond", **days)
    assert answer.status_code == status
    assert (await away(counter, "malo.quere", **days)).status_code == 201, "somebody else can be away"
    if status == 409:
        assert answer.json()["type"] == "/problems/absence_overlaps"
        await counter.ask(ADMINISTRATOR, "POST", f"/absences/{standing.json()['id']}/end")
        assert (await away(counter, "odile.bescond", **days)).status_code == 201, "once the other is cancelled"


async def test_the_same_absence_sent_twice_is_one_and_its_key_names_no_other(counter: Counter) -> None:
    body = {"from_on": "2031-04-07", "back_on": "2031-04-09"}
    before, path = recorded(counter), "/people/odile.bescond/absences"
    first, again = [
        await counter.ask(ADMINISTRATOR, "POST", path, body, idempotency_key="absence-of-odile") for _ in range(2)
    ]
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert recorded(counter) == before + 1
    other = {**body, "back_on": "2031-04-10"}
    refused = await counter.ask(ADMINISTRATOR, "POST", path, other, idempotency_key="absence-of-odile")
    assert refused.status_code == 409
    assert recorded(counter) == before + 1


async def test_the_same_end_sent_twice_is_one_and_its_key_names_no_other(counter: Counter) -> None:
    week = {"from_on": "2031-05-05", "back_on": "2031-05-09"}
    coming, other = [(await away(counter, login, **week)).json()["id"] for login in ("odile.bescond", "malo.quere")]
    first, again = [
        await counter.ask(ADMINISTRATOR, "POST", f"/absences/{coming}/end", idempotency_key="odile-stays")
        for _ in range(2)
    ]
    assert (first.status_code, first.json()["cancelled"]) == (200, True)
    assert (again.status_code, again.json()) == (200, first.json())
    without_key = await counter.ask(ADMINISTRATOR, "POST", f"/absences/{coming}/end")
    assert without_key.json()["type"] == "/problems/absence_over"
    reused = await counter.ask(ADMINISTRATOR, "POST", f"/absences/{other}/end", idempotency_key="odile-stays")
    assert reused.json()["type"] == "/problems/key_reused"
