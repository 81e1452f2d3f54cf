"""Absences as the register keeps them: whose tasks are offered again, when, and what a task then says of itself."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from db.commands.absence import Away, offer_again, record_absence
from db.commands.command import Ask
from db.commands.task import claim
from db.models import CommandRow
from db.queries.standing import as_task
from domain.commands import CommandRef, CommandStatus
from domain.complaint.commands import Approve
from domain.refusals import TaskTaken
from domain.tasks import check_may_do
from local.demo_staff import person_id
from tests.factories.complaints import (
    ADMINISTRATOR,
    AUTHOR,
    COLLEAGUE,
    GENERAL,
    MANAGER,
    MANAGERS,
    OPERATIONS,
    REFERENT,
    TODAY,
    an_acknowledgement,
)
from tests.factories.register import Desk, a_complaint_at

A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _everybody_is_back(desk: Desk) -> None:
    desk.sql("DELETE FROM absences")


def away(desk: Desk, login: str, from_on: date = TODAY, days: int = 5) -> None:
    """An absence is recorded."""
    asked = Away(person_id(login), from_on, from_on + days * A_DAY)
    ask = Ask("absence", {}, str(uuid4()))
    with desk.sessions.begin() as session:
        record_absence(session, asked, ask, desk.actor(ADMINISTRATOR), desk.at, TODAY, desk.book)


def without_deputy(desk: Desk, login: str) -> None:
    desk.sql("UPDATE staff SET deputy_id = NULL WHERE login = :login", login=login)


def decide_what_waits(desk: Desk, case_id: UUID) -> list[str]:
    """Decide the commands that wait on a case; their kinds."""
    wanted = select(CommandRow).where(CommandRow.case_id == case_id, CommandRow.status == "received")
    with desk.sessions() as session:
        refs = [CommandRef(row.id, row.case_id, row.kind) for row in session.scalars(wanted.order_by(CommandRow.order))]
    for ref in refs:
        assert desk.settle(ref).status is CommandStatus.APPLIED
    return [ref.kind for ref in refs]


def test_an_absence_that_begins_today_offers_the_persons_tasks_again(desk: Desk) -> None:
    mine, another = a_complaint_at(desk, "assigned"), a_complaint_at(desk, "assigned", skills=["german"])
    without_deputy(desk, AUTHOR)
    away(desk, AUTHOR)
    assert decide_what_waits(desk, mine) == ["reoffer"]
    assert decide_what_waits(desk, another) == []
    assert desk.task(mine, "acknowledge").offered_to == ["pole_manager@benefits"]


def test_an_absence_to_come_offers_nothing_before_its_day(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    without_deputy(desk, AUTHOR)
    away(desk, AUTHOR, TODAY + A_DAY)
    assert decide_what_waits(desk, case_id) == []
    with desk.sessions.begin() as session:
        offer_again(session, TODAY, desk.at)
    assert decide_what_waits(desk, case_id) == []
    desk.at += A_DAY
    try:
        with desk.sessions.begin() as session:
            offer_again(session, TODAY + A_DAY, desk.at)
        assert decide_what_waits(desk, case_id) == ["reoffer"]
    finally:
        desk.at -= A_DAY
    assert desk.task(case_id, "acknowledge").offered_to == ["pole_manager@benefits"]


def test_on_the_day_of_being_back_the_task_comes_back(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    without_deputy(desk, AUTHOR)
    away(desk, AUTHOR, days=1)
    decide_what_waits(desk, case_id)
    desk.at += A_DAY
    try:
        with desk.sessions.begin() as session:
            offer_again(session, TODAY + A_DAY, desk.at)
        decide_what_waits(desk, case_id)
    finally:
        desk.at -= A_DAY
    assert desk.task(case_id, "acknowledge").offered_to == [f"person:{person_id(AUTHOR)}"]


def test_a_task_that_was_left_to_nobody_says_so_until_somebody_is_back(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "drafted")
    desk.do(case_id, REFERENT, Approve(version_hash=desk.version_hash(case_id)), "validate")
    known = desk.sql("SELECT id, deputy_id FROM staff")
    for login in (*MANAGERS, OPERATIONS, GENERAL):
        without_deputy(desk, login)
        away(desk, login, days=1)
    try:
        assert decide_what_waits(desk, case_id)
        assert desk.task(case_id, "validate").nobody_left
        assert desk.task(case_id, "unblock").detail == {"blocked": "validate"}
        desk.at += A_DAY
        with desk.sessions.begin() as session:
            offer_again(session, TODAY + A_DAY, desk.at)
        assert decide_what_waits(desk, case_id) == ["reoffer"]
    finally:
        desk.at = desk.at.replace(day=TODAY.day)
        for person, deputy in known:
            desk.sql("UPDATE staff SET deputy_id = :deputy WHERE id = :id", id=person, deputy=deputy)
    assert not desk.task(case_id, "validate").nobody_left
    assert desk.sql("SELECT outcome FROM tasks WHERE case_id = :id AND kind = 'unblock'", id=case_id) == [
        ("withdrawn",)
    ]


def test_what_an_absent_person_had_claimed_is_free_for_the_deputy(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "drafted")
    task = desk.task(case_id, "validate")
    with desk.sessions.begin() as session:
        claim(session, task.id, desk.actor(REFERENT), desk.at, desk.at.date())
    with pytest.raises(TaskTaken):
        check_may_do(as_task(desk.task(case_id, "validate")), desk.actor(MANAGER))
    away(desk, REFERENT)
    decide_what_waits(desk, case_id)
    check_may_do(as_task(desk.task(case_id, "validate")), desk.actor("alan.cadiou"))
    assert desk.task(case_id, "validate").claimed_by is None


def test_a_day_that_begins_twice_offers_again_once(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    away(desk, AUTHOR)
    decide_what_waits(desk, case_id)
    for _ in range(2):
        with desk.sessions.begin() as session:
            offer_again(session, TODAY, desk.at)
    assert decide_what_waits(desk, case_id) == ["reoffer"]
    with desk.sessions.begin() as session:
        offer_again(session, TODAY, desk.at)
    assert decide_what_waits(desk, case_id) == []


def test_the_deputy_acts_with_the_rights_of_the_day_and_the_command_keeps_them(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    desk.sql("UPDATE staff SET deputy_id = :to WHERE login = :login", to=person_id(COLLEAGUE), login=AUTHOR)
    away(desk, AUTHOR)
    command = desk.give(case_id, COLLEAGUE, an_acknowledgement(), "acknowledge")
    desk.sql("DELETE FROM absences")  # back before the command is decided
    assert desk.settle(command).status is CommandStatus.APPLIED
    ((rights,),) = desk.sql("SELECT rights FROM commands WHERE id = :id", id=command.id)
    assert f"person:{person_id(AUTHOR)}" in rights["hats"]
