"""People: hired, changed, gone, back; their passwords. Each change with its line in the ledger, and whatever follows
from it for tasks that are open: nothing is left to a person who is gone, or no longer has the role.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.administration import Act, Consequences, Noted, note, note_of_program
from db.commands.reoffer import cases_offered_to, raised_cases, references, reoffer
from db.models import Absence, AdministrationLine, Case, DelegateRow, StaffMember
from db.queries.people import staff_on
from domain.accounts import (
    AccountEvent,
    check_account_of_another,
    check_closed,
    check_deputy,
    check_open,
    check_roles,
    check_same_side,
    check_somebody_administers,
)
from domain.people import Hat
from domain.refusals import AccountElsewhere, Invalid, LoginTaken
from domain.roles import Role

_GIVES_RIGHTS = {"roles", "pole", "active"}
"""When one of these changes, tasks may be for somebody else."""


@dataclass(frozen=True)
class NewPerson:
    """Somebody who is hired; with `delegate`, one of its people, for life."""

    login: str
    name: str
    title: str
    email: str
    phone: str
    roles: tuple[Role, ...]
    pole: str | None
    skills: tuple[str, ...]
    deputy_id: UUID | None
    delegate: str | None = None


def locked(session: Session, login: str) -> StaffMember | None:
    """The person, and all administrators, locked: two who remove each other at once do so one after the other."""
    administrators = StaffMember.roles.contains([str(Role.ADMINISTRATOR)])
    rows = session.scalars(
        select(StaffMember)
        .where((StaffMember.login == login) | administrators)
        .order_by(StaffMember.id)
        .with_for_update(key_share=True),
        execution_options={"populate_existing": True},
    ).all()
    return next((row for row in rows if row.login == login), None)


def hire(session: Session, new: NewPerson, password_hash: str, act: Act) -> AdministrationLine:
    """Somebody begins to work here, with a provisional password. Raises LoginTaken, Invalid, FourEyes."""
    check_roles(frozenset(new.roles), new.pole, new.delegate)
    if new.delegate is not None:
        _check_delegate(session, new)
    if new.deputy_id is not None:
        _check_deputy(session, act, None, new.deputy_id, new.delegate)
    row, told = _new(session, new, password_hash)
    return _note(session, act, row, AccountEvent.HIRED, told, frozenset())


def hire_first_administrator(session: Session, new: NewPerson, password_hash: str, at: datetime) -> None:
    """A house without administrator gets one from whoever runs its programs; of two at once, the second waits, and is
    refused. Raises AccountElsewhere, LoginTaken.
    """
    session.execute(text("LOCK TABLE staff IN SHARE ROW EXCLUSIVE MODE"))
    if session.scalar(_administrators().limit(1)) is not None:
        raise AccountElsewhere("This house has an administrator.", "They hire everybody else: POST /api/v1/people.")
    row, told = _new(session, new, password_hash)
    note_of_program(session, Noted(row.id, AccountEvent.HIRED, told), at)


def _new(session: Session, new: NewPerson, password_hash: str) -> tuple[StaffMember, dict[str, Any]]:
    """The row, and what the ledger keeps of it. Raises LoginTaken."""
    if session.scalar(select(StaffMember.id).where(StaffMember.login == new.login)) is not None:
        raise login_taken()
    values = asdict(new) | {"roles": sorted(new.roles), "skills": sorted(new.skills)}
    row = StaffMember(id=uuid7(), password_hash=password_hash, password_provisional=True, active=True, **values)
    session.add(row)
    session.flush()
    return row, _told(session, {name: (None, value) for name, value in values.items()})


def _administrators() -> Select[UUID]:
    return select(StaffMember.id).where(StaffMember.active, StaffMember.roles.contains([str(Role.ADMINISTRATOR)]))


def login_taken() -> LoginTaken:
    """What is said to whoever gives a second person the same login."""
    return LoginTaken("Somebody has this login, or had it.", "Choose another, with a middle name for example.")


def change(session: Session, row: StaffMember, wanted: Mapping[str, Any], act: Act) -> AdministrationLine | None:
    """Change title, contact, roles, pole, skills or deputy of somebody who works here; None where nothing changes.
    Whoever becomes administrator stands in for nobody any more.

    Raises FourEyes, Invalid, LastAdministrator, AccountElsewhere.
    """
    check_open(active=row.active)
    changed = {name: (getattr(row, name), value) for name, value in wanted.items() if getattr(row, name) != value}
    if not changed:
        return None
    check_account_of_another(act.actor, row.id, changed)
    roles = frozenset(Role(role) for role in wanted.get("roles", row.roles))
    check_roles(roles, wanted.get("pole", row.pole), row.delegate)
    if Role.ADMINISTRATOR not in roles:
        _check_administrators(session, row)
    if changed.get("deputy_id", (None, None))[1] is not None:
        _check_deputy(session, act, row.id, wanted["deputy_id"], row.delegate)
    hats = _hats(session, row, act)
    for name, value in wanted.items():
        setattr(row, name, value)
    session.flush()
    becomes = Role.ADMINISTRATOR in roles and "roles" in changed
    leaves = Consequences(without_deputy=_release(session, row, act)) if becomes else None
    lost = hats if not _GIVES_RIGHTS.isdisjoint(changed) or "deputy_id" in changed else None
    return _note(session, act, row, AccountEvent.CHANGED, _told(session, changed), lost, leaves)


def leave(session: Session, row: StaffMember, act: Act) -> AdministrationLine:
    """Somebody leaves: the account is closed, their tasks are offered to who is there, their open cases are named, and
    whoever had them as deputy has none. Raises FourEyes, LastAdministrator, AccountElsewhere.
    """
    check_account_of_another(act.actor, row.id)
    check_open(active=row.active)
    _check_administrators(session, row)
    hats = _hats(session, row, act)
    row.active = False
    session.flush()
    without_deputy = _release(session, row, act)
    told = {"active": {"from": True, "to": False}}
    owned = session.scalars(select(Case.id).where(Case.owner_id == row.id, Case.ended_at.is_(None)))
    leaves = Consequences(open_cases=references(session, owned), without_deputy=without_deputy)
    return _note(session, act, row, AccountEvent.LEFT, told, hats, leaves)


def come_back(session: Session, row: StaffMember, password_hash: str, act: Act) -> AdministrationLine:
    """Somebody who had left works here again, with a provisional password. Raises FourEyes, AccountElsewhere."""
    check_account_of_another(act.actor, row.id)
    check_closed(active=row.active)
    row.active, row.password_hash, row.password_provisional = True, password_hash, True
    session.flush()
    return _note(session, act, row, AccountEvent.CAME_BACK, {"active": {"from": False, "to": True}}, frozenset())


def give_password(session: Session, row: StaffMember, password_hash: str, act: Act) -> AdministrationLine:
    """Another provisional password for somebody who has lost theirs. Raises FourEyes, AccountElsewhere."""
    check_account_of_another(act.actor, row.id)
    check_open(active=row.active)
    row.password_hash, row.password_provisional = password_hash, True
    session.flush()
    return note(session, act, Noted(row.id, AccountEvent.PASSWORD_GIVEN))


def choose_password(session: Session, row: StaffMember, password_hash: str, act: Act) -> AdministrationLine:
    """Somebody has chosen a password of their own; all their tokens end."""
    row.password_hash, row.password_provisional = password_hash, False
    session.flush()
    return note(session, act, Noted(row.id, AccountEvent.PASSWORD_CHOSEN), follows=True)


def _hats(session: Session, row: StaffMember, act: Act) -> frozenset[Hat]:
    """What the person wears today, those of absent people among it."""
    staff = staff_on(session, act.today)
    return staff.hats_of(staff.get(row.id))


def _check_administrators(session: Session, row: StaffMember) -> None:
    """Whoever else administers, where this one does."""
    if Role.ADMINISTRATOR in row.roles:
        others = select(func.count()).where(
            StaffMember.active, StaffMember.roles.contains([str(Role.ADMINISTRATOR)]), StaffMember.id != row.id
        )
        check_somebody_administers(session.scalar(others) or 0)


def _check_delegate(session: Session, new: NewPerson) -> None:
    """The delegate is known, and its people are in no pole of ours. Raises Invalid."""
    if session.get(DelegateRow, new.delegate) is None:
        raise Invalid("There is no such delegate.", "Give the code of one.", field="delegate")
    if new.pole is not None:
        raise Invalid("A delegate's people are in no pole.", "Leave the pole out.", field="pole")


def _check_deputy(session: Session, act: Act, person_id: UUID | None, deputy_id: UUID, delegate: str | None) -> None:
    deputy = session.get_one(StaffMember, deputy_id)
    check_deputy(act.actor, person_id, deputy_id, frozenset(Role(role) for role in deputy.roles))
    check_same_side(delegate, deputy.delegate)


def _release(session: Session, row: StaffMember, act: Act) -> tuple[str, ...]:
    """Nobody has a deputy who is gone or administers, nor do those who have left, for when they are taken back. Who
    works here and had, by login. Of absences to come, the usual deputy is left.
    """
    stood_for = session.scalars(
        select(StaffMember).where(StaffMember.deputy_id == row.id).order_by(StaffMember.login)
    ).all()
    for other in stood_for:
        other.deputy_id = None
        told = {"deputy": {"from": row.login, "to": None}}
        note(session, act, Noted(other.id, AccountEvent.CHANGED, told), follows=True)
    coming = select(Absence).where(Absence.deputy_id == row.id, Absence.back_on > act.today)
    for absence in session.scalars(coming):
        absence.deputy_id = None
    session.flush()
    return tuple(other.login for other in stood_for if other.active)


def _told(session: Session, changed: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    """What the ledger keeps of a change: from and to; a deputy by their login."""
    told = {name: {"from": old, "to": new} for name, (old, new) in changed.items()}
    deputy = told.pop("deputy_id", None)
    if deputy is not None and deputy["from"] != deputy["to"]:
        told["deputy"] = {end: _login(session, person_id) for end, person_id in deputy.items()}
    return told


def _login(session: Session, person_id: UUID | None) -> str | None:
    return session.get_one(StaffMember, person_id).login if person_id else None


def _note(
    session: Session,
    act: Act,
    row: StaffMember,
    event: AccountEvent,
    changes: Mapping[str, Any],
    lost: frozenset[Hat] | None,
    leaves: Consequences | None = None,
) -> AdministrationLine:
    """Write the line, and have cases consider their tasks anew: those offered to hats that were `lost`, and those that
    were raised or left to nobody, for somebody may be there now. None: no right has changed.
    """
    line = uuid7()
    cases = sorted({*cases_offered_to(session, lost), *raised_cases(session)}) if lost is not None else []
    reoffer(session, cases, act.at, str(line))
    told = replace(leaves or Consequences(), offered_again=references(session, cases))
    return note(session, act, Noted(row.id, event, changes, told), line)
