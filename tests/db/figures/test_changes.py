"""Figures are typed, corrected, imported: what was there before stays told, and nothing is there twice."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.commands.figures import Author, add_activity, change_activity, keep_day
from db.commands.figures_file import Missing, take_in_figures
from db.commands.reference.imports import File
from db.models import ActivityRow, DailyFiguresRow, FigureChange, Import, ImportRefusal
from domain.backlog.figures import ActivityExists, ActivityFacts, FiguresLine, NewActivity
from domain.records import UnreadableFile
from domain.refusals import Invalid
from local.demo_staff import person_id
from tests.factories.complaints import NOON
from tests.factories.figures import an_activity
from tests.factories.register import Desk

MONDAY = date(2026, 11, 16)
FRIDAY = MONDAY + timedelta(days=4)
AUTHOR = Author(NOON, FRIDAY, person_id("isabelle.kermarrec"))


@pytest.fixture
def session(desk: Desk) -> Iterator[Session]:
    """What a test writes is gone after it; two activities, one of which the register counts."""
    with desk.sessions() as session:
        an_activity(session, "invoices", name_fr="Factures", name_en="Invoices")
        an_activity(session, "complaints", procedure="complaint")
        yield session
        session.rollback()


def line(**changes: object) -> FiguresLine:
    return FiguresLine.model_validate({"activity": "invoices", "stock": 400, "inflow": 90, "handled": 80} | changes)


def changes_of(session: Session, activity_id: str = "invoices") -> list[FigureChange]:
    wanted = select(FigureChange).where(FigureChange.activity_id == activity_id).order_by(FigureChange.id)
    return list(session.scalars(wanted))


def kept(session: Session, day: date = MONDAY) -> DailyFiguresRow:
    return session.get_one(DailyFiguresRow, ("invoices", day), populate_existing=True)


def test_what_is_left_out_is_as_usual(session: Session) -> None:
    assert keep_day(session, MONDAY, [line()], AUTHOR) == 1
    row = kept(session)
    assert (row.stock, int(row.minutes), int(row.planned), int(row.present)) == (400, 12, 6, 6)


def test_the_same_figures_again_change_nothing_and_are_told_once(session: Session) -> None:
    keep_day(session, MONDAY, [line(present=4)], AUTHOR)
    assert keep_day(session, MONDAY, [line(present="4,0")], AUTHOR) == 0
    assert len(changes_of(session)) == 1


def test_corrected_figures_keep_what_was_there_before(session: Session) -> None:
    keep_day(session, MONDAY, [line()], AUTHOR)
    keep_day(session, MONDAY, [line(stock=410)], AUTHOR)
    first, second = changes_of(session)
    assert (first.before, first.after["stock"]) == (None, 400)
    assert second.before is not None
    assert (second.before["stock"], second.after["stock"], second.by_id) == (400, 410, AUTHOR.by)


@pytest.mark.parametrize(
    ("day", "changes", "field", "rule"),
    [
        (MONDAY, {"stock": -1}, "figures.0.stock", "Of 2026-11-16 a number below zero was given: -1."),
        (MONDAY, {"handled": None}, "figures.0.handled", "What waits, what came in and what was handled"),
        (MONDAY, {"activity": "letters"}, "figures.0.activity", "No activity has, or had, this id or name."),
        (MONDAY, {"minutes": 0}, "figures.0.minutes", "This number has to be above zero, not 0."),
        (MONDAY, {"present": -1}, "figures.0.present", "This number cannot be below zero, as -1 is."),
        (MONDAY, {"stock": 10**10}, "figures.0.stock", "is a billion or more"),
        (FRIDAY + timedelta(days=1), {}, "figures.0.day", "There are no figures of 2026-11-21 yet: it is to come."),
        (MONDAY, {"activity": "complaints"}, "figures.0.stock", "counted from the register’s own cases"),
    ],
)
def test_figures_that_cannot_be_are_refused(
    session: Session, day: date, changes: dict[str, object], field: str, rule: str
) -> None:
    with pytest.raises(Invalid, match=rule) as refused:
        keep_day(session, day, [line(**changes)], AUTHOR)
    assert refused.value.field == field


def test_today_s_figures_are_taken(session: Session) -> None:
    assert keep_day(session, FRIDAY, [line()], AUTHOR) == 1


def test_one_wrong_activity_of_a_day_keeps_the_others_out_as_well(session: Session) -> None:
    with pytest.raises(Invalid) as refused:
        keep_day(session, MONDAY, [line(), line(activity="Invoices")], AUTHOR)
    assert refused.value.field == "figures.1.activity"
    assert changes_of(session) == []


def test_a_closed_activity_takes_no_figures(session: Session) -> None:
    session.get_one(ActivityRow, "invoices").active = False
    with pytest.raises(Invalid, match="This activity is closed"):
        keep_day(session, MONDAY, [line()], AUTHOR)


def test_of_the_register_s_own_activity_only_its_people_are_said(session: Session) -> None:
    only_people = FiguresLine(activity="complaints", present=Decimal(3))
    assert keep_day(session, MONDAY, [only_people], AUTHOR) == 1


def facts(**changes: object) -> ActivityFacts:
    usual = {"name_fr": "Factures", "name_en": "Invoices", "standard": 5, "hours": 7, "minutes": 12, "staff": 6}
    return ActivityFacts.model_validate(usual | changes)


def test_a_renamed_activity_keeps_its_figures_and_is_found_by_its_former_name(session: Session) -> None:
    keep_day(session, MONDAY, [line()], AUTHOR)
    row = session.get_one(ActivityRow, "invoices")
    assert change_activity(session, row, facts(name_fr="Feuilles de soins", name_en="Care invoices"), AUTHOR)
    assert row.former_names == ["Factures", "Invoices"]
    assert keep_day(session, MONDAY, [line(activity="Factures", stock=7)], AUTHOR) == 1
    assert kept(session).stock == 7


def test_an_activity_that_takes_its_former_name_back_is_found_by_all_of_them(session: Session) -> None:
    row = session.get_one(ActivityRow, "invoices")
    change_activity(session, row, facts(name_fr="Feuilles"), AUTHOR)
    change_activity(session, row, facts(), AUTHOR)
    assert row.former_names == ["Factures", "Feuilles"]


def test_no_two_activities_share_a_name_be_it_a_former_one(session: Session) -> None:
    change_activity(session, session.get_one(ActivityRow, "invoices"), facts(name_fr="Feuilles"), AUTHOR)
    new = NewActivity.model_validate(facts(name_fr="factures", name_en="Bills").model_dump() | {"id": "bills"})
    with pytest.raises(ActivityExists, match="The activity invoices has, or had, this name") as refused:
        add_activity(session, new, AUTHOR)
    assert refused.value.field == "name_fr"


def test_the_same_new_activity_twice_is_one(session: Session) -> None:
    new = NewActivity.model_validate(facts(name_fr="Lettres", name_en="Letters").model_dump() | {"id": "letters"})
    first, is_new = add_activity(session, new, AUTHOR)
    again, is_new_again = add_activity(session, new, AUTHOR)
    assert (first is again, is_new, is_new_again, first.since) == (True, True, False, FRIDAY)
    other = new.model_copy(update={"standard": Decimal(6)})
    with pytest.raises(ActivityExists, match="There is an activity letters already"):
        add_activity(session, other, AUTHOR)


def test_the_history_is_written_once(session: Session) -> None:
    keep_day(session, MONDAY, [line()], AUTHOR)
    change = changes_of(session)[0]
    change.after = {}
    with pytest.raises(IntegrityError, match="is written once"):
        session.flush()


HEADER = "day;activity;stock;inflow;handled;minutes;planned;present\n"
FILE = HEADER + "2026-11-16;invoices;400;90;80;12;6;6\n2026-11-18;Factures;420;100;80;;6;3,5\n"


def taken(session: Session, text: str) -> tuple[Import, Missing]:
    return take_in_figures(session, File("chiffres.csv", BytesIO(text.encode()), AUTHOR.by), AUTHOR)


def refusals(session: Session, row: Import) -> list[tuple[int, str | None]]:
    wanted = select(ImportRefusal).where(ImportRefusal.import_id == row.id).order_by(ImportRefusal.line)
    return [(one.line, one.field) for one in session.scalars(wanted)]


def test_a_file_is_taken_in_and_the_days_that_it_lacks_are_named(session: Session) -> None:
    row, missing = taken(session, FILE)
    assert (row.lines, row.accepted, row.unchanged, row.refused) == (2, 2, 0, 0)
    assert missing == {"invoices": [MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)]}
    assert kept(session, MONDAY + timedelta(days=2)).present == Decimal("3.5")
    assert {one.import_id for one in changes_of(session)} == {row.id}


def test_the_same_file_twice_is_once(session: Session) -> None:
    taken(session, FILE)
    row, _ = taken(session, FILE)
    assert (row.accepted, row.unchanged) == (0, 2)
    assert len(changes_of(session)) == 2


def test_a_file_corrects_what_was_typed_and_says_what_was_there(session: Session) -> None:
    keep_day(session, MONDAY, [line(stock=390)], AUTHOR)
    row, _ = taken(session, FILE)
    assert row.accepted == 2
    before = changes_of(session)[1].before
    assert before is not None
    assert before["stock"] == 390


def test_the_good_lines_of_a_file_are_taken_in_and_the_bad_ones_told(session: Session) -> None:
    row, _ = taken(
        session,
        FILE
        + "2026-11-16;invoices;401;90;80;12;6;6\n"  # another stock of the same day
        + "2026-11-16;invoices;400;90;80;12;6;6\n"  # the same again
        + "2026-11-17;invoices;-4;90;80;;;\n"
        + "2026-11-17;invoices;beaucoup;90;80;;;\n"
        + "2026-12-01;invoices;400;90;80;;;\n"
        + "17/11/2026;invoices;400;90;80;;;\n"
        + "2026-11-17;lettres;400;90;80;;;\n"
        + "2026-11-17;complaints;400;90;80;;;\n"
        + "2026-11-17;invoices;400;90\n",
    )
    assert (row.lines, row.accepted, row.unchanged, row.refused) == (11, 2, 1, 8)
    assert refusals(session, row) == [
        *((4, "day"), (6, "stock"), (7, "stock"), (8, "day")),
        *((9, "day"), (10, "activity"), (11, "stock"), (12, None)),
    ]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("jour;activité;stock\n2026-11-16;invoices;4\n", "The header names a column that figures do not have"),
        ("day;stock;inflow;handled\n2026-11-16;4;4;4\n", "The header lacks a column: activity."),
        (HEADER, "There is a header and nothing below it."),
        ("", "The file is empty."),
    ],
)
def test_a_file_with_the_wrong_columns_is_refused_whole(session: Session, text: str, rule: str) -> None:
    with pytest.raises(UnreadableFile, match=rule):
        taken(session, text)
