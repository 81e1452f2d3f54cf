"""A chart of days: one line or several, the standard across them, as numbers that a template writes into an SVG."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor, log10

WIDTH, HEIGHT = 760, 300
LEFT, RIGHT, TOP, BOTTOM = 62, 18, 14, 34
TICKS = 5
LABELS = 7
Point = tuple[date, float]


@dataclass(frozen=True)
class Series:
    """A line: its name, and what it is on each day that is known; `gaps` are days across which no line is drawn."""

    name: str
    points: Sequence[Point]
    gaps: Sequence[date] = ()


@dataclass(frozen=True)
class Drawn:
    """A line as the path of an SVG, its points, and the number by which its looks are told."""

    name: str
    path: str
    points: list[tuple[float, float]]
    number: int


@dataclass(frozen=True)
class Tick:
    """A place on an axis: a number, or a day."""

    at: float
    number: float = 0
    day: date | None = None


@dataclass(frozen=True)
class Chart:
    """All of it, and how large it is. `standard` is the height of the standard's line, `missing` where days lack,
    `held` where sessions are, `today` where we are."""

    lines: list[Drawn]
    heights: list[Tick]
    days: list[Tick]
    standard: float | None
    missing: list[float]
    held: list[float]
    today: float | None
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM
    top: int = TOP
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True)
class _Scale:
    first: date
    last: date
    most: float

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    def x(self, day: date) -> float:
        span = (self.last - self.first).days or 1
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - self.first).days / span, 1)

    def y(self, value: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / self.most, 1)


def chart(
    series: Iterable[Series],
    standard: float | None = None,
    missing: Sequence[date] = (),
    *,
    today: date | None = None,
    held: Sequence[date] = (),
) -> Chart | None:
    """Draw the lines over all their days; None where there is nothing to draw."""
    lines = list(series)
    days = [day for one in lines for day, _ in one.points]
    if not days:
        return None
    highest = max([value for one in lines for _, value in one.points] + [standard or 0])
    step = nice_step(highest)
    scale = _Scale(min(days), max(days), max(1, ceil(highest / step)) * step)
    heights = [Tick(scale.y(n * step), number=n * step) for n in range(round(scale.most / step) + 1)]
    return Chart(
        lines=[_drawn(number, one, scale) for number, one in enumerate(lines, 1)],
        heights=heights,
        days=[Tick(scale.x(day), day=day) for day in _labelled(scale)],
        standard=None if standard is None else scale.y(standard),
        missing=[scale.x(day) for day in missing if scale.holds(day)],
        held=[scale.x(day) for day in held if scale.holds(day)],
        today=scale.x(today) if today is not None and scale.holds(today) else None,
    )


_NOTHING = 1e-9
"""What is no more than this is drawn as nothing."""


def nice_step(highest: float) -> float:
    """The distance of the lines behind a chart: 1, 2 or 5, or so many tens."""
    if highest <= _NOTHING:
        return 1
    rough = highest / TICKS
    power = 10.0 ** floor(log10(rough))
    return next(n * power for n in (1, 2, 5, 10) if n * power >= rough)


def _drawn(number: int, series: Series, scale: _Scale) -> Drawn:
    placed = [(scale.x(day), scale.y(value)) for day, value in series.points]
    days = [day for day, _ in series.points]
    parts = []
    for n, (x, y) in enumerate(placed):
        broken = n == 0 or any(days[n - 1] < gap < days[n] for gap in series.gaps)
        parts.append(f"{'M' if broken else 'L'}{x} {y}")
    return Drawn(series.name, " ".join(parts), placed, number)


def _labelled(scale: _Scale) -> list[date]:
    """Some days, at even distances, the first and the last among them where there is room."""
    span = (scale.last - scale.first).days
    step = max(1, ceil(span / LABELS))
    return [scale.first + timedelta(days=n) for n in range(0, span + 1, step)]
