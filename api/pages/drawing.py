"""The procedure drawn: steps and ways on a canvas, as numbers that a template writes into an SVG."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from api.board.views import Number
from domain.complaint.diagram import Way, edges, nodes
from domain.complaint.states import ComplaintState

STEP_X, STEP_Y = 132, 104
LEFT, TOP, RADIUS = 70, 64, 19


@dataclass(frozen=True)
class Drawn:
    """A step: where it stands, how many are there, whether the case has passed it or stands on it."""

    state: ComplaintState
    x: int
    y: int
    open: Number | None
    passed: bool
    here: bool


@dataclass(frozen=True)
class Line:
    """A way between two steps, as the path of an SVG."""

    path: str
    way: Way
    taken: bool


@dataclass(frozen=True)
class Drawing:
    """All of it, and how large it is."""

    nodes: list[Drawn]
    lines: list[Line]
    width: int
    height: int


def draw(
    numbers: Mapping[ComplaintState, Number] | None = None,
    passed: Sequence[ComplaintState] = (),
) -> Drawing:
    """The procedure, with so many at each step; of one case, the steps that it has passed, in their order."""
    taken, here = set(pairwise(passed)), passed[-1] if passed else None
    places = {node.state: (round(LEFT + node.x * STEP_X), TOP + node.y * STEP_Y) for node in nodes()}
    steps = [Drawn(one, *places[one], (numbers or {}).get(one), one in passed, one == here) for one in places]
    lines = [
        Line(_path(places[edge.begins], places[edge.ends], edge.way), edge.way, (edge.begins, edge.ends) in taken)
        for edge in edges()
    ]
    width, height = max(x for x, _ in places.values()) + LEFT, max(y for _, y in places.values()) + TOP - 16
    return Drawing(steps, lines, width, height)


def _path(begins: tuple[int, int], ends: tuple[int, int], way: Way) -> str:
    (x1, y1), (x2, y2) = begins, ends
    if way is Way.FORWARD:
        return f"M{x1 + RADIUS} {y1} H{x2 - RADIUS}"
    if way is Way.BACK:
        return f"M{x1} {y1 - RADIUS} C{x1} {y1 - 3 * RADIUS} {x2} {y2 - 3 * RADIUS} {x2} {y2 - RADIUS}"
    return f"M{x1} {y1 + RADIUS} C{x1} {y1 + 74} {x2} {y2 - 66} {x2} {y2 - RADIUS}"
