"""People as they are told, and what is the same for every change of an account."""

from collections.abc import Callable
from datetime import date
from typing import Any

from fastapi import HTTPException
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.house import House
from db.commands import people as commands
from db.commands.administration import Act, once
from db.commands.command import Ask
from db.models import AdministrationLine, StaffMember
from db.queries.cases import hidden_from
from db.queries.people import person_by_login
from db.queries.people_lists import Entry, entry
from domain.people import Actor
from domain.refusals import Invalid

Work = Callable[[Session, StaffMember, Act], AdministrationLine]


class PersonView(BaseModel):
    """Somebody of the staff; whoever has left no longer works here, and stays known."""

    login: str = Field(examples=["claire.morvan"])
    name: str = Field(examples=["Mme Claire Morvan"])
    title: str
    email: str
    phone: str
    roles: list[str]
    pole: str | None
    skills: list[str]
    deputy: str | None = Field(description="login of whoever stands in when they are away")
    delegate: str | None = Field(description="code of the delegate whose person they are")
    works_here: bool
    password_provisional: bool = Field(description="they have not chosen a password of their own yet")
    back_on: date | None = Field(description="away today, and back on that day")
    open_cases: int = Field(description="how many open cases they own")


class PersonChanged(BaseModel):
    """Somebody after a change, and what it leaves to others."""

    person: PersonView
    offered_again: list[str] = Field(description="cases whose tasks are offered anew to who is there")
    open_cases: list[str] = Field(description="open cases that the person owned: somebody in charge reassigns them")
    without_deputy: list[str] = Field(description="logins of those whose deputy the person was")


class PasswordGiven(PersonChanged):
    """The same with a provisional password, which is told once, and never kept in clear."""

    provisional_password: str | None = Field(
        description="tell it to the person; null where the same request is sent again: have another one made then"
    )


def person_view(told: Entry) -> PersonView:
    """A person as they are told."""
    row = told.person
    return PersonView(
        login=row.login,
        name=row.name,
        title=row.title,
        email=row.email,
        phone=row.phone,
        roles=sorted(row.roles),
        pole=row.pole,
        skills=sorted(row.skills),
        deputy=told.deputy,
        delegate=row.delegate,
        works_here=row.active,
        password_provisional=row.password_provisional,
        back_on=told.back_on,
        open_cases=told.open_cases,
    )


def one(session: Session, login: str, today: date) -> PersonView:
    """The person with this login, gone or not; 404 where there is none."""
    found = entry(session, login, today)
    if found is None:
        raise nobody()
    return person_view(found)


def nobody() -> HTTPException:
    """What is said where nobody has the login."""
    return HTTPException(404, "Nobody has this login, or ever had.")


def changed(session: Session, login: str, act: Act, line: AdministrationLine | None) -> dict[str, Any]:
    """The fields of `PersonChanged`, for whoever acts: of cases about them they are told nothing. Without a line
    nothing has changed.
    """
    leaves = line.consequences if line is not None else {}
    hidden = hidden_from(session, act.actor.id)
    names = ("offered_again", "open_cases", "without_deputy")
    told = {name: [one for one in leaves.get(name, []) if one not in hidden] for name in names}
    return {"person": one(session, login, act.today), **told}


def with_password(house: House, actor: Actor, login: str, ask: Ask, password: str, work: Work) -> PasswordGiven:
    """Do something to an account that gives it a provisional password; the same request again tells no password."""
    with house.sessions.begin() as session:
        act = Act(actor, ask, house.now(), house.today())
        row = known(session, login)
        line, fresh = once(session, act, lambda: work(session, row, act))
        told = changed(session, login, act, line)
    return PasswordGiven(**told, provisional_password=password if fresh else None)


def known(session: Session, login: str) -> StaffMember:
    """The person with this login, locked together with all administrators; 404 where there is none."""
    row = commands.locked(session, login)
    if row is None:
        raise nobody()
    return row


def deputy_named(session: Session, login: str) -> StaffMember:
    """Whoever is named deputy: somebody who works here. Raises Invalid."""
    row = person_by_login(session, login)
    if row is None or not row.active:
        raise Invalid("Nobody who works here has this login.", "Give a colleague's login.", field="deputy")
    return row
