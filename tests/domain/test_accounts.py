"""Accounts: nobody changes their own, which roles go together, what a login and a password may be."""

import re
from uuid import uuid4

import pytest

from domain.accounts import (
    LOGIN,
    check_account_of_another,
    check_deputy,
    check_new_password,
    check_roles,
    check_somebody_administers,
)
from domain.people import Actor, Person, Staff, person_hat
from domain.permissions import Action, check_allowed
from domain.refusals import FourEyes, Invalid, LastAdministrator, PasswordProvisional
from domain.roles import Role


def an_administrator(*, must_change_password: bool = False) -> Actor:
    return Actor(uuid4(), "alexis.cozic", frozenset({Role.ADMINISTRATOR}), frozenset(), must_change_password)


@pytest.mark.parametrize("fields", [(), ("roles",), ("deputy_id",), ("pole",), ("email", "roles")])
def test_nobody_changes_what_gives_rights_on_their_own_account(fields: tuple[str, ...]) -> None:
    actor = an_administrator()
    with pytest.raises(FourEyes, match="Ask another administrator"):
        check_account_of_another(actor, actor.id, fields)
    check_account_of_another(actor, uuid4(), fields)


def test_where_one_is_reached_is_ones_own_to_change() -> None:
    actor = an_administrator()
    check_account_of_another(actor, actor.id, ("email", "phone"))


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_an_administrator_has_no_say_on_cases_nor_control_of_themselves(role: Role) -> None:
    harmless = {Role.AUDITOR, Role.DELEGATE_USER, Role.TRACFIN_CORRESPONDENT}
    both = frozenset({Role.ADMINISTRATOR, role})
    if role in harmless:
        check_roles(both, "benefits")
    else:
        with pytest.raises(Invalid, match="no say on cases"):
            check_roles(both, "benefits")


def test_a_pole_manager_has_a_pole() -> None:
    with pytest.raises(Invalid, match="one pole"):
        check_roles(frozenset({Role.POLE_MANAGER}), None)
    check_roles(frozenset({Role.POLE_MANAGER, Role.HANDLER}), "benefits")


def test_a_deputy_is_somebody_else_and_not_whoever_names_them_nor_an_administrator() -> None:
    actor, person = an_administrator(), uuid4()
    with pytest.raises(Invalid, match="their own deputy"):
        check_deputy(actor, person, person, frozenset())
    with pytest.raises(FourEyes):
        check_deputy(actor, person, actor.id, frozenset())
    with pytest.raises(Invalid, match="stands in for nobody"):
        check_deputy(actor, person, uuid4(), frozenset({Role.ADMINISTRATOR}))
    check_deputy(actor, person, uuid4(), frozenset({Role.HANDLER}))


def test_an_administrator_who_was_named_deputy_all_the_same_wears_nobody_elses_hats() -> None:
    administrator = Person(uuid4(), "alexis.cozic", frozenset({Role.ADMINISTRATOR}))
    away = Person(uuid4(), "anne.le.goff", frozenset({Role.POLE_MANAGER}), absent=True, deputy_id=administrator.id)
    staff = Staff((administrator, away))
    assert person_hat(away.id) not in staff.hats_of(administrator)
    assert staff.present_under(away.own_hats) == []


def test_the_last_administrator_stays() -> None:
    with pytest.raises(LastAdministrator):
        check_somebody_administers(0)
    check_somebody_administers(1)


def test_a_provisional_password_allows_nothing_whatever_the_role() -> None:
    for action in Action:
        with pytest.raises(PasswordProvisional, match="PUT /api/v1/me/password"):
            check_allowed(an_administrator(must_change_password=True), action)


@pytest.mark.parametrize(
    ("login", "good"),
    [
        ("claire.morvan", True),
        ("soizic.le.dantec", True),
        ("claire.morvan2", True),
        ("claire", False),
        ("Claire.morvan", False),
        ("claire..morvan", False),
        (".morvan", False),
        ("claire.", False),
        ("hervé.stephan", False),
        ("claire morvan", False),
        ("claire.morvan\n", False),
        ("", False),
    ],
)
def test_a_login_is_first_name_dot_last_name_in_small_ascii(login: str, good: bool) -> None:
    assert bool(re.fullmatch(LOGIN, login)) is good


@pytest.mark.parametrize(
    ("typed", "good"),
    [
        ("quatre mots au hasard", True),
        ("x7-onze-sig", False),  # eleven
        ("x7-douze-sig", True),  # twelve
        ("claire.morvan", False),
        ("Claire.Morvan-2026", False),
        ("mme claire morvan", False),
        ("clairemorvan1", False),
        ("aaaaaaaaaaaaaaa", False),
        ("the-old-one-123", False),
    ],
)
def test_a_password_is_long_enough_new_and_not_made_of_ones_name(typed: str, good: bool) -> None:
    def check() -> None:
        check_new_password(typed, "claire.morvan", "Mme Claire Morvan", "the-old-one-123")

    if good:
        check()
    else:
        with pytest.raises(Invalid):
            check()
