"""The matrix, sent by everybody: what `test_matrix.py` asks of somebody of each sort, each role asks itself."""

import pytest

from tests.api.matrix_stand import Stand, many, stand_before
from tests.api.matrix_things import BAD
from tests.api.matrix_whole import IN_ORDER, MATRIX, PROTECTED
from tests.stories.house import StoryHouse

pytestmark = [pytest.mark.proof, pytest.mark.usefixtures("streams_end_at_once")]


@pytest.fixture(scope="module")
def stand(house: StoryHouse) -> Stand:
    """Somebody of each role before the house, all of whom ask."""
    return stand_before(house, house.http, many)


@pytest.mark.parametrize("operation", IN_ORDER)
async def test_everybody_gets_what_the_table_says(stand: Stand, operation: str) -> None:
    row = MATRIX[operation]
    assert {thing: wrong for thing in row.outcomes if (wrong := await stand.deviations(operation, row, thing))} == {}


@pytest.mark.parametrize("operation", PROTECTED)
async def test_no_bad_token_of_any_kind_opens_anything(stand: Stand, operation: str) -> None:
    assert await stand.opened(operation, PROTECTED[operation], BAD) == []
