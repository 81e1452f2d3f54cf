"""Excerpts: the part of a text where something was found, in pieces, so that nobody has to mark what was typed.

Source: policy
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

AROUND = 80
LONGEST = 240
Place = tuple[int, int]
"""From a character until another."""


@dataclass(frozen=True)
class Piece:
    """A piece of a text as it stands there, and whether it is what was looked for."""

    text: str
    found: bool


@dataclass(frozen=True)
class Excerpt:
    """Pieces that follow one another; empty where nothing was found. It may begin or end within the text."""

    pieces: tuple[Piece, ...] = ()
    begins_later: bool = False
    ends_earlier: bool = False


def excerpt(text: str, places: Sequence[Place]) -> Excerpt:
    """The text around the first place, cut between words; places further on are shown if they are near.

    Source: policy
    """
    if not places:
        return Excerpt()
    begin = _begin(text, places[0][0] - AROUND)
    end = max(_end(text, begin + LONGEST), places[0][1])
    within = [place for place in places if place[1] <= end]
    return Excerpt(tuple(_pieces(text, begin, end, within)), begin > 0, end < len(text))


def _begin(text: str, place: int) -> int:
    if place <= 0:
        return 0
    space = text.find(" ", place, place + AROUND)
    return place if space < 0 else space + 1


def _end(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    space = text.rfind(" ", place - AROUND // 2, place)
    return place if space < 0 else space


def _pieces(text: str, begin: int, end: int, places: Sequence[Place]) -> Iterator[Piece]:
    at = begin
    for first, last in places:
        if first > at:
            yield Piece(text[at:first], found=False)
        yield Piece(text[first:last], found=True)
        at = last
    if end > at:
        yield Piece(text[at:end], found=False)
