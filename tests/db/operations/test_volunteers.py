"""What is known of volunteers keeps its history; a file of them is taken in line by line, and only once."""

from datetime import date
from io import BytesIO
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from db.commands.backlog_volunteer import Writer, keep_volunteer
from db.commands.reference.imports import File
from db.commands.volunteer_file import take_in_volunteers
from db.models import Import, ImportRefusal, StaffMember
from domain.backlog.volunteer import VolunteerAsked
from domain.backlog.volunteer_file import read_work
from domain.records import UnreadableFile
from domain.refusals import FourEyes
from local.demo_staff import person_id
from tests.factories.register import Desk

CLAIRE, YANN, TANGI, ACCOUNTANT = "claire.morvan", "yann.kerloch", "tangi.riou", "solene.guivarch"
NOLWENN, MALO = "nolwenn.salaun", "malo.quere"
HEADER = "login;contract_hours;hourly_euros;monday\n"
_euros = count(20)


def work(**changes: str) -> VolunteerAsked:
    return read_work({"contract_hours": "35", "hourly_euros": "16,50", "monday": "09:00-17:00"} | changes)


def enters(desk: Desk, login: str, asked: VolunteerAsked, by: str = ACCOUNTANT) -> bool:
    with desk.sessions.begin() as session:
        person = session.get_one(StaffMember, person_id(login))
        return keep_volunteer(session, person, asked, Writer(desk.at, desk.at.date(), person_id(by)), desk.book)


def history(desk: Desk, login: str) -> list[Any]:
    wanted = "SELECT by_id, import_id, before, after FROM volunteer_changes WHERE person_id = :id ORDER BY id"
    return [tuple(row) for row in desk.sql(wanted, id=person_id(login))]


def takes(desk: Desk, lines: str, by: UUID | None = None) -> tuple[Import, list[ImportRefusal]]:
    with desk.sessions.begin() as session:
        row = take_in_volunteers(
            session, File("volunteers.csv", BytesIO(lines.encode()), by), Writer(desk.at, desk.at.date(), by), desk.book
        )
        refused = session.scalars(select(ImportRefusal).where(ImportRefusal.import_id == row.id)).all()
        session.refresh(row)
        session.expunge_all()
        return row, sorted(refused, key=lambda one: one.line)


def counts(row: Import) -> tuple[int, int, int]:
    return row.accepted, row.unchanged, row.refused


def test_a_correction_keeps_what_was_there_before_and_who_changed_it(desk: Desk) -> None:
    first, second = work(hourly_euros=f"{next(_euros)},10"), work(hourly_euros=f"{next(_euros)},20")
    before = len(history(desk, CLAIRE))
    assert enters(desk, CLAIRE, first)
    assert not enters(desk, CLAIRE, first)
    assert enters(desk, CLAIRE, second)
    told = history(desk, CLAIRE)[before:]
    assert len(told) == 2
    by, from_file, was, became = told[-1]
    assert (by, from_file) == (person_id(ACCOUNTANT), None)
    assert (was["hourly_cents"], became["hourly_cents"]) == (first.hourly_cents, second.hourly_cents)
    assert became["timetable"] == {"0": [["09:00", "17:00"]]}


def test_a_history_is_written_once(desk: Desk) -> None:
    enters(desk, CLAIRE, work(hourly_euros=f"{next(_euros)}"))
    for statement in ("UPDATE volunteer_changes SET by_id = NULL", "DELETE FROM volunteer_changes"):
        with pytest.raises(DBAPIError, match="volunteer_changes"):
            desk.sql(statement)


def test_nobody_enters_their_own(desk: Desk) -> None:
    with pytest.raises(FourEyes):
        enters(desk, ACCOUNTANT, work(), by=ACCOUNTANT)


def test_a_file_is_taken_in_line_by_line_and_twice_is_once(desk: Desk) -> None:
    pay = f"{next(_euros)},05"
    lines = (
        f"{HEADER}{YANN};35;{pay};09:00-17:00\n{TANGI};37:30;{pay};\nnobody;35;{pay};\nenora.lagadec;35;{pay};\n"
        f"{YANN};35;{pay};09:00-17:00\n{YANN};36;{pay};09:00-17:00\n{CLAIRE};35;beaucoup;\n"
    )
    row, refused = takes(desk, lines)
    assert counts(row) == (2, 1, 4)
    assert [(one.line, one.field) for one in refused] == [
        (4, "login"),
        (5, "login"),  # a delegate's people do not work here
        (7, "login"),  # an earlier line says something else
        (8, "hourly_euros"),
    ]
    assert history(desk, YANN)[-1][1] == row.id
    again, _ = takes(desk, lines)
    assert counts(again) == (0, 3, 4)


def test_whoever_sends_a_file_is_not_in_it(desk: Desk) -> None:
    row, [refused] = takes(desk, f"{HEADER}{ACCOUNTANT};35;99;\n", person_id(ACCOUNTANT))
    assert (counts(row), refused.field) == ((0, 0, 1), "login")


@pytest.mark.parametrize("header", ["login;heures\n", "login;contract_hours;hourly_euros;sunday\n", "login\n"])
def test_other_columns_are_refused_whole(desk: Desk, header: str) -> None:
    with pytest.raises(UnreadableFile):
        takes(desk, f"{header}{CLAIRE};35\n")


def held(desk: Desk, login: str) -> list[tuple[date | None, int]]:
    """First days and pay of an hour."""
    wanted = "SELECT from_on, hourly_cents FROM volunteer_terms WHERE person_id = :id ORDER BY from_on NULLS FIRST"
    return [tuple(row) for row in desk.sql(wanted, id=person_id(login))]


def test_left_out_the_first_day_is_always_the_first_time_and_today_from_then_on(desk: Desk) -> None:
    today = desk.at.date()
    assert enters(desk, NOLWENN, work(hourly_euros="15"))
    assert not enters(desk, NOLWENN, work(hourly_euros="15")), "what holds already changes nothing"
    assert enters(desk, NOLWENN, work(hourly_euros="16"))
    assert held(desk, NOLWENN) == [(None, 1500), (today, 1600)]
    assert enters(desk, NOLWENN, work(hourly_euros="15,50", from_on="always"))
    assert enters(desk, NOLWENN, work(hourly_euros="16", from_on="2040-01-01")), "a named day begins terms of its own"
    assert not enters(desk, NOLWENN, work(hourly_euros="16", from_on="2040-01-01"))
    assert held(desk, NOLWENN) == [(None, 1550), (today, 1600), (date(2040, 1, 1), 1600)]


def test_a_file_names_several_first_days_of_a_person_in_whatever_order(desk: Desk) -> None:
    head = "login;from_on;contract_hours;hourly_euros\n"
    lines = f"{MALO};2040-02-01;35;17\n{MALO};2040-01-01;35;18\n{MALO};;35;17\n{MALO};2040-01-01;35;19\n{MALO};x;35;1\n"
    row, refused = takes(desk, head + lines)
    assert (counts(row), [(one.line, one.field) for one in refused]) == ((3, 0, 2), [(5, "login"), (6, "from_on")])
    assert held(desk, MALO) == [(None, 1700), (date(2040, 1, 1), 1800), (date(2040, 2, 1), 1700)]
    assert counts(takes(desk, head + lines)[0]) == (0, 3, 2)
