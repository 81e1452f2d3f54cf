"""The import contracts refuse what they are there to refuse."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.contracts import Apart, Only, procedure_of
from tests.house.tree import PROJECT, files, read

CONTRACTS = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"]


def only(package: str) -> Only:
    """The contract that pyproject.toml lays down for a package."""
    (options,) = [one for one in CONTRACTS if one.get("package") == package]
    return Only(name=options["name"], session_options={}, contract_options=options)


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("domain.calendar", "sqlalchemy"),
        ("domain.calendar", "temporalio"),
        ("domain.tasks", "db.models"),
        ("db.commands.settle", "activities.register"),
        ("db.queries.tasks", "api.house"),
        ("activities.post", "workflows.options"),
        ("activities.post", "api.clock"),
        ("workflows.complaint", "db.session"),
        ("workflows.complaint", "activities.register"),
        ("workflows.complaint", "api.delivery"),
        ("workflows.complaint", "sqlalchemy"),
        ("workflows.complaint", "httpx2"),
        ("api.tasks", "activities.mail"),
        ("api.tasks", "workflows.complaint"),
        ("api.tasks", "local.demo"),
        ("letters.rendering", "db.queries.letter"),
        ("letters.rendering", "api.clock"),
        ("reports.audit.document", "db.models"),
        ("reports.workbook", "letters.rendering"),
        ("engine.client", "db.session"),
        ("engine.client", "worker"),
        ("domain.calendar", "a_package_that_nobody_has_listed"),
    ],
)
def test_a_layer_may_not_import_what_is_not_listed(importer: str, imported: str) -> None:
    assert not only(importer.split(".")[0]).allows(importer, imported)


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("domain.calendar", "datetime"),
        ("domain.policy.parts", "pydantic"),
        ("domain.deadlines", "domain.calendar"),
        ("db.commands.settle", "domain.refusals"),
        ("workflows.complaint", "temporalio"),
        ("api.delivery", "workflows.options"),
        ("api.delivery", "db.procedures"),
        ("api.previews", "letters.rendering"),
        ("activities.letters", "letters.rendering"),
        ("reports.audit.document", "letters.paper"),
        ("api.audit_reports", "reports.audit"),
    ],
)
def test_a_layer_may_import_what_is_listed(importer: str, imported: str) -> None:
    assert only(importer.split(".")[0]).allows(importer, imported)


def test_a_package_whose_name_begins_alike_is_another() -> None:
    assert not only("workflows").allows("workflows.complaint", "domainlike")


def test_one_procedure_may_not_import_another_in_any_layer() -> None:
    (options,) = [one for one in CONTRACTS if one["type"] == "apart"]
    apart = Apart(name=options["name"], session_options={}, contract_options=options)
    assert not apart.allows("db.queries.claim", "db.queries.complaint_lists")
    assert not apart.allows("workflows.audit", "domain.finding.case")
    assert not apart.allows("api.claims", "domain.complaint.words")
    assert apart.allows("api.complaints", "domain.complaint.words")
    assert apart.allows("domain.deadlines", "domain.complaint.words")
    assert apart.allows("domain.complaint.case", "domain.people")


def test_a_module_belongs_to_a_procedure_by_its_name() -> None:
    assert procedure_of("db.queries.complaint_lists", ["complaint"]) == "complaint"
    assert procedure_of("api.complaints", ["complaint"]) == "complaint"
    assert procedure_of("domain.people", ["complaint"]) is None


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources."""
    folder = tmp_path_factory.mktemp("planted")
    for path in files():
        if path.endswith(".py") or path == "pyproject.toml":
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / path, folder / path)
    return folder


def test_a_planted_import_breaks_the_contracts(planted: Path) -> None:
    with (planted / "workflows" / "complaint.py").open("a") as workflow:
        workflow.write("\nimport db.session\n")
    ended = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=planted,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "workflows.complaint is not allowed to import db.session" in " ".join(ended.stdout.split())
    assert "1 broken" in ended.stdout
