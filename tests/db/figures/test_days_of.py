"""The figures of a day: those that were typed, and those that our own register's cases say."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.queries.figures import absence, activity_called, days_of
from tests.factories.figures import an_activity, at, figures_row
from tests.factories.register import Desk
from tests.factories.rows import a_case_row

MONDAY = date(2026, 11, 16)
FRIDAY, SATURDAY = MONDAY + timedelta(days=4), MONDAY + timedelta(days=5)
NEXT_MONDAY = MONDAY + timedelta(days=7)
PARIS = "Europe/Paris"


@pytest.fixture
def session(desk: Desk) -> Iterator[Session]:
    """What a test writes is gone after it."""
    with desk.sessions() as session:
        yield session
        session.rollback()


def opened(session: Session, number: int, day: date, ended: date | None = None, **changes: object) -> None:
    """A complaint that was entered, and closed, at noon."""
    ended_at = at(ended) if ended else None
    reference = f"REC-2026-9{number:05}"
    a_case_row(session, reference, day, at(day), **{"ended_at": ended_at, "state": "assigned"} | changes)


def test_what_was_typed_is_told_day_by_day_and_no_day_is_made_up(session: Session) -> None:
    activity = an_activity(session, "invoices")
    figures_row(session, "invoices", MONDAY, 400, planned=Decimal(10), present=Decimal(6))
    figures_row(session, "invoices", FRIDAY, 380)
    figures_row(session, "invoices", NEXT_MONDAY, 380)
    found = days_of(session, activity, MONDAY, FRIDAY, PARIS)
    assert [(one.on, one.stock) for one in found] == [(MONDAY, 400), (FRIDAY, 380)]
    assert found[0].absence == Decimal("0.4")


def test_complaints_of_our_own_register_are_counted_from_its_cases(session: Session) -> None:
    activity = an_activity(session, "complaints", procedure="complaint")
    opened(session, 1, MONDAY - timedelta(days=40))
    opened(session, 2, MONDAY, ended=MONDAY + timedelta(days=2))
    opened(session, 3, MONDAY + timedelta(days=1))
    found = days_of(session, activity, MONDAY, MONDAY + timedelta(days=3), PARIS)
    assert [(one.stock, one.inflow, one.handled) for one in found] == [(2, 1, 0), (3, 1, 0), (2, 0, 1), (2, 0, 0)]
    assert {one.present for one in found} == {Decimal(6)}


def test_what_came_on_a_saturday_is_counted_on_monday(session: Session) -> None:
    activity = an_activity(session, "complaints", procedure="complaint")
    opened(session, 1, FRIDAY)
    opened(session, 2, SATURDAY)
    opened(session, 3, FRIDAY, ended=SATURDAY)
    found = days_of(session, activity, FRIDAY, NEXT_MONDAY, PARIS)
    assert [(one.on, one.stock, one.inflow, one.handled) for one in found] == [
        (FRIDAY, 2, 2, 0),
        (NEXT_MONDAY, 2, 1, 1),
    ]


def test_a_day_begins_at_midnight_where_the_insurer_is(session: Session) -> None:
    activity = an_activity(session, "complaints", procedure="complaint")
    a_case_row(session, "REC-2026-900001", MONDAY, at(MONDAY).replace(hour=22, minute=59))
    a_case_row(session, "REC-2026-900002", MONDAY, at(MONDAY).replace(hour=23))
    found = days_of(session, activity, MONDAY, MONDAY + timedelta(days=1), PARIS)
    assert [one.inflow for one in found] == [1, 1]


def test_the_counts_of_the_register_never_disagree(session: Session) -> None:
    activity = an_activity(session, "complaints", procedure="complaint")
    for n in range(40):
        day = MONDAY - timedelta(days=n * 7 % 31)
        opened(session, n, day, ended=day + timedelta(days=n % 11) if n % 3 else None)
    found = days_of(session, activity, MONDAY - timedelta(days=35), NEXT_MONDAY, PARIS)
    assert all(after.stock == before.stock + after.inflow - after.handled for before, after in pairwise(found))


def test_claims_are_no_complaints(session: Session) -> None:
    activity = an_activity(session, "claims", procedure="claim")
    opened(session, 1, MONDAY)
    assert [one.stock for one in days_of(session, activity, MONDAY, MONDAY, PARIS)] == [0]


def test_of_the_register_s_own_activity_only_the_people_are_said(session: Session) -> None:
    activity = an_activity(session, "complaints", procedure="complaint")
    figures_row(session, "complaints", MONDAY, None, planned=Decimal(6), present=Decimal(3))
    (found,) = days_of(session, activity, MONDAY, MONDAY, PARIS)
    assert (found.stock, found.present, found.absence) == (0, Decimal(3), Decimal("0.5"))


def test_the_counts_of_the_register_s_own_activity_are_typed_by_nobody(session: Session) -> None:
    an_activity(session, "complaints", procedure="complaint")
    with pytest.raises(IntegrityError, match="typed by nobody"):
        figures_row(session, "complaints", MONDAY, 12)


def test_an_activity_that_counts_by_hand_cannot_do_without_its_counts(session: Session) -> None:
    an_activity(session, "invoices")
    with pytest.raises(IntegrityError, match="typed by nobody"):
        figures_row(session, "invoices", MONDAY, None)


def test_a_renamed_activity_is_found_by_its_id_and_by_all_its_names(session: Session) -> None:
    activity = an_activity(session, "invoices", name_fr="Factures", former_names=["Feuilles de soins"])
    for name in ("invoices", "factures", "  FEUILLES DE SOINS "):
        assert activity_called(session, name) is activity
    assert activity_called(session, "lettres") is None


def test_an_activity_keeps_its_id_and_the_names_that_it_had(session: Session) -> None:
    activity = an_activity(session, "invoices", former_names=["Feuilles de soins"])
    activity.former_names = []
    with pytest.raises(IntegrityError, match="keeps its id"):
        session.flush()


@pytest.mark.parametrize(
    ("planned", "present", "share"), [(10, 6, "0.4"), (10, 10, "0"), (10, 12, "0"), (10, 0, "1"), (0, 3, "0")]
)
def test_absence_is_the_share_of_those_planned_who_were_not_there(planned: int, present: int, share: str) -> None:
    assert absence(Decimal(planned), Decimal(present)) == Decimal(share)
