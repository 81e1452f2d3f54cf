"""The demo's operations, audit and findings on days that are no usual ones: nothing that is told is refused."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.conftest import Ask
from tests.db.reference.intake import PARIS
from tests.factories.demo_past import is_played, waits_long
from tests.factories.register import Desk, open_desk
from tests.local.test_demo_operations import cases, open_tasks, sessions_to_come
from tests.servers import INSURER, fresh_database

ANY_DAYS = (
    datetime(2031, 6, 15, 3, 4, tzinfo=PARIS),
    datetime(2031, 6, 21, 10, 30, tzinfo=PARIS),
    datetime(2031, 1, 1, 0, 10, tzinfo=PARIS),
    datetime(2031, 5, 9, 23, 50, tzinfo=PARIS),
    datetime(2031, 12, 26, 9, 0, tzinfo=PARIS),
    datetime(2032, 2, 29, 12, 0, tzinfo=PARIS),
)
"""A Sunday night, a Saturday with a session, New Year's Day, among holidays in May, after Christmas, a leap day."""


@pytest.fixture
def desk(postgres: str, ask: Ask) -> Iterator[Desk]:
    """The demo insurer, empty."""
    with fresh_database(ask("insurer").open(), INSURER) as url, open_desk(url) as desk:
        yield desk


@pytest.mark.proof
@pytest.mark.parametrize("now", ANY_DAYS, ids=str)
async def test_nothing_is_refused_on_any_day_at_any_hour(desk: Desk, tmp_path: Path, now: datetime) -> None:
    await is_played(desk.sessions, now, tmp_path, waits_long)
    assert desk.sql("SELECT kind, status, refusal FROM commands WHERE status <> 'applied'") == []
    assert {"approving", "running"} <= {state for procedure, state in cases(desk) if procedure == "backlog"}
    assert sessions_to_come(desk, now, "care-invoices")[0] == (4, 4, 2), "it is full, and two wait"
    assert {"approve_operation", "approve_message", "accept_plan", "validate_pay", "deliver_pieces"} <= open_tasks(desk)
    assert desk.sql("SELECT count(*) FROM loans WHERE lent_at IS NOT NULL AND ended_at IS NULL")[0][0] > 0
