"""Places are judged anew in the morning: who is away, or against the law by now, gives way to the next."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.absence import Away, record_absence
from db.commands.backlog_morning import judge_places
from db.commands.command import Ask
from db.models import Absence, CalendarDay, JournalLine, SessionRow, SignUpRow, StaffMember
from local.demo_staff import person_id
from tests.factories import backlog_desk
from tests.factories.backlog_desk import CLAIRE, YANN
from tests.factories.backlog_rows import A_LONG_WEEK, A_WEEK, a_volunteer, first_terms, sessions_of
from tests.factories.complaints import ADMINISTRATOR, NOON
from tests.factories.register import Desk

MALO = "malo.quere"


def full(desk: Desk) -> UUID:
    """An operation whose first session is full: Malo waits for it. All three have the usual week."""
    with desk.sessions.begin() as session:
        for login in (CLAIRE, YANN, MALO):
            a_volunteer(session, person_id(login), desk.at)
            first_terms(session, person_id(login)).timetable = A_WEEK
    case_id = backlog_desk.approved(desk)
    told = [backlog_desk.signs_up(desk, case_id, login).status for login in (CLAIRE, YANN, MALO)]
    assert told == ["seated", "seated", "waiting"]
    return case_id


def morning(desk: Desk, case_id: UUID) -> dict[str, str]:
    """What each has in the first session, after the morning's look."""
    with desk.sessions.begin() as session:
        judge_places(session, desk.at, desk.book)
    with desk.sessions() as session:
        first = sessions_of(session, case_id)[0]
        wanted = select(StaffMember.login, SignUpRow.status).join(StaffMember, StaffMember.id == SignUpRow.person_id)
        return {row.login: row.status for row in session.execute(wanted.where(SignUpRow.session_id == first))}


def told(desk: Desk, case_id: UUID) -> list[tuple[str, str | None]]:
    """What the journal says of places since they were taken, with the reason."""
    with desk.sessions() as session:
        lines = select(JournalLine.event, JournalLine.facts).where(JournalLine.case_id == case_id)
        found = session.execute(lines.order_by(JournalLine.line)).all()
    return [(event, facts.get("why")) for event, facts in found if event.startswith("Place")]


def first_day(desk: Desk, case_id: UUID) -> date:
    """The day of its first session."""
    with desk.sessions() as session:
        return session.get_one(SessionRow, sessions_of(session, case_id)[0]).day


def test_who_is_away_on_the_day_gives_way_to_the_next_and_twice_is_once(desk: Desk) -> None:
    case_id = full(desk)
    day = first_day(desk, case_id)
    assert morning(desk, case_id) == {CLAIRE: "seated", YANN: "seated", MALO: "waiting"}, "nothing has changed"
    with desk.sessions.begin() as session:
        away = {"person_id": person_id(CLAIRE), "from_on": day, "back_on": day + timedelta(days=1)}
        session.add(Absence(id=uuid7(), recorded_at=desk.at, **away))
    wanted = {CLAIRE: "given_back", YANN: "seated", MALO: "seated"}
    assert (morning(desk, case_id), morning(desk, case_id)) == (wanted, wanted)
    assert told(desk, case_id) == [("PlaceTakenBack", "away"), ("PlaceGiven", None)]


def test_a_longer_week_takes_the_place_back_with_the_limit(desk: Desk) -> None:
    desk.at = NOON + timedelta(weeks=2)
    case_id = full(desk)
    with desk.sessions.begin() as session:
        first_terms(session, person_id(YANN)).timetable = A_LONG_WEEK
    assert morning(desk, case_id) == {CLAIRE: "seated", YANN: "given_back", MALO: "seated"}
    assert told(desk, case_id) == [("PlaceTakenBack", "against_labour_law"), ("PlaceGiven", None)]


def test_a_session_on_what_is_a_holiday_by_now_is_held_by_nobody(desk: Desk) -> None:
    desk.at = NOON + timedelta(weeks=8)
    case_id = full(desk)
    with desk.sessions.begin() as session:
        session.add(CalendarDay(day=first_day(desk, case_id), kind="public_holiday", name="Jour férié"))
    found = morning(desk, case_id)
    assert found[CLAIRE] == "given_back"
    assert found[MALO] == "waiting"
    assert ("PlaceTakenBack", "against_labour_law") in told(desk, case_id)


def has(session: Session, session_id: UUID, login: str) -> str | None:
    """What somebody has in a session."""
    wanted = select(SignUpRow.status).where(SignUpRow.session_id == session_id, SignUpRow.person_id == person_id(login))
    return session.scalar(wanted)


def test_an_absence_is_entered_though_the_calendar_does_not_know_the_weeks_around_a_session(desk: Desk) -> None:
    """Holidays are known up to the end of the year: labour law looks beyond it from the third Saturday on."""
    desk.at = NOON + timedelta(weeks=44)
    case_id = full(desk)
    assert backlog_desk.signs_up(desk, case_id, CLAIRE, 3).status == "seated"
    day = first_day(desk, case_id)
    away, ask = Away(person_id(CLAIRE), day, day + timedelta(weeks=3)), Ask("absence", {}, "beyond the calendar")
    with desk.sessions() as session:
        session.execute(delete(CalendarDay).where(CalendarDay.day >= date(day.year + 1, 1, 1)))
        record_absence(session, away, ask, desk.actor(ADMINISTRATOR), desk.at, backlog_desk.today(desk), desk.book)
        held = sessions_of(session, case_id)
        session.flush()
        assert [has(session, held[0], CLAIRE), has(session, held[2], CLAIRE)] == ["given_back", "seated"]
        judge_places(session, desk.at, desk.book)
        assert [has(session, held[0], MALO), has(session, held[2], CLAIRE)] == ["seated", "seated"]
        session.rollback()
