"""The burn-down as a drawing: what was to wait each day, what did, what the standard allows, as points of a frame.

Source: procedures, section 4 step 6
"""

from collections.abc import Sequence
from typing import Any

from domain.backlog.report import ReportedDay
from reports.words import Words

_STEPS = (1, 2, 5)
_LINES = 4
"""About as many lines of the scale."""


def burn_down(days: Sequence[ReportedDay], words: Words) -> dict[str, Any] | None:
    """Three lines as points between 0 and 1, from the left and from the foot, and the scales; None without two days.

    A day without figures is a gap: nothing is drawn over it. The same numbers stand in the table below it.
    """
    known = [value for one in days for value in (one.planned, one.stock, one.allowed) if value is not None]
    if len(days) < 2 or not known:
        return None
    step = _step(max(known))
    top = -(-max(known) // step) * step or step
    return {
        "planned": _runs([one.planned for one in days], top),
        "actual": _runs([one.stock for one in days], top),
        "allowed": _runs([one.allowed for one in days], top),
        "scale": [[value / top, words.number(value)] for value in range(0, top + 1, step)],
        "ends": [words.short_day(days[0].on), words.short_day(days[len(days) // 2].on), words.short_day(days[-1].on)],
        "middle": (len(days) // 2) / (len(days) - 1),
    }


def _step(most: int) -> int:
    """1, 2 or 5 times a power of ten, so that the scale has a few lines."""
    power = 1
    while True:
        for factor in _STEPS:
            if factor * power * _LINES >= most:
                return factor * power
        power *= 10


def _runs(values: Sequence[int | None], top: int) -> list[list[list[float]]]:
    """The points of days that follow each other; a day without a value ends a run."""
    runs: list[list[list[float]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append([place / (len(values) - 1), value / top])
    return [run for run in runs if run]
