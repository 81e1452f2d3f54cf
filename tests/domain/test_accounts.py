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
    check_same_side,
    check_somebody_administers,
)
from domain.people import Actor, Person, Staff, delegate_hat, person_hat
from domain.permissions import Action, check_allowed
from domain.refusals import FourEyes, Invalid, LastAdministrator, PasswordProvisional
from domain.roles import OF_A_DELEGATE, Role
from domain.tasks import offer


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


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR} - OF_A_DELEGATE))
def test_an_administrator_has_no_say_on_cases_nor_control_of_themselves(role: Role) -> None:
    harmless = {Role.TRACFIN_CORRESPONDENT}
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


@pytest.mark.parametrize("role", sorted(Role))
def test_nobody_is_on_both_sides_of_the_border_to_a_delegate(role: Role) -> None:
    if role in OF_A_DELEGATE:
        check_roles(frozenset({role}), None, "ARMOR")
        with pytest.raises(Invalid, match="works for one"):
            check_roles(frozenset({role}), None)
    else:
        with pytest.raises(Invalid, match="no role of the insurer"):
            check_roles(frozenset({role, Role.DELEGATE_USER}), "benefits", "ARMOR")


@pytest.mark.parametrize(("one", "other"), [("ARMOR", None), (None, "ARMOR"), ("ARMOR", "LEON")])
def test_nobody_stands_in_across_the_border(one: str | None, other: str | None) -> None:
    with pytest.raises(Invalid, match="the same house"):
        check_same_side(one, other)
    check_same_side(one, one)


def test_whoever_stands_in_across_the_border_wears_nothing_of_the_other_side() -> None:
    away = Person(uuid4(), "a.way", frozenset({Role.AUDITOR}), absent=True, deputy_id=uuid4())
    of_a_delegate = Person(away.deputy_id or uuid4(), "a.user", frozenset({Role.DELEGATE_USER}), delegate="ARMOR")
    assert Staff((away, of_a_delegate)).hats_of(of_a_delegate) == {
        person_hat(of_a_delegate.id),
        "delegate_user@ARMOR",
    }


def test_what_a_delegate_s_people_leave_to_nobody_goes_to_their_director_and_then_to_ours() -> None:
    up = {Role.DELEGATE_USER: Role.DELEGATE_DIRECTOR, Role.DELEGATE_DIRECTOR: Role.OPERATIONS_DIRECTOR}
    asked = {delegate_hat(Role.DELEGATE_USER, "ARMOR")}
    user = Person(uuid4(), "a.user", frozenset({Role.DELEGATE_USER}), delegate="ARMOR")
    elsewhere = Person(uuid4(), "b.user", frozenset(OF_A_DELEGATE), delegate="LEON")
    director = Person(uuid4(), "a.director", frozenset({Role.DELEGATE_DIRECTOR}), delegate="ARMOR")
    ours = Person(uuid4(), "o.director", frozenset({Role.OPERATIONS_DIRECTOR}))
    assert offer(asked, Staff((elsewhere, user, director, ours)), up).hats == asked
    assert offer(asked, Staff((elsewhere, director, ours)), up).hats == {"delegate_director@ARMOR"}
    assert offer(asked, Staff((elsewhere, ours)), up).hats == {"operations_director"}


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
