"""Every sentence that people may be told: those of the templates, of the pages' code, and of the rules."""

import ast
from collections.abc import Iterator, Sequence

from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from jinja2 import nodes

from api.pages.show import templates
from api.pages.words import TEMPLATES
from tests.house.tree import Source, dotted, sources

SAYING = {"say", "say_many"}
_TELLING = {"HTTPException": 1, "problem": 2, "_Told": 0, "_wrong": 0}
"""Where the sentences of a call begin, beside those of refusals, which begin with them; `_Told` is the doctor's,
`_wrong` what is wrong with a bank's file."""


def of_the_templates() -> set[str]:
    """What templates say, in English."""
    environment = templates()
    found = set()
    for name in environment.list_templates(extensions=["html"]):
        if name.startswith("sink/"):  # a page of the demo's mail sink, by itself
            continue
        source = environment.loader.get_source(environment, name)[0] if environment.loader else ""
        for call in environment.parse(source).find_all(nodes.Call):
            if _says(call.node):
                found |= {one.value for one in call.args if isinstance(one, nodes.Const)}
    return {one for one in found if isinstance(one, str)}


def _says(function: nodes.Expr) -> bool:
    if isinstance(function, nodes.Getattr):
        return function.attr in SAYING
    return isinstance(function, nodes.Name) and function.name == "_"


def of_the_code() -> set[str]:
    """What the pages' code says, in English."""
    calls = (node for one in _pages() for node in ast.walk(one.tree) if isinstance(node, ast.Call))
    return {
        argument.value
        for call in calls
        if dotted(call.func).rpartition(".")[2] in SAYING
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def _pages() -> Iterator[Source]:
    return (one for one in sources("api") if one.path.startswith("api/pages/"))


def of_the_rules() -> dict[str, str]:
    """What refusals say, `{}` for each value in it, and where."""
    refusals = refusal_classes()
    found: dict[str, str] = {}
    for one in sources("bank", "domain", "db", "api"):
        for call in (node for node in ast.walk(one.tree) if isinstance(node, ast.Call)):
            name = dotted(call.func).rpartition(".")[2]
            parts = [word.value for word in call.keywords if word.arg in {"rule", "remedy"}]
            if (begins := 0 if name in refusals else _TELLING.get(name)) is not None:
                parts += call.args[begins : begins + 2]
            found |= {said: one.at(call) for part in parts for said in _told(part)}
    return found


def refusal_classes() -> set[str]:
    """The names of all refusals: whatever descends from `Refusal`."""
    known = {"Refusal"}
    classes = [one for source in sources("domain", "db", "api") for one in source.classes]
    while new := {one.name for one in classes if {dotted(base) for base in one.bases} & known} - known:
        known |= new
    return known


def _told(part: ast.expr) -> Iterator[str]:
    if isinstance(part, ast.IfExp):
        yield from (*_told(part.body), *_told(part.orelse))
    elif isinstance(part, ast.Constant) and isinstance(part.value, str):
        yield part.value
    elif isinstance(part, ast.JoinedStr):
        yield "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in part.values)


def phrases(language: str, *, rules: bool) -> list[Message]:
    """What is said in a language, sentences and names: of the rules, or of the pages."""
    found = []
    for file in sorted(TEMPLATES.rglob(f"*{language}.po")):
        if file.name.startswith("refusals.") is rules:
            with file.open("rb") as source:
                found += [one for one in read_po(source, locale=language, abort_invalid=True) if one.id]
    return found


def said_in(language: str, *, rules: bool) -> set[str]:
    """The sentences of the code, in English, that have their words in this language."""
    return {
        each
        for one in phrases(language, rules=rules)
        if not one.context and all(forms_of(one.string))
        for each in forms_of(one.id)
    }


def names_in(language: str) -> set[tuple[str, str]]:
    """What has a name in this language, each under its vocabulary."""
    return {(one.context, str(one.id)) for one in phrases(language, rules=False) if one.context and one.string}


def forms_of(said: str | Sequence[str] | None) -> list[str]:
    """One sentence, or what is said of one and of many."""
    return [said] if isinstance(said, str) else list(said or ())
