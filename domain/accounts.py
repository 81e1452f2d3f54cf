"""Accounts: who may change whose, which roles go together, what a login and a password may be.

Source: procedures, section 0 (administrator: people, roles, absences; no say on cases); policy
"""

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from domain.people import Actor
from domain.permissions import PERMISSIONS, Action, check_gives_rights_to_another
from domain.refusals import AccountElsewhere, FourEyes, Invalid, LastAdministrator
from domain.roles import OF_A_DELEGATE, Role

LOGIN = r"^[a-z][a-z0-9]*(\.[a-z0-9]+)+$"
"""First name, dot, last name: ASCII, small letters and figures, at least one dot."""
LONGEST_LOGIN = 60
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
ONES_OWN = frozenset({"email", "phone"})
"""What an administrator may change of their own account: where they are reached, and nothing that gives rights."""


class AccountEvent(StrEnum):
    """What can be done to an account or an absence, as the ledger of administration has it."""

    HIRED = "hired"
    CHANGED = "changed"
    LEFT = "left"
    CAME_BACK = "came_back"
    PASSWORD_GIVEN = "password_given"  # noqa: S105
    PASSWORD_CHOSEN = "password_chosen"  # noqa: S105
    ABSENCE_RECORDED = "absence_recorded"
    ABSENCE_CANCELLED = "absence_cancelled"
    ABSENCE_ENDED = "absence_ended"


def check_account_of_another(actor: Actor, person_id: UUID, fields: Iterable[str] = ()) -> None:
    """Nobody changes their own roles, deputy or account: another administrator does. Raises FourEyes.

    `fields` are those that change; with none the whole account is meant.
    """
    changed = frozenset(fields)
    if actor.id == person_id and not (changed and changed <= ONES_OWN):
        raise FourEyes(
            "Nobody changes their own roles, deputy or account; e-mail and telephone are theirs to change.",
            "Ask another administrator.",
        )


def check_roles(roles: frozenset[Role], pole: str | None, delegate: str | None = None) -> None:
    """An administrator has no other role with a say on cases, and does not control themselves; a pole manager has a
    pole; a delegate's people have the roles of a delegate, and nobody else has. Raises Invalid.
    """
    check_border(roles, delegate)
    apart = (PERMISSIONS[Action.DO_TASKS] | PERMISSIONS[Action.ENTER_COMPLAINT] | {Role.INTERNAL_CONTROL}) & roles
    if Role.ADMINISTRATOR in roles and apart:
        raise Invalid(
            f"An administrator has no say on cases, nor any control of themselves: not {', '.join(sorted(apart))} too.",
            "Give the roles to two people.",
            field="roles",
        )
    if Role.POLE_MANAGER in roles and pole is None:
        raise Invalid("A pole manager answers for one pole.", "Name the pole.", field="pole")


def check_border(roles: frozenset[Role], delegate: str | None) -> None:
    """Nobody is on both sides: whoever works for a delegate has no role of the insurer. Raises Invalid.

    Source: procedures, section 3 step 2 (the delegate's own access)
    """
    if delegate is None and not roles.isdisjoint(OF_A_DELEGATE):
        raise Invalid("Whoever has a role of a delegate works for one.", "Name the delegate.", field="delegate")
    if delegate is not None and not roles <= OF_A_DELEGATE:
        raise Invalid(
            "A delegate's people have no role of the insurer.",
            f"Give them {' or '.join(sorted(OF_A_DELEGATE))} only.",
            field="roles",
        )


def check_deputy(actor: Actor, person_id: UUID | None, deputy_id: UUID, deputy_roles: frozenset[Role]) -> None:
    """The deputy is somebody else, has no part in naming themselves, and is no administrator. Raises Invalid, FourEyes.

    That they work here is for the register to say.
    """
    if deputy_id == person_id:
        raise Invalid("Nobody is their own deputy.", "Name somebody else.", field="deputy")
    check_gives_rights_to_another(actor, deputy_id)
    if Role.ADMINISTRATOR in deputy_roles:
        raise Invalid(
            "An administrator has no say on cases, and stands in for nobody.", "Name somebody else.", field="deputy"
        )


def check_same_side(delegate: str | None, deputy_s: str | None) -> None:
    """Nobody stands in across the border between the insurer and a delegate, nor between two. Raises Invalid."""
    if delegate != deputy_s:
        raise Invalid(
            "Whoever stands in works for the same house: the insurer, or the same delegate.",
            "Name somebody else.",
            field="deputy",
        )


def check_somebody_administers(others: int) -> None:
    """The last active administrator neither leaves nor loses the role. Raises LastAdministrator."""
    if others == 0:
        raise LastAdministrator(
            "This is the last administrator: nobody could manage people any more.",
            "Give somebody else the role of administrator first.",
        )


def check_open(*, active: bool) -> None:
    """Somebody who works here. Raises AccountElsewhere."""
    if not active:
        raise AccountElsewhere("This account is closed.", "Open it again first: POST …/return.")


def check_closed(*, active: bool) -> None:
    """Somebody who has left. Raises AccountElsewhere."""
    if active:
        raise AccountElsewhere("This account is open.", "There is nothing to do.")


def check_new_password(typed: str, login: str, name: str, old: str) -> None:
    """At least twelve characters, neither the old one nor made of login or name. Raises Invalid."""
    small = typed.casefold()
    own = {login.casefold(), name.casefold(), login.replace(".", "").casefold(), name.partition(" ")[2].casefold()}
    if len(typed) < SHORTEST_PASSWORD:
        raise Invalid(f"A password has at least {SHORTEST_PASSWORD} characters.", "Choose a longer one.", field="new")
    if typed == old:
        raise Invalid("The new password is the old one.", "Choose another.", field="new")
    if any(word and word in small for word in own) or len(set(typed)) == 1:
        raise Invalid("A password is not made of login or name, nor of one character.", "Choose another.", field="new")
