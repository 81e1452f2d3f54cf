"""README keeps its word: its walk asks only for what the API has, and its table knows what the code reads."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import BaseModel

from api.sign_in import SignIn
from domain.calendar import Calendar
from domain.complaint.commands import OUTCOMES
from domain.complaint.intake import Intake
from local.demo import accounts
from tests.api.contract import description
from tests.house.tree import PROJECT, dotted, read, sources
from tests.house.walk import walk

STEP = {**Calendar({}, date.min, date.max).bring_back(date(2031, 4, 30)).steps[0].as_json(), "text": ""}
"""A line of an explanation: OpenAPI calls it a free object."""

STAND_IN = '''#!{python}
"""Stands in for curl: notes what is asked, and answers as the API's schema says."""
import json, re, sys
arguments, asked = sys.argv[1:], {{"method": "GET", "body": None, "headers": []}}
while arguments:
    one = arguments.pop(0)
    if one == "-H":
        asked["headers"].append(arguments.pop(0))
    elif one == "-d":
        asked["method"], asked["body"] = "POST", arguments.pop(0)
    elif not one.startswith("-"):
        asked["url"] = one
    elif one != "-sS":
        sys.exit(f"README uses curl with {{one}}: teach tests/house/test_readme.py")
with open({notes!r}, "a") as notes:
    notes.write(json.dumps(asked) + "\\n")
path = asked["url"].partition("?")[0].split("/", 3)[3]
answers = json.load(open({answers!r}))
for pattern, answer in answers.items():
    if re.fullmatch(pattern, asked["method"] + " /" + path):
        print(json.dumps(answer))
        sys.exit()
sys.exit(f"the API has no {{asked['method']}} /{{path}}")
'''


@dataclass(frozen=True)
class Asked:
    """One request of the walk."""

    method: str
    url: str
    headers: list[str]
    body: str | None

    @property
    def path(self) -> str:
        """The path without host and query."""
        return urlsplit(self.url).path


def as_pattern(path: str) -> str:
    """A path of OpenAPI as a regular expression."""
    return re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(path))


def sample(schema: dict[str, Any], known: dict[str, Any]) -> Any:
    """An answer with every field that the schema has: what the schema lacks, the walk can't pick."""
    if "$ref" in schema:
        return sample(known[schema["$ref"].rpartition("/")[2]], known)
    if "anyOf" in schema:
        return sample(schema["anyOf"][0], known)
    if schema.get("type") == "array":
        return [sample(schema["items"], known)] * 2
    if "properties" in schema:
        return {name: sample(one, known) for name, one in schema["properties"].items()}
    if schema.get("type") == "object":
        return STEP
    return {"string": "0" * 64, "integer": 1, "boolean": True}.get(schema.get("type", ""), {})


def answers(api: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Method and path as a pattern → what is answered when all goes well."""
    for path, operations in api["paths"].items():
        for method, operation in operations.items():
            told = next(answer for code, answer in operation["responses"].items() if code.startswith("2"))
            schema = told.get("content", {}).get("application/json", {}).get("schema", {})
            yield f"{method.upper()} {as_pattern(path)}", sample(schema, api["components"]["schemas"])


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> list[Asked]:
    """What README's walk asks, typed into a real bash whose curl only notes it."""
    folder = tmp_path_factory.mktemp("walk")
    (folder / "answers.json").write_text(json.dumps(dict(answers(description()))))
    stand_in = STAND_IN.format(python=sys.executable, notes=str(folder / "asked"), answers=str(folder / "answers.json"))
    for name, text in {"curl": stand_in, "sleep": "#!/bin/sh\n"}.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    ended = subprocess.run(
        [shutil.which("bash") or "bash", "-e", "-o", "pipefail", "-c", walk()],
        cwd=folder,
        env={"PATH": f"{folder}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return [Asked(**json.loads(line)) for line in (folder / "asked").read_text().splitlines()]


def test_the_walk_asks_only_for_what_the_api_has(taken: list[Asked]) -> None:
    paths = description()["paths"]
    for one in taken:
        known = [
            path for path in paths if re.fullmatch(as_pattern(path), one.path) and one.method.lower() in paths[path]
        ]
        assert known, f"the API has no {one.method} {one.path}"
        operation = paths[known[0]][one.method.lower()]
        parameters = {parameter["name"] for parameter in operation.get("parameters", [])}
        assert set(parse_qs(urlsplit(one.url).query)) <= parameters


def test_each_body_of_the_walk_is_one_that_the_rules_can_read(taken: list[Asked]) -> None:
    outcomes = {form.model_fields["outcome"].default: form for forms in OUTCOMES.values() for form in forms}
    forms: dict[str, type[BaseModel]] = {"/api/v1/token": SignIn, "/api/v1/complaints": Intake}
    for one in taken:
        if one.body is None:
            continue
        assert "Content-Type: application/json" in one.headers
        said = json.loads(one.body)
        form = forms.get(one.path) or outcomes[said["outcome"]]
        form.model_validate_json(one.body)
        assert set(said) <= set(form.model_fields)


def test_the_walk_goes_all_the_way(taken: list[Asked]) -> None:
    outcomes = [json.loads(one.body)["outcome"] for one in taken if one.path.endswith("/complete") and one.body]
    assert outcomes == ["acknowledge", "analyse", "draft", "approve", "approve", "paid"]
    assert any(one.path.endswith(".pdf") for one in taken)
    assert any(one.path.endswith("/journal") for one in taken)


def test_the_walk_signs_in_with_accounts_of_the_demo(taken: list[Asked]) -> None:
    signed_in = [json.loads(one.body or "") for one in taken if one.path == "/api/v1/token"]
    known = {account.login: account.password for account in accounts()}
    assert [one for one in signed_in if known.get(one["login"]) != one["password"]] == []


NOT_READ = {
    "ECHEANCE_FAULT": "kills a program at a fault point; for tests",
    "TEMPORAL_VERSION_CHECK_DISABLED": "told to the Temporal server that we start",
}
VARIABLE = re.compile(r"(?:ECHEANCE|TEMPORAL)_[A-Z_]+|[A-Z]+_URL")


def variables_read() -> set[str]:
    """Every environment variable that the code names: by the form of its name, or because it is asked for."""
    named = {text for source in sources() for text in source.texts if VARIABLE.fullmatch(text)}
    asked = {
        key.value
        for source in sources()
        for node in ast.walk(source.tree)
        for key in environment_keys(node)
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }
    return named | asked


def environment_keys(node: ast.AST) -> list[ast.expr]:
    """What an expression asks the environment for."""
    if isinstance(node, ast.Call) and dotted(node.func) in {"os.environ.get", "os.getenv", "environ.get"}:
        return node.args[:1]
    if isinstance(node, ast.Subscript) and dotted(node.value) in {"os.environ", "environ"}:
        return [node.slice]
    return []


def test_readme_knows_every_environment_variable_that_the_code_reads() -> None:
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", read("README.md"), re.MULTILINE))
    assert told == variables_read() - set(NOT_READ)
    assert set(NOT_READ) <= variables_read(), "gone: take it off the list"


def test_readme_s_tree_is_the_one_that_there_is() -> None:
    (tree,) = re.findall(r"^```text\n(.*?)^```$", read("README.md"), re.MULTILINE | re.DOTALL)
    told = {line.split()[0] for line in tree.splitlines() if line and not line.startswith(" ")}
    assert [name for name in told if not (PROJECT / name).exists()] == []
    packages = {source.path.split("/")[0] for source in sources()} - {"worker.py"}
    assert packages <= {name.rstrip("/") for name in told}


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md"])
def test_what_newcomers_read_first_is_there(name: str) -> None:
    assert (PROJECT / Path(name)).is_file()
    assert len(read(name).splitlines()) > 10
