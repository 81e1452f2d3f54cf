"""Seventy people sign up at once: no place is sold twice, nobody works against the law, all have their answer."""

import asyncio
from datetime import timedelta
from time import monotonic
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from api.auth import new_token
from db.models import Absence, Case, JournalLine, SessionRow, SignUpRow, StaffMember
from domain.roles import Role
from tests.api.contract import rule_of
from tests.api.counter import NOON, Counter
from tests.api.matrix_things import hire
from tests.factories.backlog_rows import a_volunteer, an_approved_operation, first_terms, sessions_of

PEOPLE, PLACES = 70, 40
IN_TIME = 2.0
"""Seconds within which everybody has an answer, on a machine that does nothing else."""


async def operation(counter: Counter, places: int = 2) -> tuple[str, list[UUID]]:
    """An operation whose sessions are open: its reference, and its three Saturdays."""

    def plant() -> tuple[str, list[UUID]]:
        with counter.house.sessions.begin() as session:
            case = an_approved_operation(session, NOON, places)
            return case.reference, sessions_of(session, case.id)

    return await asyncio.to_thread(plant)


def volunteers(counter: Counter, many: int) -> list[str]:
    """So many people of the house whose hours are known; each has a token."""
    logins = []
    with counter.house.sessions.begin() as session:
        for _ in range(many):
            one = hire(session, Role.HANDLER)
            a_volunteer(session, one.id, NOON)
            counter.tokens[one.login] = new_token(session, session.get_one(StaffMember, one.id))
            logins.append(one.login)
    return logins


async def asks(counter: Counter, login: str, reference: str, session_id: UUID, what: str = "up") -> tuple[int, str]:
    """Somebody signs up, or off: the status of the answer, and what they have then, or the rule against it."""
    answer = await counter.ask(login, "POST", f"/backlog/{reference}/sessions/{session_id}/sign-{what}")
    return answer.status_code, answer.json()["status"] if answer.status_code == 200 else rule_of(answer)


def works(counter: Counter, login: str, begins: str, ends: str) -> None:
    """Somebody's usual hours are others now: from Monday to Friday, with an hour's break."""
    with counter.house.sessions.begin() as session:
        person = session.scalars(select(StaffMember).where(StaffMember.login == login)).one()
        row = first_terms(session, person.id)
        row.timetable = {str(day): [[begins, "12:00"], ["13:00", ends]] for day in range(5)}


async def test_seventy_sign_up_at_once_and_no_place_is_sold_twice(counter: Counter) -> None:
    reference, (first, *_) = await operation(counter, PLACES)
    logins = await asyncio.to_thread(volunteers, counter, PEOPLE)
    began = monotonic()
    told = await asyncio.gather(*(asks(counter, login, reference, first) for login in logins))
    took = monotonic() - began
    assert sorted(told) == [(200, "seated")] * PLACES + [(200, "waiting")] * (PEOPLE - PLACES)
    with counter.house.sessions() as session:
        taken = select(SignUpRow.seat).where(SignUpRow.session_id == first, SignUpRow.seat.is_not(None))
        assert sorted(seat or 0 for seat in session.scalars(taken)) == list(range(1, PLACES + 1))
        lines = select(JournalLine.line).join(Case, Case.id == JournalLine.case_id).where(Case.reference == reference)
        assert len(set(session.scalars(lines))) == 1 + PEOPLE, "each has its line, in one chain"
    assert took < 10 * IN_TIME, "everybody waits for somebody"


async def test_seventy_leave_and_come_at_once_and_every_place_has_one_owner(counter: Counter) -> None:
    reference, (first, *_) = await operation(counter, PLACES)
    logins = await asyncio.to_thread(volunteers, counter, PEOPLE)
    await asyncio.gather(*(asks(counter, login, reference, first) for login in logins[:60]))
    leaving = (asks(counter, login, reference, first, "off") for login in logins[:30])
    coming = (asks(counter, login, reference, first) for login in logins[60:])
    told = await asyncio.gather(*leaving, *coming)
    assert {status for status, _ in told} == {200}
    with counter.house.sessions() as session:
        rows = session.scalars(select(SignUpRow).where(SignUpRow.session_id == first)).all()
        seats = [row.seat or 0 for row in rows if row.status == "seated"]
        assert sorted(seats) == list(range(1, PLACES + 1)), "60 came, 30 left, 10 came: 40 people, 40 places"
        assert not any(row.status == "waiting" for row in rows)


async def test_one_person_who_asks_for_two_sessions_at_once_gets_what_the_law_allows(counter: Counter) -> None:
    reference, _ = await operation(counter)
    (login,) = await asyncio.to_thread(volunteers, counter, 1)
    day = NOON.date() + timedelta(days=9)
    spans = [[{"starts_at": "17:30", "ends_at": "19:30"}], [{"starts_at": "19:30", "ends_at": "20:45"}]]

    def plant() -> list[UUID]:
        with counter.house.sessions.begin() as session:
            case = session.scalars(select(Case).where(Case.reference == reference)).one()
            rows = [
                SessionRow(
                    id=uuid4(),
                    operation_id=case.id,
                    number=10 + number,
                    day=day,
                    spans=span,
                    minutes=120,
                    places=5,
                    no_show=0,
                    added_at=NOON,
                )
                for number, span in enumerate(spans)
            ]
            session.add_all(rows)
            return [row.id for row in rows]

    ids = await asyncio.to_thread(plant)
    told = await asyncio.gather(*(asks(counter, login, reference, one) for one in ids))
    assert sorted(told) == [(200, "seated"), (409, "against_labour_law")], "not 10 h 15"


async def test_the_limit_is_named_with_its_article(counter: Counter) -> None:
    reference, (first, *_) = await operation(counter)
    (login,) = await asyncio.to_thread(volunteers, counter, 1)
    await asyncio.to_thread(works, counter, login, "08:00", "17:24")
    answer = await counter.ask(login, "POST", f"/backlog/{reference}/sessions/{first}/sign-up")
    assert answer.status_code == 409
    assert "49 h 00" in answer.json()["detail"]
    assert "L3121-20" in answer.json()["detail"]
    listed = await counter.get(login, "/sessions")
    [seen] = [one for one in listed["sessions"] if one["id"] == str(first)]
    assert seen["why_not"]["code"] == "against_labour_law"


async def test_a_place_given_back_goes_to_whoever_has_fewest_sessions_and_may_have_it(counter: Counter) -> None:
    reference, (first, second, _) = await operation(counter, places=1)
    seated, busy, away, free = await asyncio.to_thread(volunteers, counter, 4)
    assert await asks(counter, busy, reference, second) == (200, "seated")
    for login, wanted in ((seated, "seated"), (busy, "waiting"), (away, "waiting"), (free, "waiting")):
        assert await asks(counter, login, reference, first) == (200, wanted)

    def falls_ill() -> None:
        with counter.house.sessions.begin() as session:
            person = session.scalars(select(StaffMember).where(StaffMember.login == away)).one()
            day = session.get_one(SessionRow, first).day
            back = day + timedelta(days=3)
            session.add(Absence(id=uuid4(), person_id=person.id, from_on=day, back_on=back, recorded_at=NOON))

    await asyncio.to_thread(falls_ill)
    assert await asks(counter, seated, reference, first, "off") == (200, "given_back")
    told = {login: await asks(counter, login, reference, first) for login in (free, busy)}
    assert told == {free: (200, "seated"), busy: (200, "waiting")}
    assert await asks(counter, seated, reference, first) == (200, "waiting")


async def test_nobody_waits_beside_a_free_place_that_another_may_not_have(counter: Counter) -> None:
    reference, (first, *_) = await operation(counter, places=1)
    seated, kept_out, free, late = await asyncio.to_thread(volunteers, counter, 4)
    assert await asks(counter, seated, reference, first) == (200, "seated")
    assert await asks(counter, kept_out, reference, first) == (200, "waiting")
    await asyncio.to_thread(works, counter, kept_out, "08:00", "17:24")
    assert await asks(counter, seated, reference, first, "off") == (200, "given_back")
    assert await asks(counter, free, reference, first) == (200, "seated"), "the free place is theirs at once"
    assert await asks(counter, late, reference, first) == (200, "waiting"), "it was the only one"
    assert await asks(counter, kept_out, reference, first) == (200, "waiting"), "who was passed over stays on the list"


async def test_whoever_may_have_the_free_place_again_gets_it_before_who_comes_now(counter: Counter) -> None:
    reference, (first, *_) = await operation(counter, places=1)
    seated, kept_out, late = await asyncio.to_thread(volunteers, counter, 3)
    assert await asks(counter, seated, reference, first) == (200, "seated")
    assert await asks(counter, kept_out, reference, first) == (200, "waiting")
    await asyncio.to_thread(works, counter, kept_out, "08:00", "17:24")
    assert await asks(counter, seated, reference, first, "off") == (200, "given_back")
    await asyncio.to_thread(works, counter, kept_out, "09:00", "17:00")
    assert await asks(counter, late, reference, first) == (200, "waiting"), "the other asked first"
    assert await asks(counter, kept_out, reference, first) == (200, "seated")


async def test_whoever_waits_and_asks_again_gets_the_place_that_is_free(counter: Counter) -> None:
    reference, (first, *_) = await operation(counter, places=1)
    seated, kept_out = await asyncio.to_thread(volunteers, counter, 2)
    assert await asks(counter, seated, reference, first) == (200, "seated")
    assert await asks(counter, kept_out, reference, first) == (200, "waiting")
    await asyncio.to_thread(works, counter, kept_out, "08:00", "17:24")
    assert await asks(counter, seated, reference, first, "off") == (200, "given_back")
    await asyncio.to_thread(works, counter, kept_out, "09:00", "17:00")
    assert await asks(counter, kept_out, reference, first) == (200, "seated")


@pytest.mark.parametrize(("minutes", "wanted"), [(61, 200), (0, 409)])
async def test_somebody_drops_out_an_hour_before_but_not_once_it_has_begun(
    counter: Counter, minutes: int, wanted: int
) -> None:
    reference, (first, *_) = await operation(counter)
    (login,) = await asyncio.to_thread(volunteers, counter, 1)
    assert await asks(counter, login, reference, first) == (200, "seated")
    begins = (NOON + timedelta(days=12)).replace(hour=8, minute=30)
    counter.clock.at = begins - timedelta(minutes=minutes)
    counter.tokens.pop(login)
    status, _ = await asks(counter, login, reference, first, "off")
    counter.clock.at = NOON
    assert status == wanted
