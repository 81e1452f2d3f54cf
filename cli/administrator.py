"""`echeance administrator`: the first of a house, who hires everybody else."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from local.errors import LocalError


def administrator(
    login: Annotated[str, typer.Argument(help="first name, dot, last name, in small letters")],
    name: Annotated[str, typer.Option(help="as letters show it: Mme Maëlle Corlay")],
    email: Annotated[str, typer.Option(help="e-mail address")],
    phone: Annotated[str, typer.Option(help="telephone")],
    title: Annotated[str, typer.Option(help="title")] = "Administrateur",
) -> None:
    """Hire the first administrator of a house that has none; prints a provisional password, once."""
    from pydantic import ValidationError

    from api.passwords import PASSWORDS, provisional_password
    from api.people.staff import PersonHired
    from db.commands.people import NewPerson, hire_first_administrator
    from db.session import open_engine, open_sessions
    from domain.refusals import Refusal
    from domain.roles import Role

    said = {"login": login, "name": name, "title": title, "email": email, "phone": phone, "roles": [Role.ADMINISTRATOR]}
    try:
        asked = PersonHired.model_validate(said)
    except ValidationError as error:
        wrong = ", ".join(sorted({str(one["loc"][0]) for one in error.errors()}))
        raise LocalError(f"These values cannot be right: {wrong}.") from error
    new = NewPerson(
        asked.login, asked.name, asked.title, asked.email, asked.phone, (Role.ADMINISTRATOR,), None, (), None
    )
    password = provisional_password()
    engine = open_engine()
    try:
        with open_sessions(engine).begin() as session:
            hire_first_administrator(session, new, PASSWORDS.hash(password), datetime.now(UTC))
    except Refusal as refusal:
        raise LocalError(str(refusal)) from refusal
    finally:
        engine.dispose()
    typer.echo(f"{login} signs in with {password} and then chooses a password of their own.")
