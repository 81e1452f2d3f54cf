"""The analysis grid as it is typed: four grades and a comment for each piece, many pieces in one form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from api.audit_views import PieceView
from api.pages.form import Wrongs, sentence
from api.pages.typed import Typed
from api.pages.words import Words
from domain.audit.commands import NoteAnalysis
from domain.audit.words import Criterion

_PARTS = (*(criterion.value for criterion in Criterion), "comment")


@dataclass
class Read:
    """What was typed: `notes` are whole and new; `wrong` is what keeps others from being noted, by field."""

    notes: list[NoteAnalysis] = field(default_factory=list)
    wrong: Wrongs = field(default_factory=Wrongs)


def name_of(piece: str, part: str) -> str:
    """The name of a field of the grid."""
    return f"{piece}.{part}"


def filled_with(pieces: Iterable[PieceView]) -> Mapping[str, str]:
    """The fields of the grid as the pieces are graded by now."""
    fields: dict[str, str] = {}
    for piece in pieces:
        said = {**(piece.grades or {}), "comment": piece.comment}
        fields |= {name_of(piece.id, part): value for part, value in said.items() if value}
    return fields


def typed_of(typed: Typed, pieces: Iterable[PieceView]) -> Mapping[str, str]:
    """The fields of these pieces as they are typed, without the empty ones."""
    names = [name_of(piece.id, part) for piece in pieces for part in _PARTS]
    return {name: value for name in names if (value := typed.text(name))}


def read_grid(typed: Typed, pieces: Iterable[PieceView], words: Words) -> Read:
    """The pieces that were graded anew. A piece of which nothing was typed is left for later."""
    read = Read()
    for piece in pieces:
        said = _said(typed, piece.id)
        if not said or said == _known(piece):
            continue
        try:
            read.notes.append(NoteAnalysis.model_validate({"piece": piece.id, **said}))
        except ValidationError as error:
            for one in error.errors():
                read.wrong[name_of(piece.id, str(one["loc"][0]))] = sentence(one, words)
    return read


def _said(typed: Typed, piece: str) -> dict[str, Any]:
    told = {part: typed.text(name_of(piece, part)) for part in _PARTS}
    return {part: value for part, value in told.items() if value}


def _known(piece: PieceView) -> dict[str, Any]:
    told = {**(piece.grades or {}), "comment": piece.comment}
    return {part: value for part, value in told.items() if value}
