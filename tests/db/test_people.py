"""People as the register keeps them: what somebody who leaves had in hand goes to others, and the ledger keeps it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from db.commands import people
from db.commands.absence import Away, end_absence, offer_again, record_absence
from db.commands.administration import Act
from db.commands.command import Ask
from db.commands.task import claim
from db.models import Absence, AdministrationLine, Case, StaffMember
from db.queries.people import actor_on, must_change_password
from db.queries.standing import as_task
from domain.refusals import AbsenceOver, AccountElsewhere, FourEyes, LastAdministrator
from domain.roles import Role
from domain.tasks import check_may_do
from local.demo_staff import person_id
from tests.db.test_absences import decide_what_waits
from tests.factories.complaints import ADMINISTRATOR, AUTHOR, COLLEAGUE, MANAGER, REFERENT, TODAY
from tests.factories.register import Desk, a_complaint_at, open_desk

CHANGES = ("UPDATE {0} SET event = event", "DELETE FROM {0}", "TRUNCATE {0}")


@pytest.fixture(autouse=True)
def _as_the_demo_has_them(desk: Desk) -> Iterator[None]:
    desk.sql("DELETE FROM absences")
    known = desk.sql("SELECT id, roles, deputy_id, active FROM staff")
    yield
    for person, roles, deputy, active in known:
        desk.sql(
            "UPDATE staff SET roles = :roles, deputy_id = :deputy, active = :active WHERE id = :id",
            id=person,
            roles=roles,
            deputy=deputy,
            active=active,
        )


def act(desk: Desk, login: str = ADMINISTRATOR) -> Act:
    return Act(desk.actor(login), Ask("test", {}, str(uuid4())), desk.at, TODAY)


def leaves(desk: Desk, login: str, by: str = ADMINISTRATOR) -> AdministrationLine:
    with desk.sessions.begin() as session:
        row = people.locked(session, login)
        assert row is not None
        return people.leave(session, row, act(desk, by))


def changes(desk: Desk, login: str, by: str = ADMINISTRATOR, **wanted: Any) -> AdministrationLine | None:
    with desk.sessions.begin() as session:
        row = people.locked(session, login)
        assert row is not None
        return people.change(session, row, wanted, act(desk, by))


SECOND = people.NewPerson(
    login="second.corlay",
    name="Mme Seconde Administratrice",
    title="Administratrice",
    email="second@mutuelle-des-embruns.example",
    phone="02 61 91 00 99",
    roles=(Role.ADMINISTRATOR,),
    pole=None,
    skills=(),
    deputy_id=None,
)


def hired_administrator(desk: Desk) -> UUID:
    new = replace(SECOND, login=f"second.{uuid4().hex}")
    with desk.sessions.begin() as session:
        return people.hire(session, new, "a hash", act(desk)).person_id


def test_the_tasks_of_whoever_leaves_go_one_level_up_and_their_open_cases_are_named(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    with desk.sessions() as session:
        reference = session.get_one(Case, case_id).reference
    line = leaves(desk, AUTHOR)
    assert reference in line.consequences["open_cases"]
    assert reference in line.consequences["offered_again"]
    assert COLLEAGUE in line.consequences["without_deputy"]
    assert decide_what_waits(desk, case_id) == ["reoffer"]
    assert desk.task(case_id, "acknowledge").offered_to == ["pole_manager@benefits"]
    assert desk.sql("SELECT deputy_id FROM staff WHERE login = :login", login=COLLEAGUE) == [(None,)]


def test_whoever_is_taken_back_has_no_deputy_who_has_left_meanwhile(desk: Desk) -> None:
    desk.sql("UPDATE staff SET deputy_id = :deputy WHERE login = :login", deputy=person_id(AUTHOR), login=COLLEAGUE)
    leaves(desk, COLLEAGUE)
    line = leaves(desk, AUTHOR)
    assert COLLEAGUE not in line.consequences["without_deputy"]
    with desk.sessions.begin() as session:
        row = people.locked(session, COLLEAGUE)
        assert row is not None
        people.come_back(session, row, "a hash", act(desk))
        assert row.deputy_id is None


def test_whoever_becomes_administrator_stands_in_for_nobody_any_more(desk: Desk) -> None:
    desk.sql("UPDATE staff SET deputy_id = :deputy WHERE login = :login", deputy=person_id(AUTHOR), login=COLLEAGUE)
    with desk.sessions.begin() as session:
        away = Away(person_id(MANAGER), TODAY + timedelta(days=7), TODAY + timedelta(days=9), person_id(AUTHOR))
        coming = record_absence(
            session, away, Ask("absence", {}, str(uuid4())), desk.actor(ADMINISTRATOR), desk.at, TODAY, desk.book
        ).id
    line = changes(desk, AUTHOR, roles=["administrator"])
    assert line is not None
    assert COLLEAGUE in line.consequences["without_deputy"]
    assert desk.sql("SELECT deputy_id FROM staff WHERE login = :login", login=COLLEAGUE) == [(None,)]
    assert desk.sql("SELECT deputy_id FROM absences WHERE id = :id", id=coming) == [(None,)]


def test_a_task_that_is_opened_for_somebody_while_they_leave_is_found_in_the_morning(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    desk.sql("UPDATE staff SET active = false WHERE login = :login", login=AUTHOR)
    with desk.sessions.begin() as session:
        offer_again(session, TODAY, desk.at)
    assert "reoffer" in decide_what_waits(desk, case_id)
    assert desk.task(case_id, "acknowledge").offered_to == ["pole_manager@benefits"]


def test_what_somebody_holds_is_free_when_they_lose_the_role(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "drafted")
    with desk.sessions.begin() as session:
        claim(session, desk.task(case_id, "validate").id, desk.actor(REFERENT), desk.at, desk.at.date())
    line = changes(desk, REFERENT, roles=["handler"])
    assert line is not None
    assert line.changes == {"roles": {"from": ["technical_referent"], "to": ["handler"]}}
    assert decide_what_waits(desk, case_id) == ["reoffer"]
    assert desk.task(case_id, "validate").claimed_by is None
    check_may_do(as_task(desk.task(case_id, "validate")), desk.actor(MANAGER))


def test_another_title_offers_nothing_again_and_the_same_title_is_no_change(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    line = changes(desk, AUTHOR, title="Gestionnaire confirmée")
    assert line is not None
    assert line.consequences["offered_again"] == []
    assert decide_what_waits(desk, case_id) == []
    assert changes(desk, AUTHOR, title="Gestionnaire confirmée") is None


def test_whoever_comes_back_finds_what_had_been_raised_meanwhile(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    leaves(desk, AUTHOR)
    decide_what_waits(desk, case_id)
    with desk.sessions.begin() as session:
        row = people.locked(session, AUTHOR)
        assert row is not None
        people.come_back(session, row, "a hash", act(desk))
    assert decide_what_waits(desk, case_id) == ["reoffer"]
    assert desk.task(case_id, "acknowledge").offered_to == [f"person:{person_id(AUTHOR)}"]
    with desk.sessions() as session:
        assert must_change_password(session, person_id(AUTHOR))
        actor = actor_on(session, person_id(AUTHOR), TODAY)
        assert actor is not None
        assert actor.must_change_password
    desk.sql("UPDATE staff SET password_provisional = false WHERE login = :login", login=AUTHOR)


def test_an_account_is_closed_once_and_never_by_its_owner(desk: Desk) -> None:
    with pytest.raises(FourEyes):
        leaves(desk, ADMINISTRATOR)
    leaves(desk, AUTHOR)
    with pytest.raises(AccountElsewhere):
        leaves(desk, AUTHOR)
    with pytest.raises(AccountElsewhere):
        changes(desk, AUTHOR, title="Gestionnaire")


def test_the_last_administrator_neither_leaves_nor_loses_the_role(desk: Desk) -> None:
    with pytest.raises(LastAdministrator):
        leaves(desk, ADMINISTRATOR, by=MANAGER)  # the API lets no manager in: the rule does not lean on that
    with pytest.raises(LastAdministrator):
        changes(desk, ADMINISTRATOR, by=MANAGER, roles=["auditor"])
    second = hired_administrator(desk)
    leaves(desk, ADMINISTRATOR, by=MANAGER)
    desk.sql("UPDATE staff SET active = false WHERE id = :id", id=second)


def test_of_two_administrators_who_remove_each_other_at_once_one_stays(desk: Desk) -> None:
    second = hired_administrator(desk)
    with desk.sessions() as session:
        login = session.get_one(StaffMember, second).login
        by_second = actor_on(session, second, TODAY)
    assert by_second is not None
    acts = {
        login: act(desk),
        ADMINISTRATOR: Act(by_second, Ask("test", {}, str(uuid4())), desk.at, TODAY),
    }
    together, refused = Barrier(2), list[str]()

    def remove(whom: str) -> None:
        together.wait()
        try:
            with desk.sessions.begin() as session:
                row = people.locked(session, whom)
                assert row is not None
                people.leave(session, row, acts[whom])
        except LastAdministrator:
            refused.append(whom)

    threads = [Thread(target=remove, args=(whom,)) for whom in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    desk.sql("UPDATE staff SET active = false WHERE id = :id", id=second)


def test_two_first_administrators_at_once_are_one(database: str) -> None:
    refused = list[str]()
    with open_desk(database) as desk:

        def hire(login: str) -> None:
            try:
                with desk.sessions.begin() as session:
                    people.hire_first_administrator(session, replace(SECOND, login=login), "a hash", desk.at)
            except AccountElsewhere:
                refused.append(login)

        late = Thread(target=hire, args=("late.corlay",))
        with desk.sessions.begin() as session:
            people.hire_first_administrator(session, replace(SECOND, login="first.corlay"), "a hash", desk.at)
            late.start()
            late.join(0.5)
        late.join()
        assert desk.sql("SELECT login FROM staff") == [("first.corlay",)]
    assert refused == ["late.corlay"]


def absence_of(desk: Desk, login: str, first: int, last: int) -> UUID:
    day = timedelta(days=1)
    away = Away(person_id(login), TODAY + first * day, TODAY + last * day)
    with desk.sessions.begin() as session:
        return record_absence(
            session, away, Ask("absence", {}, str(uuid4())), desk.actor(MANAGER), desk.at, TODAY, desk.book
        ).id


def end(desk: Desk, absence_id: UUID) -> None:
    with desk.sessions.begin() as session:
        end_absence(session, session.get_one(Absence, absence_id), act(desk), desk.book)


def test_an_absence_that_is_ended_early_gives_the_tasks_back_and_frees_what_the_deputy_held(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    away = absence_of(desk, AUTHOR, -2, 5)
    decide_what_waits(desk, case_id)
    with desk.sessions.begin() as session:
        claim(session, desk.task(case_id, "acknowledge").id, desk.actor(COLLEAGUE), desk.at, desk.at.date())
    end(desk, away)
    assert decide_what_waits(desk, case_id) == ["reoffer"]
    assert desk.task(case_id, "acknowledge").claimed_by is None
    check_may_do(as_task(desk.task(case_id, "acknowledge")), desk.actor(AUTHOR))
    with pytest.raises(AbsenceOver):
        end(desk, away)


def test_an_absence_that_began_today_or_is_to_come_is_cancelled_and_counts_for_nothing(desk: Desk) -> None:
    for first in (0, 3):
        away = absence_of(desk, AUTHOR, first, 5)
        end(desk, away)
        with desk.sessions() as session:
            events = session.scalars(
                select(AdministrationLine.event).order_by(AdministrationLine.order.desc()).limit(1)
            )
            assert list(events) == ["absence_cancelled"]
    assert f"person:{person_id(AUTHOR)}" not in desk.actor(COLLEAGUE).hats


def test_the_ledger_is_written_once(desk: Desk) -> None:
    changes(desk, AUTHOR, title=f"Gestionnaire {uuid4()}")
    for change in CHANGES:
        with pytest.raises(IntegrityError, match="is written once"):
            desk.sql(change.format("administration_log"))
