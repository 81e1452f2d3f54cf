"""The API describes itself whole: every operation, every answer; and no route is open by oversight."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from api.app import create_app
from api.auth import Allowed, the_actor
from tests.api.contract import PROBLEM, check_documented, description, the_app
from tests.api.counter import NOON, Counter
from tests.factories.bodies import a_complaint

OPEN = {("POST", "/api/v1/token")}
"""Whoever has no token yet comes here."""
REFUSALS = {"400", "401", "403", "404", "409", "413", "415", "422", "503"}
SPEC = description()
TAKES_DOCUMENTS = "/api/v1/claims/{reference}/documents"
FILES = {
    "/api/v1/claims/{reference}/documents/{document_id}",
    "/api/v1/findings/{reference}/evidence/{evidence_id}",
    "/api/v1/audits/{reference}/files/{file_id}",
    "/api/v1/delegate/audits/{reference}/files/{file_id}",
    "/api/v1/delegate/findings/{reference}/evidence/{evidence_id}",
    "/api/v1/audits/{reference}/report.{kind}",
}
"""A PDF or a picture, whichever came."""
UPLOADS = {
    TAKES_DOCUMENTS,
    "/api/v1/findings/{reference}/evidence",
    "/api/v1/audits/{reference}/pieces/{piece}/files",
    "/api/v1/delegate/audits/{reference}/pieces/{piece}",
    "/api/v1/delegate/findings/{reference}/evidence",
}
TAKES_FILES = {f"/api/v1/imports/{kind}" for kind in ("{kind}", "claims", "figures", "volunteers")}
OPERATIONS = [
    (method, path) for path, operations in SPEC["paths"].items() for method in operations if path.startswith("/api/v1/")
]
GIVES_A_COMMAND = [
    ("post", "/api/v1/tasks/{task_id}/complete"),
    ("post", "/api/v1/cases/{reference}/requalify"),
    ("post", "/api/v1/cases/{reference}/reassign"),
    ("post", "/api/v1/cases/{reference}/holding-letter"),
]


def unprotected(app: FastAPI) -> set[tuple[str, str]]:
    """The routes of the API that neither ask who is there nor what they may do."""
    return {
        (method, context.path or "")
        for context in iter_route_contexts(app.routes)
        if (context.path or "").startswith("/api/")
        for method in context.methods or ()
        if not is_protected(context.original_route)
    }


def is_protected(route: Any) -> bool:
    """Whether one of the route's dependencies is a permission or at least the actor."""
    dependencies = calls(route.dependant) if isinstance(route, APIRoute) else iter(())
    return any(isinstance(call, Allowed) or call is the_actor for call in dependencies)


def calls(dependant: Dependant) -> Iterator[Any]:
    """All that a route depends on, near and far."""
    for inner in dependant.dependencies:
        yield inner.call
        yield from calls(inner)


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema, or what it refers to."""
    reference = schema.get("$ref", "")
    found: dict[str, Any] = SPEC["components"]["schemas"][reference.rpartition("/")[2]] if reference else schema
    return found


def test_every_route_but_the_sign_in_asks_who_is_there() -> None:
    assert unprotected(the_app()) == OPEN


def test_a_route_that_was_left_open_is_found() -> None:
    app = create_app()

    @app.get("/api/v1/left-open")
    def left_open() -> None:
        """Somebody forgot."""

    assert unprotected(app) == OPEN | {("GET", "/api/v1/left-open")}


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_operation_says_what_it_does_and_what_it_answers(method: str, path: str) -> None:
    operation = SPEC["paths"][path][method]
    assert operation["summary"].strip()
    assert operation["description"].strip().endswith((".", "!"))
    assert operation["tags"]
    answers = operation["responses"]
    assert set(answers) >= REFUSALS
    for status, answer in answers.items():
        assert answer["description"].strip()
        if status == "204":
            assert "content" not in answer
            continue
        assert len(answer["content"]) == 1 or (path in FILES and status == "200"), "one kind of answer"
        for kind, content in answer["content"].items():
            assert kind == (PROBLEM if status >= "400" else "application/pdf" if path.endswith(".pdf") else kind)
            assert content["schema"], f"{method} {path} {status}"
    for parameter in operation.get("parameters", []):
        assert parameter["schema"], parameter["name"]


@pytest.mark.parametrize(("method", "path"), GIVES_A_COMMAND)
def test_a_command_can_be_carried_out_later_and_says_so(method: str, path: str) -> None:
    operation = SPEC["paths"][path][method]
    assert "202" in operation["responses"]
    assert "Idempotency-Key" in {parameter["name"] for parameter in operation["parameters"]}


@pytest.mark.parametrize(
    ("method", "path"), [one for one in OPERATIONS if "requestBody" in SPEC["paths"][one[1]][one[0]]]
)
def test_every_body_has_an_example(method: str, path: str) -> None:
    content = SPEC["paths"][path][method]["requestBody"]["content"]
    if path in TAKES_FILES:
        assert content["text/csv"]["example"]
        return
    if path in UPLOADS:
        assert content["multipart/form-data"]["example"]
        return
    assert list(content) == ["application/json"]
    schema = resolved(content["application/json"]["schema"])
    told = content["application/json"]["schema"].get("examples") or schema.get("examples")
    fields = schema.get("properties", {})
    told_by_field = bool(fields) and all("examples" in fields[name] for name in schema.get("required", fields))
    assert told or told_by_field, f"{method} {path} shows no example"


def test_every_schema_says_what_it_is() -> None:
    silent = {
        name
        for name, schema in SPEC["components"]["schemas"].items()
        if not schema.get("description") and "enum" not in schema
    }
    assert silent == set()


async def test_the_examples_are_taken_as_they_stand(counter: Counter) -> None:
    content = SPEC["paths"]["/api/v1/complaints"]["post"]["requestBody"]["content"]["application/json"]
    [example] = content["schema"].get("examples") or content["examples"]
    answer = await counter.ask("malo.quere", "POST", "/complaints", example)
    assert answer.status_code == 201, answer.text
    fields = resolved(SPEC["paths"]["/api/v1/token"]["post"]["requestBody"]["content"]["application/json"]["schema"])
    sign_in = {name: field["examples"][0] for name, field in fields["properties"].items()}
    assert (await counter.http.post("/api/v1/token", json=sign_in)).status_code == 200


async def test_the_description_is_served_and_names_the_refusal_it_gives(counter: Counter) -> None:
    served = await counter.http.get("/openapi.json")
    assert served.json() == json.loads(json.dumps(SPEC))
    answer = await counter.ask("malo.quere", "POST", "/complaints", a_complaint(NOON.date(), pole="kitchen"))
    check_documented(answer, served.json()["paths"]["/api/v1/complaints"]["post"])
    assert (await counter.http.get("/docs")).status_code == 200
