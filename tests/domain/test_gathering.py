"""All that is wrong with what somebody gives is told together, each thing with its own field."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest

from api.errors import as_problem
from domain.backlog.commands import SessionAsked, SituationAsked, SpanAsked
from domain.backlog.labour import Law
from domain.backlog.plan import Rules, checked_sessions, situation_of
from domain.gathering import Gathering
from domain.refusals import AgainstLabourLaw, Mistakes, Refusal
from tests.factories.rules import a_calendar, the_book

MONDAY, SATURDAY, SUNDAY = date(2031, 3, 10), date(2031, 3, 15), date(2031, 3, 16)


def a_session(day: date) -> SessionAsked:
    """A morning."""
    return SessionAsked(day=day, hours=(SpanAsked(starts_at=time(8), ends_at=time(12)),), places=4)


def test_nothing_is_told_where_nothing_is_wrong() -> None:
    wrong = Gathering()
    assert wrong.of(lambda: 7) == 7
    wrong.tell()


def test_a_single_refusal_is_told_as_it_is() -> None:
    wrong = Gathering()
    wrong.of(lambda: checked_sessions([a_session(SUNDAY)], MONDAY, date(2031, 4, 20), rules()))
    with pytest.raises(AgainstLabourLaw) as told:
        wrong.tell()
    assert told.value.field == "sessions.0.day"
    assert "errors" not in told.value.recorded()


def rules() -> Rules:
    """Those of March 2031."""
    version, calendar = the_book().versions[-1], a_calendar()
    return Rules(version.backlog, Law(version.backlog.labour, "Europe/Paris", calendar), calendar, date(2031, 3, 3))


def test_every_session_is_looked_at_and_each_refusal_names_its_row() -> None:
    asked = [a_session(day) for day in (SUNDAY, SATURDAY, date(2031, 6, 1))]
    with pytest.raises(Mistakes) as told:
        checked_sessions(asked, MONDAY, date(2031, 4, 20), rules())
    assert [one.field for one in told.value.each] == ["sessions.0.day", "sessions.2.day"]
    problem = as_problem(told.value.recorded())
    assert (problem.type, problem.status) == ("/problems/mistakes", 422)
    assert [one.field for one in problem.errors or ()] == ["sessions.0.day", "sessions.2.day"]
    assert all(one.remedy for one in problem.errors or ())


def test_the_numbers_of_a_situation_are_all_looked_at() -> None:
    numbers = {
        "stock": 10,
        "inflow": 1,
        "minutes": 12,
        "staff": 2,
        "hours": 7,
        "absence": Decimal("0.4"),
        "standard": 5,
    }
    right = situation_of(SituationAsked.model_validate({"as_of": MONDAY, **numbers}))
    with pytest.raises(Mistakes) as told:
        replace(right, minutes=Decimal(0), absence=Decimal(1), stock=Decimal(-1), hours=Decimal(25))
    assert {one.field for one in told.value.each} == {"minutes", "absence", "stock", "hours"}


def test_a_refusal_elsewhere_is_the_same_but_for_its_field() -> None:
    refusal: Refusal = AgainstLabourLaw("It is a Sunday.", "Choose another day.", field="session")
    moved = refusal.at("sessions.3.day")
    assert (type(moved), moved.rule, moved.remedy) == (AgainstLabourLaw, refusal.rule, refusal.remedy)
    assert (moved.field, refusal.field, moved.code) == ("sessions.3.day", "session", "against_labour_law")
