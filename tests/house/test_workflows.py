"""Workflows look alike: whoever has read one finds their way in every other."""

import ast
import re

import pytest

from tests.house.tree import Function, Source, dotted, read, sources

LONGEST_RUN = 60
NOT_PROCEDURES = {
    "workflows/mailroom.py": "makes the rounds of every working day",
    "workflows/canary.py": "fires every few minutes to show that timers fire",
}
"""They run for ever and are asked nothing: no state, no update, no query."""
SHARED = {"workflows/__init__.py", "workflows/options.py", "workflows/steps.py", "workflows/upkeep.py"}


def workflow_class(source: Source) -> ast.ClassDef:
    """The one workflow of a file."""
    found = [one for one in source.classes if any(d.startswith("workflow.defn") for d in decorators(one))]
    assert len(found) == 1, f"{source.path} defines {len(found)} workflows: one file, one workflow"
    return found[0]


def decorators(node: ast.ClassDef | Function) -> list[str]:
    """The names of what decorates a class or a method."""
    return [dotted(one.func if isinstance(one, ast.Call) else one) for one in node.decorator_list]


def methods(of: ast.ClassDef) -> list[Function]:
    """The methods of a class, in their order."""
    return [node for node in of.body if isinstance(node, Function)]


def decorated(of: ast.ClassDef, name: str) -> list[Function]:
    """The methods with this decorator."""
    return [method for method in methods(of) if name in decorators(method)]


def steps(run: Function) -> list[str]:
    """What `run` calls on itself, in order."""
    calls = (node for node in ast.walk(run) if isinstance(node, ast.Await) and isinstance(node.value, ast.Call))
    awaited = sorted(calls, key=lambda node: node.lineno)
    return [dotted(one.value.func).removeprefix("self.") for one in awaited if isinstance(one.value, ast.Call)]


FILES = [source for source in sources("workflows") if source.path not in SHARED]
PROCEDURES = [source for source in FILES if source.path not in NOT_PROCEDURES]
every_file = pytest.mark.parametrize("source", FILES, ids=lambda source: source.path)
every_procedure = pytest.mark.parametrize("source", PROCEDURES, ids=lambda source: source.path)


@every_file
def test_a_workflow_stands_alone_in_its_file_under_its_name(source: Source) -> None:
    one = workflow_class(source)
    assert one.bases == [], "likeness comes from the same names, not from a base class"
    assert f'name="{source.path.split("/")[1].removesuffix(".py")}"' in ast.unparse(one.decorator_list[0]).replace(
        "'", '"'
    )


@every_file
def test_run_is_short(source: Source) -> None:
    (run,) = decorated(workflow_class(source), "workflow.run")
    assert (run.end_lineno or 0) - run.lineno < LONGEST_RUN


@every_procedure
def test_run_reads_like_the_procedure(source: Source) -> None:
    (run,) = decorated(workflow_class(source), "workflow.run")
    assert "Source: docs/procedures/" in (ast.get_docstring(source.tree) or "")
    tangled = [n for n in ast.walk(run) if isinstance(n, ast.Try | ast.With | ast.AsyncWith | ast.BinOp | ast.Lambda)]
    assert tangled == [], "no options, no date arithmetic, no try in `run`: give the step a name"


@every_procedure
def test_it_begins_with_its_state_then_run_then_the_steps_in_their_order(source: Source) -> None:
    one = workflow_class(source)
    names = [method.name for method in methods(one)]
    assert names[:2] == ["__init__", "run"]
    called = [step for step in steps(methods(one)[1]) if step in names]
    assert called == [name for name in names if name in called], (
        "define the steps in the order in which `run` takes them"
    )
    assert called[0] == "register"
    assert called[-1] == "close"


@every_procedure
def test_it_holds_one_state_object_which_run_is_given_too(source: Source) -> None:
    init, run = methods(workflow_class(source))[:2]
    given = [argument.arg for argument in init.args.args[1:]]
    assert "workflow.init" in decorators(init)
    assert len(given) == 1
    assert ast.unparse(init.body[0]) == f"self.{given[0]} = {given[0]}"
    assert state_type(init) == state_type(run)


def state_type(method: Function) -> str:
    """The type of what a method is given first."""
    annotation = method.args.args[1].annotation
    return ast.unparse(annotation) if annotation else ""


@every_procedure
def test_each_update_is_followed_by_its_validator(source: Source) -> None:
    one = workflow_class(source)
    following = dict(zip(methods(one), methods(one)[1:], strict=False))
    updates = decorated(one, "workflow.update")
    assert updates, "people act on a procedure through updates"
    for update in updates:
        assert f"{update.name}.validator" in decorators(following[update])
        assert not isinstance(following[update], ast.AsyncFunctionDef), "a validator reads, and waits for nothing"


@every_procedure
def test_it_says_where_it_stands_and_what_it_sees_to_and_takes_no_signal(source: Source) -> None:
    one = workflow_class(source)
    assert [query.name for query in decorated(one, "workflow.query")] == ["describe", "standing"]
    assert decorated(one, "workflow.signal") == [], "where a person waits for an answer, an update gives it"


@every_procedure
def test_its_steps_carry_the_numbers_of_the_written_procedure(source: Source) -> None:
    name = source.path.split("/")[1].removesuffix(".py")
    written = set(re.findall(r"^## (\d+)\. ", read(f"docs/procedures/{name}.md"), re.MULTILINE))
    one = workflow_class(source)
    told = [ast.get_docstring(method) or "" for method in methods(one) if method.name in steps(methods(one)[1])]
    numbers = {n for text in told for group in re.findall(r"^([\d–, ]+)\. ", text) for n in re.findall(r"\d+", group)}
    assert numbers, "the docstring of a step begins with its number"
    assert numbers <= written


def test_only_listed_files_are_no_procedure() -> None:
    paths = {source.path for source in sources("workflows")}
    assert {*NOT_PROCEDURES, *SHARED} <= paths, "gone: take it off the list"
