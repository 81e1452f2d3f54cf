"""Writes that are gathered: one statement where they are alike, and never in another order on one table."""

from datetime import datetime, timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from db.commands.batch import Batch
from db.models import TaskRow
from tests.db.test_statements import counting
from tests.factories.complaints import NOON
from tests.factories.register import Desk


def a_task(batch: Batch, case_id: UUID, due_at: datetime = NOON) -> UUID:
    """A task that is to be written."""
    task_id = uuid7()
    said = {"kind": "analyse", "pole": "benefits", "offered_to": ["handler"], "meant_for": ["handler"], "excluded": []}
    batch.insert(TaskRow, id=task_id, case_id=case_id, due_at=due_at, detail={}, opened_at=NOON, **said)
    return task_id


def written(desk: Desk, batch: Batch) -> int:
    """How many statements it takes to write the batch."""
    with counting(desk) as seen, desk.sessions.begin() as session:
        batch.write(session)
    return len(seen)


def outcomes(desk: Desk, *tasks: UUID) -> list[str | None]:
    return [desk.sql("SELECT outcome FROM tasks WHERE id = :id", id=task)[0][0] for task in tasks]


def test_rows_of_one_table_are_one_statement(desk: Desk) -> None:
    batch, case_id = Batch(), desk.enter()
    tasks = [a_task(batch, case_id) for _ in range(3)]
    assert written(desk, batch) == 1
    assert outcomes(desk, *tasks) == [None, None, None]


def test_changes_that_are_alike_are_one_statement(desk: Desk) -> None:
    batch, case_id = Batch(), desk.enter()
    tasks = [a_task(batch, case_id) for _ in range(2)]
    for task in tasks:
        batch.change(TaskRow.id, task, outcome="withdrawn")
    assert written(desk, batch) == 2
    assert outcomes(desk, *tasks) == ["withdrawn", "withdrawn"]


def test_changes_of_the_same_row_are_one_statement_and_the_last_holds(desk: Desk) -> None:
    batch, case_id = Batch(), desk.enter()
    task = a_task(batch, case_id)
    batch.change(TaskRow.id, task, outcome="first", nobody_left=True)
    batch.change(TaskRow.id, task, outcome="last")
    assert written(desk, batch) == 2
    assert desk.sql("SELECT outcome, nobody_left FROM tasks WHERE id = :id", id=task) == [("last", True)]


def test_a_change_does_not_reach_rows_that_come_after_it(desk: Desk) -> None:
    batch, case_id = Batch(), desk.enter()
    before = a_task(batch, case_id)
    batch.change(TaskRow.case_id, case_id, TaskRow.kind == "analyse", outcome="withdrawn")
    after = a_task(batch, case_id)
    assert written(desk, batch) == 3
    assert outcomes(desk, before, after) == ["withdrawn", None]


def test_changes_among_other_rows_stay_apart_though_their_values_are_alike(desk: Desk) -> None:
    batch, case_id = Batch(), desk.enter()
    later = NOON + timedelta(days=1)
    tasks = [a_task(batch, case_id, due_at) for due_at in (NOON, later)]
    for due_at in (NOON, later):
        batch.change(TaskRow.case_id, case_id, TaskRow.due_at == due_at, outcome="withdrawn")
    assert written(desk, batch) == 3
    assert outcomes(desk, *tasks) == ["withdrawn", "withdrawn"]


def test_what_is_written_is_written_once(desk: Desk) -> None:
    batch, case_id = Batch(), desk.enter()
    a_task(batch, case_id)
    assert written(desk, batch) == 1
    assert written(desk, batch) == 0
