"""YAML that remembers its lines: what the policy file says, and where it says it.

Scalars are read plainly: `17:00` and `2022-07-01` stay text, only true and false are booleans, as YAML 1.2 has it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from json import dumps
from typing import Any, NamedTuple

import yaml

_MERGE = "tag:yaml.org,2002:merge"


class YamlProblem(NamedTuple):
    """A mistake: its line (from 1), where that is in the document (`versions.procedure-2.zone`), and why."""

    line: int
    where: str
    reason: str


class YamlError(ValueError):
    """The text is not YAML, or says one thing twice."""

    def __init__(self, problems: Iterable[YamlProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"line {p.line}: {p.reason}" for p in self.problems))


@dataclass(frozen=True)
class Document:
    """What the text says (`data`: dictionaries, lists, text, numbers), and its nodes, which know their lines."""

    data: Any
    root: yaml.Node

    def as_json(self) -> str:
        """The data as JSON; YamlError when an anchored part contains itself."""
        try:
            return dumps(self.data, default=str)
        except ValueError as error:
            raise YamlError([YamlProblem(1, "the file", "contains itself: take out the `*` that does")]) from error

    def locate(self, path: Iterable[int | str]) -> tuple[int, list[str]]:
        """The line of the deepest part of this path that exists, and the names that lead to it.

        An item of a list is called by its `name` or `id` where it has one, otherwise by its position from 1.
        """
        node, line, found = self.root, _line(self.root), list[str]()
        for part in path:
            if (child := _child(node, part)) is None:
                break
            node, line = child.value, _line(child.at)
            found.append(_called(part, node))
        return line, found


def read_yaml(text: str) -> Document:
    """Read one document; YamlError when it is empty, not YAML, or gives a key twice."""
    try:
        return _document(_PlainLoader(text))
    except yaml.YAMLError as error:
        raise YamlError([_syntax_problem(error, text)]) from error


class _PlainLoader(yaml.SafeLoader):
    """SafeLoader without YAML 1.1's surprises: no sexagesimal times, no timestamps, no yes and no."""


_PlainLoader.yaml_implicit_resolvers = {}


for _tag, _pattern, _first in [
    ("tag:yaml.org,2002:null", r"^(?:null|~|)$", ["n", "~", ""]),
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", ["t", "f"]),
    ("tag:yaml.org,2002:int", r"^[-+]?[0-9]+$", list("-+0123456789")),
    ("tag:yaml.org,2002:float", r"^[-+]?[0-9]+\.[0-9]+$", list("-+0123456789")),
    (_MERGE, r"^<<$", ["<"]),
]:
    _PlainLoader.add_implicit_resolver(_tag, re.compile(_pattern), _first)


class _Child(NamedTuple):
    at: yaml.Node
    value: yaml.Node


def _document(loader: _PlainLoader) -> Document:
    root = loader.get_single_node()
    if root is None:
        raise YamlError([YamlProblem(1, "the file", "is empty: write the policy in it")])
    if duplicates := list(_duplicates(root, set())):
        raise YamlError(duplicates)
    return Document(loader.construct_document(root), root)


def _duplicates(node: yaml.Node, seen: set[int]) -> Iterator[YamlProblem]:
    """Keys given twice in one mapping, anywhere below this node; an anchored node is visited once."""
    if id(node) in seen:
        return
    seen.add(id(node))
    first: dict[str, int] = {}
    for child in _children(node):
        key = str(child.at.value)
        if isinstance(node, yaml.MappingNode) and key in first:
            yield YamlProblem(_line(child.at), key, f"is given twice, first on line {first[key]}: keep one")
        first.setdefault(key, _line(child.at))
        yield from _duplicates(child.value, seen)


def _children(node: yaml.Node) -> list[_Child]:
    if isinstance(node, yaml.MappingNode):
        return [_Child(key, value) for key, value in node.value]
    if isinstance(node, yaml.SequenceNode):
        return [_Child(item, item) for item in node.value]
    return []


def _child(node: yaml.Node, part: int | str) -> _Child | None:
    """The item or key of this name, also where it is taken over by `<<`."""
    children = _children(node)
    if isinstance(node, yaml.SequenceNode):
        return children[part] if isinstance(part, int) and part < len(children) else None
    own = (child for child in children if child.at.tag != _MERGE and child.at.value == part)
    taken_over = (_child(child.value, part) for child in children if child.at.tag == _MERGE)
    return next(own, None) or next((child for child in taken_over if child), None)


def _called(part: int | str, node: yaml.Node) -> str:
    if isinstance(part, str):
        return part
    names = (_child(node, key) for key in ("name", "id") if isinstance(node, yaml.MappingNode))
    return next((str(name.value.value) for name in names if name), str(part + 1))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _syntax_problem(error: yaml.YAMLError, text: str) -> YamlProblem:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        reason = " ".join(filter(None, [error.context, error.problem]))
        return YamlProblem(mark.line + 1 if mark else 1, "the file", f"is not YAML: {reason}")
    position = getattr(error, "position", 0)
    return YamlProblem(text.count("\n", 0, position) + 1, "the file", "holds a character that YAML does not allow")
