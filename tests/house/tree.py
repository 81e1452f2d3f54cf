"""The sources of the house, as the rules read them."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """A Python file: its path from the project's folder, and its syntax tree."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        try:
            return ast.parse(self.text, self.path)
        except SystemError:  # Python 3.11 may trip over itself when another thread parses at the same time (gh-106905)
            return ast.parse(self.text, self.path)

    @property
    def functions(self) -> list[Function]:
        """All its functions and methods, nested ones too."""
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]

    @property
    def classes(self) -> list[ast.ClassDef]:
        """All its classes."""
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef)]

    @property
    def texts(self) -> list[str]:
        """All its string constants, docstrings among them."""
        return [n.value for n in ast.walk(self.tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]

    def at(self, node: ast.AST) -> str:
        """Where a node is, for a message: `domain/calendar.py:12`."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


@cache
def files() -> tuple[str, ...]:
    """What git keeps or is about to: every file that is not ignored, by its path from the project's folder."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(sorted(path for path in listed.stdout.split("\0") if path and (PROJECT / path).is_file()))


def sources(*under: str) -> Iterator[Source]:
    """The Python files of these packages; without any, of all but the tests."""
    for path in files():
        top = path.split("/")[0]
        if path.endswith(".py") and (top in under if under else top != "tests"):
            yield source(path)


@cache
def source(path: str) -> Source:
    """One Python file, read once."""
    return Source(path, read(path))


def read(path: str) -> str:
    """The text of a file of the project."""
    return (PROJECT / path).read_text(encoding="utf-8")


def dotted(node: ast.AST) -> str:
    """A name as it is written: `datetime.now`, `func.clock_timestamp`; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return ""
