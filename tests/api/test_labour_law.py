"""The limits of labour law as whoever signs up meets them: a minute before, on the very minute, a minute too long."""

from datetime import date, timedelta
from itertools import count
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from api.auth import new_token
from db.models import Case, SessionRow, StaffMember
from domain.roles import Role
from tests.api.contract import rule_of
from tests.api.counter import NOON, Counter
from tests.api.matrix_things import hire
from tests.factories.backlog_rows import a_volunteer, an_approved_operation

MONDAY = date(2031, 3, 17)
"""Of the second week of the operation: no public holiday within it, nor in the 11 weeks around that matter here."""
Week = dict[str, list[list[str]]]
Hours = tuple[str, str]
_numbers = count(100)


def week(*hours: Hours, days: range = range(5)) -> Week:
    """The same hours on each of these days."""
    return {str(day): [list(one) for one in hours] for day in days}


USUAL = week(("09:00", "12:30"), ("13:30", "17:00"))
"""35 hours."""
FORTY_HOURS = week(("08:30", "12:30"), ("13:15", "17:15"))
JUST_UNDER_44 = week(("08:00", "12:00"), ("12:45", "17:30"))
"""43 h 45: in twelve weeks without a public holiday, three hours are left."""
WEDNESDAY, SATURDAY = 2, 5
LIMITS = [
    # usual week, day of the session, its hours, the last of which end a minute early, on the minute, a minute late
    pytest.param(USUAL, WEDNESDAY, (), "17:30", ("20:29", "20:30", "20:31"), "L3121-18", "10 h 01", id="10 h a day"),
    pytest.param(
        *(FORTY_HOURS, SATURDAY, (("08:30", "12:30"),), "13:00", ("16:59", "17:00", "17:01"), "L3121-20", "48 h 01"),
        id="48 h a week",
    ),
    pytest.param(
        *(JUST_UNDER_44, SATURDAY, (), "09:00", ("11:59", "12:00", "12:01"), "L3121-22", "44 h 01"),
        id="44 h on average",
    ),
    pytest.param(USUAL, SATURDAY, (), "18:00", ("21:59", "22:00", "22:01"), "L3132-2", "34 h 59", id="35 h of rest"),
    pytest.param(USUAL, SATURDAY, (), "08:00", ("13:59", "14:00", "14:01"), "L3121-16", "6 h 01", id="6 h at once"),
    pytest.param(
        USUAL, WEDNESDAY, (), "20:00", ("21:59", "22:00", "22:01"), "L3131-1", "13 h 01", id="13 h from end to end"
    ),
]


FOUR_DAYS = week(("09:00", "12:30"), ("13:30", "17:00"), days=range(4))
"""28 hours: a tenth more is 30 h 48, below a full week."""
SHORT_FRIDAY = FOUR_DAYS | {"4": [["09:00", "13:00"]]}
"""32 hours: a tenth more would be 35 h 12, a full week and more."""
PART_TIME = [
    pytest.param(FOUR_DAYS, 1680, "09:00", ("11:47", "11:48", "11:49"), "L3123-28", "30 h 49", id="a tenth more"),
    pytest.param(SHORT_FRIDAY, 1920, "09:00", ("11:58", "11:59", "12:00"), "L3123-9", "35 h 00", id="below 35 h"),
]


@pytest.mark.parametrize(("hours", "contract", "starts", "ends", "article", "words"), PART_TIME)
async def test_a_part_timer_s_week_is_kept_to_the_minute(
    counter: Counter,
    reference: str,
    hours: Week,
    contract: int,
    starts: str,
    ends: tuple[str, str, str],
    article: str,
    words: str,
) -> None:
    told = []
    for end in ends:
        login = await volunteer(counter, hours, contract)
        session_id = session_at(counter, reference, MONDAY + timedelta(days=SATURDAY), (starts, end))
        told.append(await hears(counter, login, reference, session_id))
    assert [rule for rule, _ in told] == ["seated", "seated", "against_labour_law"], told
    assert article in told[2][1]
    assert words in told[2][1]


async def volunteer(counter: Counter, hours: Week, contract: int = 2100) -> str:
    """Somebody who works so every week."""
    with counter.house.sessions.begin() as session:
        one = hire(session, Role.HANDLER)
        a_volunteer(session, one.id, NOON, timetable=hours, contract_minutes=contract)
        counter.tokens[one.login] = new_token(session, session.get_one(StaffMember, one.id))
        return one.login


@pytest.fixture(scope="module")
def reference(counter: Counter) -> str:
    """An operation whose sessions are open."""
    with counter.house.sessions.begin() as session:
        return an_approved_operation(session, NOON).reference


def session_at(counter: Counter, reference: str, day: date, *hours: Hours) -> UUID:
    """A session more."""
    with counter.house.sessions.begin() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        row = SessionRow(
            id=uuid4(),
            operation_id=case.id,
            number=next(_numbers),
            day=day,
            spans=[{"starts_at": starts, "ends_at": ends} for starts, ends in hours],
            minutes=60,
            places=9,
            no_show=0,
            added_at=NOON,
        )
        session.add(row)
        return row.id


async def hears(counter: Counter, login: str, reference: str, session_id: UUID) -> tuple[str, str]:
    """What somebody hears who signs up: seated, or the rule with its words."""
    answer = await counter.ask(login, "POST", f"/backlog/{reference}/sessions/{session_id}/sign-up")
    if answer.status_code == 200:
        return answer.json()["status"], ""
    assert answer.status_code == 409, answer.text
    assert answer.json()["remedy"]
    return rule_of(answer), answer.json()["detail"]


@pytest.mark.parametrize(("hours", "day", "before", "starts", "ends", "article", "words"), LIMITS)
async def test_a_limit_is_kept_to_the_minute_and_told_with_its_article(
    counter: Counter,
    reference: str,
    hours: Week,
    day: int,
    before: tuple[Hours, ...],
    starts: str,
    ends: tuple[str, str, str],
    article: str,
    words: str,
) -> None:
    told = []
    for end in ends:
        login = await volunteer(counter, hours)
        session_id = session_at(counter, reference, MONDAY + timedelta(days=day), *before, (starts, end))
        told.append(await hears(counter, login, reference, session_id))
    assert [rule for rule, _ in told] == ["seated", "seated", "against_labour_law"], told
    assert article in told[2][1]
    assert words in told[2][1]


async def test_the_forty_ninth_hour_is_refused_and_the_page_of_sessions_says_why(
    counter: Counter, reference: str
) -> None:
    login = await volunteer(counter, FORTY_HOURS)
    saturday = MONDAY + timedelta(days=SATURDAY)
    session_id = session_at(counter, reference, saturday, ("08:00", "12:00"), ("13:00", "18:00"))
    rule, words = await hears(counter, login, reference, session_id)
    assert (rule, "49 h 00" in words) == ("against_labour_law", True)
    listed = (await counter.get(login, "/sessions"))["sessions"]
    [why] = [one["why_not"] for one in listed if one["id"] == str(session_id)]
    assert why["rule"] in words
    assert why["remedy"] == "Choose a session of another week."
