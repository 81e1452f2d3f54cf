"""Volunteers are told what becomes of their places: at once in the inbox, by mail in time, each of their own."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import IntegrityError

from db.commands.absence import Away, end_absence, record_absence
from db.commands.administration import Act
from db.commands.backlog_morning import judge_places
from db.commands.backlog_notice import note
from db.commands.backlog_seat import give_back
from db.commands.backlog_volunteer import Writer, keep_volunteer
from db.commands.command import Ask
from db.commands.reminder import prepare_digests, record_sent
from db.models import Absence, StaffMember, TermsRow, VolunteerNotice
from db.queries.notices import notices_of, places_changed
from db.queries.reminder import Told, told
from domain.backlog.commands import Cancel, Stop
from domain.backlog.volunteer_file import read_work
from domain.commands import CommandRef, CommandStatus
from local.demo_staff import person_id
from tests.db.operations.test_places_kept import MALO, first_day, full
from tests.factories import backlog_desk
from tests.factories.backlog_desk import ACCOUNTANT, CLAIRE, YANN, comes_to
from tests.factories.backlog_rows import A_LONG_WEEK, A_WEEK, first_terms, sessions_of
from tests.factories.complaints import ADMINISTRATOR, NOON, OPERATIONS
from tests.factories.register import Desk
from tests.factories.weeks import weeks_apart

WEEKS = weeks_apart()
"""Nobody is in two sessions at once, and none of these Saturdays is a public holiday."""
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _weeks_of_its_own(desk: Desk) -> None:
    desk.at = NOON + timedelta(weeks=next(WEEKS))
    desk.sql("DELETE FROM absences")
    with desk.sessions.begin() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(delete(TermsRow).where(TermsRow.from_on.is_not(None)))
        session.execute(update(TermsRow).values(timetable=A_WEEK, contract_minutes=2100))


def kept(desk: Desk, case_id: UUID) -> list[tuple[str, str, str | None]]:
    """Who was told what, and why, in the order of telling."""
    found = desk.sql(
        "SELECT p.login, n.kind, n.why FROM volunteer_notices n JOIN staff p ON p.id = n.person_id "
        "JOIN operation_sessions s ON s.id = n.session_id WHERE s.operation_id = :id ORDER BY n.id",
        id=case_id,
    )
    return [tuple(row) for row in found]


def is_away(desk: Desk, login: str, day: date) -> UUID:
    """Somebody's absence on that day is entered."""
    asked, ask = Away(person_id(login), day, day + A_DAY), Ask("absence", {}, str(uuid4()))
    with desk.sessions.begin() as session:
        actor = desk.actor(ADMINISTRATOR)
        return record_absence(session, asked, ask, actor, desk.at, backlog_desk.today(desk), desk.book).id


def places(desk: Desk, case_id: UUID) -> dict[str, str]:
    """What each has in the first session."""
    found = desk.sql(
        "SELECT p.login, u.status FROM sign_ups u JOIN staff p ON p.id = u.person_id WHERE u.session_id = :id "
        "ORDER BY u.asked_at, u.id",
        id=_first(desk, case_id),
    )
    return dict(map(tuple, found))


def _first(desk: Desk, case_id: UUID) -> UUID:
    with desk.sessions() as session:
        return sessions_of(session, case_id)[0]


def digest(desk: Desk) -> dict[str, Told]:
    """What the digests of the next morning say, by login; they leave."""
    desk.at = (desk.at + A_DAY).replace(hour=8)
    with desk.sessions.begin() as session:
        messages = prepare_digests(session, desk.at)
        said = [told(session, one, desk.book) for one in messages]
        for one in messages:
            record_sent(session, one, desk.at)
        return {one.to[0].login: one for one in said}


def wakes(desk: Desk, case_id: UUID) -> list[UUID]:
    """The messages that the operation's run sees once it has decided what the machine asks of it."""
    outcome = None
    waiting = desk.sql("SELECT id, kind FROM commands WHERE case_id = :id AND status = 'received'", id=case_id)
    for command_id, kind in waiting:
        assert kind == "tell_volunteers"
        outcome = desk.settle(CommandRef(command_id, case_id, kind))
        assert outcome.status is CommandStatus.APPLIED
    return list(outcome.position.messages) if outcome else []


def test_an_absence_frees_the_place_at_once_and_both_are_told(desk: Desk) -> None:
    case_id = full(desk)
    is_away(desk, CLAIRE, first_day(desk, case_id))
    assert places(desk, case_id) == {CLAIRE: "given_back", YANN: "seated", MALO: "seated"}
    assert kept(desk, case_id) == [(CLAIRE, "place_taken_back", "away"), (MALO, "place_given", None)]
    assert wakes(desk, case_id) == [], "the session is next week: the digest is early enough"
    said = digest(desk)
    assert [(one, said[one].places[0].kind) for one in (CLAIRE, MALO)] == [
        (CLAIRE, "place_taken_back"),
        (MALO, "place_given"),
    ]
    assert said[CLAIRE].places[0].day == first_day(desk, case_id)
    assert digest(desk) == {}, "once"


def test_an_absence_on_the_eve_is_told_at_once_to_each_alone(desk: Desk) -> None:
    case_id = full(desk)
    comes_to(desk, first_day(desk, case_id) - A_DAY, 17)  # Friday; the next digest is Monday's
    is_away(desk, CLAIRE, first_day(desk, case_id))
    messages = wakes(desk, case_id)
    with desk.sessions() as session:
        said = [told(session, one, desk.book) for one in messages]
    assert sorted((one.to[0].login, one.places[0].kind) for one in said) == [
        (CLAIRE, "place_taken_back"),
        (MALO, "place_given"),
    ]
    assert [len(one.to) + len(one.copies) for one in said] == [1, 1], "what somebody is told of their hours is theirs"
    desk.at += 2 * A_DAY
    assert CLAIRE not in digest(desk), "nor a second time"


def test_a_longer_usual_week_takes_the_place_at_once_with_the_article(desk: Desk) -> None:
    case_id = full(desk)
    days = ("monday", "tuesday", "wednesday", "thursday", "friday")
    week = dict.fromkeys(days, "08:00-12:00 13:00-17:24")
    asked = read_work({"contract_hours": "35", "hourly_euros": "16,50", **week})
    with desk.sessions.begin() as session:
        person = session.get_one(StaffMember, person_id(YANN))
        assert keep_volunteer(session, person, asked, Writer(desk.at, desk.at.date(), person_id(ACCOUNTANT)), desk.book)
    assert kept(desk, case_id) == [(YANN, "place_taken_back", "weekly"), (MALO, "place_given", None)]
    [place] = digest(desk)[YANN].places
    assert (place.source, place.allowed, place.reached) == (
        "Code du travail, article L3121-20",
        "48 h 00",
        "49 h 00",
    )


def test_who_is_back_earlier_gets_the_free_place_for_which_they_wait(desk: Desk) -> None:
    case_id = full(desk)
    day = first_day(desk, case_id)
    absence = is_away(desk, MALO, day)
    with desk.sessions.begin() as session:
        for login in (CLAIRE,):
            give_back(session, sessions_of(session, case_id)[0], desk.actor(login), desk.at, desk.book)
    assert places(desk, case_id)[MALO] == "waiting", "he is away"
    with desk.sessions.begin() as session:
        act = Act(desk.actor(ADMINISTRATOR), Ask("end_absence", {}, str(uuid4())), desk.at, backlog_desk.today(desk))
        end_absence(session, session.get_one(Absence, absence), act, desk.book)
    assert places(desk, case_id)[MALO] == "seated"
    assert kept(desk, case_id) == [(MALO, "place_given", None)], "who gives a place back sees it, and is told nothing"


def test_a_cancelled_operation_is_told_to_those_who_have_a_place_and_those_who_wait(desk: Desk) -> None:
    case_id = full(desk)
    cancelled = backlog_desk.do(desk, case_id, OPERATIONS, Cancel(reason="Plus besoin."), None, "cancel")
    assert (cancelled.status, cancelled.position.messages) == (CommandStatus.APPLIED, ())
    assert [*kept(desk, case_id)] == [(one, "session_dropped", "cancelled") for one in (CLAIRE, YANN, MALO)]
    assert set(digest(desk)) >= {CLAIRE, YANN, MALO}


def test_an_operation_that_is_stopped_on_the_eve_tells_at_once(desk: Desk) -> None:
    case_id = full(desk)
    first = backlog_desk.starts_on(desk, case_id)
    comes_to(desk, first, 8)
    backlog_desk.remind(desk, case_id, "operation_start")
    comes_to(desk, first_day(desk, case_id) - A_DAY, 16)
    stopped = backlog_desk.do(desk, case_id, OPERATIONS, Stop(reason="Panne."), None, "stop")
    assert stopped.status is CommandStatus.APPLIED
    assert len(stopped.position.messages) == 3, "the very commit tells the run"
    assert [one[1:] for one in kept(desk, case_id)] == [("session_dropped", "stopped")] * 3


def test_the_morning_tells_in_the_digest_of_that_very_morning(desk: Desk) -> None:
    case_id = full(desk)
    with desk.sessions.begin() as session:
        first_terms(session, person_id(YANN)).timetable = A_LONG_WEEK
    comes_to(desk, backlog_desk.today(desk) + A_DAY, 8)
    desk.at += timedelta(minutes=10)
    for _ in range(2):
        with desk.sessions.begin() as session:
            judge_places(session, desk.at, desk.book)
    with desk.sessions.begin() as session:
        said = [told(session, one, desk.book) for one in prepare_digests(session, desk.at)]
    assert {one.to[0].login for one in said if one.places} == {YANN, MALO}
    assert kept(desk, case_id) == [(YANN, "place_taken_back", "weekly"), (MALO, "place_given", None)]


def test_a_notice_is_in_the_inbox_until_it_is_noted_by_whom_it_is_for(desk: Desk) -> None:
    case_id = full(desk)
    is_away(desk, CLAIRE, first_day(desk, case_id))
    with desk.sessions.begin() as session:
        mine, *earlier = notices_of(session, person_id(CLAIRE))
        notice: VolunteerNotice = mine.VolunteerNotice
        assert not note(session, notice.id, person_id(YANN), desk.at)
        assert note(session, notice.id, person_id(CLAIRE), desk.at)
        assert note(session, notice.id, person_id(CLAIRE), desk.at + A_DAY)
    with desk.sessions() as session:
        assert len(notices_of(session, person_id(CLAIRE))) == len(earlier)
    assert CLAIRE not in digest(desk), "what is noted leaves no more"


def test_a_notice_stays_as_it_was_told(desk: Desk) -> None:
    case_id = full(desk)
    is_away(desk, CLAIRE, first_day(desk, case_id))
    for statement in (
        update(VolunteerNotice).values(why="weekly"),
        update(VolunteerNotice).values(person_id=person_id(YANN)),
    ):
        with pytest.raises(IntegrityError, match="what somebody was told stays"), desk.sessions.begin() as session:
            session.execute(statement.where(VolunteerNotice.why == "away"))


def test_the_cockpit_says_whose_place_was_given_and_taken_back_lately(desk: Desk) -> None:
    case_id = full(desk)
    day = first_day(desk, case_id)
    is_away(desk, CLAIRE, day)
    with desk.sessions() as session:
        found: list[Any] = list(places_changed(session, case_id, desk.at - A_DAY, 9))
        assert [(one.event, one.name, one.day, one.number, one.count) for one in found] == [
            ("PlaceGiven", "M. Malo Quéré", day, 1, 2),
            ("PlaceTakenBack", "Mme Claire Morvan", day, 1, 2),
        ]
        assert not places_changed(session, case_id, desk.at + A_DAY, 9)
