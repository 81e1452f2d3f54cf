"""Every file: its size, its docstrings, where its rules come from, and which clock it reads."""

import ast
import re
from collections.abc import Iterator

from tests.house.tree import Function, Source, dotted, sources

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
MAY_BE_LONG = ("migrations/versions/", "tests/stories/")
"""A migration is a list of tables, and a story is told from its beginning to its end."""

NO_RULE_IN_IT = {
    "domain/__init__.py",
    "domain/ailments.py",
    "domain/audit/case.py",
    "domain/audit/events.py",
    "domain/audit/machine.py",
    "domain/audit/states.py",
    "domain/backlog/case.py",
    "domain/backlog/events.py",
    "domain/backlog/machine.py",
    "domain/backlog/states.py",
    "domain/civil.py",
    "domain/claim/case.py",
    "domain/claim/events.py",
    "domain/claim/machine.py",
    "domain/claim/states.py",
    "domain/complaint/case.py",
    "domain/complaint/events.py",
    "domain/complaint/machine.py",
    "domain/complaint/states.py",
    "domain/events.py",
    "domain/explanations.py",
    "domain/forms.py",
    "domain/house.py",
    "domain/outgoing.py",
    "domain/payment/case.py",
    "domain/payment/events.py",
    "domain/payment/machine.py",
    "domain/payment/states.py",
    "domain/policy/parts.py",
    "domain/position.py",
    "domain/refusals.py",
    "domain/sources.py",
    "domain/standing.py",
}
"""Values, words and machinery: what they say follows from rules that stand elsewhere, with their source."""

SOURCES = (
    *("Sheet", "Rules 17.2", "Memo", "ACPR", "Protélis", "Policy", "policy", "the policy file"),
    *("Code de la mutualité", "Code du travail", "procedures", "docs/procedures/"),
)
"""The documents of `domain.sources`, and the written procedures; in parentheses a source may say what it says."""

READS_THE_CLOCK = {
    "api/clock.py": "the port of business time",
    "cli/administrator.py": "gives a typed command its instant, as the API does",
    "cli/calendar.py": "gives a typed command its instant, as the API does",
    "cli/house.py": "gives the demo's reference data their instant",
    "cli/imports.py": "gives a typed command its instant, as the API does",
    "cli/keys.py": "gives the lines of an upgrade their instant",
    "local/mailbox.py": "names the files of the mail sink",
}
CLOCKS = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"),
    *("func.now", "func.current_timestamp", "func.current_date", "func.clock_timestamp", "func.localtimestamp"),
}
CHANCE = {"random", "secrets", "time", "uuid_utils"}
"""Modules that the rules and the workflows do without: the one would be untestable, the other not replayable."""


def public(body: list[ast.stmt]) -> Iterator[Function | ast.ClassDef]:
    """What others may use of a module or a class."""
    for node in body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body)


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {source.path: len(source.text.splitlines()) for source in (*sources(), *sources("tests"))}
    long = {path: length for path, length in lengths.items() if length > LONGEST_FILE}
    assert {path: length for path, length in long.items() if not path.startswith(MAY_BE_LONG)} == {}


def test_no_function_is_longer_than_60_lines() -> None:
    long = [
        f"{source.at(one)} {one.name}: {length} lines"
        for source in (*sources(), *sources("tests"))
        if not source.path.startswith(MAY_BE_LONG)
        for one in source.functions
        if (length := (one.end_lineno or one.lineno) - one.lineno + 1) > LONGEST_FUNCTION
    ]
    assert long == []


def test_every_module_and_whatever_is_public_in_it_says_what_it_is_for() -> None:
    silent = [
        source.at(node)
        for source in sources()
        for node in (source.tree, *public(source.tree.body))
        if not ast.get_docstring(node)
    ]
    assert silent == []


def test_every_module_of_rules_names_its_source() -> None:
    silent = {source.path for source in sources("domain") if "Source:" not in source.text}
    assert silent - NO_RULE_IN_IT == set(), "say `Source: …` where the rule is"
    assert NO_RULE_IN_IT - silent == set(), "these name a source by now: take them off the list"


def test_a_source_is_one_of_those_that_there_are() -> None:
    strange = [
        f"{source.path}: {named}"
        for source in sources()
        for text in source.texts
        for named in re.findall(r"\bSource: (.+)", text)
        for part in re.sub(r"\(.*?\)", "", named).split("; ")
        if not part.startswith(SOURCES)
    ]
    assert strange == []


def test_rules_and_workflows_read_no_clock_and_draw_no_lots() -> None:
    found = [f"{source.at(node)} {name}" for source in sources("domain", "workflows") for node, name in impure(source)]
    assert found == []


def impure(source: Source) -> Iterator[tuple[ast.AST, str]]:
    """Calls of a clock and imports of chance; what `workflow.` offers can be replayed."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node, one.name) for one in node.names if one.name.split(".")[0] in CHANCE)
        if isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{one.name}" for one in node.names}
            yield from ((node, name) for name in names if re.match(r"uuid\.uuid[147]$", name))
            yield from ((node, name) for name in names if name.split(".")[0] in CHANCE)
        if isinstance(node, ast.Call) and re.fullmatch(
            r"(?!workflow\.).*\.(now|utcnow|today|uuid[147])", dotted(node.func)
        ):
            yield node, dotted(node.func)


def test_business_time_is_given_and_wall_time_is_called_so() -> None:
    found = [
        f"{source.at(node)} {name}"
        for source in sources()
        if source.path not in READS_THE_CLOCK and not source.path.startswith("bench/")  # a benchmark lives in real time
        for node, name in clocks(source)
    ]
    assert found == [], "pass business time on as an argument; call wall time `…_wall` or `wall_…`"


def clocks(source: Source) -> Iterator[tuple[ast.AST, str]]:
    """Calls of a clock in a statement, or a function, that doesn't say that it is wall time."""
    for statement, inside in statements(source.tree):
        if "wall" in inside or re.search(r"_wall\b|\bwall_", ast.unparse(statement)):
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and dotted(node.func) in CLOCKS:
                yield node, dotted(node.func)


def statements(tree: ast.AST, inside: str = "") -> Iterator[tuple[ast.stmt, str]]:
    """The simple statements below a node, each with the name of the function that it is in."""
    for child in ast.iter_child_nodes(tree):
        name = child.name if isinstance(child, Function) else inside
        if isinstance(child, ast.stmt) and not any(isinstance(n, ast.stmt) for n in ast.iter_child_nodes(child)):
            yield child, name
        else:
            yield from statements(child, name)


def test_no_business_column_takes_its_time_from_the_database() -> None:
    defaults = re.compile(r"(default|onupdate)\s*=[^,)]*(now|clock|current|timestamp)", re.IGNORECASE)
    sql = re.compile(r"default\s+(now|clock|current|statement|transaction|local)", re.IGNORECASE)
    found = [
        f"{source.path}:{number} {line.strip()}"
        for source in sources("db", "migrations")
        for number, line in enumerate(source.text.splitlines(), 1)
        if (defaults.search(line) or sql.search(line)) and "_wall" not in line
    ]
    assert found == []


BLOCKING = {"house.sessions", "house.sessions.begin", "house.reading", "page", "_page", "_new_page", "visit_of"}
"""What waits for the register, or draws a page: in a coroutine it would hold up everybody."""


def blocking(source: Source) -> Iterator[tuple[ast.AST, str]]:
    """Such calls in a coroutine, outside of what it hands to a thread."""
    for one in ast.walk(source.tree):
        if isinstance(one, ast.AsyncFunctionDef):
            for node in ast.walk(one):
                if isinstance(node, ast.Call) and dotted(node.func) in BLOCKING:
                    yield node, dotted(node.func)


def test_no_coroutine_of_the_api_waits_for_the_register() -> None:
    found = [f"{source.at(node)} {name}" for source in sources("api") for node, name in blocking(source)]
    assert found == [], "hand it to a thread: await to_thread(…)"


def test_these_rules_see_what_they_are_for() -> None:
    read_clock = "def due():\n    return date.today()\n"
    assert list(impure(Source("planted.py", read_clock)))
    assert list(impure(Source("planted.py", "from uuid import uuid4\n")))
    assert list(clocks(Source("planted.py", "def keep(row):\n    row.at = func.now()\n")))
    assert not list(clocks(Source("planted.py", "def keep(row):\n    row.at_wall = func.now()\n")))
    assert not list(impure(Source("planted.py", "def due():\n    return workflow.now()\n")))
    assert list(
        blocking(Source("planted.py", "async def show(house):\n    with house.reading() as s:\n        pass\n"))
    )
