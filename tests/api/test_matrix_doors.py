"""The doors of the matrix, read off the routes: each names the permission that lets in the roles of its row, no other.

Nothing is sent: somebody of every role is put before the door itself.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from api.auth import Allowed, the_actor
from api.pages.visit import Admitted, Visit, the_visit
from api.pages.words import words_in
from domain.people import Actor
from domain.permissions import Action
from domain.refusals import InsurersOnly, RoleMissing
from domain.roles import OF_A_DELEGATE, Role
from tests.api.contract import the_app
from tests.api.matrix import EVERYBODY, SIGNED_IN
from tests.api.matrix_whole import MATRIX

LetIn = set[Role] | set[Role | None] | None


def doors(app: FastAPI) -> dict[str, LetIn]:
    """Whom each operation lets in, by its route."""
    return {
        f"{method} {context.path}": lets_in(context.original_route)
        for context in iter_route_contexts(app.routes)
        for method in context.methods or ()
        if isinstance(context.original_route, APIRoute)
    }


def lets_in(route: APIRoute) -> LetIn:
    """The roles that pass all of the route's permissions; whoever is signed in where it names none, or everybody."""
    asked = list(calls(route.dependant))
    permissions = [call for call in asked if isinstance(call, Allowed | Admitted)]
    if not permissions and not {the_actor, the_visit} & {call for call in asked if callable(call)}:
        return EVERYBODY
    return {role for role in SIGNED_IN if all(passes(door, role) for door in permissions)}


def calls(dependant: Dependant) -> Iterator[Any]:
    """All that a route depends on, near and far."""
    for inner in dependant.dependencies:
        yield inner.call
        yield from calls(inner)


def passes(door: Allowed | Admitted, role: Role | None) -> bool:
    """Whether somebody with this one role, or with none, is let through."""
    delegate = "ARMOR" if role in OF_A_DELEGATE else None
    actor = Actor(UUID(int=1), "somebody", frozenset([role] if role else []), frozenset(), delegate=delegate)
    try:
        if isinstance(door, Admitted):
            door(Visit(actor, "Somebody", "", words_in("fr", "Europe/Paris")))
        else:
            door(actor)
    except (RoleMissing, InsurersOnly):
        return False
    return True


def wrong(app: FastAPI) -> dict[str, LetIn]:
    """The operations that let in others than their row says, and whom."""
    found = doors(app)
    return {operation: found[operation] for operation, row in MATRIX.items() if found[operation] != row.lets_in}


def test_every_operation_lets_in_the_roles_of_its_row() -> None:
    assert wrong(the_app()) == {}


def test_a_route_that_asks_nobody_is_open_to_everybody() -> None:
    app = FastAPI()

    @app.get("/api/v1/left-open")
    def left_open() -> None:
        """Somebody forgot."""

    assert doors(app)["GET /api/v1/left-open"] is EVERYBODY


def test_another_permission_than_the_row_s_is_found() -> None:
    assert passes(Allowed(Action.READ_PAY), Role.POLE_MANAGER) != passes(Allowed(Action.READ_CASES), Role.POLE_MANAGER)
