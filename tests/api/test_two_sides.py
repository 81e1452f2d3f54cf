"""A sweep over every route, JSON and pages, as a delegate's people: nothing of the other delegate, nothing of the
insurer's people, whatever is asked for."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy import event

from db.behalf import DELEGATE_ROLE
from tests.api.counter import Counter
from tests.api.matrix_whole import OF_NOBODY
from tests.api.two_sides import Sides, stand
from tests.factories.two_delegates import ARMOR, LEON, Holding, Party

OF_THE_INSURER = ("Madec", "Le Saux", "Rolland", "Kermarrec", "gildas.madec", "maiwenn.le.saux", "Morvan")
PARAMETER = re.compile(r"\{(\w+)\}")
OPEN_TO_ALL = {"/sign-in", "/language", "/api/v1/token", "/health/live", "/health/ready"}
OWN = {"/", "/account", "/account/password", "/account/sign-out-everywhere", "/sign-out", "/drafts", "/drafts/forget",
       "/api/v1/me", "/api/v1/me/password", "/api/v1/tokens"}  # fmt: skip
"""What is one's own, for whoever is signed in."""
SPACE = re.compile(r"(/api/v1)?/delegate(/|$)")
LEADING_BACK = {"/delegate/audits/{reference}/pieces/{piece}", "/delegate/findings/{reference}/evidence"}
"""Addresses of forms: looked at, they lead to the page that holds the form, whatever they name."""


@pytest.fixture(scope="module")
def sides(counter: Counter) -> Sides:
    """Both delegates before the counter."""
    return stand(counter)


def routes(counter: Counter) -> Iterator[tuple[str, str]]:
    """Every operation of the application that says something of somebody."""
    for context in iter_route_contexts(counter.app.routes):
        for method in context.methods or ():
            if f"{method} {context.path}" not in OF_NOBODY and method != "HEAD":
                yield method, context.path or ""


def parts(sides: Sides, theirs: Holding, path: str) -> dict[str, str]:
    """Somebody else's objects, for each part of an address."""
    finding, audit = theirs.reference(theirs.open_id), theirs.reference(theirs.audit_id)
    task = sides.desk.sql("SELECT id FROM tasks WHERE case_id = :id LIMIT 1", id=theirs.open_id)[0][0]
    command = sides.desk.sql("SELECT id FROM commands WHERE case_id = :id LIMIT 1", id=theirs.open_id)[0][0]
    known = {"reference": audit if "audit" in path else finding, "task_id": task, "command_id": command}
    known |= {"login": theirs.party.user, "piece": "tariff-table", "number": "M0000042", "pile": "payable"}
    return {name: str(known.get(name, theirs.open_id)) for name in PARAMETER.findall(path)}


BODIES: dict[str, Any] = {
    "/complete": {"outcome": "propose", "plan": "Le leur."},
    "/postponement": {"until": "2031-09-30", "reason": "La leur."},
    "/withdraw-piece": {"piece": "tariff-table", "version": 1, "reason": "La leur."},
}


async def ask(sides: Sides, party: Party, method: str, path: str, theirs: Holding) -> httpx2.Response:
    """One operation, about the other's object, as somebody who is signed in there."""
    address = path.format(**parts(sides, theirs, path))
    if path.endswith(("/evidence", "/pieces/{piece}")) and path.startswith("/api/v1/delegate"):
        return await sides.send_file(party.user, address.removeprefix("/api/v1/delegate"))
    if path.startswith("/api/"):
        body: Any = next((one for end, one in BODIES.items() if path.endswith(end)), {})
        told = None if method == "GET" else body
        return await sides.counter.ask(party.user, method, address.removeprefix("/api/v1"), told)
    cookie, mark = sides.cookie_of(party.user)
    form = {"mark": mark, "form": "/account", "language": "fr", "on": "/"} if method == "POST" else None
    return await sides.counter.http.request(method, address, data=form, headers=cookie)


@pytest.mark.parametrize(("party", "other"), [(ARMOR, LEON), (LEON, ARMOR)], ids=["Armor asks", "Léon asks"])
async def test_no_route_says_a_word_of_anybody_else(sides: Sides, party: Party, other: Party) -> None:
    theirs, told = sides.of[other.code], {}
    named = {word for word in theirs.words if word not in ("ARMOR", "LEON")} | set(OF_THE_INSURER)
    for method, path in sorted(set(routes(sides.counter))):
        if party is LEON and path not in OWN and not SPACE.match(path):
            continue  # what refuses one delegate's user by role refuses the other's
        answer = await ask(sides, party, method, path, theirs)
        asked = set(parts(sides, theirs, path).values())
        said = json.dumps(dict(answer.headers)) + answer.text
        leaked = [word for word in named - asked if word in said]
        allowed = {200, 204, 303, 401, 403, 409, 422, 503} if path in OPEN_TO_ALL | OWN else {403, 404, 415}
        if path in LEADING_BACK and method == "GET":
            allowed = {303}
        lists = SPACE.match(path) and not PARAMETER.search(path)
        if leaked or answer.status_code not in ({200} if lists else allowed):
            told[f"{method} {path}"] = (answer.status_code, leaked)
        if method == "DELETE" or "sign-out" in path:
            sides.counter.tokens.pop(party.user, None)
    assert told == {}


async def test_what_is_ones_own_is_read(sides: Sides) -> None:
    for party in (ARMOR, LEON):
        own = sides.of[party.code]
        audit, finding = own.reference(own.audit_id), own.reference(own.planned_id)
        for path in ("/me", "/tasks", "/dates", "/audits", "/findings", f"/audits/{audit}", f"/findings/{finding}"):
            for login in (party.user, party.colleague, party.head):
                answer = await sides.get(login, path)
                assert answer.status_code == 200, (login, path, answer.text)
                assert not [word for word in OF_THE_INSURER if word in answer.text], path


async def test_every_statement_that_answers_a_delegate_runs_under_its_role(sides: Sides) -> None:
    """But those that look who asks, and deliver a command."""
    own, seen = sides.of["ARMOR"], []
    engine = sides.counter.house.sessions.kw["bind"]

    def note(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        role = connection.connection.cursor().execute("SELECT current_user").fetchone()[0]
        seen.append((role, statement))

    event.listen(engine, "before_cursor_execute", note)
    try:
        for path in ("/me", "/tasks", "/dates", "/audits", f"/audits/{own.reference(own.audit_id)}", "/findings"):
            assert (await sides.get(ARMOR.user, path)).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    as_owner = {statement for role, statement in seen if role != DELEGATE_ROLE}
    assert any(role == DELEGATE_ROLE for role, _ in seen)
    assert not [
        one for one in as_owner if not re.search(r"\btokens\b|FROM staff LEFT|FROM \(SELECT staff|set_config", one)
    ]
