"""The pay file: what payroll reads, whatever people are called; and what a correction changes."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.backlog.pay import Attended, Work
from domain.backlog.payfile import PayFile, Validated, check_may_be_paid, euros, plain
from domain.backlog.payroll import Payroll, Worker, payroll_of
from domain.backlog.slips import changed, read_slips, write_slips
from domain.backlog.terms import Terms
from domain.refusals import WrongStep
from tests.factories.rules import the_book

RULES = the_book().versions[-1].backlog.pay
MONDAY, SATURDAY = date(2031, 3, 10), date(2031, 3, 15)
NEXT_MONDAY, NEXT_SATURDAY = date(2031, 3, 17), date(2031, 3, 22)
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def a_worker(login: str = "claire.morvan", name: str = "Mme Claire Morvan", minutes: int = 420, **work: int) -> Worker:
    """Somebody who worked a Saturday on top of 35 hours."""
    terms = (Terms(work.get("contract_minutes", 2100), work.get("hourly_cents", 1650)),)
    attended = (Attended("1", SATURDAY, minutes),)
    return Worker(uuid4(), login, name, Work(terms, {MONDAY: 2100}, attended))


def made_of(payroll: Payroll, version: int = 1, before: Payroll | None = None) -> PayFile:
    """The version of an operation's pay file that follows what both had validated."""
    return PayFile("OPE-2031-000001", version, payroll, Validated(version - 1, before) if before else None)


def lines_of(payroll: Payroll, before: Payroll | None = None) -> list[str]:
    """The file as payroll reads it; the second version, where something was validated before."""
    return made_of(payroll, 2 if before else 1, before).file.decode().splitlines()


def test_the_file_has_one_line_for_each_thing_that_is_owed() -> None:
    assert lines_of(payroll_of([a_worker()], RULES)) == [
        "operation;version;depuis_version;identifiant;nom;rubrique;jour;minutes;taux;euros;jours_repos;du;au",
        "OPE-2031-000001;1;;claire.morvan;Mme Claire Morvan;heures_supplementaires;2031-03-10;420;125;144,38;;;",
        "OPE-2031-000001;1;;claire.morvan;Mme Claire Morvan;prime_samedi;2031-03-15;;;40,00;;;",
    ]


def test_the_hours_of_a_part_time_contract_are_left_to_payroll_and_its_saturdays_paid_as_everybody_s() -> None:
    claire = a_worker(contract_minutes=1680)
    days = (SATURDAY, SATURDAY, NEXT_SATURDAY, date(2031, 3, 29))
    attended = tuple(Attended(f"{number}", day, 180) for number, day in enumerate(days, 1))
    payroll = payroll_of([replace(claire, work=replace(claire.work, attended=attended))], RULES)
    assert (payroll.cents, payroll.days) == (40_00 + 80_00, 1)
    claire_morvan = "OPE-2031-000001;1;;claire.morvan;Mme Claire Morvan"
    assert lines_of(payroll)[1:] == [
        f"{claire_morvan};a_calculer;2031-03-15;360;;;;;",
        f"{claire_morvan};a_calculer;2031-03-22;180;;;;;",
        f"{claire_morvan};a_calculer;2031-03-29;180;;;;;",
        f"{claire_morvan};prime_samedi;2031-03-15;;;40,00;;;",
        f"{claire_morvan};prime_samedi;2031-03-22;;;80,00;;;",
        f"{claire_morvan};jour_recuperation;2031-03-29;;;;1;2031-06-01;2031-09-30",
    ]


def test_whoever_did_not_come_is_not_in_it() -> None:
    assert payroll_of([a_worker(minutes=0)], RULES).people == 0


@given(st.text(max_size=30))
def test_no_cell_is_a_formula(name: str) -> None:
    assert not plain(name).startswith(FORMULAS)


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "-2", "+33", "\tx"])
def test_a_name_that_begins_like_a_formula_is_shown_as_text(name: str) -> None:
    payroll = payroll_of([a_worker(name=name)], RULES)
    assert f"'{name}" in made_of(payroll).file.decode()


@pytest.mark.parametrize(("cents", "told"), [(0, "0,00"), (5, "0,05"), (14438, "144,38"), (-105, "-1,05")])
def test_euros_have_a_decimal_comma(cents: int, told: str) -> None:
    assert euros(cents) == told


@given(st.integers(0, 600), st.integers(1000, 9000))
def test_what_is_kept_is_read_back_as_it_was(minutes: int, hourly_cents: int) -> None:
    payroll = payroll_of([a_worker(minutes=minutes, hourly_cents=hourly_cents)], RULES)
    again = read_slips(write_slips(payroll))
    assert again == payroll
    assert made_of(again).sha256 == made_of(payroll).sha256


def test_a_correction_says_who_is_owed_what_more_or_less() -> None:
    claire, before = a_worker(), a_worker("yann.kerloch", "M. Yann Kerloch")
    after = Worker(before.person_id, before.login, before.name, a_worker(minutes=390).work)
    one, other = payroll_of([claire, before], RULES), payroll_of([claire, after], RULES)
    [told] = changed(one, other)
    assert (told.login, told.difference.cents) == ("yann.kerloch", 13_406 - 14_438)
    assert made_of(one).sha256 != made_of(other).sha256


def test_whoever_falls_out_of_it_is_owed_nothing_any_more() -> None:
    one = payroll_of([a_worker()], RULES)
    [told] = changed(one, payroll_of([], RULES))
    assert told.difference.cents == -one.cents


def test_what_both_have_validated_is_not_paid_again() -> None:
    claire = a_worker()
    november = payroll_of([claire], RULES)
    more = (*claire.work.attended, Attended("2", NEXT_SATURDAY, 420))
    work = replace(claire.work, attended=more, counted={MONDAY: 2100, NEXT_MONDAY: 2100})
    december = payroll_of([replace(claire, work=work)], RULES)
    assert lines_of(december, november)[1:] == [
        "OPE-2031-000001;2;1;claire.morvan;Mme Claire Morvan;heures_supplementaires;2031-03-17;420;125;144,38;;;",
        "OPE-2031-000001;2;1;claire.morvan;Mme Claire Morvan;prime_samedi;2031-03-22;;;80,00;;;",
    ]
    assert lines_of(november, november)[1:] == [], "the same again pays nothing"


def test_what_was_paid_too_much_is_taken_back_and_told_below_zero() -> None:
    claire = a_worker()
    before = payroll_of([claire], RULES)
    after = payroll_of([replace(claire, work=a_worker(minutes=390).work)], RULES)
    assert lines_of(after, before)[1:] == [
        "OPE-2031-000001;2;1;claire.morvan;Mme Claire Morvan;heures_supplementaires;2031-03-10;-30;125;-10,32;;;"
    ]
    nothing = made_of(payroll_of([], RULES), 2, before)
    assert nothing.to_pay.cents == -before.cents
    assert nothing.people == frozenset({claire.person_id})


@given(st.lists(st.integers(0, 600), min_size=1, max_size=4), st.integers(1000, 9000))
def test_all_files_together_pay_what_is_owed_in_all(course: list[int], hourly_cents: int) -> None:
    claire, told, before = a_worker(), 0, None
    for minutes in course:
        owed = payroll_of([replace(claire, work=a_worker(minutes=minutes, hourly_cents=hourly_cents).work)], RULES)
        told += made_of(owed, 2, before).to_pay.cents
        before = owed
        assert told == owed.cents


@pytest.mark.parametrize(("validators", "void"), [(0, False), (1, False), (2, True)])
def test_a_file_that_both_have_not_validated_or_that_is_void_is_not_payroll_s(validators: int, void: bool) -> None:
    with pytest.raises(WrongStep):
        check_may_be_paid(validators, 2, void=void)


def test_a_file_that_both_have_validated_is_payroll_s() -> None:
    check_may_be_paid(2, 2, void=False)
