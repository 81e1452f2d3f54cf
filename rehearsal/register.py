"""Fill a register for a scenario: calendar, staff, members; where claims are played, who is insured and paid where."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.calendar import fill as fill_calendar
from db.commands.keys import iban_hasher
from db.models import (
    Absence,
    CalendarDay,
    ClaimSample,
    Contract,
    ContractRights,
    DelegateRow,
    Member,
    MemberIban,
    Provider,
    StaffIban,
    StaffMember,
)
from domain.policy import PolicyBook
from local.demo.reference import invented_iban
from local.demo_staff import DELEGATES, STAFF, Delegate, person_id
from rehearsal.acts import PROVIDERS, iban_of
from rehearsal.scenario import Employee, Scenario, local

MEMBERS = 500
INSURED_FOR = timedelta(days=3 * 365)
DEMO = tuple(
    Employee(
        login=person.login,
        name=person.name,
        title=person.title,
        roles=person.roles,
        pole=person.pole,
        skills=person.skills,
        deputy=person.deputy,
        delegate=person.delegate,
    )
    for person in STAFF
)
"""The demo insurer's staff, for scenarios that bring none of their own."""


def staff_of(scenario: Scenario) -> tuple[Employee, ...]:
    """Who works here."""
    return scenario.staff or DEMO


def fill(session: Session, scenario: Scenario, book: PolicyBook) -> None:
    """Everything that is there when the curtain rises."""
    fill_calendar(
        session, scenario.starts.year - 11, scenario.ends.year + 2, alsace_moselle=book.insurer.alsace_moselle
    )
    hire(session, staff_of(scenario))
    session.add_all(_member(number) for number in range(1, MEMBERS + 1))
    for away in scenario.absences:
        session.add(_absence(away.who, away.from_on, away.back_on, away.deputy, scenario.starts))
    for closing in scenario.closing_days:
        session.add(CalendarDay(day=closing.day, kind="closing_day", name=closing.name))
    if any(scene.does == "enter_claim" for scene in scenario.scenes):
        session.flush()
        _insure(session, scenario)


def _delegate(one: Delegate) -> DelegateRow:
    return DelegateRow(code=one.code, name=one.name, broker=one.broker, contracts=list(one.contracts))


def hire(session: Session, staff: tuple[Employee, ...]) -> None:
    """The delegates, and the people of a scenario, who cannot sign in: on a stage nobody needs a password."""
    session.add_all(_delegate(one) for one in DELEGATES)
    session.flush()
    rows = {employee.login: _staff_member(employee) for employee in staff}
    session.add_all(rows.values())
    session.flush()
    for employee in staff:
        rows[employee.login].deputy_id = person_id(employee.deputy) if employee.deputy else None


def _insure(session: Session, scenario: Scenario) -> None:
    """Each member under a contract of the same number, paid for years on an account of their own; everybody of the
    staff has an account. The draws of each day are known beforehand: the same scenario draws the same claims.
    """
    since = scenario.starts - INSURED_FOR
    hashed = iban_hasher(session)
    numbers = range(1, MEMBERS + 1)
    session.execute(insert(Provider), [_provider(category, number) for category, number in PROVIDERS.items()])
    session.execute(insert(Contract), [_contract(number) for number in numbers])
    session.execute(insert(ContractRights), [_rights(number, since.date()) for number in numbers])
    accounts = [(number, invented_iban(number)) for number in numbers]
    session.execute(insert(MemberIban), [_account(number, iban, hashed(iban), since) for number, iban in accounts])
    logins = [employee.login for employee in staff_of(scenario)]
    session.execute(
        insert(StaffIban),
        [
            {"staff_id": person_id(one), "iban_hash": hashed(iban_of(one, logins)), "member_number": None}
            for one in logins
        ],
    )
    session.execute(insert(ClaimSample), _samples(scenario))


def _provider(category: str, number: str) -> dict[str, Any]:
    return {"number": number, "name": f"Établissement {number}", "category": category}


def _contract(number: int) -> dict[str, Any]:
    return {"number": f"C{number:07d}", "member_number": f"M{number:07d}", "guarantee": "CONFORT"}


def _rights(number: int, since: date) -> dict[str, Any]:
    return {"contract_number": f"C{number:07d}", "from_on": since, "until_on": None}


def _account(number: int, iban: str, iban_hash: bytes, since: datetime) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "member_number": f"M{number:07d}",
        "iban": iban,
        "iban_hash": iban_hash,
        "from_at": local(since),
        "until_at": None,
        "changed_by": None,
        "changed_through": "member",
    }


def _samples(scenario: Scenario) -> Sequence[dict[str, Any]]:
    days = (scenario.ends.date() - scenario.starts.date()).days + 1
    dates = [scenario.starts.date() + timedelta(days=day) for day in range(days)]
    return [{"day": day, "seed": sha256(f"{scenario.title}:{day}".encode()).hexdigest()} for day in dates]


def _absence(who: str, from_on: date, back_on: date, deputy: str | None, at: datetime) -> Absence:
    deputy_id = person_id(deputy) if deputy else None
    return Absence(
        id=uuid7(),
        person_id=person_id(who),
        from_on=from_on,
        back_on=back_on,
        deputy_id=deputy_id,
        recorded_at=local(at),
    )


def _staff_member(employee: Employee) -> StaffMember:
    return StaffMember(
        id=person_id(employee.login),
        login=employee.login,
        password_hash="",
        name=employee.name,
        title=employee.title,
        email=f"{employee.login}@mutuelle.example",
        phone="",
        roles=sorted(employee.roles),
        pole=employee.pole,
        skills=sorted(employee.skills),
        delegate=employee.delegate,
        active=True,
    )


def _member(number: int) -> Member:
    return Member(
        number=f"M{number:07d}",
        name=f"Mme Adhérente {number}",
        email=f"adherent{number}@boite-postale.example",
        address=[f"{number} rue des Ajoncs", "29200 Brest"],
        language="fr",
        vip=False,
    )
