"""The pay file: what payroll reads, whatever people are called; and what a correction changes."""

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.backlog.pay import Attended, Work
from domain.backlog.payroll import Worker, euros, payroll_of, plain
from domain.backlog.slips import changed, read_slips, write_slips
from tests.factories.rules import the_book

RULES = the_book().versions[-1].backlog.pay
MONDAY, SATURDAY = date(2031, 3, 10), date(2031, 3, 15)
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def a_worker(login: str = "claire.morvan", name: str = "Mme Claire Morvan", minutes: int = 420, **work: int) -> Worker:
    """Somebody who worked a Saturday on top of 35 hours."""
    contract = work.get("contract_minutes", 2100)
    attended = (Attended("1", SATURDAY, minutes),)
    return Worker(uuid4(), login, name, Work(work.get("hourly_cents", 1650), contract, {MONDAY: 2100}, attended))


def test_the_file_has_one_line_for_each_thing_that_is_owed() -> None:
    assert payroll_of([a_worker()], RULES).file.decode().splitlines() == [
        "login;name;kind;on;minutes;percent;euros;days_off;from;until",
        "claire.morvan;Mme Claire Morvan;overtime;2031-03-10;420;125;144,38;;;",
        "claire.morvan;Mme Claire Morvan;saturday_bonus;2031-03-15;;;40,00;;;",
    ]


def test_a_part_time_contract_is_left_to_payroll_with_its_minutes() -> None:
    payroll = payroll_of([a_worker(contract_minutes=1680)], RULES)
    assert payroll.cents == 0
    assert payroll.file.decode().splitlines()[1] == "claire.morvan;Mme Claire Morvan;by_payroll;2031-03-15;420;;;;;"


def test_whoever_did_not_come_is_not_in_it() -> None:
    assert payroll_of([a_worker(minutes=0)], RULES).people == 0


@given(st.text(max_size=30))
def test_no_cell_is_a_formula(name: str) -> None:
    assert not plain(name).startswith(FORMULAS)


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "-2", "+33", "\tx"])
def test_a_name_that_begins_like_a_formula_is_shown_as_text(name: str) -> None:
    payroll = payroll_of([a_worker(name=name)], RULES)
    assert f"'{name}" in payroll.file.decode()


@pytest.mark.parametrize(("cents", "told"), [(0, "0,00"), (5, "0,05"), (14438, "144,38"), (-105, "-1,05")])
def test_euros_have_a_decimal_comma(cents: int, told: str) -> None:
    assert euros(cents) == told


@given(st.integers(0, 600), st.integers(1000, 9000))
def test_what_is_kept_is_read_back_as_it_was(minutes: int, hourly_cents: int) -> None:
    payroll = payroll_of([a_worker(minutes=minutes, hourly_cents=hourly_cents)], RULES)
    again = read_slips(write_slips(payroll))
    assert again == payroll
    assert again.sha256 == payroll.sha256


def test_a_correction_says_who_is_owed_what_more_or_less() -> None:
    claire, before = a_worker(), a_worker("yann.kerloch", "M. Yann Kerloch")
    after = Worker(before.person_id, before.login, before.name, a_worker(minutes=390).work)
    one, other = payroll_of([claire, before], RULES), payroll_of([claire, after], RULES)
    [told] = changed(one, other)
    assert (told.login, told.difference.cents) == ("yann.kerloch", 13_406 - 14_438)
    assert one.sha256 != other.sha256


def test_whoever_falls_out_of_it_is_owed_nothing_any_more() -> None:
    one = payroll_of([a_worker()], RULES)
    [told] = changed(one, payroll_of([], RULES))
    assert told.difference.cents == -one.cents
