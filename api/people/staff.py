"""The staff: listed by name, looked at one by one, hired, changed."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.auth import Allowed
from api.commands import Key, key_or_new
from api.house import House, TheHouse
from api.passwords import hashed, provisional_password
from api.people.views import PasswordGiven, PersonChanged, PersonView, changed, deputy_named, known, one, person_view
from db.commands import people as commands
from db.commands.administration import Act, already_noted, once
from db.commands.command import Ask
from db.models import AdministrationLine
from db.queries import people_lists
from domain.accounts import LOGIN, LONGEST_LOGIN
from domain.forms import Email, Form, Writable
from domain.people import Actor
from domain.permissions import Action
from domain.refusals import Invalid
from domain.roles import Role

router = APIRouter(tags=["people"])
Reader = Annotated[Actor, Depends(Allowed(Action.READ_PEOPLE))]
Manager = Annotated[Actor, Depends(Allowed(Action.MANAGE_PEOPLE))]

Login = Annotated[str, StringConstraints(pattern=LOGIN, max_length=LONGEST_LOGIN)]
OneLine = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$"),
    Writable,
]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9+ ().-]{4,30}$")]
_A_SET: dict[str, Any] = {"uniqueItems": False}
"""What is named twice is named: the description promises no more than that."""
Roles = Annotated[frozenset[Role], Field(json_schema_extra=_A_SET)]
Slugs = Annotated[
    frozenset[Annotated[str, StringConstraints(max_length=60), Writable]],
    Field(json_schema_extra=_A_SET),
]
Slug = Annotated[str, StringConstraints(max_length=60), Writable]


class PersonHired(Form):
    """Somebody who begins to work here. The login is for life, and nobody else's ever."""

    login: Login = Field(examples=["maelle.corlay"])
    name: OneLine = Field(examples=["Mme Maëlle Corlay"])
    title: OneLine = Field(examples=["Gestionnaire prestations"])
    email: Email = Field(examples=["maelle.corlay@mutuelle-des-embruns.example"])
    phone: Phone = Field(examples=["02 61 91 00 60"])
    roles: Roles = Field(examples=[["handler"]])
    pole: Slug | None = Field(None, examples=["benefits"])
    skills: Slugs = Field(frozenset(), examples=[["english"]])
    deputy: Slug | None = Field(None, examples=["claire.morvan"], description="login of whoever stands in")
    delegate: Slug | None = Field(None, description="code of the delegate whose person they are, for life")


class PersonAltered(Form):
    """What changes; what is left out stays. `pole` and `deputy` can be null: none."""

    title: OneLine | None = Field(None, examples=["Gestionnaire experte"])
    email: Email | None = Field(None, examples=["claire.morvan@mutuelle-des-embruns.example"])
    phone: Phone | None = Field(None, examples=["02 61 91 00 20"])
    roles: Roles | None = Field(None, examples=[["handler", "expert_handler"]])
    pole: Slug | None = Field(None, examples=["benefits"])
    skills: Slugs | None = Field(None, examples=[["english", "dental"]])
    deputy: Slug | None = Field(
        None, examples=["yann.kerloch"], description="login of whoever stands in when they are away"
    )


class People(BaseModel):
    """Some people, by name; `next` is the cursor of the following ones."""

    people: list[PersonView]
    next: UUID | None


@router.get("/people")
def people(
    house: TheHouse,
    _actor: Reader,
    role: Role | None = None,
    pole: Annotated[str | None, Query(max_length=60)] = None,
    gone: Annotated[bool, Query(description="those who have left as well")] = False,
    cursor: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> People:
    """Who works here, by name."""
    wanted = people_lists.Wanted(role, pole, gone, cursor, limit)
    with house.sessions() as session:
        entries = people_lists.listed(session, wanted, house.today())
    more = entries[limit - 1].person.id if len(entries) > limit else None
    return People(people=[person_view(entry) for entry in entries[:limit]], next=more)


@router.get("/people/{login}")
def person(login: str, house: TheHouse, _actor: Reader) -> PersonView:
    """One person, gone or not."""
    with house.sessions() as session:
        return one(session, login, house.today())


@router.post("/people", status_code=201)
async def hire(asked: PersonHired, house: TheHouse, actor: Manager, key: Key = None) -> PasswordGiven:
    """Somebody begins to work here. Their provisional password is told once: it lets them choose one of their own."""
    ask = Ask("hire", asked.model_dump(mode="json") | _in_order(asked), key_or_new(key))
    password = provisional_password()
    kept_hash = await hashed(password)
    try:
        told, fresh = await house.transact(lambda session: _hired(session, house, actor, asked, ask, kept_hash))
    except IntegrityError as error:
        if "uq_staff_login" in str(error.orig):
            raise commands.login_taken() from None
        raise
    return PasswordGiven(**told, provisional_password=password if fresh else None)


@router.patch("/people/{login}")
def alter(login: str, asked: PersonAltered, house: TheHouse, actor: Manager, key: Key = None) -> PersonChanged:
    """Change title, contact, roles, pole, skills or deputy; of one's own account e-mail and telephone only. With other
    roles all tokens of the person end, and tasks that were theirs are offered to who is there.
    """
    ask = Ask(
        "alter",
        {"login": login, **asked.model_dump(mode="json", exclude_unset=True), **_in_order(asked)},
        key_or_new(key),
    )
    with house.sessions.begin() as session:
        act = Act(actor, ask, house.now(), house.today())
        row = known(session, login)
        line = already_noted(session, act) or commands.change(session, row, _wanted(session, house, asked), act)
        return PersonChanged(**changed(session, login, act, line))


def _hired(
    session: Session, house: House, actor: Actor, asked: PersonHired, ask: Ask, kept_hash: str
) -> tuple[dict[str, Any], bool]:
    act = Act(actor, ask, house.now(), house.today())

    def work() -> AdministrationLine:
        _check_listed(house, asked.pole, asked.skills)
        new = commands.NewPerson(
            login=asked.login,
            name=asked.name,
            title=asked.title,
            email=asked.email,
            phone=asked.phone,
            roles=tuple(sorted(asked.roles)),
            pole=asked.pole,
            skills=tuple(sorted(asked.skills)),
            deputy_id=deputy_named(session, asked.deputy).id if asked.deputy else None,
            delegate=asked.delegate,
        )
        return commands.hire(session, new, kept_hash, act)

    line, fresh = once(session, act, work)
    return changed(session, asked.login, act, line), fresh


def _wanted(session: Session, house: House, asked: PersonAltered) -> dict[str, Any]:
    """The columns that are to change, with their new values."""
    _check_listed(house, asked.pole, asked.skills or frozenset())
    simple = {name: getattr(asked, name) for name in ("title", "email", "phone") if getattr(asked, name) is not None}
    lists = {name: sorted(values) for name in ("roles", "skills") if (values := getattr(asked, name)) is not None}
    wanted: dict[str, Any] = {**simple, **lists}
    if "pole" in asked.model_fields_set:
        wanted["pole"] = asked.pole
    if "deputy" in asked.model_fields_set:
        wanted["deputy_id"] = deputy_named(session, asked.deputy).id if asked.deputy else None
    return wanted


def _in_order(asked: PersonHired | PersonAltered) -> dict[str, list[str]]:
    """Sets in one order: the same roles are the same request, whichever process reads them."""
    return {name: sorted(getattr(asked, name)) for name in ("roles", "skills") if getattr(asked, name) is not None}


def _check_listed(house: House, pole: str | None, skills: frozenset[str]) -> None:
    """Poles and skills are those of the policy file. Raises Invalid."""
    facts = house.book.insurer
    poles, known_skills = [one.id for one in facts.poles], [one.id for one in facts.skills]
    if pole is not None and pole not in poles:
        raise Invalid("There is no such pole.", f"Give one of {', '.join(poles)}.", field="pole")
    if not skills <= set(known_skills):
        raise Invalid("There is no such skill.", f"Give some of {', '.join(known_skills)}.", field="skills")
