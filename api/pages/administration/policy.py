"""The policy: its versions, and each number of one with label, unit and source, beside the version before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from starlette.responses import Response

from api.administration.looks import PolicyLine, PolicyView
from api.administration.looks import policy as told
from api.house import TheHouse
from api.pages.administration.doors import Overseer
from api.pages.show import page
from api.pages.words import Words, humanised

router = APIRouter()


@dataclass(frozen=True)
class Number:
    """One line of the policy in words; `before` is what it was in the version before, where that was something else."""

    path: str
    label: str
    value: str
    source: str | None
    changed: bool
    before: str | None


@dataclass(frozen=True)
class Part:
    """The lines of one part of the policy."""

    name: str
    label: str
    numbers: list[Number]


@router.get("/administration/policy")
def policy(
    request: Request, visit: Overseer, house: TheHouse, version: Annotated[str, Query(max_length=60)] = ""
) -> Response:
    """One version, the one in force where none is named, with all that it says."""
    versions = told(house, visit.actor).versions
    shown = next((one for one in versions if (one.name == version if version else one.in_force_today)), None)
    if shown is None:
        raise HTTPException(404, "There is no such version of the policy.")
    position = versions.index(shown)
    before = versions[position - 1] if position else None
    return page(
        request,
        visit,
        "administration/policy.html",
        versions=versions,
        shown=shown,
        before=before,
        parts=parts(shown, before, visit.words),
        gone=_gone(shown, before, visit.words),
    )


def parts(shown: PolicyView, before: PolicyView | None, words: Words) -> list[Part]:
    """The version's lines by part, in the order of the file; what differs from the version before is marked."""
    old = {line.path: line for line in before.lines} if before else {}
    by_part = groupby(shown.lines, _part_of)
    return [
        Part(name or "general", _part_label(name, lines, words), _numbers(lines, old, words))
        for name, lines in _together(by_part)
    ]


def _part_of(line: PolicyLine) -> str:
    """What is said of one procedure alone stays apart from what is said of another under the same name."""
    section, *names = line.path.split(".")
    return "" if len(names) == 1 else f"claim-{names[0]}" if section == "claim" else names[0]


def _together(by_part: Iterable[tuple[str, Iterable[PolicyLine]]]) -> list[tuple[str, list[PolicyLine]]]:
    """The lines that stand alone come first, under one heading; then the parts in the order of the file."""
    groups = [(name, list(lines)) for name, lines in by_part]
    alone = [line for name, lines in groups if not name for line in lines]
    return [("", alone), *((name, lines) for name, lines in groups if name)]


def _part_label(name: str, lines: list[PolicyLine], words: Words) -> str:
    if not name:
        return words.say("In general")
    label = _label(".".join(lines[0].path.split(".")[:2]), lines[0].label.split(" – ")[0], words)
    return words.say("Claims: {part}", part=label) if name.startswith("claim-") else label


def _numbers(lines: list[PolicyLine], old: Mapping[str, PolicyLine], words: Words) -> list[Number]:
    return [
        Number(
            path=line.path,
            label=_inner_label(line, words),
            value=value_of(line, words),
            source=line.source,
            changed=bool(old) and (line.path not in old or _differs(line, old[line.path])),
            before=value_of(old[line.path], words) if line.path in old and _differs(line, old[line.path]) else None,
        )
        for line in lines
    ]


def _gone(shown: PolicyView, before: PolicyView | None, words: Words) -> list[Number]:
    """What the version before said, and this one no longer says."""
    kept = {line.path for line in shown.lines}
    lines = [line for line in before.lines if line.path not in kept] if before else []
    return [
        Number(line.path, _label(line.path, line.label, words), value_of(line, words), line.source, True, None)
        for line in lines
    ]


def _differs(line: PolicyLine, old: PolicyLine) -> bool:
    return (line.value, line.unit) != (old.value, old.unit)


def _label(path: str, label: str, words: Words) -> str:
    """The words for a path: the policy's own are French; in English the file's names are words already."""
    names = path.split(".")[1:] if words.language != "fr" else label.split(" – ")
    return " – ".join(words.name_in("Policy", name) if name.isidentifier() else humanised(name) for name in names)


def _inner_label(line: PolicyLine, words: Words) -> str:
    """The label inside of its part."""
    return _label(line.path, line.label, words).partition(" – ")[2] or _label(line.path, line.label, words)


def value_of(line: PolicyLine, words: Words) -> str:
    """A value with its unit, as people write it."""
    if line.unit == "cents":
        return words.euros(int(line.value))
    if line.unit is not None:
        return f"{line.value} {words.name_in('Unit', line.unit)}"
    if not line.value:
        return words.say("none")
    return " | ".join(_named(part, words) for part in line.value.split(" | "))


def _named(value: str, words: Words) -> str:
    """Names of the domain in words; a text stays as the policy has it."""
    return ", ".join(_one(name, words) for name in value.split(", "))


def _one(name: str, words: Words) -> str:
    role, _, pole = name.partition("@")
    role, _, skill = role.partition("+")
    if not role.replace("_", "").isascii() or not role.replace("_", "").isalpha() or not role.islower():
        return name
    told = next((one for one in (words.found(kind, role) for kind in _VOCABULARIES) if one), None)
    if told is None:
        told = humanised(role) if "_" in role else role
    told = f"{told} ({words.name_in('CareCategory', skill)})" if skill else told
    return f"{told} {words.say('(of the case’s pole)')}" if pole else told


_VOCABULARIES = (
    *("Role", "DeadlineName", "Policy", "RequalifiedAs", "Channel", "ComplainantKind", "AnswerPart", "StartingEvent"),
    *("ItemKind", "ClaimParagraph"),
)
