"""Charts: every point lies on the canvas, a missing day breaks the line, and the axis counts in round numbers."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pages.figures.chart import HEIGHT, WIDTH, Series, chart, nice_step

DAY = date(2031, 3, 3)


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=60), st.none() | st.floats(0, 1e9))
def test_every_point_lies_on_the_canvas(values: list[float], standard: float | None) -> None:
    drawn = chart([Series("stock", [(DAY + timedelta(days=n), value) for n, value in enumerate(values)])], standard)
    assert drawn is not None
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in drawn.lines[0].points)
    assert all(one.at > other.at for one, other in pairwise(drawn.heights))
    assert drawn.heights[-1].number >= max([*values, standard or 0]) * (1 - 1e-9)


def test_a_day_without_figures_breaks_the_line() -> None:
    points = [(DAY, 4.0), (DAY + timedelta(days=1), 5.0), (DAY + timedelta(days=3), 6.0)]
    whole, broken = (chart([Series("stock", points, gaps)]) for gaps in ((), (DAY + timedelta(days=2),)))
    assert whole is not None
    assert broken is not None
    assert (whole.lines[0].path.count("M"), broken.lines[0].path.count("M")) == (1, 2)


@pytest.mark.parametrize(("highest", "step"), [(0, 1), (4, 1), (9, 2), (1050, 500), (1500, 500), (24, 5), (1001, 500)])
def test_the_axis_counts_in_round_numbers(highest: float, step: float) -> None:
    assert nice_step(highest) == step


def test_nothing_is_drawn_of_nothing() -> None:
    assert chart([Series("stock", [])]) is None
