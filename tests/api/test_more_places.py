"""A session gets more places: those who wait have them at once, nobody loses one, and twice is once."""

import asyncio
from datetime import timedelta

from sqlalchemy import select

from db.models import Case, JournalLine, SessionRow
from tests.api.contract import rule_of
from tests.api.counter import NOON, Counter
from tests.api.test_sign_up import asks, operation, volunteers

DIRECTOR, GENERAL, MANAGER = "isabelle.kermarrec", "francois.le.bihan", "anne.le.goff"


async def test_those_who_wait_get_the_new_places_in_their_turn(counter: Counter) -> None:
    reference, (first, second, _) = await operation(counter, 2)
    logins = await asyncio.to_thread(volunteers, counter, 5)
    told = [await asks(counter, login, reference, first) for login in logins]
    assert [status for _, status in told] == ["seated"] * 2 + ["waiting"] * 3
    address = f"/backlog/{reference}/sessions/{first}/places"
    answer = await counter.ask(DIRECTOR, "PUT", address, {"places": 4})
    assert answer.status_code == 200, answer.text
    assert answer.json() | {"session": None} == {"session": None, "number": 1, "places": 4, "free": 0, "waiting": 1}
    assert (await counter.ask(DIRECTOR, "PUT", address, {"places": 4})).json() == answer.json(), "twice is once"
    with counter.house.sessions() as session:
        lines = select(JournalLine.event, JournalLine.facts).join(Case, Case.id == JournalLine.case_id)
        found = session.execute(lines.where(Case.reference == reference).order_by(JournalLine.line)).all()
        assert [event for event, _ in found][-3:] == ["PlacesAdded", "PlaceGiven", "PlaceGiven"]
        assert {facts.get("from_places") for event, facts in found if event == "PlacesAdded"} == {2}
        assert session.get_one(SessionRow, second).places == 2, "the others stay as they are"


async def test_more_places_than_the_approved_budget_covers_are_refused_with_what_to_do(counter: Counter) -> None:
    reference, (first, *_) = await operation(counter, 2)
    await asyncio.to_thread(volunteers, counter, 1)
    address = f"/backlog/{reference}/sessions/{first}/places"
    answer = await counter.ask(DIRECTOR, "PUT", address, {"places": 1000})
    assert (answer.status_code, rule_of(answer)) == (409, "beyond_budget")
    assert "20000 €" in answer.json()["detail"]
    assert "the directors approve" in answer.json()["remedy"]
    with counter.house.sessions() as session:
        assert session.get_one(SessionRow, first).places == 2


async def test_places_are_never_taken_away_and_come_before_the_session_begins(counter: Counter) -> None:
    reference, (first, *_) = await operation(counter, 2)
    address = f"/backlog/{reference}/sessions/{first}/places"
    fewer = await counter.ask(DIRECTOR, "PUT", address, {"places": 1})
    assert (fewer.status_code, fewer.json()["field"]) == (422, "places")
    assert (await counter.ask(GENERAL, "PUT", address, {"places": 3})).status_code == 403
    assert (await counter.ask(MANAGER, "PUT", address, {"places": 3})).status_code == 403
    counter.clock.at = NOON + timedelta(days=20)
    try:
        late = await counter.ask(DIRECTOR, "PUT", address, {"places": 3})
    finally:
        counter.clock.at = NOON
    assert (late.status_code, rule_of(late)) == (409, "wrong_step")
